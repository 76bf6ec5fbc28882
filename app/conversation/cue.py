"""Whose turn comes next, and the turn itself, made ready: thought of in advance, chosen now, or as it was looked at."""

from __future__ import annotations

from app.conversation import floor
from app.conversation.ahead import Ahead
from app.conversation.moderator import Moderator
from app.conversation.plan import World, plan
from app.conversation.record import Record
from app.conversation.speaker_order import Choice, NobodyMaySpeak
from app.conversation.stepping import CHANGED, NextPrompt, as_looked_at
from app.conversation.turn import Turn
from app.store.tables import Message, State


class Cue:
    """What a turn that is given away here has set aside is the caller's to settle; so is what was thought of in vain,
    which stands on the bill of the world's budget."""

    def __init__(self, record: Record, world: World) -> None:
        self._record = record
        self._world = world
        self._moderator = Moderator(record, world)
        self._ahead = Ahead(record, world, self._moderator)
        self._verdict: tuple[Choice, int] | None = None

    @property
    def is_unused(self) -> bool:
        return self._ahead.is_unused

    def think_ahead(self, current: Turn) -> None:
        self._ahead.think(current, lambda choice: message_for(self._record, self._world, choice))

    async def decided(self) -> None:
        await self._ahead.decided()

    async def ask_moderator(self) -> None:
        """Should one be needed. Nobody's command waits meanwhile; a verdict holds only if nothing happens before it is
        used."""
        conversation = self._record.conversation
        if conversation.speaker_order == 'moderator' and not self._ahead.is_unused:
            at = conversation.event_number
            self._verdict = await self._moderator.choose(), at

    def next_turn(self, looked: NextPrompt | None = None) -> Turn:
        """Raises NobodyMaySpeak, and NoRoom where it does not fit into what is left."""
        verdict, self._verdict = self._verdict, None
        if not looked and (turn := self._ahead.take()):
            return turn
        holds = verdict and verdict[1] == self._record.conversation.event_number
        choice = verdict[0] if verdict and holds else floor.next_speaker(self._record)
        message = message_for(self._record, self._world, choice)
        if not looked:
            return plan(self._record, self._world, message, self._record.said)
        if not (turn := as_looked_at(self._record, self._world, message, looked)):
            raise NobodyMaySpeak(CHANGED)
        return turn

    async def forget(self) -> Turn | None:
        """The turn that was thought of in vain, if there is one: it has stopped, and stands on the bill."""
        unused = await self._ahead.forget()
        if unused:
            assert unused.allowance
            try:
                await unused.give_up()
            finally:  # whoever cancels this pays for it all the same
                self._world.budget.bill.add(unused.allowance, unused.usage)
        return unused


def message_for(record: Record, world: World, choice: Choice) -> Message:
    """The line that this turn is to fill."""
    participant, laid_down = choice.seat.participant, record.programme.floor()
    return record.new_message(
        participant,
        turn=record.conversation.turns + 1,
        model=participant.model or world.voices.default_model,
        because=choice.because,
        state=State.SPEAKING,
        phase=record.programme.ordinal,
        audience=list(laid_down.audience) if laid_down and laid_down.audience is not None else None,
    )

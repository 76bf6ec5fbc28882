"""One conversation while it is alive: what the people watching may ask of it, each wish obeyed whole before the next.

Every command is one event, written before it takes effect; `Running` takes the turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from app.casting.persona import Persona
from app.conversation import floor, limits, proceedings
from app.conversation.budget import Budget, Forecast
from app.conversation.clock import Clock, WallClock
from app.conversation.cue import message_for
from app.conversation.forecast import forecast
from app.conversation.ghost import Ghostwriter, Give
from app.conversation.lines import Lines
from app.conversation.ordering import Ordering
from app.conversation.plan import World
from app.conversation.purse import Purse
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.conversation.retelling import no_room_for, wanted_anew
from app.conversation.running import Running
from app.conversation.seating import Seating
from app.conversation.speaker_order import NobodyMaySpeak
from app.conversation.speaking import said_by, worded
from app.conversation.standing import Standing
from app.conversation.steering import Steering
from app.conversation.stepping import CHANGED, NextPrompt, look
from app.conversation.turn import Turn
from app.conversation.voices import Archive, Journal, Voices
from app.store.scope import Scope
from app.store.tables import Conversation, Message, Participant, State, Status

P = ParamSpec('P')
Command = Callable[Concatenate['Orchestrator', P], Awaitable[None]]


def one_at_a_time(command: Command[P]) -> Command[P]:
    """What stands when a command is given must still stand when it is obeyed: the next one waits."""

    @wraps(command)
    async def obey(self: Orchestrator, *args: P.args, **kwargs: P.kwargs) -> None:
        async with self._commanding:
            await command(self, *args, **kwargs)

    return obey


class Orchestrator:
    def __init__(
        self, conversation: Conversation, participants: Sequence[Participant], personas: dict[str, Persona],
        transcript: Sequence[Message], voices: Voices, journal: Journal, archive: Archive,
        name_of: Callable[[Scope], Awaitable[str]], clock: Clock | None = None, starters: Sequence[str] = (),
        purse: Purse | None = None,
    ) -> None:  # fmt: skip
        self.record = Record(conversation, participants, personas, transcript, journal)
        self.steering = Steering(self.record, voices)
        self.lines = Lines(self.record, archive)
        self.ordering = Ordering(self.record)
        self.seating = Seating(self.record)
        self.conversation = conversation
        self.changed = self.record.changed
        self._name_of = name_of
        self._world = World(voices, journal, clock or WallClock(), Budget(conversation, voices, purse))
        self._ghost = Ghostwriter(self.record, self._world)
        self._standing = Standing(self.record, self._world.clock)
        self._running = Running(self.record, self._world, self._standing, starters)
        self._commanding = asyncio.Lock()

    @property
    def participants(self) -> Sequence[Participant]:
        return self.record.participants

    @property
    def personas(self) -> dict[str, Persona]:
        return self.record.personas

    @property
    def transcript(self) -> Sequence[Message]:
        return self.record.transcript

    @property
    def speaking(self) -> Message | None:
        return self._turn.message if self._turn else None

    @property
    def telling_anew(self) -> Message | None:
        """The line that is told anew, or waits for it."""
        return self._running.redo.message if self._running.redo else None

    @property
    def has_words(self) -> bool:
        return self._turn is not None and self._turn.has_words

    @property
    def is_held(self) -> bool:
        """Somebody has the floor and was paused in mid-sentence."""
        return self._turn is not None and self._turn.is_held

    @property
    def status(self) -> str:
        return self.conversation.status

    @property
    def is_needed(self) -> bool:
        """Whether it runs, or a page holds it: then there must not be a second one of it."""
        running = self._running
        return bool(running.task or running.turn or self._commanding.locked() or self.changed.callbacks)

    @property
    def _turn(self) -> Turn | None:
        return self._running.turn

    # What the people watching may do

    @one_at_a_time
    async def start(self) -> None:
        if self.status != Status.READY:
            raise Refused('This conversation has started already.')
        await self._running.run_as(Status.RUNNING)

    @one_at_a_time
    async def pause(self, because: str = 'You paused it.') -> None:
        """In mid-sentence: the line stops where it is and `resume` goes on with its next word."""
        if self.status != Status.RUNNING:
            raise Refused('Nothing is running that could be paused.')
        if held := self._turn:
            held.hold()
        try:
            await self._standing.settle(Status.PAUSED, because, if_still=lambda: self.status == Status.RUNNING)
        except Refused:
            if held:
                held.flow()
            raise
        if self._turn:  # perhaps another one, that began while this was written
            self._turn.hold()

    @one_at_a_time
    async def resume(self) -> None:
        if self.status not in (Status.PAUSED, Status.READY):
            raise Refused('The conversation is not paused.')
        await self._running.run_as(Status.RUNNING)

    def next_prompt(self) -> NextPrompt:
        """Who would speak at the next step, and all that would be sent for it. Nothing is changed by looking."""
        self._check_step()
        if self._turn:
            raise Refused(f'{self._turn.message.speaker} has not finished: the next step is the rest of that line.')
        try:
            choice = floor.next_speaker(self.record)
        except NobodyMaySpeak as silence:
            raise Refused(str(silence)) from silence
        return look(self.record, self._world, message_for(self.record, self._world, choice))

    @one_at_a_time
    async def step(self, prompt: NextPrompt | None = None) -> None:
        """Exactly one turn, or the rest of the one that is held, then pause again. With a prompt that was looked at,
        and perhaps edited, just that is sent for this turn."""
        self._check_step()
        if prompt and not prompt.is_still(self.next_prompt()):
            raise Refused(CHANGED)
        running = self._running
        if running.steps:
            return
        # The rest of a line that is told anew is a step as well.
        is_rest = self._turn is not None and self._turn.is_held and self._turn.is_told_anew
        running.steps, running.looked = int(not is_rest), prompt
        try:
            await self._running.run_as(Status.PAUSED, 'Going step by step.')
        except Refused:
            running.steps, running.looked = 0, None
            raise

    def _check_step(self) -> None:
        if self.status == Status.RUNNING:
            raise Refused('Pause first, then step from turn to turn.')
        if self.status == Status.ENDED:
            raise Refused('The conversation has ended. Add turns to go on.')
        if because := limits.reached(self.conversation):
            raise Refused(f'{because} Add turns to go on.')

    @one_at_a_time
    async def stop(self, because: str = 'You stopped it.') -> None:
        """The end: the turn in flight keeps what was said."""
        if self.status == Status.ENDED:
            raise Refused('The conversation has ended already.')
        self._running.steps = 0
        self._running.drop_redo()
        await self._standing.settle(Status.ENDED, because, if_still=lambda: self.status != Status.ENDED)
        await self._running.cut(State.STOPPED, 'Stopped in mid-sentence.')

    @one_at_a_time
    async def interrupt(self, by: str | None = None) -> None:
        """Cut the line off and hold the room, so that whoever cut in can say something."""
        if not (turn := self._turn):
            raise Refused('Nobody is speaking.')
        who, speaker = by or 'You', turn.message.speaker
        if self.status == Status.RUNNING:
            await self._standing.settle(Status.PAUSED, f'{who} cut {speaker} off. Say something, or resume.')
        self._running.floor_taken = True
        await self._running.cut(State.INTERRUPTED, f'{by or "A listener"} cut in.')

    @one_at_a_time
    async def give_floor(self, participant_id: str) -> None:
        """Where the room waits for a person to choose, it goes on with this one; else this one is the next."""
        await self.steering.call_on(participant_id)
        if self.conversation.speaker_order == 'human_picks' and self.status == Status.PAUSED and not self._turn:
            await self._running.run_as(Status.RUNNING)

    @one_at_a_time
    async def see_off(self, participant_id: str) -> None:
        """It leaves the room, in mid-sentence if it is speaking."""
        leaver = await self.seating.see_off(participant_id)
        if self._turn and self._turn.message.participant_id == leaver.id:
            await self._running.cut(State.INTERRUPTED, f'{leaver.name} left the room in mid-sentence.')

    async def ghost_write(self, scope: Scope, give: Give, participant_id: str | None = None, begun: str = '') -> None:
        """A draft of what the person, or a persona, could say next, given piece by piece. Nothing is said by it."""
        seat = self.record.seat_of(scope)
        name = seat.name if seat else await self._name_of(scope)
        await self._ghost.write(name, seat, participant_id, begun, give)

    async def speak(self, scope: Scope, text: str, participant_id: str | None = None) -> None:
        """A human's line, as themselves or for a persona: it interrupts nobody and is answered next. Who cut in for it
        lets the room go on."""
        text = worded(text)
        self._check_may_speak('has ended')
        name = '' if self.record.seat_of(scope) else await self._name_of(scope)
        async with self.record.writing:
            self._check_may_speak('has just ended')
            said = said_by(self.record, scope, name, text, participant_id)
            # One event for both: the vendor is asked a write sooner.
            resumes = self.status == Status.PAUSED and self._running.floor_taken
            values = {'status': Status.RUNNING, 'stop_reason': None, **self.record.next_epoch()} if resumes else None
            await self.record.write('spoke', said.payload | {'resumes': resumes}, values, adds=said.adds)
            said.enter(self.record)
            if resumes:
                self._standing.count_time(True)
                self._running.go()
        self.changed.emit()

    def _check_may_speak(self, how: str) -> None:
        if self.status == Status.ENDED:
            raise Refused(f'The conversation {how}. Add turns, then say it.')

    @one_at_a_time
    async def regenerate(self, message_id: str, participant_id: str | None = None, model: str | None = None) -> None:
        """Another variant of a line, told after what was said before it; by whoever said it, or another persona or
        model. The one before is kept."""
        redo = wanted_anew(self.record, message_id, participant_id, model)
        if self._turn and self._turn.is_held:
            raise Refused(f'{self._turn.message.speaker} was paused in mid-sentence: resume or interrupt first.')
        if self._running.redo:
            raise Refused('Another line is being told anew just now: wait for it.')
        if because := limits.used_up(self.conversation) or no_room_for(self.record, self._world, redo):
            raise Refused(f'{because} Raise the limit first.')
        self._running.redo = redo
        self._running.keep_going()
        self.changed.emit()

    @one_at_a_time
    async def vote(self, scope: Scope, choice: str) -> None:
        """By button, in a phase that votes: as the participant one is, or as one of the audience."""
        seat = self.record.seat_of(scope)
        await proceedings.vote(self.record, seat.id if seat else scope.person_id, choice)
        if self.status == Status.PAUSED and self._running.floor_taken and self.record.programme.next_step():
            await self._running.run_as(Status.RUNNING)

    @one_at_a_time
    async def close_phase(self) -> None:
        """Whatever it still waits for, the next phase begins."""
        if self.record.programme.ordinal is None:
            raise Refused('This conversation has no phases.')
        if self._turn:
            raise Refused(f'{self._turn.message.speaker} has the floor: wait, or interrupt first.')
        ended = await proceedings.go_on(self.record, close=True)
        if ended and self.status != Status.ENDED:
            await self._standing.settle(Status.ENDED, ended)
        elif self.status == Status.PAUSED and self._running.floor_taken:
            await self._running.run_as(Status.RUNNING)
        self.changed.emit()

    @one_at_a_time
    async def extend(self, turns: int = 10) -> None:
        """Room for more turns, whichever limit is in the way, but for money: nobody spends that by the way. A
        conversation that had ended goes on."""
        if self.status == Status.ENDED and self.in_the_way == 'max_money':
            raise Refused('More turns need more money: add 20 cents, or raise the limit of money.')
        await self._make_room(turns)
        if self.status == Status.ENDED:
            await self._running.run_as(Status.RUNNING)

    @one_at_a_time
    async def extend_money(self, cents: int = 20) -> None:
        """Room for so much more money; a conversation that had ended goes on."""
        await self.steering.set_limits(**limits.more_money(self.conversation, cents))
        if self.status == Status.ENDED:
            await self._running.run_as(Status.RUNNING)

    @one_at_a_time
    async def go_on(self, turns: int = 10, cents: int = 20) -> None:
        """After the end: with what room there is left, or room for more turns, or more money, where there is none."""
        if self.status != Status.ENDED:
            raise Refused('The conversation has not ended.')
        match self.in_the_way:
            case 'max_money':
                await self.steering.set_limits(**limits.more_money(self.conversation, cents))
            case str():
                await self._make_room(turns)
        await self._running.run_as(Status.RUNNING)

    @property
    def next_turn(self) -> Forecast | None:
        """What it could use at worst. None where nobody may speak."""
        return forecast(self.record, self._world)

    @property
    def in_the_way(self) -> str | None:
        """The name of the limit that has no room for another turn."""
        return limits.in_the_way(self.conversation, self.next_turn)

    async def _make_room(self, turns: int) -> None:
        if wanted := limits.more(self.conversation, turns, self.next_turn):
            await self.steering.set_limits(**wanted)

    async def close(self, because: str) -> None:
        """Chimera itself stops: the turn in flight ends here, and the conversation waits to be resumed."""
        if self.status == Status.RUNNING:
            await self._standing.settle(Status.PAUSED, because, if_still=lambda: self.status == Status.RUNNING)
        self._running.steps = 0
        self._running.drop_redo()
        await self._ghost.close()
        await self._running.close('Chimera was stopped in mid-sentence.')

"""The next turn is asked for while the last words of this one are still being typed, so that the room never stalls."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable

import structlog

from app.conversation import floor
from app.conversation.budget import NoRoom
from app.conversation.moderator import Moderator
from app.conversation.plain_line import plain
from app.conversation.plan import World, plan
from app.conversation.record import Record
from app.conversation.speaker_order import NobodyMaySpeak
from app.conversation.turn import Turn
from app.store.tables import Message, State, now

log = structlog.get_logger()


class Ahead:
    """Holds for as long as nothing happens but the end of the turn it follows: whatever a person does in between, the
    next speaker may be another, and must know of it."""

    def __init__(self, record: Record, world: World, moderator: Moderator) -> None:
        self._record = record
        self._world = world
        self._moderator = moderator
        self._turn: Turn | None = None
        self._deciding: asyncio.Task[None] | None = None
        self._expected = 0

    def think(self, current: Turn, new_message: Callable[[floor.Choice], Message]) -> None:
        """What `current` has left to say is known; how it will end is taken to be well."""
        record = self._record
        ended = copy.copy(current.message)
        ended.text, ended.state = current.heard, State.COMPLETE
        said = [plain(ended) if line.id == ended.id else line for line in record.said]
        if record.programme.changes_after(said):
            return  # what is said then is said to another purpose
        self._expected, number = record.conversation.event_number + 1, record.conversation.turns + 2

        def ask(choice: floor.Choice) -> None:
            message = new_message(choice)
            message.turn = number
            try:
                self._turn = plan(record, self._world, message, said)
            except NoRoom:  # there may be some when this turn is settled
                return
            self._turn.ask()

        async def decide() -> None:
            choice = await self._moderator.choose(said)
            if self._expected - record.conversation.event_number in (0, 1):
                ask(choice)

        try:
            if floor.tied(record, said)[1:]:
                self._deciding = asyncio.create_task(decide(), name='deciding ahead')
            else:
                ask(floor.next_speaker(record, said))
        except NobodyMaySpeak:
            return

    @property
    def is_unused(self) -> bool:
        return self._turn is not None or self._deciding is not None

    async def decided(self) -> None:
        """Until a moderator who is being asked has answered, or took too long."""
        if not (deciding := self._deciding):
            return
        try:
            await asyncio.wait({deciding})
        finally:
            if deciding.done():
                self._deciding = None
        if not deciding.cancelled() and (broken := deciding.exception()):
            log.error('a moderator broke', exc_info=broken)

    def take(self) -> Turn | None:
        """The turn, where all has come as it was foreseen. Another one is to be given up."""
        if self._turn is None or self._record.conversation.event_number != self._expected:
            return None
        turn, self._turn = self._turn, None
        turn.message.created_at = now()
        return turn

    async def forget(self) -> Turn | None:
        if self._deciding:
            self._deciding.cancel()
            await self.decided()
        turn, self._turn = self._turn, None
        return turn

"""The next turn is asked for while the last words of this one are still being typed, so that the room never stalls."""

from __future__ import annotations

import copy
from collections.abc import Callable

from app.conversation import floor
from app.conversation.plan import World, plan
from app.conversation.record import Record
from app.conversation.speaker_order import NobodyMaySpeak
from app.conversation.turn import Turn
from app.store.tables import Message, State, now


class Ahead:
    """Holds for as long as nothing happens but the end of the turn it follows: whatever a person does in between, the
    next speaker may be another, and must know of it."""

    def __init__(self, record: Record, world: World) -> None:
        self._record = record
        self._world = world
        self._turn: Turn | None = None
        self._expected = 0

    def think(self, current: Turn, new_message: Callable[[floor.Choice], Message]) -> None:
        """What `current` has left to say is known; how it will end is taken to be well."""
        record = self._record
        ended = copy.copy(current.message)
        ended.text, ended.state = current.heard, State.COMPLETE
        said = [ended if message is current.message else message for message in record.transcript]
        try:
            choice = floor.next_speaker(record, said)
        except NobodyMaySpeak:
            return
        message = new_message(choice)
        assert message.turn
        message.turn += 1
        self._turn = plan(record, self._world, message, said)
        self._expected = record.conversation.event_number + 1
        self._turn.ask()

    @property
    def is_unused(self) -> bool:
        return self._turn is not None

    def take(self) -> Turn | None:
        """The turn, where all has come as it was foreseen. Another one is to be given up."""
        if self._turn is None or self._record.conversation.event_number != self._expected:
            return None
        turn, self._turn = self._turn, None
        turn.message.created_at = now()
        return turn

    def forget(self) -> Turn | None:
        turn, self._turn = self._turn, None
        return turn

"""What follows from an ended turn: a fault holds the room, a talk that is not well is helped, a rule is obeyed."""

from __future__ import annotations

from app.conversation.guards.answers import Grade
from app.conversation.guards.topic_done import topic_done
from app.conversation.limits import UNTIL_DONE
from app.conversation.listening import Ending
from app.conversation.record import Record
from app.conversation.rules import after_turn
from app.conversation.standing import Standing
from app.conversation.watch import Watch
from app.store.tables import Message, Status


class Hindsight:
    def __init__(self, record: Record, standing: Standing, watch: Watch) -> None:
        self._record = record
        self._standing = standing
        self._watch = watch

    async def look_back(self, message: Message, ending: Ending, *, is_told_anew: bool) -> None:
        """A line that was told anew is looked at, and holds nobody up."""
        if ending.fault and not is_told_anew:
            because = f'{message.speaker} could not speak. {ending.fault}'
            await self._standing.settle(Status.PAUSED, because, if_still=lambda: self._status != Status.ENDED)
        elif self._status == Status.RUNNING:
            await self._guard()
        if not is_told_anew and (because := await after_turn(self._record, message)):
            await self._settle(Status.PAUSED, because)

    async def _guard(self) -> None:
        done = await self._watch.look()
        if self._record.conversation.settings.get(UNTIL_DONE) and (because := topic_done(self._watch.history)):
            await self._settle(Status.ENDED, because)
        elif done:
            self._record.changed.emit()
            if done.grade == Grade.PAUSE:
                await self._settle(Status.PAUSED, done.text)

    @property
    def _status(self) -> str:
        return self._record.conversation.status

    async def _settle(self, status: Status, because: str) -> None:
        """Unless a person was quicker."""
        await self._standing.settle(status, because, if_still=lambda: self._status == Status.RUNNING)

"""What a person may do to what has been said: edit it, take it back, bring it back, choose another variant of it.

Each is one event, whatever the conversation is doing meanwhile. Nothing that was said is ever lost: other words become
a variant, and what is deleted is only hidden.
"""

from __future__ import annotations

from typing import Any

from app.conversation.hearing import speakable
from app.conversation.record import Record
from app.conversation.redo import chosen, edited
from app.conversation.refused import Refused
from app.conversation.voices import Archive
from app.store.tables import DELETED, Message, State, now

LONGEST_LINE = 8_000
GONE = 'That line is not there any more.'


class Lines:
    """A line may be of any age, and anybody's: a person's, a persona's, a scene's, a guard's."""

    def __init__(self, record: Record, archive: Archive) -> None:
        self._record = record
        self._archive = archive

    async def line(self, message_id: str) -> Message:
        """As it stands now. Raises Refused where there is none."""
        for message in self._record.transcript:
            if message.id == message_id:
                return message
        return await self._archive.message(self._record.conversation.id, message_id) or _refuse(GONE)

    async def edit(self, message_id: str, text: str, by: str) -> None:
        """Other words in the same mouth; the ones before are kept as a variant."""
        text = speakable(text).strip()
        if not text:
            raise Refused('A line needs words. To be rid of it, delete it.')
        async with self._record.writing:
            message = await self._settled(message_id)
            # What a persona said may be longer than what a person can; it shall still be possible to mend it.
            if len(text) > (longest := max(LONGEST_LINE, len(message.text))):
                raise Refused(f'That is {len(text):,} characters; this line can have {longest:,}.')
            if text == message.text:
                return
            before, now_is = edited(message, text, ' '.join(by.split()) or 'a listener')
            payload = {'variant': now_is['variant'], 'text': text, 'by': by}
            await self._revise('edited', message, payload, now_is, adds=(before,))
        self._record.changed.emit()

    async def delete(self, message_id: str) -> None:
        """Nobody hears of it any more; its place stays, so that it can come back."""
        async with self._record.writing:
            message = await self._settled(message_id)
            await self._revise('deleted', message, {}, {'deleted_at': now()}, deleted=True)
        self._record.changed.emit()

    async def bring_back(self, message_id: str) -> None:
        async with self._record.writing:
            message = await self.line(message_id)
            if message.deleted_at is None:
                raise Refused('That line is not deleted.')
            await self._revise('brought_back', message, {}, {'deleted_at': None}, deleted=False)
        self._record.changed.emit()

    async def choose_variant(self, message_id: str, number: int) -> None:
        """The variant and what stands there now change places."""
        async with self._record.writing:
            message = await self._settled(message_id)
            if number == message.variant:
                raise Refused(f'Variant {number} is the one that stands there now.')
            kept = {variant.number: variant for variant in await self._archive.variants(message)}
            if number not in kept:
                raise Refused(f'That line has no variant {number}: {_how_many(message.variants)}.')
            before, now_is = chosen(message, kept[number])
            await self._revise('chosen', message, {'variant': number}, now_is, adds=(before,), removes=(kept[number],))
        self._record.changed.emit()

    async def _settled(self, message_id: str) -> Message:
        """A line that can be changed: nobody is speaking it, and it is not deleted."""
        message = await self.line(message_id)
        if message.state == State.SPEAKING:
            raise Refused(f'{message.speaker} is still speaking: wait, or interrupt first.')
        if message.deleted_at:
            raise Refused('That line is deleted: bring it back first.')
        return message

    async def _revise(
        self, kind: str, message: Message, payload: dict[str, Any], change: dict[str, Any], *,
        deleted: bool | None = None, **rows: Any,
    ) -> None:  # fmt: skip
        record = self._record
        values = {} if deleted is None else {'settings': _counted(record, message.number, deleted)}
        payload = {'message_id': message.id, **payload}
        await record.write(kind, payload, values, changes=((message, change),), **rows)
        record.revisions += 1


def _counted(record: Record, number: int, deleted: bool) -> dict[str, Any]:
    """The conversation's settings with the numbers of the deleted lines in them: to count these rows anew for each
    card of a list would cost more the longer a conversation is."""
    settings = record.conversation.settings
    numbers = {*settings.get(DELETED, ())} | {number} if deleted else {*settings.get(DELETED, ())} - {number}
    return settings | {DELETED: sorted(numbers)}


def _how_many(variants: int) -> str:
    return f'it has {variants}' if variants > 1 else 'it was told only once'


def _refuse(why: str) -> Message:
    raise Refused(why)

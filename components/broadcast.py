"""What the screens of one conversation see: each flush is rendered once and goes to all of them as one frame.

A frame is `{c: conversation, i: items}` or `{c, catch}`. Items, in the order they are to be applied:

    ['w', message id, segment number, html of finished blocks, html of the open block or null, text to append]
    ['r', message id, segment number, reasoning to append]
    ['e', event number, kind, what the screen needs of it or null]

Numbers have no gaps, so a browser knows when it missed something; it then joins again with the last event number it
has, and `catch` brings every line touched since, and the lines that still grow as all other screens show them now. Who
slept through too many of them is told to open the page `again`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.live.channel import Happening, Item, Words
from app.store import transcripts
from app.store.tables import OPENED, Message, Participant, State
from components.line import ending, figures, line
from components.live_socket import on_join, show_all, show_one, viewers
from components.markdown import LiveMarkdown

MOST_MISSED = 200


class Broadcasts:
    """One broadcast for each conversation somebody watches."""

    def __init__(self, chimera: Chimera) -> None:
        self._chimera = chimera
        self._live: dict[str, Broadcast] = {}
        on_join(self._join)

    async def _join(self, sid: str, conversation_id: str, since: int) -> None:
        self._leave_the_unwatched()
        broadcast = self._live.get(conversation_id)
        if broadcast is None:
            orchestrator = await self._chimera.runner.open(self._chimera.scope, conversation_id)
            if orchestrator is None:
                return
            broadcast = self._live.get(conversation_id)
            if broadcast is None:
                broadcast = self._live[conversation_id] = Broadcast(self._chimera, orchestrator, self._over)
        await broadcast.catch_up(sid, since)

    def _leave_the_unwatched(self) -> None:
        """A conversation at rest has no flush at which its broadcast could see that everybody went."""
        for broadcast in list(self._live.values()):
            if not viewers(broadcast.conversation_id):
                broadcast.leave()

    def _over(self, broadcast: Broadcast) -> None:
        self._live.pop(broadcast.conversation_id, None)


class Broadcast:
    """Lives while somebody watches; it leaves at the first flush that nobody sees, or when somebody joins another."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator, over: Any) -> None:
        self.conversation_id = orchestrator.conversation.id
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._over = over
        self._growing: dict[str, _Growing] = {}
        self._opened: set[str] = set()
        self._number = -1
        self._begun: asyncio.Task[None] | None = None
        self._held: list[Item] = []
        self._items: list[list[Any]] = []
        self._leave_channel = chimera.channels.listen(self.conversation_id, self._hear)

    def leave(self) -> None:
        self._leave_channel()
        self._over(self)

    async def catch_up(self, sid: str, since: int) -> None:
        if self._begun is None:
            self._begun = asyncio.create_task(self._begin())
        await self._begun
        missed: list[Message] = []
        number = -1
        while number != self._number:
            # What happens while the database is asked is in neither answer: ask again until nothing did.
            number = self._number
            missed = await self._missed(since)
        if len(missed) > MOST_MISSED:
            await show_one(sid, {'c': self.conversation_id, 'again': True})
            return
        cards = [self._line(message) for message in missed]
        growing = [_catch(id, growing) for id, growing in self._growing.items()]
        seats = figures(self._orchestrator.participants, self._orchestrator.personas)
        catch = {'n': number, 'lines': cards, 'growing': growing, 'figures': seats}
        await show_one(sid, {'c': self.conversation_id, 'catch': catch})

    async def _begin(self) -> None:
        """What is being said already is read from the database; what came meanwhile was held back and follows."""
        chimera = self._chimera
        try:
            # Not the number in memory: an event may be told before whoever wrote it has counted it.
            moment = await transcripts.this_moment(chimera.store, chimera.scope, self.conversation_id)
        except BaseException:
            self._begun = None  # whoever joins next tries again; what came meanwhile stays held
            raise
        self._number = moment.event_number if moment else 0
        for begun in moment.speaking if moment else ():
            if not self._is_sealed(begun.message):
                growing = self._growing[begun.message.id] = _Growing(begun.segment_number, begun.reasoning)
                growing.speech.feed(begun.text)
        held, self._held = self._held, []
        for item in held:
            self._apply(item)
        self._items = []

    async def _missed(self, since: int) -> list[Message]:
        chimera = self._chimera
        return await transcripts.messages_touched_since(
            chimera.store, chimera.scope, self.conversation_id, since, limit=MOST_MISSED + 1
        )

    def _hear(self, items: list[Item]) -> None:
        if self._begun is None or not self._begun.done():
            self._held.extend(items)
            return
        for item in items:
            self._apply(item)
        if not viewers(self.conversation_id):
            self.leave()
        elif self._items:
            show_all(self.conversation_id, {'c': self.conversation_id, 'i': self._items})
        self._items = []

    def _apply(self, item: Item) -> None:
        if isinstance(item, Words):
            self._apply_words(item)
        elif item.number > self._number:
            self._number = item.number
            self._items.append(['e', item.number, item.kind, self._needed(item)])

    def _apply_words(self, words: Words) -> None:
        growing = self._growing.get(words.message_id)
        if growing is None or words.number <= growing.number:
            return
        growing.number = words.number
        if words.reasoning:
            growing.reasoning += words.text
            self._items.append(['r', words.message_id, words.number, words.text])
        else:
            patch = growing.speech.feed(words.text)
            self._items.append(['w', words.message_id, words.number, patch.done, patch.open, patch.text])

    def _needed(self, happening: Happening) -> dict[str, Any] | None:
        if opened := happening.payload.get(OPENED):
            return self._open(opened)
        message = next((row for row in happening.rows if isinstance(row, Message)), None)
        if message is None:
            return None
        if message.state == State.SPEAKING:
            if not self._is_sealed(message):
                self._growing.setdefault(message.id, _Growing())
            return {'line': self._line(message), 'figures': {}}
        growing = self._growing.pop(message.id, None)
        if growing and growing.reasoning == message.reasoning:
            # With its last segment's number: whoever missed that one must not take this for the whole.
            return {'id': message.id, 's': growing.number, 'done': growing.speech.finish().done, **ending(message)}
        # Made anew: changed by somebody, or what was shown as speech turned out to be a thought.
        seated = (row for row in happening.rows if isinstance(row, Participant))
        seats = figures(seated, self._orchestrator.personas)
        return {'line': self._line(message), 'figures': seats}

    def _open(self, ids: list[str]) -> dict[str, Any]:
        """What was kept from whoever watches, all at once."""
        self._opened = set(ids)
        said = [message for message in self._orchestrator.transcript if message.id in self._opened]
        return {'opened': [self._line(message) for message in said]}

    def _is_sealed(self, message: Message) -> bool:
        # An event is told before whoever wrote it believes it: it is asked first.
        programme = self._orchestrator.record.programme
        return message.id not in self._opened and programme.is_sealed(message, self._chimera.scope)

    def _line(self, message: Message) -> dict[str, Any]:
        return line(message, sealed=self._is_sealed(message))


class _Growing:
    def __init__(self, number: int = 0, reasoning: str = '') -> None:
        self.number = number
        self.reasoning = reasoning
        self.speech = LiveMarkdown()


def _catch(message_id: str, growing: _Growing) -> list[Any]:
    whole = growing.speech.whole()
    return [message_id, growing.number, whole.done, whole.open, whole.text, growing.reasoning]

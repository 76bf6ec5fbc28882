"""All branches of a family as a tree, live: where each grew from, what is different in it, and its last words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nicegui import ui

from app.chimera import Chimera
from app.live.channel import Happening, Item
from app.store import kin
from app.store.recent import ConversationCard
from app.store.tables import Status
from components.conversation_list import STATUS, drawing, unmarked
from components.face import crowd
from components.plain import box, link, words
from components.when import ago

LOOKED_AT = 0.7
"""Seconds between two looks at the database, while anything happens."""


class FamilyTree:
    """`await` its `fill`. `here` is the conversation one came from."""

    def __init__(self, chimera: Chimera, here: str) -> None:
        self._chimera = chimera
        self._here = here
        self._drawn: list[ConversationCard] = []
        self._heard: dict[str, object] = {}
        self._is_news = False
        self._count = words('', 'lead', role='status')
        self._list = box('ol', 'family', aria_label='Branches')
        ui.timer(LOOKED_AT, self._look)
        ui.context.client.on_delete(self._leave)

    async def fill(self) -> None:
        cards = await kin.family(self._chimera.store, self._chimera.scope, self._here)
        self._listen(cards)
        if cards == self._drawn:
            return
        self._drawn = cards
        live = sum(card.conversation.status == Status.RUNNING for card in cards)
        self._count.text = f'{len(cards)} conversations with one beginning, {live or "none"} of them live.'
        self._list.clear()
        with self._list:
            self._draw_all(cards)

    async def _look(self) -> None:
        if self._is_news:
            self._is_news = False
            await self.fill()

    def _listen(self, cards: Sequence[ConversationCard]) -> None:
        for card in cards:
            id = card.conversation.id
            if id not in self._heard:
                self._heard[id] = self._chimera.channels.listen(id, self._hear)

    def _hear(self, items: list[Item]) -> None:
        self._is_news = self._is_news or any(isinstance(item, Happening) for item in items)

    def _leave(self) -> None:
        for leave in self._heard.values():
            if callable(leave):
                leave()
        self._heard.clear()

    def _draw_all(self, cards: Sequence[ConversationCard]) -> None:
        ids = {card.conversation.id for card in cards}
        grown: defaultdict[str | None, list[ConversationCard]] = defaultdict(list)
        for card in cards:
            grown[card.conversation.parent_id].append(card)
        for parent in [parent for parent in grown if parent not in ids]:
            if parent is None:
                self._draw_grown(grown, None)
                continue
            with box('li', 'kin deleted'):
                words('The conversation these grew from was deleted.', 'quiet')
                with box('ol'):
                    self._draw_grown(grown, parent)

    def _draw_grown(self, grown: defaultdict[str | None, list[ConversationCard]], parent: str | None) -> None:
        # Each of them once, even if a file should say that they grew from one another.
        for card in sorted(grown.pop(parent, []), key=lambda card: card.conversation.branched_at or 0):
            conversation, is_here = card.conversation, card.conversation.id == self._here
            row = box(
                'li', 'kin', data_conversation_id=conversation.id, data_status=conversation.status,
                aria_current='true' if is_here else None,
            )  # fmt: skip
            with row:
                self._draw(card)
                if grown.get(conversation.id):
                    with box('ol'):
                        self._draw_grown(grown, conversation.id)

    def _draw(self, card: ConversationCard) -> None:
        conversation = card.conversation
        with box('article'):
            with box('div', 'kin-head'):
                link(_name(card), f'/conversation/{conversation.id}', 'kin-title')
                if conversation.id == self._here:
                    words('You came from here', 'here', 'span')
            if card.speaker:
                words(f'{card.speaker}: {unmarked(card.excerpt)}', 'excerpt')
            with box('div', 'facts'):
                status = conversation.status
                words(STATUS.get(status, status), 'status', 'span', data_status=status)
                words(_facts(card), tag='span')
            crowd(drawing(seat) for seat in card.cast)
            self._draw_links(card)

    def _draw_links(self, card: ConversationCard) -> None:
        id = card.conversation.id
        if id != self._here:
            link('Compare', f'/compare/{self._here}/{id}', 'btn quiet', aria_label=f'Compare with {_name(card)}')


def _name(card: ConversationCard) -> str:
    return card.conversation.difference or card.conversation.title


def _facts(card: ConversationCard) -> str:
    conversation, count = card.conversation, card.message_count
    lines = f'{count} lines' if count != 1 else '1 line'
    grew = f'from line {conversation.branched_at} · ' if conversation.branched_at else ''
    return f'{grew}{lines} · {ago(conversation.updated_at)}'

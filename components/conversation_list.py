"""Your conversations: found as you type, opened with a click, renamed or deleted from a small menu."""

from __future__ import annotations

import re

from app.chimera import Chimera
from app.store.recent import ConversationCard, Seat, recent_conversations
from components.confirm import ask_name, confirm
from components.face import crowd, faces
from components.gone import delete_everywhere
from components.mask import human_svg, mask_svg
from components.more_menu import more_menu
from components.plain import Button, box, link, words
from components.search_box import search_box
from components.when import ago

PAGE = 9
MARKS = re.compile(r'[*`]+|(?m:^\s*#+\s)|(?<!\w)_+|_+(?!\w)')
STATUS = {'ready': 'Not begun', 'running': 'Running now', 'paused': 'Paused', 'ended': 'Ended'}


class ConversationList:
    def __init__(self, chimera: Chimera) -> None:
        self._chimera = chimera
        self._search = ''
        self._last: ConversationCard | None = None
        self._drawn: list[ConversationCard] | None = None
        with box('section', 'yours', aria_label='Your conversations'):
            with box('div', 'section-head'):
                words('Your conversations', tag='h2')
                self._box = search_box('Search conversations', self._find)
            self._list = box('div', 'pasts', role='list')
            self._more = box('div', 'show-more')

    async def fill(self) -> None:
        search = self._search
        cards = await self._page()
        # What has not changed stays: a menu may be open there. And a newer question may have been answered meanwhile.
        if search != self._search:
            return
        self._last = cards[PAGE - 1] if len(cards) > PAGE else None
        if cards == self._drawn:
            return
        self._drawn = cards
        self._list.clear()
        self._box.set_visibility(bool(cards or self._search))
        with self._list:
            if not cards:
                self._draw_nothing()
        self._append(cards)

    async def _find(self, text: str) -> None:
        self._search, self._last = text, None
        await self.fill()

    async def _page(self) -> list[ConversationCard]:
        before = self._last.conversation.updated_at if self._last else None
        return await recent_conversations(
            self._chimera.store, self._chimera.scope, self._search, limit=PAGE + 1, before=before
        )

    def _append(self, cards: list[ConversationCard]) -> None:
        with self._list:
            for card in cards[:PAGE]:
                self._draw(card)
        self._last = cards[PAGE - 1] if len(cards) > PAGE else None
        self._more.clear()
        if self._last:
            with self._more:
                Button('Show more', self._show_more)

    async def _show_more(self) -> None:
        self._drawn = None
        self._append(await self._page())

    def _draw(self, card: ConversationCard) -> None:
        conversation = card.conversation
        with box('article', 'past', role='listitem', data_conversation_id=conversation.id):
            crowd(drawing(seat) for seat in card.cast)
            link(conversation.title, f'/conversation/{conversation.id}', 'past-title')
            if conversation.difference:
                words(f'Branch: {conversation.difference}', 'difference')
            if card.speaker:
                words(f'{card.speaker}: {unmarked(card.excerpt)}', 'excerpt')
            with box('div', 'facts'):
                status = conversation.status
                words(STATUS.get(status, status), 'status', 'span', data_status=status)
                lines = f'{card.message_count} lines' if card.message_count != 1 else '1 line'
                words(f'{lines} · {ago(conversation.updated_at)}', tag='span')
            more_menu(
                f'More for {conversation.title}',
                {'Rename': lambda: self._rename(card), 'Delete': lambda: self._delete(card)},
            )

    def _draw_nothing(self) -> None:
        with box('div', 'empty').style('grid-column: 1 / -1'):
            faces(list(self._chimera.library.personas.values())[:3])
            if self._search:
                words('Nobody said that here', tag='h3')
                words('No title, topic, name or line holds these words.')
            else:
                words('The house is still dark', tag='h3')
                words('Begin a conversation above, and it will be kept here for you.')

    def _rename(self, card: ConversationCard) -> None:
        async def rename(title: str) -> None:
            if orchestrator := await self._chimera.runner.open(self._chimera.scope, card.conversation.id):
                await orchestrator.steering.rename(title)
            await self._again()

        conversation = card.conversation
        ask_name('Rename this conversation', 'Title', f'title:{conversation.id}', conversation.title, rename)

    def _delete(self, card: ConversationCard) -> None:
        async def delete() -> None:
            await delete_everywhere(self._chimera, card.conversation.id)
            await self._again()

        what = f'“{card.conversation.title}” and its {card.message_count} lines will be gone for good.'
        confirm('Delete this conversation?', what, 'Delete', delete)

    async def _again(self) -> None:
        self._last = None
        await self.fill()


def unmarked(excerpt: str) -> str:
    """Without Markdown's marks, which are noise where they are not drawn; an underscore within a word stays."""
    return ' '.join(MARKS.sub('', excerpt).split())


def drawing(seat: Seat) -> str:
    return mask_svg(seat.look.mask, seat.slug or seat.name, seat.look.colour) if seat.look else human_svg()

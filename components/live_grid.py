"""Up to nine branches of one family at once, live; all can be paused and resumed together."""

from __future__ import annotations

import asyncio

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.store import kin
from app.store.recent import ConversationCard
from app.store.tables import Status
from components.comparison import wear_branches
from components.pane import Pane, name_of
from components.plain import Button, box, link, words

MOST = 9


class LiveGrid:
    """`await` its `of`. It shows those that run, then the newest of the others."""

    @classmethod
    async def of(cls, chimera: Chimera, here: Orchestrator) -> LiveGrid:
        family = await kin.family(chimera.store, chimera.scope, here.conversation.id)
        branches = [card for card in family if card.conversation.parent_id] or family
        chosen = sorted(branches, key=_first)[:MOST]
        wear_branches()
        grid = cls(here, len(branches))
        names: list[str] = []
        with grid.panes:
            for card in sorted(chosen, key=lambda card: card.conversation.created_at):
                if orchestrator := await chimera.runner.open(chimera.scope, card.conversation.id):
                    name = name_of(orchestrator, names)
                    after = card.conversation.branched_at or 0
                    grid.shown.append(await Pane.of(chimera, orchestrator, after, name))
                    names.append(orchestrator.conversation.difference or name)
        return grid

    def __init__(self, here: Orchestrator, many: int) -> None:
        self.shown: list[Pane] = []
        conversation = here.conversation
        with box('div', 'side-by-side nine'):
            with box('div', 'scene'):
                back = f'/conversation/{conversation.id}/branches'
                link('', back, 'btn bare icon i-back', aria_label='All branches')
                with box('div', 'scene-words'):
                    words(conversation.title, tag='h1')
                    beyond = f', the newest {MOST} of them here' if many > MOST else ''
                    words(f'{many} branches{beyond}.' if many != 1 else '1 branch.', 'common')
                with box('div', 'all', role='toolbar', aria_label='All branches'):
                    Button('Resume all', lambda: self._obey(goes=True), icon='play', key='r')
                    Button('Pause all', lambda: self._obey(goes=False), kind='primary', icon='pause', key='p')
            self.panes = box('div', 'panes')

    async def _obey(self, *, goes: bool) -> None:
        await asyncio.gather(*(pane.obey(goes=goes) for pane in self.shown))


def _first(card: ConversationCard) -> tuple[bool, float]:
    conversation = card.conversation
    return conversation.status != Status.RUNNING, -conversation.created_at.timestamp()

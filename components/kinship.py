"""What a conversation says of its family in its header: what it grew from, and how many branches it has itself."""

from __future__ import annotations

from nicegui import background_tasks, ui

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.live.channel import Happening, Item
from app.store import kin
from app.store.branches import BRANCHED
from components.plain import box, link, words


class Kinship:
    """`await` its `fill`; from then on it follows by itself."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self._chimera = chimera
        self._id = orchestrator.conversation.id
        self._box = box('p', 'kinship')
        ui.context.client.on_delete(chimera.channels.listen(self._id, self._hear))

    async def fill(self) -> None:
        mine = await kin.kin(self._chimera.store, self._chimera.scope, self._id)
        self._box.clear()
        self._box.set_visibility(bool(mine and (mine.parent_id or mine.branches)))
        if mine is None or self._box.is_deleted:
            return
        with self._box:
            if mine.parent_id:
                self._draw_parent(mine)
            if mine.branches:
                many = f'{mine.branches} branches' if mine.branches != 1 else '1 branch'
                link(many, f'/conversation/{self._id}/branches', data_key='t', aria_keyshortcuts='t')

    def _draw_parent(self, mine: kin.Kin) -> None:
        if mine.difference:
            words(mine.difference, 'difference', 'span', title=mine.difference)
        target = f'/conversation/{mine.parent_id}#line-{mine.branched_at}'
        if mine.parent is None:
            words(f'Branch of line {mine.branched_at} of what was deleted', tag='span')
        else:
            link(f'Branch of line {mine.branched_at}', target, title=f'Of “{mine.parent}”')
        link('All branches', f'/conversation/{self._id}/branches', data_key='t', aria_keyshortcuts='t')

    def _hear(self, items: list[Item]) -> None:
        if any(isinstance(item, Happening) and item.kind == BRANCHED for item in items):
            background_tasks.create(self.fill(), name='kinship')

"""Up to nine branches at once, each word as it comes. For the director and the audience."""

from __future__ import annotations

from app.chimera import Chimera
from components.frame import frame
from components.live_grid import LiveGrid
from components.lost import lost
from components.page import page


def create(chimera: Chimera) -> None:
    @page('/conversation/{conversation_id}/live')
    async def live(conversation_id: str) -> None:
        orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
        if orchestrator is None:
            lost(chimera, 'There is no such conversation', 'It may have been deleted, or the address may be mistyped.')
            return
        with frame(chimera, f'Branches of {orchestrator.conversation.title}', stage=True):
            await LiveGrid.of(chimera, orchestrator)

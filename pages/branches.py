"""The tree of all branches that share a beginning, to find one's way back to each. For the director."""

from __future__ import annotations

from nicegui import ui

from app.chimera import Chimera
from components.family_tree import FamilyTree
from components.frame import frame
from components.lost import lost
from components.page import page
from components.plain import box, link, words
from components.static_files import address_of


def create(chimera: Chimera) -> None:
    @page('/conversation/{conversation_id}/branches')
    async def branches(conversation_id: str) -> None:
        orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
        if orchestrator is None:
            lost(chimera, 'There is no such conversation', 'It may have been deleted, or the address may be mistyped.')
            return
        title = orchestrator.conversation.title
        ui.add_head_html(f'<link rel="stylesheet" href="{address_of("branches.css")}">')
        with frame(chimera, f'Branches of {title}'), box('div', 'branches'):
            with box('div', 'branches-head'):
                back = f'/conversation/{conversation_id}'
                link('Back to the conversation', back, 'btn bare icon i-back', data_key='t', aria_keyshortcuts='t')
                words('Branches', tag='h1')
                live = f'/conversation/{conversation_id}/live'
                link('Watch the live ones', live, 'btn quiet icon i-play', data_key='l', aria_keyshortcuts='l')
                words(title, 'quiet')
            await FamilyTree(chimera, conversation_id).fill()

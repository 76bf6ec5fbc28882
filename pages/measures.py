"""The laboratory: what can be measured of a conversation without a model, live. For the director."""

from __future__ import annotations

from nicegui import ui

from app.chimera import Chimera
from components.frame import frame
from components.gone import is_gone
from components.insight_view import InsightView
from components.lost import lost
from components.page import page
from components.plain import box, change, link, words
from components.soon import soon
from components.static_files import address_of

PATIENCE = 0.6
"""Seconds the page waits for a transcript to be read; a longer one fills in before one's eyes."""


def create(chimera: Chimera) -> None:
    @page('/conversation/{conversation_id}/measures')
    async def measures(conversation_id: str) -> None:
        orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
        if orchestrator is None:
            lost(chimera, 'There is no such conversation', 'It may have been deleted, or the address may be mistyped.')
            return
        title = orchestrator.conversation.title
        ui.add_head_html(f'<link rel="stylesheet" href="{address_of("measures.css")}">')
        with frame(chimera, f'Measures of {title}'), box('div', 'measures'):
            with box('div', 'measures-head'):
                back = f'/conversation/{conversation_id}'
                link('Back to the conversation', back, 'btn bare icon i-back', data_key='m', aria_keyshortcuts='m')
                words('Measures', tag='h1')
                status = words('', 'status', 'span', role='status')
                words(title, 'lead')
            insight = chimera.insights.of(chimera.scope, orchestrator)
            view = InsightView(orchestrator, insight)

            def show_status() -> None:
                change(status, 'data-status', str(orchestrator.status))
                status.text = 'Deleted' if is_gone(orchestrator) else str(orchestrator.status).capitalize()

            insight.changed.subscribe(soon(view.show))
            orchestrator.changed.subscribe(soon(show_status))
            show_status()
            await insight.settle(PATIENCE)
            await view.draw()

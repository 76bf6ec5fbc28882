"""The theatre: watch a conversation, steer it, join it."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store import people
from components.composer import Composer
from components.confirm import ask_name, confirm
from components.controls import Controls, is_still
from components.frame import frame, mode_badge
from components.gone import delete_everywhere, is_gone, say_gone
from components.line_menu import LineMenu
from components.lost import lost
from components.meters import Meters
from components.more_menu import more_menu
from components.order_choice import order_choice
from components.page import page
from components.plain import Button, box, change, link, words
from components.programme_view import ProgrammeView
from components.sheet import sheet
from components.soon import soon
from components.stage import Stage
from components.static_files import address_of
from components.transcript import Transcript


def create(chimera: Chimera) -> None:
    @page('/conversation/{conversation_id}')
    async def conversation(conversation_id: str) -> None:
        orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
        if orchestrator is None:
            lost(chimera, 'There is no such conversation', 'It may have been deleted, or the address may be mistyped.')
            return
        person = await people.person(chimera.store, chimera.scope)
        name = person.name if person else 'You'
        ui.add_head_html(f'<link rel="stylesheet" href="{address_of("lines.css")}">')
        with frame(chimera, orchestrator.conversation.title, stage=True), box('div', 'theatre') as theatre:
            title = scene(chimera, orchestrator)
            stage = Stage(chimera, orchestrator)
            with stage.element:
                programme = ProgrammeView(chimera, orchestrator)
                meters = Meters(orchestrator)
            await Transcript.of(chimera, orchestrator)
            LineMenu(chimera, orchestrator, name)
            with box('section', 'console', aria_label='Take part') as console, box('div', 'console-in'):
                controls = Controls(orchestrator)
                Composer(chimera, orchestrator, name)

            def show() -> None:
                retitle(title, orchestrator.conversation.title)
                change(theatre, 'data-status', str(orchestrator.status))
                change(theatre, 'data-still', str(is_still(orchestrator)).lower())
                stage.show()
                meters.show()
                programme.show()
                if not is_gone(orchestrator):
                    controls.show()
                elif not controls.is_deleted:
                    console.clear()
                    with console:
                        say_gone()

            orchestrator.changed.subscribe(soon(show))
            show()  # somebody may have begun to speak while the transcript was asked for


def retitle(title: TextElement, text: str) -> None:
    if title.text != text:
        title.text = text
        ui.page_title(f'{text} · Chimera')


def scene(chimera: Chimera, orchestrator: Orchestrator) -> TextElement:
    async def delete() -> None:
        await delete_everywhere(chimera, orchestrator.conversation.id)
        ui.navigate.to('/')

    def ask_delete() -> None:
        confirm('Delete this conversation?', 'Everything that was said in it will be gone for good.', 'Delete', delete)

    def ask_title() -> None:
        conversation = orchestrator.conversation
        ask_name(
            'Rename this conversation',
            'Title',
            f'title:{conversation.id}',
            conversation.title,
            orchestrator.steering.rename,
        )

    def ask_order() -> None:
        async def choose(order: str) -> None:
            try:
                await orchestrator.steering.set_order(order)
            except Refused as refusal:
                fault.text = str(refusal)
            else:
                dialog.close()

        with sheet('Who speaks next') as dialog:
            order_choice(orchestrator.conversation.speaker_order, choose)
            fault = words('', 'fault', role='alert')
            Button('Close', dialog.close)

    with box('div', 'scene'):
        link('', '/', 'btn bare icon i-back narrow-only', aria_label='Back home')
        with box('div', 'scene-words'):
            title = words(orchestrator.conversation.title, tag='h1', title=orchestrator.conversation.topic)
        mode_badge(chimera, 'narrow-only')
        measures = f'/conversation/{orchestrator.conversation.id}/measures'
        link('Measures', measures, 'btn bare icon i-measures measures-link', data_key='m', aria_keyshortcuts='m')
        more_menu(
            'More for this conversation', {'Who speaks next': ask_order, 'Rename': ask_title, 'Delete': ask_delete}
        )
    return title

"""The theatre: watch a conversation, steer it, join it."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.store import people
from components.branch_sheet import BRANCH, branch_from_last
from components.composer import Composer
from components.confirm import ask_name, confirm
from components.controls import Controls, is_still
from components.direct import direct_button
from components.frame import frame, mode_badge
from components.gone import delete_everywhere, is_gone, say_gone
from components.kinship import Kinship
from components.limits_sheet import limits_sheet
from components.line_menu import LineMenu
from components.lost import lost
from components.meters import Meters
from components.more_menu import more_menu
from components.order_sheet import order_sheet
from components.page import page
from components.plain import Button, box, change, link, words
from components.programme_view import ProgrammeView
from components.prompt_sheet import prompt_sheet
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
        with frame(chimera, orchestrator.conversation.title, stage=True), box('div', 'theatre') as theatre:
            for styles in ('taking_part.css', 'lines.css'):
                ui.add_head_html(f'<link rel="stylesheet" href="{address_of(styles)}">')
            title = await scene(chimera, orchestrator)
            stage = Stage(chimera, orchestrator)
            with stage.element:
                programme = ProgrammeView(chimera, orchestrator)
                meters = Meters(orchestrator)
            await Transcript.of(chimera, orchestrator)
            LineMenu(chimera, orchestrator, name)
            with box('section', 'console', aria_label='Take part') as console, box('div', 'console-in'):
                controls = Controls(chimera, orchestrator)
                composer = Composer(chimera, orchestrator, name)

            def show() -> None:
                retitle(title, orchestrator.conversation.title)
                change(theatre, 'data-status', str(orchestrator.status))
                change(theatre, 'data-still', str(is_still(orchestrator)).lower())
                stage.show()
                meters.show()
                programme.show()
                if not is_gone(orchestrator):
                    controls.show()
                    composer.show()
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


async def scene(chimera: Chimera, orchestrator: Orchestrator) -> TextElement:
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

    def ask_branch() -> None:
        branch_from_last(chimera, orchestrator)

    def ask_order() -> None:
        order_sheet(chimera, orchestrator)

    def look_first() -> None:
        prompt_sheet(chimera, orchestrator)

    def download() -> None:
        ui.download.from_url(f'/conversation/{orchestrator.conversation.id}/capsule')

    with box('div', 'scene'):
        link('', '/', 'btn bare icon i-back narrow-only', aria_label='Back home')
        with box('div', 'scene-words'):
            title = words(orchestrator.conversation.title, tag='h1', title=orchestrator.conversation.topic)
            await Kinship(chimera, orchestrator).fill()
        mode_badge(chimera, 'narrow-only')
        direct_button(orchestrator)
        measures = f'/conversation/{orchestrator.conversation.id}/measures'
        link('Measures', measures, 'btn bare icon i-measures measures-link', data_key='m', aria_keyshortcuts='m')
        Button('', ask_branch, kind='bare branch-link wide-only', icon='branch', label=BRANCH, key='b')
        more_menu(
            'More for this conversation',
            {
                'Limits': lambda: limits_sheet(orchestrator),
                'Who speaks next': ask_order,
                BRANCH: ask_branch,
                'All branches': lambda: ui.navigate.to(f'/conversation/{orchestrator.conversation.id}/branches'),
                'Look before the step': look_first,
                'Download the capsule': download,
                'Rename': ask_title,
                'Delete': ask_delete,
            },
        )
    return title

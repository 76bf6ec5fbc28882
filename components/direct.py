"""The director's desk: notes, dials, the scene and the rules of a conversation, while it goes on behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui
from nicegui.element import Element

from app.conversation.orchestrator import Orchestrator
from components.dial_rows import dial_rows
from components.guards_switch import GuardsSwitch
from components.note_form import note_form
from components.note_list import NoteList
from components.plain import Button, box, change, words
from components.rule_form import RuleForm
from components.rule_list import RuleList
from components.scene_form import SceneForm
from components.sheet import follow, sheet
from components.soon import soon
from components.static_files import address_of

Show = Callable[[], None]


def direct_button(orchestrator: Orchestrator) -> None:
    ui.add_head_html(f'<link rel="stylesheet" href="{address_of("direct.css")}">')
    Button('Direct', partial(open_desk, orchestrator), kind='bare direct-button', icon='direct', key='d')


def open_desk(orchestrator: Orchestrator) -> None:
    parts: dict[str, Callable[[], Show | None]] = {
        'Notes': lambda: _notes(orchestrator),
        'Dials': lambda: _dials(orchestrator),
        'Scene': lambda: SceneForm(orchestrator).show,
        'Rules': lambda: _rules(orchestrator),
    }
    shows: list[Show] = []
    with sheet('Direct') as dialog:
        dialog.classes('desk')
        tabs: dict[str, tuple[Button, Element]] = {}
        with box('div', 'tabs', role='tablist', aria_label='What to direct'):
            buttons = {name: Button(name, partial(_choose, tabs, name), kind='tab') for name in parts}
        for name, draw in parts.items():
            with box('section', 'desk-part', role='tabpanel', aria_label=name) as panel:
                if show := draw():
                    shows.append(show)
            change(buttons[name], 'role', 'tab')
            tabs[name] = (buttons[name], panel)
        _choose(tabs, 'Notes')
        Button('Close', dialog.close)
        refresh = soon(lambda: _refresh(dialog, shows))
    follow(dialog, orchestrator.changed, refresh)


def _refresh(dialog: ui.dialog, shows: list[Show]) -> None:
    if not dialog.is_deleted:
        for show in shows:
            show()


def _choose(tabs: dict[str, tuple[Button, Element]], chosen: str) -> None:
    for name, (button, panel) in tabs.items():
        change(button, 'aria-selected', str(name == chosen).lower())
        panel.set_visibility(name == chosen)


def _notes(orchestrator: Orchestrator) -> Show:
    note_form(orchestrator)
    return NoteList(orchestrator).show


def _dials(orchestrator: Orchestrator) -> None:
    words('How the whole room talks, from the next turn on. Each persona has dials of its own, at its face.', 'quiet')
    dial_rows(orchestrator)


def _rules(orchestrator: Orchestrator) -> Show:
    guards = GuardsSwitch(orchestrator)
    RuleForm(orchestrator)
    rules = RuleList(orchestrator)

    def show() -> None:
        guards.show()
        rules.show()

    return show

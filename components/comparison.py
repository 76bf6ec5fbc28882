"""Two branches side by side: what they have in common in one line, both as they go on, what can be measured."""

from __future__ import annotations

from nicegui import ui

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.store import kin
from components.compared import Compared
from components.pane import Pane, name_of
from components.plain import Button, box, change, link, words
from components.static_files import address_of


class Comparison:
    """`await` its `of`."""

    @classmethod
    async def of(cls, chimera: Chimera, left: Orchestrator, right: Orchestrator) -> Comparison:
        lines = [await kin.lineage(chimera.store, chimera.scope, each.conversation.id) for each in (left, right)]
        common = kin.in_common(lines[0], lines[1])
        wear_branches()
        comparison = cls(left, common)
        with comparison.panes:
            names = [name_of(left, [])]
            names.append(name_of(right, names))
            first = await Pane.of(chimera, left, common, names[0])
            await Pane.of(chimera, right, common, names[1])
        first.element.classes('first')
        with comparison.measures:
            Compared(chimera, left, right, names)
        return comparison

    def __init__(self, left: Orchestrator, common: int) -> None:
        id = left.conversation.id
        with box('div', 'side-by-side', data_shown='both') as self._all:
            with box('div', 'scene'):
                link('', f'/conversation/{id}/branches', 'btn bare icon i-back', aria_label='All branches')
                with box('div', 'scene-words'):
                    words(left.conversation.title, tag='h1')
                    with box('p', 'common'):
                        words(_in_common(common), tag='span')
                        if common:
                            link('Read them', f'/conversation/{id}#line-{common}')
                self._switch()
            self.measures = box('details', 'compared')
            self.panes = box('div', 'panes')

    def _switch(self) -> None:
        """Only where there is no room for two beside each other."""
        buttons: dict[str, Button] = {}

        def show(which: str) -> None:
            change(self._all, 'data-shown', which)
            for name, button in buttons.items():
                change(button, 'aria-pressed', str(name == which).lower())

        with box('div', 'switch', role='group', aria_label='Shown'):
            for name, text in (('both', 'Both'), ('first', 'First'), ('second', 'Second')):
                buttons[name] = Button(text, lambda which=name: show(which), kind='quiet')
        show('both')


def _in_common(common: int) -> str:
    if not common:
        return 'These two have no line in common.'
    return 'The first line is the same in both.' if common == 1 else f'{common} lines in common, folded here.'


def wear_branches() -> None:
    """What a page with several transcripts needs: their look, and what draws a line."""
    ui.add_head_html(f'<link rel="stylesheet" href="{address_of("branches.css")}">')
    ui.add_body_html(f'<script src="{address_of("line.js")}"></script>')

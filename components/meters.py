"""What a conversation has used of what it may use."""

from __future__ import annotations

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from app.conversation.orchestrator import Orchestrator
from components.plain import box, change, words


class Meters:
    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        with box('section', 'meters', aria_label='Limits used') as self._all:
            self._rows = {name: self._draw(name) for name in ('Turns', 'Tokens', 'Minutes')}
        self.show()

    def show(self) -> None:
        conversation = self._orchestrator.conversation
        beside_turns = conversation.max_tokens or conversation.max_minutes
        change(self._all, 'data-limited', str(bool(beside_turns)).lower())
        self._fill('Turns', conversation.turns, conversation.max_turns)
        self._fill('Tokens', conversation.tokens, conversation.max_tokens)
        self._fill('Minutes', int(conversation.seconds // 60), conversation.max_minutes)

    def _draw(self, name: str) -> tuple[Element, TextElement, Element]:
        with box('div', 'meter', data_meter=name) as row:
            with box('span'):
                words(name, tag='span')
                number = words('', tag='b')
            bar = box('i', aria_hidden='true')
        return row, number, bar

    def _fill(self, name: str, used: int, limit: int | None) -> None:
        row, number, bar = self._rows[name]
        change(row, 'data-limited', str(bool(limit)).lower())
        number.text = f'{used:,} of {limit:,}' if limit else f'{used:,}'
        bar.set_visibility(bool(limit))
        bar.style(f'--full: {min(100, round(100 * used / limit)) if limit else 0}%')

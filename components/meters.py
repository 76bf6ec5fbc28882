"""What a conversation has used of what it may use."""

from __future__ import annotations

from collections.abc import Callable

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from app.conversation.money import in_short
from app.conversation.orchestrator import Orchestrator
from components.plain import box, change, words


class Meters:
    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        with box('section', 'meters', aria_label='Limits used') as self._all:
            self._rows = {name: self._draw(name) for name in ('Turns', 'Tokens', 'Money', 'Minutes')}
        self.show()

    def show(self) -> None:
        conversation = self._orchestrator.conversation
        beside_turns = conversation.max_tokens or conversation.max_money or conversation.max_minutes
        change(self._all, 'data-limited', str(bool(beside_turns)).lower())
        self._fill('Turns', conversation.turns, conversation.max_turns)
        self._fill('Tokens', conversation.tokens, conversation.max_tokens)
        self._fill('Money', conversation.money, conversation.max_money, in_short)
        self._rows['Money'][0].set_visibility(bool(conversation.money or conversation.max_money))
        self._fill('Minutes', int(conversation.seconds // 60), conversation.max_minutes)

    def _draw(self, name: str) -> tuple[Element, TextElement, Element]:
        with box('div', 'meter', data_meter=name) as row:
            with box('span'):
                words(name, tag='span')
                number = words('', tag='b')
            bar = box('i', aria_hidden='true')
        return row, number, bar

    def _fill(self, name: str, used: int, limit: int | None, in_numbers: Callable[[int], str] = '{:,}'.format) -> None:
        row, number, bar = self._rows[name]
        change(row, 'data-limited', str(bool(limit)).lower())
        number.text = f'{in_numbers(used)} of {in_numbers(limit)}' if limit else in_numbers(used)
        bar.set_visibility(bool(limit))
        bar.style(f'--full: {min(100, round(100 * used / limit)) if limit else 0}%')

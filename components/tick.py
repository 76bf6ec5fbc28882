"""A box to tick, with its words beside it."""

from __future__ import annotations

from nicegui.element import Element

from components.plain import box, dress, words


class Tick:
    def __init__(self, label: str) -> None:
        self.is_on = False
        with box('label', 'tick'):
            self._box = dress(Element('input'), '', {'type': 'checkbox'})
            words(label, tag='span')

        def read(is_on: object) -> None:
            self.is_on = is_on is True

        self._box.on('change', lambda event: read(event.args), js_handler='(e) => emit(e.target.checked)')

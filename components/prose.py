"""A long text that is there already, to be read and edited: a prompt, a file."""

from __future__ import annotations

from nicegui.element import Element

from components.plain import Take, dress


class Prose(Element):
    """A plain textarea. It tells what was typed when it is left, which is before any button hears of a click."""

    def __init__(self, label: str, text: str, take: Take) -> None:
        super().__init__('textarea')
        rows = min(14, max(3, text.count('\n') + len(text) // 80 + 1))
        dress(self, '', {'aria_label': label, 'rows': rows, 'spellcheck': 'false', '.value': text})
        self.on('change', lambda event: take(str(event.args or '')), js_handler='(e) => emit(e.target.value)')

"""Where a person types. What was typed outlives a reload, a lost connection and a refusal: the browser keeps it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from components.plain import Take, change


class TextField(Element, component='text_field.js'):
    """`draft` names the kept text, one for each place. `enter` gets the text on Enter or `submit` and answers with
    `accept` (the field is emptied) or `refuse` (the text stays, a sentence is shown until the next key). A text beyond
    `longest` characters, where that is not 0, is refused before it is sent. `first` stands there where no draft was
    kept."""

    def __init__(
        self, label: str, *, draft: str, enter: Take, placeholder: str = '', key: str = '', hide_label: bool = False,
        longest: int = 0, first: str = '',
    ) -> None:  # fmt: skip
        super().__init__()
        self.props['label'] = label
        self.props['draft'] = draft
        self.props['placeholder'] = placeholder
        self.props['shortcut'] = key
        self.props['hideLabel'] = hide_label
        self.props['longest'] = longest
        self.props['first'] = first
        self.on('enter', lambda event: enter(str(event.args or '')))

    def submit(self) -> None:
        """Asks the browser for what stands there now, as if Enter had been pressed."""
        self.run_method('enter')

    def accept(self, text: str) -> None:
        self.run_method('accept', text)

    def refuse(self, sentence: str) -> None:
        self.run_method('refuse', sentence)

    def let_ghost(
        self, begin: Callable[[int, str], None], stop: Callable[[], None], shows: Callable[[bool], None]
    ) -> None:
        """`begin` gets the number of the run, to be given back with each piece, and what stands there; `stop` is called
        when the person types; `shows` says whether somebody writes just now."""

        def read(event: GenericEventArguments) -> None:
            run, text = event.args
            begin(int(run), str(text or ''))

        self.on('ghost', read)
        self.on('unghost', lambda _: stop(), [])
        self.on('writing', lambda event: shows(bool(event.args)))

    def ghost(self) -> None:
        """Asks for a draft; once more, and it ends where it is."""
        self.run_method('ghost')

    def ghosted(self, run: int, piece: str) -> None:
        self.run_method('ghosted', run, piece)

    def ghost_ends(self, run: int, sentence: str = '') -> None:
        self.run_method('ghostEnds', run, sentence)

    def put(self, text: str) -> None:
        """Writes for the person; their own words can be had back with undo."""
        self.run_method('put', text)

    def suggest(self, text: str) -> None:
        change(self, 'placeholder', text)

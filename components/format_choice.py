"""In which format they shall converse, and whether the cast can be seated in it."""

from __future__ import annotations

from collections.abc import Callable

from app.conversation.formats.dealing import cast_fault
from app.conversation.formats.format import Format
from app.conversation.formats.length import most_turns
from app.conversation.formats.shelf import DEFAULT, Formats
from components.format_sheet import format_sheet
from components.plain import Button, Choice, box, words


class FormatChoice:
    """`chosen` is the id of a format."""

    def __init__(self, formats: Formats, changed: Callable[[], None]) -> None:
        self.chosen = DEFAULT
        self._formats = formats
        self._changed = changed
        with box('div', 'format-row'):
            words('Format', 'label', 'span', aria_hidden='true')
            self._choice = Choice('Format', self._offered(), DEFAULT, self._choose)
            Button('Edit', self._edit, kind='quiet small', label='Edit this format, or write one')
            self._tagline = words('', 'tagline', 'span', role='status')

    @property
    def format(self) -> Format:
        """The default's, where somebody has removed the file meanwhile."""
        return self._formats.get(self.chosen) or self._formats.shelf.formats[DEFAULT]

    def show(self, cast: int) -> None:
        """What it is, or why so many cannot be seated in it."""
        format = self.format
        fault = None if self.chosen == DEFAULT else cast_fault(format, cast)
        self._tagline.text = fault or format.tagline
        self._tagline.classes(add='fault' if fault else '', remove='' if fault else 'fault')

    def turns(self, cast: int) -> int | None:
        """How many turns to give it; None where only a limit ends it."""
        format = self.format
        if self.chosen == DEFAULT or (most := most_turns(format, cast)) is None:
            return None
        # Where the audience votes after the last of them, the limit shall not end it before.
        return most + any(phase.vote is not None and phase.vote.audience for phase in format.phases)

    def _offered(self) -> dict[str, str]:
        return {id: format.name for id, format in self._formats.shelf.formats.items()}

    def _choose(self, id: str) -> None:
        if self._formats.get(id):
            self.chosen = id
            self._changed()

    def _edit(self) -> None:
        format_sheet(self._formats, self.format.id, self._kept)

    def _kept(self, id: str) -> None:
        """It was written, or removed: then what is left under that name, or the default, is chosen."""
        self.chosen = id if self._formats.get(id) else DEFAULT
        self._choice.offer(self._offered(), self.chosen)
        self._changed()

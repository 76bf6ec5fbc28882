"""In which format they shall converse, and whether the cast can be seated in it."""

from __future__ import annotations

from collections.abc import Callable

from app.conversation.formats.dealing import cast_fault
from app.conversation.formats.length import most_turns
from app.conversation.formats.shelf import DEFAULT, library
from components.plain import Choice, box, words


class FormatChoice:
    """`chosen` is the id of a format."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.chosen = DEFAULT
        self._changed = changed
        formats = library().formats
        with box('div', 'format-row'):
            words('Format', 'label', 'span', aria_hidden='true')
            Choice('Format', {id: format.name for id, format in formats.items()}, DEFAULT, self._choose)
            self._tagline = words('', 'tagline', 'span', role='status')

    def show(self, cast: int) -> None:
        """What it is, or why so many cannot be seated in it."""
        format = library().formats[self.chosen]
        fault = None if self.chosen == DEFAULT else cast_fault(format, cast)
        self._tagline.text = fault or format.tagline
        self._tagline.classes(add='fault' if fault else '', remove='' if fault else 'fault')

    def turns(self, cast: int) -> int | None:
        """How many turns to give it; None where only a limit ends it."""
        format = library().formats[self.chosen]
        if self.chosen == DEFAULT or (most := most_turns(format, cast)) is None:
            return None
        # Where the audience votes after the last of them, the limit shall not end it before.
        return most + any(phase.vote is not None and phase.vote.audience for phase in format.phases)

    def _choose(self, id: str) -> None:
        if id in library().formats:
            self.chosen = id
            self._changed()

"""The rhythm strip: who spoke when, and how much. One lane each; one can run along it and go to any line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from app.live.ear import Moment
from components.answers import Figure


class Rhythm(ui.element, component='rhythm.js'):
    """The browser draws it: what was said goes there as data and is only ever set as text."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__()
        self._props['transcript'] = f'/conversation/{conversation_id}'
        self.show([], [])

    def show(self, figures: Sequence[Figure], moments: Sequence[Moment]) -> None:
        lanes = {figure.name: at for at, figure in enumerate(figures)}
        self._props['lanes'] = [[figure.name, figure.colour, figure.is_human] for figure in figures]
        self._props['lines'] = [_line(moment, lanes[moment.speaker]) for moment in moments]
        self.update()


def _line(moment: Moment, lane: int) -> list[Any]:
    return [moment.number, lane, moment.words, moment.state, moment.first_words]

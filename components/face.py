"""Masks as elements: one face, or a few that stand close together."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from app.casting.persona import Persona
from components.mask import human_svg, mask
from components.plain import box


def face(persona: Persona | None) -> None:
    """Our own drawing, made of numbers: the only HTML that is not cleaned. None is a human."""
    ui.html(mask(persona) if persona else human_svg(), sanitize=False, tag='span').classes('mask')


def faces(personas: Iterable[Persona | None]) -> None:
    with box('span', 'masks', aria_hidden='true'):
        for persona in personas:
            face(persona)

"""Masks as elements: one face, or a few that stand close together."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from app.casting.persona import Persona
from components.mask import human_svg, mask

MANY = 6
"""Faces from which on they are drawn smaller."""


def face(persona: Persona | None) -> None:
    """None is a human."""
    draw(mask(persona) if persona else human_svg())


def faces(personas: Iterable[Persona | None]) -> None:
    crowd(mask(persona) if persona else human_svg() for persona in personas)


def crowd(drawings: Iterable[str]) -> None:
    masks = [f'<span class="mask">{svg}</span>' for svg in drawings]
    draw(''.join(masks), 'masks many' if len(masks) >= MANY else 'masks')


def draw(svg: str, classes: str = 'mask') -> None:
    """Our own drawing, made of numbers: the only HTML that is not cleaned."""
    ui.html(svg, sanitize=False, tag='span').classes(classes)

"""Who answers whom: the people of a room on an ellipse, an arrow from whoever spoke to the one they spoke after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 480, 360
ACROSS, DOWN = 168, 112
NODE = 26
MOST = 8
"""People who are drawn: those with most turns."""
LONGEST = 15
NUMBERED = 14
"""Arrows that have room for their number."""

Steps = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    colour: str
    mask: str = ''
    is_human: bool = False
    """`mask` is a drawing of our own, an `<svg>` that fills its box."""


def answers(figures: Sequence[Figure], transitions: Steps) -> str:
    """`transitions` counts (who spoke, who spoke next)."""
    turns = {f.name: sum(count for (_, after), count in transitions.items() if after == f.name) for f in figures}
    shown = sorted(sorted(figures, key=lambda figure: -turns[figure.name])[:MOST], key=figures.index)
    places = {figure.name: _place(at, len(shown)) for at, figure in enumerate(shown)}
    colours = {figure.name: figure.colour for figure in shown}
    arrows = [
        (count, after, before)
        for (before, after), count in transitions.items()
        if before != after and before in places and after in places
    ]
    arrows.sort(key=lambda arrow: arrow[0])
    most = arrows[-1][0] if arrows else 1
    lines = ''.join(_arrow(places[a], places[b], count, most, colours[a]) for count, a, b in arrows)
    numbers = ''.join(_number(places[a], places[b], count) for count, a, b in arrows[-NUMBERED:])
    people = ''.join(_person(figure, *places[figure.name]) for figure in shown)
    high = [y for _, y in places.values()]
    above, tall = min(high) - NODE - 30, max(high) - min(high) + 2 * NODE + 60
    return (
        f'<svg viewBox="0 {above:.0f} {WIDTH} {tall:.0f}" role="img" aria-label="{escape(in_words(transitions))}">'
        f'{lines}{numbers}{people}</svg>'
    )


def in_words(transitions: Steps) -> str:
    """The arrows as sentences, the heaviest first."""
    steps = sorted(((count, a, b) for (b, a), count in transitions.items() if a != b), key=lambda s: (-s[0], s[1:]))
    if not steps:
        return 'Nobody has answered anybody yet.'
    return ' '.join(f'{a} answered {b} {times(count)}.' for count, a, b in steps[:12])


def times(count: int) -> str:
    return {1: 'once', 2: 'twice'}.get(count, f'{count} times')


def _place(at: int, of: int) -> tuple[float, float]:
    angle = math.pi + at * math.pi if of == 2 else -math.pi / 2 + 2 * math.pi * at / max(1, of)
    return WIDTH / 2 + ACROSS * math.cos(angle), HEIGHT / 2 - 4 + DOWN * math.sin(angle)


def _bend(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """The control point: a little to one side, so that the arrow back runs on the other."""
    (x, y), (u, v) = start, end
    return (x + u) / 2 + 0.16 * (v - y), (y + v) / 2 - 0.16 * (u - x)


def _arrow(start: tuple[float, float], end: tuple[float, float], count: int, most: int, colour: str) -> str:
    bend, stroke = _bend(start, end), 1.4 + 5.6 * count / most
    head = 6 + 1.5 * stroke
    from_x, from_y = _towards(start, bend, NODE + 3)
    tip_x, tip_y = _towards(end, bend, NODE + 4)
    neck_x, neck_y = _towards(end, bend, NODE + 4 + 0.8 * head)
    away_x, away_y = _unit(end, bend)
    back_x, back_y = tip_x + head * away_x, tip_y + head * away_y
    half = 0.36 * head + stroke / 2
    wings = f'{back_x - half * away_y:.1f},{back_y + half * away_x:.1f} {back_x + half * away_y:.1f},'
    wings += f'{back_y - half * away_x:.1f}'
    return (
        f'<g class="arrow" style="color:{escape(colour)}"><path stroke-width="{stroke:.1f}" d="M{from_x:.1f} '
        f'{from_y:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {neck_x:.1f} {neck_y:.1f}"/>'
        f'<polygon points="{tip_x:.1f},{tip_y:.1f} {wings}"/></g>'
    )


def _number(start: tuple[float, float], end: tuple[float, float], count: int) -> str:
    """Nearer to where the arrow comes from, where fewer others cross."""
    bend, t = _bend(start, end), 0.36
    x, y = (
        (1 - t) ** 2 * one + 2 * t * (1 - t) * middle + t * t * other
        for one, middle, other in zip(start, bend, end, strict=True)
    )
    return f'<text class="count" x="{x:.1f}" y="{y + 4:.1f}">{count}</text>'


def _person(figure: Figure, x: float, y: float) -> str:
    short = figure.name if len(figure.name) <= LONGEST else figure.name[: LONGEST - 1].rstrip() + '…'
    below = y - NODE - 10 if y < HEIGHT / 2 - 0.9 * DOWN else y + NODE + 18
    corner = f'x="{x - NODE:.1f}" y="{y - NODE:.1f}" width="{2 * NODE}" height="{2 * NODE}"'
    face = figure.mask.replace('<svg ', f'<svg {corner} ', 1) or (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{NODE}" fill="{escape(figure.colour)}"/>'
    )
    return (
        f'<g class="person"><title>{escape(figure.name)}</title>{face}'
        f'<text class="who" x="{x:.1f}" y="{below:.1f}">{escape(short)}</text></g>'
    )


def _unit(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    length = math.dist(start, end) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _towards(start: tuple[float, float], end: tuple[float, float], far: float) -> tuple[float, float]:
    x, y = _unit(start, end)
    return start[0] + far * x, start[1] + far * y

"""A small chart as inline SVG: a few traces over the lines of a conversation. The picture is stretched to its box, so
everything written stands beside it as text; which trace is which is told by its stroke and its name, not by a colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

WIDTH, HEIGHT = 300, 100
CLOSEST = 15
"""Percent of the height that two names at the end of their traces keep between them."""
PLAIN, DASHED, DOTS = 'plain', 'dashed', 'dots'


@dataclass(frozen=True, slots=True)
class Trace:
    """`values` from 0 to the chart's top, None where nothing is known. `name` stands at its end; none for dots."""

    values: Sequence[float | None]
    name: str = ''
    stroke: str = PLAIN


@dataclass(frozen=True, slots=True)
class Band:
    values: Sequence[float]
    name: str
    colour: str


def chart(
    traces: Sequence[Trace], says: str, since: str, top: float = 1.0, ends: tuple[str, str] = ('0%', '100%')
) -> str:
    """`says` is what the picture shows, in words, for whoever cannot see it; `since` names its left edge, `ends` its
    bottom and top."""
    paths = ''.join(_path(trace, top) for trace in traces)
    named = [(trace.name, known[-1] / top) for trace in traces if trace.name and (known := _known(trace.values))]
    return _plot(paths, says, named if len(named) > 1 else [], ends, since)


def bands(of: Sequence[Band], says: str, since: str) -> str:
    """Shares that add up to 1, stacked, the first on top."""
    count = max((len(band.values) for band in of), default=0)
    floor = [0.0] * count
    areas: list[str] = []
    named: list[tuple[str, float]] = []
    for band in reversed(of):
        ceiling = [low + value for low, value in zip(floor, band.values, strict=True)]
        there = [_point(at, count, value) for at, value in enumerate(ceiling)]
        back = [_point(at, count, value) for at, value in enumerate(floor)][::-1]
        areas.append(f'<polygon fill="{escape(band.colour)}" points="{" ".join([*there, *back])}"/>')
        if count and band.values[-1] >= 0.005:
            named.append((f'{band.name} {band.values[-1]:.0%}', (floor[-1] + ceiling[-1]) / 2))
        floor = ceiling
    return _plot(f'<g class="bands">{"".join(areas)}</g>', says, named, ('0%', '100%'), since)


def _plot(paths: str, says: str, named: Sequence[tuple[str, float]], scale: tuple[str, str], since: str) -> str:
    grid = f'<path class="grid" d="M0 0H{WIDTH}M0 {HEIGHT // 2}H{WIDTH}M0 {HEIGHT}H{WIDTH}"/>'
    ends = ''.join(
        f'<span class="end" style="top:{at:.1f}%">{escape(name)}</span>' for name, at in _apart(named) if name
    )
    return (
        f'<div class="plot" data-named="{str(bool(named)).lower()}"><div class="scale" aria-hidden="true">'
        f'<span>{escape(scale[1])}</span><span>{escape(scale[0])}</span></div>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{escape(says)}">'
        f'{grid}{paths}</svg><div class="ends" aria-hidden="true">{ends}</div>'
        f'<div class="axis" aria-hidden="true"><span>{escape(since)}</span><span>now</span></div></div>'
    )


def _path(trace: Trace, top: float) -> str:
    count = len(trace.values)
    points = [None if value is None else _point(at, count, value / top) for at, value in enumerate(trace.values)]
    if trace.stroke == DOTS:
        drawn = ''.join(f'M{point}h0' for point in points if point)
    else:
        runs = [list(run) for known, run in groupby(points, bool) if known]
        drawn = ''.join(f'M{run[0]}h0' if len(run) == 1 else f'M{"L".join(map(str, run))}' for run in runs)
    return f'<path class="{trace.stroke}" d="{drawn}"/>'


def _point(at: int, count: int, value: float) -> str:
    x = WIDTH * at / (count - 1) if count > 1 else WIDTH
    return f'{x:.1f},{HEIGHT * (1 - min(1.0, max(0.0, value))):.1f}'


def _apart(named: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Places of the names in percent from above: as near to their traces as leaves each of them readable."""
    placed: list[tuple[str, float]] = []
    for name, value in sorted(named, key=lambda pair: -pair[1]):
        at = 100 * (1 - min(1.0, max(0.0, value)))
        placed.append((name, max(at, placed[-1][1] + CLOSEST) if placed else at))
    floor = 100.0
    for index in range(len(placed) - 1, -1, -1):
        name, at = placed[index]
        placed[index] = (name, min(at, floor))
        floor = placed[index][1] - CLOSEST
    return placed


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]

"""The rhythm strip, the graph, the charts and the tables, each with its words. What is drawn is drawn in a thread: two
hundred lines and eight charts of them take longer than anybody's words should wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import ui
from nicegui.element import Element

from app.live.ear import Moment
from app.live.insight import Insight
from components.answers import Figure, Steps, answers
from components.chart import Band, bands, chart
from components.measured import FLOOR_MEANS, FLOOR_UNIT, MEASURED, stains_of
from components.plain import box, words
from components.rhythm import Rhythm
from components.tables import answers_table, measures_table, service_table

SHOWN = 200
"""Lines that are drawn: the thousandth costs what the two hundredth did."""
FLOOR = 'The floor'


@dataclass(frozen=True, slots=True)
class Drawn:
    """`now` and `svg` by the name of the measure."""

    answers: str
    svg: Mapping[str, str]
    now: Mapping[str, str]
    note: Mapping[str, str]


def draw(figures: Sequence[Figure], moments: Sequence[Moment], transitions: Steps) -> Drawn:
    shares = [Band([m.floor.get(f.name, 0.0) for m in moments], f.name, f.colour) for f in figures]
    ordered = sorted(shares, key=lambda band: -band.values[-1])
    told = ', '.join(f'{band.name} {band.values[-1]:.0%}' for band in ordered)
    since = f'line {moments[0].number}'
    svg = {FLOOR: bands(shares, f'Shares of the floor now: {told}.', since)}
    now = {FLOOR: f'{ordered[0].name} {ordered[0].values[-1]:.0%}'}
    note: dict[str, str] = {}
    for measured in MEASURED:
        svg[measured.name] = chart(
            measured.traces(moments), measured.in_words(moments), since, measured.top(moments), measured.ends(moments)
        )
        now[measured.name] = measured.now(moments)
        stains = stains_of(moments) if measured.is_count else ''
        note[measured.name] = stains if measured.values(moments) else measured.unknown
    return Drawn(answers(figures, transitions), svg, now, note)


class Pictures:
    def __init__(self, conversation_id: str) -> None:
        self._charts: dict[str, _Chart] = {}
        with part('rhythm', 'Rhythm', 'Who spoke when: a block is as wide as its line has words.'):
            self._rhythm = Rhythm(conversation_id)
            self._which = words('', 'unit')
        with box('div', 'two'):
            with part('answers', 'Who answers whom', 'An arrow runs from a speaker to whoever had spoken just before.'):
                self._answers = drawing()
                with folded('As a table'):
                    self._answered = box('div', 'table-box')
            with part('service', 'Service', 'How the models served: the median of each one’s last 20 turns.'):
                self._served = box('div', 'table-box')
        with box('section', 'charts', aria_label='Measures, line by line'):
            self._charts[FLOOR] = _Chart(FLOOR, FLOOR_MEANS, FLOOR_UNIT, 'wide')
            for measured in MEASURED:
                self._charts[measured.name] = _Chart(measured.name, measured.means, measured.unit)
        with folded('All of it as a table'):
            self._table = box('div', 'table-box')

    async def show(self, insight: Insight, figures: Sequence[Figure]) -> None:
        moments, many = insight.moments[-SHOWN:], len(insight.moments)
        transitions, served, room = insight.reading.floor.transitions, dict(insight.served), insight.reading.service
        drawn = await asyncio.to_thread(draw, figures, moments, transitions)
        if self._answers.is_deleted or many < len(insight.moments):
            return  # nobody looks any more, or the next ones are being drawn
        self._which.text = which(moments, many)
        self._rhythm.show(figures, moments)
        self._answers.set_content(drawn.answers)
        for name, one in self._charts.items():
            one.show(drawn.svg[name], drawn.now[name], drawn.note.get(name, ''))
        with anew(self._answered):
            answers_table([figure.name for figure in figures], transitions)
        with anew(self._served):
            service_table(served, room)
        with anew(self._table):
            measures_table(moments)


class _Chart:
    def __init__(self, name: str, means: str, unit: str, classes: str = '') -> None:
        with box('figure', f'measure {classes}', aria_label=name, data_measure=name):
            with box('figcaption'):
                with box('div', 'measure-head'):
                    words(name, tag='h3')
                    self._now = words('', 'now-value', tag='b')
                words(means, 'means')
            self._svg = drawing()
            self._note = words('', 'measure-note')
            words(unit, 'unit')

    def show(self, svg: str, now: str, note: str) -> None:
        self._svg.set_content(svg)
        self._now.text = now
        self._note.text = note
        self._note.set_visibility(bool(note))


@contextmanager
def part(kind: str, title: str, means: str) -> Iterator[Element]:
    with box('section', f'part {kind}', aria_label=title) as section:
        words(title, tag='h2')
        words(means, 'means')
        yield section


@contextmanager
def folded(title: str) -> Iterator[None]:
    with box('details'):
        words(title, tag='summary')
        yield


@contextmanager
def anew(place: Element) -> Iterator[None]:
    place.clear()
    with place:
        yield


def drawing() -> ui.html:
    """Our own drawing: of what people wrote only names and numbers are in it, and those escaped."""
    return ui.html('', sanitize=False).classes('drawing')


def which(moments: Sequence[Moment], many: int) -> str:
    if len(moments) == many:
        return f'All {many:,} lines.'
    return f'The last {len(moments):,} of {many:,} lines, here and in the charts; the numbers count all of them.'

"""The drawings of the measures: sound as SVG, true to their numbers, and proof against hostile names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from app.live.ear import Ear, Moment
from app.store.tables import Message, Participant, State
from components.answers import Figure, answers, in_words
from components.chart import CLOSEST, DASHED, DOTS, Band, Trace, bands, chart
from components.measured import MEASURED, stains_of
from components.pictures import SHOWN, draw, which
from tests.cast import ADA, BERT, message_of

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onload='x"
NAMES = ['Iris', 'Milo', 'Noor', 'Pilar', 'Joe', 'Falk', 'Alice']
SVG = '{http://www.w3.org/2000/svg}'


def parsed(html: str) -> ElementTree.Element:
    """As XML, which forgives nothing: whatever breaks out breaks this."""
    return ElementTree.fromstring(f'<div>{html}</div>')


def tags(html: str) -> set[str]:
    return {element.tag.removeprefix(SVG) for element in parsed(html).iter()}


def places(html: str) -> list[float]:
    return [float(at) for at in re.findall(r'class="end" style="top:([\d.]+)%', html)]


def test_a_trace_is_drawn_from_the_first_line_to_the_last() -> None:
    drawn = chart([Trace([0.0, 0.5, 1.0])], 'Novelty: now 100%.', 'line 1')
    assert 'd="M0.0,100.0L150.0,50.0L300.0,0.0"' in drawn
    assert 'aria-label="Novelty: now 100%."' in drawn
    assert places(drawn) == []  # one trace needs no name of its own


def test_what_is_not_known_leaves_a_gap() -> None:
    drawn = chart([Trace([None, 0.5, None, 0.5, 0.5]), Trace([0.1] * 5, stroke=DOTS)], '', 'line 1')
    assert 'M75.0,50.0h0M225.0,50.0L300.0,50.0' in drawn
    assert drawn.count('h0') == 6
    assert parsed(chart([Trace([None, None])], '', 'line 1')) is not None
    assert parsed(chart([Trace([])], '', 'line 1')) is not None


def test_values_beyond_the_top_stay_in_the_picture() -> None:
    assert 'M0.0,0.0L300.0,100.0' in chart([Trace([9.0, -1.0])], '', 'line 1', 4.0)


def test_two_traces_are_told_apart_by_name_and_stroke() -> None:
    drawn = chart([Trace([0.5], 'told apart'), Trace([0.5], 'chance', DASHED)], '', 'line 1')
    assert 'told apart' in drawn
    assert 'class="dashed"' in drawn
    one, other = places(drawn)
    assert other - one >= CLOSEST - 0.2


@pytest.mark.parametrize('many', [1, 2, 4, 6])
def test_bands_fill_the_box_and_their_names_stay_apart(many: int) -> None:
    drawn = bands([Band([1 / many] * 3, name, '#123456') for name in NAMES[:many]], '', 'line 1')
    assert drawn.count('<polygon') == many
    assert '300.0,0.0' in drawn
    assert '0.0,100.0' in drawn
    found = places(drawn)
    assert len(found) == many
    assert all(b - a >= CLOSEST - 0.2 for a, b in pairwise(found))
    assert max(found) <= 100
    assert drawn.index('Iris') < (drawn.index('Milo') if many > 1 else len(drawn))


@pytest.mark.parametrize('many', range(1, 8))
def test_everybody_stands_in_the_graph_and_in_its_box(many: int) -> None:
    names = NAMES[:many]
    steps = {(a, b): 1 + at for at, (a, b) in enumerate((a, b) for a in names for b in names)}
    drawn = answers([Figure(name, '#123456') for name in names], steps)
    svg = next(iter(parsed(drawn)))
    x, y, width, height = map(float, svg.attrib['viewBox'].split())
    people = [element for element in svg.iter() if element.get('class') == 'who']
    assert [person.text for person in people] == names
    assert all(x < float(p.attrib['x']) < x + width and y < float(p.attrib['y']) < y + height for p in people)
    arrows = [element for element in svg.iter() if element.get('class') == 'arrow']
    assert len(arrows) == many * (many - 1)  # nobody answers themselves


def test_the_heaviest_arrow_is_the_widest_and_said_first() -> None:
    steps = {('Iris', 'Milo'): 5, ('Milo', 'Iris'): 1, ('Milo', 'Milo'): 9}
    drawn = answers([Figure('Iris', '#111111'), Figure('Milo', '#222222')], steps)
    assert re.findall(r'stroke-width="([\d.]+)"', drawn) == ['2.5', '7.0']
    assert in_words(steps) == 'Milo answered Iris 5 times. Iris answered Milo once.'
    assert in_words({}) == 'Nobody has answered anybody yet.'


def test_a_crowd_shows_those_who_speak_most() -> None:
    names = [f'Guest {at:02}' for at in range(20)]
    steps = {(names[0], name): at + 1 for at, name in enumerate(names)}
    drawn = answers([Figure(name, '#123456') for name in names], steps)
    assert drawn.count('class="who"') == 8
    assert 'Guest 19' in drawn


def test_hostile_names_break_out_of_no_picture() -> None:
    figures = [Figure(HOSTILE, HOSTILE), Figure('Milo', '#123456', is_human=True)]
    graph = answers(figures, {(HOSTILE, 'Milo'): 2, ('Milo', HOSTILE): 1})
    floor = bands([Band([0.5, 0.5], figure.name, figure.colour) for figure in figures], HOSTILE, HOSTILE)
    lines = chart([Trace([0.1], HOSTILE), Trace([0.2], HOSTILE)], HOSTILE, HOSTILE, 1, (HOSTILE, HOSTILE))
    for drawn in (graph, floor, lines):
        assert tags(drawn) <= {'div', 'svg', 'g', 'path', 'polygon', 'circle', 'text', 'title', 'span'}
        assert not any(name.startswith('on') for element in parsed(drawn).iter() for name in element.attrib)


def test_all_pictures_of_a_talk() -> None:
    moments = talk(40)
    figures = [Figure(name, '#123456') for name in ('Ada', 'Bert')]
    drawn = draw(figures, moments[-SHOWN:], {('Ada', 'Bert'): 20, ('Bert', 'Ada'): 19})
    assert set(drawn.svg) == {'The floor', *(measured.name for measured in MEASURED)}
    for svg in (*drawn.svg.values(), drawn.answers):
        assert 'aria-label="' in svg
        parsed(svg)
    for measured in MEASURED:
        assert all(0 <= value <= measured.top(moments) for value in measured.values(moments))
        assert measured.means.endswith('.')
        assert measured.in_words(moments).endswith('.')
    assert which(moments, 40) == 'All 40 lines.'
    assert which(moments[-30:], 1_040).startswith('The last 30 of 1,040 lines')


def test_the_first_line_is_drawn_too_and_says_what_is_not_known() -> None:
    drawn = draw([Figure('Ada', '#123456')], talk(1), {})
    assert drawn.now['Distinctness'] == '–'
    assert drawn.note['Distinctness'] == 'Known when two voices have three lines each.'


def test_what_is_unclean_is_named() -> None:
    moments = talk(4, 'As an AI language model, I cannot do that.')
    assert 'assistant phrase ×4' in stains_of(moments)


def talk(
    lines: int, text: str = 'I weighed letter number {at} and a tenth of it was gone, was it not?'
) -> Sequence[Moment]:
    seats = [(Participant(id=p.id, workspace_id='w', conversation_id='c', seat=1, name=p.name), p) for p in (ADA, BERT)]
    said: list[Message] = [
        message_of(seats[at % 2][0], at + 1, text=text.format(at=at), state=State.COMPLETE) for at in range(lines)
    ]
    return Ear(seats).hear(said).moments

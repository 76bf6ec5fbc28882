"""All measures together: in range for any text, the same every time, and no dearer at line 1,000 than at line 60."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.measures
from app.measures.line import LOOKED_AT, Spoken
from app.measures.live import MOST_SPEAKERS, OTHERS, Measures, Reading
from app.measures.sentence import most_remarkable
from app.measures.service import Served
from tests.talks import HEALTHY, LIBRARY, LOOP, demo_talk

texts = st.one_of(
    st.text(st.characters(), max_size=60),
    st.sampled_from(
        ['', ' ', 'Why?', 'Yes.', '🙂🙂', '为什么？', 'Thank you!', 'Bob: hm', '\ud800', 'a' * 3000, '\n\n']
    ),
    st.sampled_from([spoken.text for spoken in HEALTHY]),
)
spokens = st.builds(
    Spoken,
    st.sampled_from('Iris Bob Noor'.split()),
    texts,
    st.booleans(),
    st.lists(st.sampled_from('Iris Bob Noor'.split()), max_size=2).map(tuple),
    st.sampled_from('complete interrupted stopped failed'.split()),
    st.none() | st.builds(Served, st.floats(0, 1e5), st.floats(0, 1e6), st.integers(0, 99), st.integers(0, 99)),
)
transcripts = st.lists(spokens, max_size=30)

UNIT = {
    'FloorReading': 'turns words evenness gini reciprocity',
    'UptakeReading': 'overlap unanswered_share',
    'RepetitionReading': 'repeated self_repeated self_bleu own_similarity',
    'NoveltyReading': 'new_word_share saturation',
    'Attribution': 'accuracy chance recognised',
    'ConvergenceReading': 'similarity agreeing praising thanking disagreeing conceding assenting',
    'HygieneReading': 'clean',
}
"""What lies between 0 and 1."""


def hear_all(spoken: list[Spoken]) -> Reading:
    measures = Measures()
    for line in spoken:
        measures.hear(line)
    return measures.reading


@settings(max_examples=60)
@given(transcripts)
def test_every_number_is_in_its_range(spoken: list[Spoken]) -> None:
    measures = Measures()
    for line in spoken:
        reading = measures.hear(line)
        for part in _parts(reading):
            for name in UNIT.get(type(part).__name__, '').split():
                for value in _numbers(getattr(part, name)):
                    assert -1e-9 <= value <= 1 + 1e-9, (name, value)
        assert -1 <= reading.convergence.balance <= 1
        assert 0 <= reading.novelty.new_byte_share < 3
        assert reading.repetition.compression > 0
        assert all(abs(value) < float('inf') for value in _all_numbers(reading))
        assert most_remarkable(reading).endswith('.')


@settings(max_examples=30)
@given(transcripts)
def test_hearing_again_gives_the_same(spoken: list[Spoken]) -> None:
    assert hear_all(spoken) == hear_all(spoken)


@settings(max_examples=30)
@given(transcripts)
def test_other_names_change_the_names_only(spoken: list[Spoken]) -> None:
    """Names of the same order, so that ties are broken alike, and none of them a word of the lines."""
    names = {'Iris': 'Iiris', 'Bob': 'Boob', 'Noor': 'Nooor'}
    renamed = [
        dataclasses.replace(line, speaker=names[line.speaker], addressed=tuple(names[who] for who in line.addressed))
        for line in spoken
    ]
    one, other = hear_all(spoken), hear_all(renamed)
    assert list(one.floor.turns.values()) == list(other.floor.turns.values())
    assert (one.floor.entropy, one.floor.gini) == pytest.approx((other.floor.entropy, other.floor.gini))
    assert list(one.distinctness.similarity.values()) == list(other.distinctness.similarity.values())
    assert (one.repetition, one.novelty) == (other.repetition, other.novelty)
    assert one.convergence.similarity == pytest.approx(other.convergence.similarity)


def test_what_lies_before_the_windows_is_forgotten() -> None:
    """The windows are at most 24 lines of the room and 12 of each voice."""
    before, after = demo_talk(0, 0, 30), demo_talk(0, 1, 60, seed=2)
    whole, recent = hear_all(before + after), hear_all(after)
    assert whole.recent_floor == recent.recent_floor
    assert whole.repetition == recent.repetition
    assert whole.distinctness.attribution == recent.distinctness.attribution
    assert whole.distinctness.similarity == recent.distinctness.similarity
    assert whole.convergence.similarity == pytest.approx(recent.convergence.similarity)
    assert whole.hygiene == recent.hygiene


def test_the_same_in_every_process() -> None:
    """The seed of Python's own hashes changes the order of sets and must change nothing else."""
    ask = 'from tests.test_measures_live import told_again; print(told_again())'
    told = {
        subprocess.run(
            [sys.executable, '-c', ask],
            env={'PYTHONHASHSEED': seed, 'PATH': ''},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ('1', '2')
    }
    assert len(told) == 1


def test_a_failed_turn_is_no_speech() -> None:
    before = hear_all(HEALTHY)
    after = hear_all([*HEALTHY, Spoken('Bob', 'Error 500', state='failed')])
    assert after.floor == before.floor
    assert after.convergence == before.convergence
    assert after.hygiene.clean < 1


def test_line_1000_costs_what_line_60_costs() -> None:
    """Counted in lines of our code that are run, not in seconds."""
    measures = Measures()
    talk = [line for topic in range(6) for line in demo_talk(0, topic, 60)]
    work: dict[int, int] = {}
    for at in range(1_000):
        line = talk[at % len(talk)]
        if at in range(60, 180) or at in range(780, 900):  # the same lines, two rounds later
            work[at] = _work(measures, line)
        else:
            measures.hear(line)
    early, late = [work[at] for at in range(60, 180)], [work[at] for at in range(780, 900)]
    assert sum(late) < 1.1 * sum(early)
    assert max(late) < 1.2 * max(early)


def test_what_is_kept_does_not_grow() -> None:
    measures = Measures()
    kept = []
    for at in range(600):
        words = ' '.join(f'w{(at * 37 + n) % 9000}' for n in range(12))
        measures.hear(Spoken('Iris Bob Noor'.split()[at % 3], f'{words}?', addressed=('Bob',)))
        kept.append(_size(measures) - _size(measures._novelty._vocabulary) if at in (60, 100, 200, 599) else 0)
    assert kept[599] <= 1.02 * kept[100]
    assert len(measures._novelty._vocabulary) == 4_096


def test_a_line_of_50_kb_costs_what_2000_characters_cost() -> None:
    line = ' '.join(spoken.text for spoken in demo_talk(0, 0, 60))
    short, long = Measures(), Measures()
    shorter = _work(short, Spoken('Bob', line[:LOOKED_AT]))
    assert _work(long, Spoken('Bob', line * 10)) <= 1.1 * shorter
    assert _size(long) <= 1.1 * _size(short)


def test_a_crowd_is_counted_together() -> None:
    measures = Measures()
    for at in range(100):
        measures.hear(Spoken(f'Guest {at}', 'Hello there, all of you.'))
    assert len(measures.reading.floor.turns) == MOST_SPEAKERS + 1
    assert measures.reading.floor.turns[OTHERS] == 0.68


def test_the_whole_library_is_heard_without_complaint() -> None:
    assert hear_all([Spoken(p.name, p.voice) for p in LIBRARY.personas.values()]).number == len(LIBRARY.personas)


def told_again() -> str:
    """What another process says of this talk."""
    return repr(hear_all(HEALTHY + LOOP + demo_talk(0, 0, 9)))


def _work(measures: Measures, spoken: Spoken) -> int:
    """How many lines of app/measures are run to hear this."""
    home = str(Path(app.measures.__file__).parent)
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(home):
            return None
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        measures.hear(spoken)
    finally:
        sys.settrace(before)
    return count


def _size(thing: object, seen: set[int] | None = None) -> int:
    """How many things hang on a thing; a text or number is one, a big number as many as it has words."""
    seen = set() if seen is None else seen
    if isinstance(thing, int):
        return 1 + thing.bit_length() // 64
    if isinstance(thing, str | bytes):
        return 1 + len(thing) // 64
    if id(thing) in seen or isinstance(thing, Enum):
        return 1
    seen.add(id(thing))
    if isinstance(thing, Mapping):
        inside: list[object] = [*thing.keys(), *thing.values()]
    elif hasattr(thing, '__iter__'):
        inside = list(thing)  # pyright: ignore[reportArgumentType]
    else:
        slots = [name for name in getattr(type(thing), '__slots__', ()) if hasattr(thing, name)]
        inside = [*vars(thing).values()] if hasattr(thing, '__dict__') else [getattr(thing, name) for name in slots]
    return 1 + sum(_size(part, seen) for part in inside)


def _parts(reading: object) -> Iterator[object]:
    yield reading
    if dataclasses.is_dataclass(reading):
        for field in dataclasses.fields(reading):
            yield from _parts(getattr(reading, field.name))


def _numbers(value: object) -> list[float]:
    values = value.values() if isinstance(value, Mapping) else [value]
    return [float(number) for number in values if isinstance(number, int | float)]


def _all_numbers(reading: Reading) -> list[float]:
    return [number for part in _parts(reading) for number in _numbers(part)]

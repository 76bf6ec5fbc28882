"""Who holds the floor, and who is answered. Iris, Bob and Noor talk; Alice is the human."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measures.floor import Floor, FloorReading, entropy, gini, longest_run, reciprocity, shares, transitions
from app.measures.line import Spoken, look
from app.measures.uptake import Uptake, UptakeReading
from tests.talks import talk


def floor_after(*lines: str, seats: tuple[str, ...] = (), window: int | None = None) -> FloorReading:
    floor, reading = Floor(seats, window), FloorReading()
    for spoken in talk(*lines):
        reading = floor.hear(look(spoken))
    return reading


def uptake_after(*lines: str) -> UptakeReading:
    uptake, reading = Uptake(), UptakeReading()
    for number, spoken in enumerate(talk(*lines), 1):
        reading = uptake.hear(look(spoken, number))
    return reading


def test_entropy_gini_and_reciprocity_by_hand() -> None:
    assert entropy([2, 1, 1]) == 1.5
    assert entropy([4]) == entropy([]) == entropy([0, 0]) == 0
    assert gini([5, 5, 5]) == 0
    assert gini([1, 3]) == 0.25
    assert gini([0, 0, 0, 4]) == 0.75
    assert reciprocity({('a', 'b'): 2, ('b', 'a'): 1, ('a', 'c'): 1, ('c', 'c'): 9}) == 0.5
    assert longest_run('aabbbca') == 3
    assert transitions('abab') == {('a', 'b'): 2, ('b', 'a'): 1}


def test_shares_of_turns_and_words() -> None:
    reading = floor_after('Iris: one two three', 'Bob: four', 'Iris: five six', 'Iris: seven eight')
    assert reading.turns == {'Iris': 0.75, 'Bob': 0.25}
    assert reading.words == {'Iris': 7 / 8, 'Bob': 1 / 8}
    assert reading.transitions == {('Iris', 'Bob'): 1, ('Bob', 'Iris'): 1, ('Iris', 'Iris'): 1}
    assert (reading.run, reading.longest_run, reading.reciprocity) == (2, 2, 1)
    assert reading.evenness == reading.entropy == pytest.approx(0.811278, abs=1e-6)


def test_who_is_silent_is_there_all_the_same() -> None:
    reading = floor_after('Iris: Hm.', 'Bob: Hm.', seats=('Iris', 'Bob', 'Noor'))
    assert reading.turns['Noor'] == 0
    assert reading.evenness == 1 / math.log2(3)
    assert reading.gini == pytest.approx(1 / 3)


def test_a_window_forgets() -> None:
    reading = floor_after('Bob: a b', 'Bob: c', 'Bob: d', 'Iris: e', 'Bob: f', window=2)
    assert reading.turns == {'Bob': 0.5, 'Iris': 0.5}
    assert reading.transitions == {('Iris', 'Bob'): 1}
    assert (reading.run, reading.longest_run) == (1, 1)


@given(st.lists(st.sampled_from('abc'), min_size=1, max_size=20), st.none() | st.integers(1, 5))
def test_kept_current_is_counted_from_scratch(speakers: list[str], window: int | None) -> None:
    floor = Floor(window=window)
    for at, speaker in enumerate(speakers, 1):
        reading = floor.hear(look(Spoken(speaker, 'one two')))
        there = speakers[max(0, at - window) if window else 0 : at]
        counts = Counter(there)
        assert {name: share for name, share in reading.turns.items() if share} == shares(counts)
        assert reading.entropy == pytest.approx(entropy(counts.values()))
        assert reading.transitions == transitions(there)
        assert reading.reciprocity == reciprocity(transitions(there))
        assert reading.longest_run == longest_run(there)


def test_a_long_line_counts_in_full_though_only_its_beginning_is_read() -> None:
    assert look(Spoken('Bob', 'word ' * 10_000)).length == 10_000


def test_the_addressed_answers_two_lines_later() -> None:
    reading = uptake_after('Iris: Bob, are you awake?', 'Noor: It is late.', 'Bob: I was.')
    assert (reading.delay, reading.mean_delay, reading.answered, reading.waiting) == (2, 2, 1, 0)


def test_a_question_to_all_is_answered_by_speaking_of_it() -> None:
    taken = uptake_after('Iris: What does a lighthouse cost?', 'Bob: A lighthouse costs a marriage.')
    assert (taken.answered, taken.waiting, taken.overlap) == (1, 0, 0.5)  # of lighthouse, cost: lighthouse
    missed = uptake_after('Iris: What does a lighthouse cost?', *['Bob: I had eggs.', 'Noor: Boiled.'] * 2)
    assert (missed.answered, missed.unanswered, missed.unanswered_share) == (0, 1, 1)


def test_the_addressed_may_take_six_lines_and_no_more() -> None:
    chatter = ['Noor: Look at that.', 'Iris: Indeed.'] * 3
    assert uptake_after('Iris: Bob, why?', *chatter[:5], 'Bob: Well.').answered == 1
    assert uptake_after('Iris: Bob, why?', *chatter, 'Bob: Well.').unanswered == 1


def test_a_question_in_other_scripts_is_one() -> None:
    for text in ('为什么？', 'لماذا؟', 'なぜ？', 'Warum?'):
        assert look(Spoken('Iris', text)).is_question


def test_a_human_nobody_takes_up() -> None:
    said = ('Alice: Could we talk about whales instead', 'Bob: Bread matters.', 'Iris: Bread is old.')
    waiting = uptake_after(*said)
    assert (waiting.human, waiting.human_waits, waiting.humans_ignored) == ('Alice', 2, 0)
    assert uptake_after(*said, 'Noor: Rye, I think.').humans_ignored == 1
    heard = uptake_after(*said[:2], 'Iris: The whales are singing.')
    assert (heard.human, heard.humans_heard, heard.human_waits) == ('', 1, 0)
    assert uptake_after(*said[:2], 'Noor: Alice, please.').humans_heard == 1

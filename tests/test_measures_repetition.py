"""Does the talk repeat itself, and does it still bring anything new? Values by hand or from the papers."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measures.line import Spoken, look
from app.measures.novelty import Novelty, NoveltyReading, compressed, saturation, slope
from app.measures.repetition import Repetition, RepetitionReading, compression, long_grams
from app.measures.self_bleu import WINDOW, SelfBleu, bleu, self_bleu
from app.measures.trigrams import jaccard, trigrams_of
from tests.talks import HEALTHY, LOOP, SATURATED

few_words = st.lists(st.lists(st.sampled_from('to be or not'.split()), max_size=8), max_size=30)


def repetition_of(spoken: list[Spoken]) -> RepetitionReading:
    repetition, reading = Repetition(), RepetitionReading()
    for number, said in enumerate(spoken, 1):
        reading = repetition.hear(look(said, number))
    return reading


def novelty_of(spoken: list[Spoken]) -> NoveltyReading:
    novelty, reading = Novelty(), NoveltyReading()
    for number, said in enumerate(spoken, 1):
        reading = novelty.hear(look(said, number))
    return reading


def test_bleu_clips_as_in_the_paper() -> None:
    """Papineni's "the the the": two of seven words, and no longer n-gram."""
    references = ['the cat is on the mat'.split(), 'there is a cat on the mat'.split()]
    assert bleu(['the'] * 7, references) == pytest.approx((2 / 7 * 0.1 / 6 * 0.1 / 5 * 0.1 / 4) ** 0.25)


def test_bleu_of_a_short_line_by_hand() -> None:
    assert bleu('the cat sat'.split(), ['the cat ran'.split()]) == pytest.approx((2 / 3 * 1 / 2 * 0.1) ** (1 / 3))
    assert bleu(['yes'], [['yes', 'sir', 'yes']]) == pytest.approx(2.718281828 ** (1 - 3))  # brevity


def test_self_bleu_ends() -> None:
    assert self_bleu(['a rose is a rose'.split()] * 3) == pytest.approx(1)
    assert self_bleu([['one'], ['two']]) == pytest.approx(0.1)
    assert self_bleu([['alone'], []]) == 0


@given(few_words)
def test_self_bleu_kept_current_is_self_bleu_from_scratch(lines: list[list[str]]) -> None:
    kept = SelfBleu()
    for at, words in enumerate(lines, 1):
        spoken = [words for words in lines[:at] if words][-WINDOW:]
        assert kept.hear(words) == pytest.approx(self_bleu(spoken), abs=1e-12)


def test_jaccard_of_trigrams_by_hand() -> None:
    """ab: ' ab', 'ab '; abc: ' ab', 'abc', 'bc '. One of four."""
    assert jaccard(trigrams_of('ab'), trigrams_of('ABC')) == 0.25
    assert jaccard(trigrams_of(''), trigrams_of('')) == 0
    assert trigrams_of('  A \n B ') == trigrams_of('a b')


def test_compression_ratio_is_raw_over_deflated() -> None:
    text = 'so it goes ' * 30
    assert compression([text]) == pytest.approx(len(text) / len(zlib.compress(text.encode(), 6, -15)))
    assert compression([]) == compression(['', ' ']) == 1
    assert compression(spoken.text for spoken in LOOP) > 3 > 2.2 > compression(spoken.text for spoken in HEALTHY)


def test_long_grams_count() -> None:
    assert len(long_grams('one two three four five six seven eight'.split())) == 5 + 4 + 3 + 2 + 1
    assert len(long_grams(['quite', 'so'])) == 1
    assert long_grams(['yes']) == ()


def test_a_loop_and_a_healthy_talk() -> None:
    loop, healthy = repetition_of(LOOP), repetition_of(HEALTHY)
    assert loop.own_similarity == loop.repeated == 1
    assert loop.same_opening == 4
    assert loop.self_bleu > 0.7
    assert (healthy.same_opening, healthy.repeated, healthy.self_repeated) == (0, 0, 0)
    assert healthy.own_similarity < 0.25
    assert healthy.self_bleu < 0.15


@given(few_words)
def test_the_share_of_repeated_n_grams_is_what_a_search_finds(lines: list[list[str]]) -> None:
    repetition = Repetition()
    for at, words in enumerate(lines):
        reading = repetition.hear(look(Spoken('Bob', ' '.join(words)), at + 1))
        before = {gram for earlier in lines[max(0, at - 24) : at] for gram in long_grams(earlier)}
        grams = long_grams(words)
        assert reading.repeated == (sum(gram in before for gram in grams) / len(grams) if grams else 0)


def test_slope_by_hand() -> None:
    assert slope([1, 3, 5, 7]) == 2
    assert slope([4, 4]) == slope([9]) == slope([]) == 0
    assert slope([0, 0, 3]) == 1.5


def test_saturation_by_hand() -> None:
    assert saturation([(10, 40), (30, 40)]) == 0.5
    assert saturation([(45, 40)]) == saturation([]) == 0


def test_new_words_are_counted_once() -> None:
    novelty = Novelty()
    assert novelty.hear(look(Spoken('Iris', 'The river meets the sea.'))).new_words == 3
    second = novelty.hear(look(Spoken('Bob', 'A river meets a lake, and a river again.')))
    assert (second.new_words, second.new_word_share) == (1, 1 / 3)


def test_what_was_said_adds_almost_no_bytes() -> None:
    line = HEALTHY[1].text.encode()
    assert compressed(line, HEALTHY[0].text.encode()) > 0.8 * compressed(line)
    assert compressed(line, b'Before. ' + line) < 0.1 * len(line)
    assert compressed(b' ') == 0


def test_a_talk_that_has_run_dry() -> None:
    assert novelty_of(SATURATED).saturation > 0.7
    assert novelty_of(SATURATED).slope < -0.02
    assert novelty_of(HEALTHY).saturation < 0.3

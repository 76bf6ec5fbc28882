"""Can the voices be told apart, and which words prove it?"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.measures.attribution import FEWEST_LINES, Attribution, Nearness, attribute
from app.measures.distinctness import Distinctness, DistinctnessReading
from app.measures.keyness import PRIOR_WORDS, key_words, log_odds_z
from app.measures.line import Spoken, look
from app.measures.trigrams import PLACES, cosine, trigrams_of
from tests.talks import HEALTHY, LIBRARY, ONE_VOICE, demo_talk

SCRIPTED = [
    (persona.name, re.sub(r'\{\w+\}', 'it', line))
    for persona in LIBRARY.personas.values()
    for move, lines in persona.script.items()
    if move != 'stranger'
    for line in lines
]
words = st.lists(st.sampled_from('mira venga proof moon hedge copper the a of is'.split()), min_size=1, max_size=6)
said = st.lists(st.tuples(st.sampled_from('Iris Bob Noor'.split()), words.map(' '.join)), max_size=16)


def distinctness_of(spoken: list[Spoken]) -> DistinctnessReading:
    distinctness, reading = Distinctness(), DistinctnessReading()
    for number, line in enumerate(spoken, 1):
        reading = distinctness.hear(look(line, number))
    return reading


def test_cosine_of_trigrams_by_hand() -> None:
    assert cosine(trigrams_of('ab'), trigrams_of('abc')) == pytest.approx(1 / math.sqrt(2 * 3))
    assert cosine(trigrams_of('ab'), trigrams_of('ab')) == pytest.approx(1)
    assert cosine(trigrams_of('ab'), trigrams_of('')) == 0


def test_few_trigrams_share_a_place() -> None:
    text = ' '.join(line for _, line in SCRIPTED[:8])
    folded = f' {text.casefold()} '
    different = len({folded[at : at + 3] for at in range(len(folded) - 2)})
    assert trigrams_of(text).size > 0.97 * different
    assert trigrams_of(text).bits.bit_length() <= PLACES


def test_the_twelve_are_recognised_far_above_chance() -> None:
    """About 95 lines each, every line given to the nearest of twelve voices that do not know it."""
    found = attribute([line for at, line in enumerate(SCRIPTED) if at % 2])
    assert found.chance < 0.1
    assert found.accuracy > 2.5 * found.chance
    assert found.z > 10
    assert min(found.recognised.values()) > found.chance


def test_a_cast_is_recognised_in_its_own_talk() -> None:
    talks = [distinctness_of(demo_talk(cast, 0, 45)).attribution for cast in range(len(LIBRARY.casts))]
    right, chance = sum(talk.right for talk in talks), sum(talk.chance * talk.tried for talk in talks)
    assert right > 1.25 * chance


def test_labels_dealt_at_random_are_not_recognised() -> None:
    lines = [(name, text) for (name, _), (_, text) in zip(SCRIPTED[::19] * 5, SCRIPTED[::4], strict=False)]
    assert abs(attribute(lines).z) < 3


@settings(max_examples=40)
@given(said)
def test_attribution_is_what_the_vectors_say(lines: list[tuple[str, str]]) -> None:
    """The definition with vectors written out: mean taken away, own line left out, nearest centroid by cosine."""
    vectors = [_vector(text) for _, text in lines]
    mean = _mean(vectors)
    centred = [{place: vector.get(place, 0) - mean[place] for place in mean} for vector in vectors]
    by_voice = defaultdict(list)
    for at, (speaker, _) in enumerate(lines):
        by_voice[speaker].append(at)
    voices = sorted(voice for voice, own in by_voice.items() if len(own) >= FEWEST_LINES)
    right = margin = 0
    for at, (speaker, _) in enumerate(lines):
        if speaker in voices and len(voices) > 1:
            near = {v: _cos(centred[at], _mean([centred[i] for i in by_voice[v] if i != at])) for v in voices}
            first, second = sorted(near.values(), reverse=True)[:2]
            margin += first - second < 1e-4  # a tie may go either way
            right += near[speaker] == first
    assert abs(attribute(lines).right - right) <= margin


@given(said, st.integers(1, 6))
def test_lines_that_leave_leave_nothing_behind(lines: list[tuple[str, str]], first: int) -> None:
    sliding, fresh = Nearness(), Nearness()
    for at, (speaker, text) in enumerate(lines):
        sliding.take(at, speaker, trigrams_of(text))
    for at in range(min(first, len(lines))):
        sliding.drop(at)
    for at, (speaker, text) in enumerate(lines[first:]):
        fresh.take(at, speaker, trigrams_of(text))
    assert sliding.attribution() == fresh.attribution()
    assert sliding.similarity('Iris', 'Bob') == fresh.similarity('Iris', 'Bob')


def test_one_voice_with_two_names_is_one_voice() -> None:
    lines = [text for name, text in SCRIPTED if name == SCRIPTED[0][0]]
    near = Nearness()
    for at, text in enumerate(lines):
        near.take(at, 'Iris' if at % 2 else 'Bob', trigrams_of(text))
    same = near.similarity('Iris', 'Bob')
    for at, (name, text) in enumerate(SCRIPTED):
        if name in {'Pilar', 'Zora', 'Orla', 'Emil', 'Tove'}:
            near.take(len(lines) + at, name, trigrams_of(text))
    different = [near.similarity('Pilar', other) or 0 for other in ('Zora', 'Orla', 'Emil', 'Tove')]
    assert same == pytest.approx(1, abs=0.02)
    assert same is not None
    assert max(different) < same


def test_two_who_sound_alike_with_the_phrases_that_prove_it() -> None:
    reading = distinctness_of(ONE_VOICE)
    (alike,) = reading.alike
    assert alike.voices == ('Bob', 'Iris')
    assert alike.since == 10  # the first turn at which each has five lines
    assert set(alike.both_say) == {'what strikes me', 'there is something'}


def test_healthy_voices_do_not_sound_alike() -> None:
    assert distinctness_of(HEALTHY).alike == ()
    assert all(distinctness_of(demo_talk(cast, 1, 45)).alike == () for cast in range(len(LIBRARY.casts)))


def test_log_odds_by_the_formula() -> None:
    """Monroe et al., equation 22, with 20 of 100 words against 5 of 400 and a prior of 10 of 200."""
    one = math.log(30 / (100 + 200 - 30))
    other = math.log(15 / (400 + 200 - 15))
    assert PRIOR_WORDS == 200
    assert log_odds_z(20, 100, 5, 400, 10) == pytest.approx((one - other) / math.sqrt(1 / 30 + 1 / 15))
    assert log_odds_z(5, 100, 5, 100, 10) == 0


def test_key_words_name_what_is_only_ones_own() -> None:
    own: Counter[str] = Counter('mira the pan mira the pot mira'.split() * 9)
    others: Counter[str] = Counter('the moon the hedge the proof a of'.split() * 9)
    keys = key_words(own, own + others)
    assert [(key.word, key.times) for key in keys] == [('mira', 27)]
    assert key_words(own, own) == ()  # alone in the room there is nobody to differ from


def test_pilar_is_known_by_what_is_cold_and_how_it_tastes() -> None:
    own = Counter(word for name, text in SCRIPTED if name == 'Pilar' for word in re.findall(r'\w+', text.lower()))
    room = Counter(word for _, text in SCRIPTED for word in re.findall(r'\w+', text.lower()))
    assert {'cold', 'taste'} <= {key.word for key in key_words(own, room)}


def test_nobody_to_tell_apart() -> None:
    assert attribute([]) == attribute([('Iris', 'Hm.')] * 9) == Attribution()
    assert Attribution().accuracy == Attribution().z == 0


def _vector(text: str) -> dict[int, float]:
    trigrams = trigrams_of(text)
    return {at: 1 / math.sqrt(trigrams.size) for at, bit in enumerate(reversed(f'{trigrams.bits:b}')) if bit == '1'}


def _mean(vectors: list[dict[int, float]]) -> dict[int, float]:
    places = sorted({place for vector in vectors for place in vector})
    return {place: sum(vector.get(place, 0) for vector in vectors) / len(vectors) for place in places}


def _cos(one: dict[int, float], other: dict[int, float]) -> float:
    length = math.hypot(*other.values())
    return sum(one[place] * other[place] for place in one) / length if length > 1e-9 else 0

"""Twelve people, not one in twelve hats: the letters alone tell who speaks, and everybody keeps their rules."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from app.casting.library import Library
from app.casting.persona import Persona

LIBRARY = Library(Path(__file__).parent.parent / 'personas')
PERSONAS = list(LIBRARY.personas.values())
SPOKEN = {
    persona.id: [line for move, lines in persona.script.items() if move != 'stranger' for line in lines]
    for persona in PERSONAS
}
each_persona = pytest.mark.parametrize('persona', PERSONAS, ids=lambda persona: persona.id)


def test_the_built_in_characters_have_no_fault():
    assert [str(fault) for fault in LIBRARY.faults] == []
    assert len(PERSONAS) >= 12
    assert list(LIBRARY.casts[0].personas) == ['philosopher', 'comedian', 'scientist']
    assert all(len(cast.personas) in (3, 4) and len(cast.starters) >= 6 for cast in LIBRARY.casts)


def test_names_initials_and_glyphs_are_each_used_once():
    for trait in (lambda p: p.name, lambda p: p.name[0], lambda p: p.look.glyph, lambda p: p.look.mask):
        assert len({trait(persona) for persona in PERSONAS}) == len(PERSONAS)


@pytest.mark.parametrize(('lines_heard', 'times_chance'), [(1, 4), (3, 6)])
def test_a_stranger_can_tell_who_speaks_from_unseen_lines(lines_heard: int, times_chance: int):
    """Nearest centroid on character n-grams: learned from four lines of five, tried on the fifth."""
    vectors = _vectors()
    right = tries = 0
    for fold in (0, 2):
        centroids = {
            name: _sum(vector for at, vector in enumerate(lines) if at % 5 != fold) for name, lines in vectors.items()
        }
        for name, lines in vectors.items():
            unseen = lines[fold::5]
            for start in range(0, len(unseen) - lines_heard + 1, lines_heard):
                heard = _sum(unseen[start : start + lines_heard])
                right += max(centroids, key=lambda guess: _cosine(centroids[guess], heard)) == name
                tries += 1
    assert right / tries >= times_chance / len(PERSONAS), f'{right} of {tries} recognised'


def test_nobody_shares_a_line_or_an_opening():
    lines = [line for lines in SPOKEN.values() for line in lines]
    assert len(set(lines)) == len(lines)
    openings = Counter(line[:32].casefold() for line in lines)
    assert [opening for opening, times in openings.items() if times > 1] == []


@each_persona
def test_every_character_has_enough_to_say(persona: Persona):
    assert sum(len(lines) for lines in persona.script.values()) >= 90
    for move in 'open agree disagree question answer build anecdote turn human human_asked close stranger'.split():
        assert persona.script.get(move), f'{persona.id} has nothing for {move}'
    assert 120 <= len(persona.voice.split()) <= 250


@each_persona
def test_lines_are_one_to_four_sentences_and_never_look_like_a_label(persona: Persona):
    for line in SPOKEN[persona.id]:
        assert count_sentences(line) <= 4, line
        assert not re.match(r'\W*\{(name|other)\}\W{0,3}:', line), line
        assert not re.search(r'As an? (philosopher|comedian|scientist|\w+ist)\b', line), line


@each_persona
def test_slots_stand_where_any_word_fits(persona: Persona):
    """A thing may be one or many, so no verb that must agree with it may follow; a topic is always one."""
    for line in SPOKEN[persona.id]:
        assert not re.search(r'(?<!about )(?<!of )(?<!on )(?<!in )\{thing\} (is|are|was|were|has|have|does)\b', line), (
            line
        )
        assert not re.search(r'(\b(is|are|was|were|has|does|do)|what.s) \{thing\}', line, re.IGNORECASE), line
        assert not re.search(r'\b(a|an|the|this|these) \{(thing|topic|name|other)\}', line), line
        assert line.count('{echo}') == line.count('“{echo}'), line


@each_persona
def test_everybody_keeps_their_own_speech_rules(persona: Persona):
    checked = [rule for rule in persona.speech if rule in RULES or _forbidden_words(rule)]
    assert len(checked) >= 2, f'{persona.id} has hardly a rule that can be checked'
    for rule in checked:
        broken = RULES[rule](persona) if rule in RULES else _says_any(persona, _forbidden_words(rule))
        assert broken == [], rule


@each_persona
def test_colours_can_be_read_on_dark_and_on_light(persona: Persona):
    assert contrast(persona.look.colour, '#14120f') >= 3
    assert contrast(persona.look.colour, '#fbf8f3') >= 3


def test_colours_are_far_from_one_another():
    for one, other in combinations(PERSONAS, 2):
        assert _distance(one.look.colour, other.look.colour) > 16, (one.id, other.id)


def test_tempo_and_talkativeness_differ():
    assert max(p.tempo for p in PERSONAS) > 1.6 * min(p.tempo for p in PERSONAS)
    assert max(p.talkativeness for p in PERSONAS) - min(p.talkativeness for p in PERSONAS) >= 0.4


# The rules of speech, as something that can be looked up: each gives the lines that break it.

Check = Callable[[Persona], list[str]]


def lines_where(broken: Callable[[str], object], *moves: str) -> Check:
    def find(persona: Persona) -> list[str]:
        chosen = [line for move in moves for line in persona.script[move]] if moves else SPOKEN[persona.id]
        return [line for line in chosen if broken(line)]

    return find


def count_sentences(line: str) -> int:
    prose = re.sub(r'\n\n[-1][\s\S]*$', '', line)  # a short list counts as its introduction
    prose = re.sub(r'`[^`]*`', 'code', prose)
    return len(re.findall(r'[.!?…]+["”*_)]*(?=\s|$)', prose)) or 1


def longest_sentence(line: str) -> int:
    return max(len(re.findall(r"[\w'’{}]+", part)) for part in re.split(r'[.!?…]+["”*_)]*(?:\s|$)', line))


CREATURES = (
    'hedgehog dunnock caterpillar snail wasp hawthorn blackbird woodlice toad rook elm owl moth fox eel oak'.split()
)
CONTRACTION = re.compile(
    r"\b\w+(n't|'re|'ve|'ll|'m|'d)\b|\b(it|that|there|what|who|he|she|let|here)'s\b", re.IGNORECASE
)
SPANISH = re.compile(r'\b(mira|hija|venga|basta)\b', re.IGNORECASE)
TAKEN_BACK = re.compile(r'\b(but|except|until)\b')

RULES: dict[str, Check] = {
    'Never uses exclamation marks.': lines_where(lambda line: '!' in line),
    'Never more than three sentences.': lines_where(lambda line: count_sentences(line) > 3),
    'Never more than four sentences.': lines_where(lambda line: count_sentences(line) > 4),
    'Never uses semicolons.': lines_where(lambda line: ';' in line),
    'Names a number in every anecdote and every question.': lines_where(
        lambda line: not re.search(r'\d|\bfour hundred\b', line), 'anecdote', 'question'
    ),
    'Never says that anything is proven.': lines_where(lambda line: re.search(r'\bprove[ns]?\b', line)),
    'Never a sentence of more than fifteen words.': lines_where(lambda line: longest_sentence(line) > 15),
    'Never says "but".': lines_where(lambda line: re.search(r'\bbut\b', line, re.IGNORECASE)),
    'Names a year or a century in every anecdote.': lines_where(
        lambda line: not re.search(r'\d{4}|century', line), 'anecdote'
    ),
    'Never asks a question.': lines_where(lambda line: '?' in line),
    'Takes something back whenever he agrees.': lines_where(lambda line: not TAKEN_BACK.search(line), 'agree'),
    'Never uses a word of more than eleven letters.': lines_where(
        lambda line: any(len(word) > 11 for word in re.findall(r'[^\W\d_]+', line))
    ),
    'Says "mira", "hija", "venga" or "basta" now and then, never twice in one line.': lines_where(
        lambda line: len(SPANISH.findall(line)) > 1
    ),
    'Never begins a line with "I".': lines_where(lambda line: re.match(r'I\b', line)),
    'Names a living thing that is not human in every anecdote.': lines_where(
        lambda line: not any(creature in line.lower() for creature in CREATURES), 'anecdote'
    ),
    'Never uses a digit.': lines_where(lambda line: re.search(r'\d', line)),
    'Never uses contractions.': lines_where(CONTRACTION.search),
}


def _forbidden_words(rule: str) -> list[str]:
    return re.findall(r'"([^"]+)"', rule) if rule.startswith('Never says') else []


def _says_any(persona: Persona, words: list[str]) -> list[str]:
    pattern = re.compile(r'\b(' + '|'.join(map(re.escape, words)) + r')\b', re.IGNORECASE)
    return [line for line in SPOKEN[persona.id] if pattern.search(line)]


def _grams(text: str) -> set[str]:
    plain = ' ' + re.sub(r'\{\w+\}', ' ', text).lower() + ' '
    return {plain[at : at + size] for size in (2, 3, 4) for at in range(len(plain) - size + 1)}


@cache
def _vectors() -> dict[str, list[dict[str, float]]]:
    """Each line as its n-grams, the rarer the heavier, with length one; slots and so names and topics left out."""
    grams = {name: [_grams(line) for line in lines] for name, lines in SPOKEN.items()}
    seen = Counter(gram for lines in grams.values() for line in lines for gram in line)
    total = sum(len(lines) for lines in grams.values())

    def weigh(line: set[str]) -> dict[str, float]:
        weights = {gram: math.log(total / seen[gram]) for gram in sorted(line)}
        length = math.hypot(*weights.values())
        return {gram: weight / length for gram, weight in weights.items()}

    return {name: [weigh(line) for line in lines] for name, lines in grams.items()}


def _sum(vectors: Iterable[dict[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for vector in vectors:
        total.update(vector)
    length = math.hypot(*total.values())
    return {gram: weight / length for gram, weight in total.items()}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * one.get(gram, 0) for gram, weight in other.items())


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted(
        (sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), _linear(c), strict=True)) for c in (one, other)),
        reverse=True,
    )
    return (lighter + 0.05) / (darker + 0.05)


def _lab(colour: str) -> tuple[float, float, float]:
    r, g, b = _linear(colour)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _distance(one: str, other: str) -> float:
    return math.dist(_lab(one), _lab(other))

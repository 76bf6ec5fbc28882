"""What a director's note changed: the lines of whoever it is to, before it and since, in one plain sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import mean

from app.measures.convergence import mood_of
from app.measures.line import Line, Spoken, content_of, look, words_of
from app.measures.trigrams import jaccard

BEFORE, SINCE = 6, 8
"""Lines that are compared: the last ones before the note, the first ones since."""
OWN = 6
"""Own earlier lines to which one is compared."""
CLEAR = 0.4
"""From this strength on a change is one: words by a third, a share of lines by a fifth."""
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Manner:
    """Means over some lines: `words` and `questions` of a line, the shares that agree and that disagree (0 to 1), and
    the similarity to the likest of the speaker's six lines before (0 to 1)."""

    lines: int = 0
    words: float = 0.0
    questions: float = 0.0
    agreeing: float = 0.0
    disagreeing: float = 0.0
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """`taken_up` are words of the note with a meaning that were said since and not before."""

    before: Manner
    since: Manner
    taken_up: tuple[str, ...]
    sentence: str


def effect(who: str, before: Sequence[str], since: Sequence[str], note: str) -> Effect:
    """`before` and `since` are the lines of whoever the note is to, oldest first; those nearest to it are compared."""
    earlier, later = [_look(text) for text in before[-BEFORE - OWN :]], [_look(text) for text in since[:SINCE]]
    one = manner(earlier[-BEFORE:], earlier[:-BEFORE])
    other = manner(later, earlier)
    known = {word for line in earlier for word in line.words}
    said = {word for line in later for word in line.words}
    taken_up = tuple(word for word in content_of(words_of(note)) if word in said and word not in known)
    return Effect(one, other, taken_up, _sentence(who, one, other))


def manner(lines: Sequence[Line], before: Sequence[Line] = ()) -> Manner:
    if not lines:
        return Manner()
    many, moods, own = len(lines), [mood_of(line) for line in lines], [*before, *lines]
    return Manner(
        lines=many,
        words=sum(line.length for line in lines) / many,
        questions=sum(_questions(line) for line in lines) / many,
        agreeing=sum(mood.agrees or mood.praises for mood in moods) / many,
        disagreeing=sum(mood.disagrees for mood in moods) / many,
        similarity=mean([_likest(own, at) for at in range(max(1, len(before)), len(own))] or [0.0]),
    )


def _sentence(who: str, before: Manner, since: Manner) -> str:
    if not since.lines:
        return f'{who} has not spoken since.'
    if not before.lines:
        return f'{who} had not spoken before: there is nothing to compare with.'
    found = sorted((change for compare in COMPARED if (change := compare(before, since))), reverse=True)
    clear = [words for strength, words in found if strength >= CLEAR][:MOST_NAMED]
    if not clear:
        return f'No clear change in how {who} speaks{"" if since.lines > 1 else ", one line since"}.'
    what = ' and '.join(clear)
    return f'{who} {what} since.' if since.lines > 1 else f'{who} {what} in the one line since.'


def _length(before: Manner, since: Manner) -> tuple[float, str] | None:
    if not (before.words and since.words):
        return None
    ratio = since.words / before.words
    return abs(math.log2(ratio)), f'speaks {_times(ratio, "long", "longer", "more briefly")}'


def _asking(before: Manner, since: Manner) -> tuple[float, str] | None:
    if abs(since.questions - before.questions) < 0.25:
        return None
    strength = abs(math.log2((since.questions + 0.25) / (before.questions + 0.25)))
    if not before.questions:
        return strength, 'asks questions, and asked none before,'
    if not since.questions:
        return strength, 'asks no more questions'
    return strength, f'asks {_times(since.questions / before.questions, "many", "more", "fewer")} questions'


def _agreeing(before: Manner, since: Manner) -> tuple[float, str] | None:
    change = since.agreeing - before.agreeing
    return 2 * abs(change), f'agrees {"more" if change > 0 else "less"} often'


def _objecting(before: Manner, since: Manner) -> tuple[float, str] | None:
    change = since.disagreeing - before.disagreeing
    return 2 * abs(change), f'objects {"more" if change > 0 else "less"} often'


def _repeating(before: Manner, since: Manner) -> tuple[float, str] | None:
    if before.lines < 2:
        return None
    change = since.similarity - before.similarity
    return 3 * abs(change), 'stays closer to earlier lines' if change > 0 else 'moves away from earlier lines'


COMPARED: tuple[Callable[[Manner, Manner], tuple[float, str] | None], ...] = (
    _length,
    _asking,
    _agreeing,
    _objecting,
    _repeating,
)


def _times(ratio: float, as_much: str, more: str, less: str) -> str:
    if ratio >= 2.6:
        return f'{ratio:.0f} times as {as_much}'
    if ratio >= 1.75:
        return f'twice as {as_much}'
    if ratio <= 0.4:
        return f'a third as {as_much}' if ratio > 0.28 else f'far {less}'
    if ratio <= 0.6:
        return f'half as {as_much}'
    return more if ratio > 1 else less


def _questions(line: Line) -> int:
    return sum(line.text.count(mark) for mark in '?？؟')


def _likest(own: Sequence[Line], at: int) -> float:
    return max((jaccard(own[at].trigrams, earlier.trigrams) for earlier in own[max(0, at - OWN) : at]), default=0.0)


@lru_cache(maxsize=256)
def _look(text: str) -> Line:
    return look(Spoken('', text))

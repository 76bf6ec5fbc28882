"""Does somebody, or the whole room, say again what was said? Judged by phrases of three words and by whole lines."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from app.conversation.guards.finding import Disease, Finding, named, strength_of
from app.conversation.guards.heard import ENOUGH, Heard, Phrase, memory_of
from app.measures.trigrams import jaccard

LATE, OWN_LATE = 6, 4
"""Lines of the room, and of one speaker, that must be full of repetition together."""
REACH = 16
"""Lines back to where a repetition is looked for."""
SHORT = 4
"""Words below which a line may be said as often as one likes: "No, I did not" is no loop."""
ALIKE = 0.5
"""Jaccard of trigrams above which two lines are the same line."""
NOTICED, OWN_NOTICED, FULL = 0.25, 0.4, 0.75
LONGEST, WIDEST = 8, 60
"""Words and letters of the phrase that is shown."""


def loop(lines: Sequence[Heard]) -> Finding | None:
    if len(lines) < ENOUGH or not (last := lines[-1]).words or last.is_human:
        return None
    own = [heard for heard in lines[-REACH:] if heard.speaker == last.speaker]
    room = _repeated(lines, LATE)
    alone = _repeated(own, OWN_LATE) if len(own) >= OWN_LATE else [0.0]
    strength = max(
        strength_of(statistics.fmean(room), NOTICED, FULL), strength_of(statistics.fmean(alone), OWN_NOTICED, FULL)
    )
    fresh = sum(share >= NOTICED for share in room[-3:]) < 2 and alone[-1] < OWN_NOTICED
    return Finding(Disease.LOOP, strength, _sentence(lines)) if strength and not fresh else None


def _repeated(lines: Sequence[Heard], late: int) -> list[float]:
    return [repeated(lines[at], memory_of(lines, at, REACH)) for at in range(max(0, len(lines) - late), len(lines))]


def repeated(heard: Heard, earlier: Sequence[Heard]) -> float:
    """The share of a line's words that stand in phrases said before, or how like it is to an earlier line, 0 to 1."""
    if len(heard.words) < SHORT or heard.is_human:
        return 0.0
    alike = max((jaccard(heard.line.trigrams, other.line.trigrams) for other in earlier), default=0.0)
    said = frozenset[Phrase]().union(*(other.phrases for other in earlier))
    places = {at + step for at in _starts(heard, said) for step in range(3)}
    return max(len(places) / len(heard.words), alike if alike >= ALIKE else 0.0)


def _starts(heard: Heard, said: frozenset[Phrase]) -> Iterable[int]:
    if said.isdisjoint(heard.phrases):
        return ()
    return (at for at in range(len(heard.words) - 2) if heard.words[at : at + 3] in said)


def _sentence(lines: Sequence[Heard]) -> str:
    recent = lines[-REACH:]
    for at in range(len(recent) - 1, 0, -1):
        if phrase := _longest(recent[at], recent[:at]):
            by = [heard.speaker for heard in recent if _says(heard, phrase)]
            verb = 'repeats' if len(set(by)) == 1 or len(set(by)) > 4 else 'repeat'
            return f'{named(by)} {verb} “{_shown(phrase)}” for the {_ordinal(len(by))} time.'
    return f'{named([heard.speaker for heard in recent[-LATE:]])} keep saying what was said before.'


def _longest(heard: Heard, earlier: Sequence[Heard]) -> Phrase:
    """The longest piece of a line that was said before, rather often than long."""
    best: tuple[int, int, Phrase] = (0, 0, ())
    said = frozenset[Phrase]().union(*(other.phrases for other in earlier))
    for start in _starts(heard, said):
        times = 1
        for length in range(LONGEST, 2, -1):
            phrase = heard.words[start : start + length]
            if len(phrase) == length and (heard_in := sum(_says(other, phrase) for other in earlier)) >= times:
                best = max(best, (min(heard_in, 2), length, phrase))
                times = heard_in + 1
    return best[2]


def _says(heard: Heard, phrase: Phrase) -> bool:
    size = len(phrase)
    return any(
        heard.words[at : at + size] == phrase for at in range(len(heard.words) - size + 1)
    )


def _shown(phrase: Phrase) -> str:
    shown = ' '.join(phrase)
    return shown if len(shown) <= WIDEST else f'{shown[:WIDEST]}…'


def _ordinal(number: int) -> str:
    words = ('first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth')
    return words[number - 1] if 1 <= number <= len(words) else f'{number}th'

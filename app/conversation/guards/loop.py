"""Does somebody, or the whole room, say again what was said? Judged by phrases of three words and by whole lines."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import islice

from app.conversation.guards.finding import Disease, Finding, named, strength_of
from app.conversation.guards.heard import ENOUGH, REACH, Heard, Phrase, phrases_again, starts_of

LATE, OWN_LATE = 6, 4
"""Lines of the room, and of one speaker, that must be full of repetition together."""
NOTICED, OWN_NOTICED, FULL = 0.25, 0.4, 0.75
LONGEST, WIDEST = 8, 60
"""Words and letters of the phrase that is shown."""
MOST_STARTS = 12
"""Places of a line from which the phrase to show is sought."""


def loop(lines: Sequence[Heard]) -> Finding | None:
    if len(lines) < ENOUGH or lines[-1].is_human:
        return None
    room = [heard.repeats for heard in lines[-LATE:]]
    alone = [heard.repeats_own for heard in lines[-REACH:] if heard.speaker == lines[-1].speaker][-OWN_LATE:]
    strength = strength_of(statistics.fmean(room), NOTICED, FULL)
    if len(alone) == OWN_LATE:
        strength = max(strength, strength_of(statistics.fmean(alone), OWN_NOTICED, FULL))
    goes_on = sum(share >= NOTICED for share in room[-3:]) >= 2 or alone[-1] >= OWN_NOTICED
    return Finding(Disease.LOOP, strength, _sentence(lines[-REACH:])) if strength and goes_on else None


def _sentence(recent: Sequence[Heard]) -> str:
    """About the last line that repeats anything."""
    for at in range(len(recent) - 1, 0, -1):
        if phrase := _longest(recent[at], recent[:at]):
            by = [heard.speaker for heard in recent if _says(heard, phrase)]
            verb = 'repeats' if len(set(by)) == 1 or len(set(by)) > 4 else 'repeat'
            return f'{named(by)} {verb} “{_shown(phrase)}” for the {_ordinal(len(by))} time.'
    who = [heard.speaker for heard in recent[-LATE:]]
    return f'{named(who)} {"keeps" if len(set(who)) == 1 else "keep"} saying almost the same line.'


def _longest(heard: Heard, earlier: Sequence[Heard]) -> Phrase:
    """The longest piece of a line that was said before, one said twice before a longer one said once."""
    best: tuple[int, int, Phrase] = (0, 0, ())
    for start in islice(starts_of(heard, phrases_again(heard, earlier)), MOST_STARTS):
        for length in range(min(LONGEST, len(heard.words) - start), 2, -1):
            phrase = heard.words[start : start + length]
            times = sum(_says(other, phrase) for other in earlier)
            best = max(best, (min(times, 2), length, phrase)) if times else best
            if times >= 2:
                break
    return best[2]


def _says(heard: Heard, phrase: Phrase) -> bool:
    return f' {" ".join(phrase)} ' in heard.spaced


def _shown(phrase: Phrase) -> str:
    shown = ' '.join(phrase)
    return shown if len(shown) <= WIDEST else f'{shown[:WIDEST]}…'


def _ordinal(number: int) -> str:
    words = ('first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth')
    return words[number - 1] if 1 <= number <= len(words) else f'{number}th'

"""The words that give a speaker away: log-odds with an informative Dirichlet prior, as z-scores.

Monroe, Colaresi and Quinn, "Fightin' words", Political Analysis 16 (2008), equations 16, 20 and 22.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

PRIOR_WORDS = 200
"""Weight of the prior, in words: the whole room's manner of speaking, spread over its vocabulary."""


@dataclass(frozen=True, slots=True)
class KeyWord:
    """`z` is in standard deviations, above 1.96 for a word that is clearly this speaker's; `times` it was said."""

    word: str
    z: float
    times: int


def key_words(
    own: Mapping[str, int], room: Mapping[str, int], most: int = 5, least_z: float = 1.96, least_times: int = 2
) -> tuple[KeyWord, ...]:
    """The words of `own` that set it apart from the rest of `room` (which includes it), clearest first."""
    own_total, room_total = sum(own.values()), sum(room.values())
    others_total = room_total - own_total
    if not own_total or not others_total:
        return ()
    found: list[KeyWord] = []
    for word, times in own.items():
        if times < least_times or times * room_total <= room[word] * own_total:  # else z is below 0
            continue
        prior = PRIOR_WORDS * room[word] / room_total
        z = log_odds_z(times, own_total, room[word] - times, others_total, prior)
        if z >= least_z:
            found.append(KeyWord(word, z, times))
    return tuple(sorted(found, key=lambda key: (-key.z, key.word))[:most])


def log_odds_z(own: int, own_total: int, others: int, others_total: int, prior: float) -> float:
    """The difference of the two log-odds over its standard deviation; unbounded, 0 for a word both use alike."""
    one, other = own + prior, others + prior
    difference = math.log(one / (own_total + PRIOR_WORDS - one)) - math.log(
        other / (others_total + PRIOR_WORDS - other)
    )
    return difference / math.sqrt(1 / one + 1 / other)

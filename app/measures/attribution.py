"""Can one tell who speaks from the letters alone? Each line is given to the nearest voice, its own line left out.

Nearest centroid on character trigrams with cosine, after Stamatatos, "A survey of modern authorship attribution
methods" (2009); trigrams as the mark of a character after arXiv 2301.05659. Lines are sets of trigrams of length one,
and the room's mean is taken away first: what everybody shares tells nobody apart. All follows from the cosines of
all pairs of lines; they are kept as whole millionths, so that a line which leaves takes back exactly what it brought.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.measures.trigrams import Trigrams, cosine, trigrams_of

ONE = 1_000_000
FEWEST_LINES = 3
"""A voice with fewer lines is not guessed at."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """`right` of `tried` lines were given to who spoke them. `chance` is how often that happens to whoever always says
    the most frequent speaker, 0 to 1. `recognised` is the share of each voice's lines, 0 to 1."""

    right: int = 0
    tried: int = 0
    chance: float = 1.0
    recognised: Mapping[str, float] = field(default_factory=dict)

    @property
    def accuracy(self) -> float:
        return self.right / self.tried if self.tried else 0.0

    @property
    def z(self) -> float:
        """Standard deviations above chance (binomial); 0 when there is nothing to tell apart."""
        spread = self.tried * self.chance * (1 - self.chance)
        return (self.right - self.tried * self.chance) / math.sqrt(spread) if spread else 0.0


def attribute(lines: Iterable[tuple[str, str]]) -> Attribution:
    """Of (speaker, text) pairs, every line tried."""
    near = Nearness()
    for number, (speaker, text) in enumerate(lines):
        near.take(number, speaker, trigrams_of(text))
    return near.attribution()


class Nearness:
    """How near lines are to each other and to the voices; lines come and go, each at the cost of the lines there."""

    def __init__(self) -> None:
        self._lines: dict[int, _Heard] = {}
        self._counts: dict[str, int] = defaultdict(int)
        self._itself: dict[str, int] = defaultdict(int)
        self._between: dict[tuple[str, str], int] = defaultdict(int)
        """Sum of the cosines of all ordered pairs of lines of two speakers, a line with itself included."""

    def take(self, number: int, speaker: str, trigrams: Trigrams) -> None:
        new = _Heard(speaker, trigrams, ONE if trigrams.size else 0)
        self._lines[number] = new
        self._counts[speaker] += 1
        for other in self._lines.values():
            self._join(new, other, 1)

    def drop(self, number: int) -> None:
        gone = self._lines[number]
        for other in self._lines.values():
            self._join(gone, other, -1)
        del self._lines[number]
        self._counts[gone.speaker] -= 1
        if not self._counts[gone.speaker]:
            del self._counts[gone.speaker], self._itself[gone.speaker]
            self._between = defaultdict(int, {pair: c for pair, c in self._between.items() if gone.speaker not in pair})

    def _join(self, one: _Heard, other: _Heard, sign: int) -> None:
        if one is other:
            shared = sign * one.itself
            one.to[one.speaker] += shared
            self._itself[one.speaker] += shared
            self._between[one.speaker, one.speaker] += shared
            return
        shared = sign * round(ONE * cosine(one.trigrams, other.trigrams))
        one.to[other.speaker] += shared
        other.to[one.speaker] += shared
        self._between[one.speaker, other.speaker] += shared
        self._between[other.speaker, one.speaker] += shared

    def similarity(self, one: str, other: str) -> float | None:
        """How near two voices' lines are to each other, over how near each voice's lines are among themselves (their
        geometric mean; the correction for attenuation of Spearman 1904): about 1 when nothing but the label differs,
        less for two voices, never below 0. None below three lines of either."""
        ones, others = self._counts.get(one, 0), self._counts.get(other, 0)
        if ones < FEWEST_LINES or others < FEWEST_LINES:
            return None
        within = self._within(one, ones) * self._within(other, others)
        return self._between[one, other] / (ones * others) / math.sqrt(within) if within > 0 else 0.0

    def _within(self, voice: str, lines: int) -> float:
        """Mean cosine of two different lines of a voice, in millionths."""
        return (self._between[voice, voice] - self._itself[voice]) / (lines * (lines - 1))

    def attribution(self) -> Attribution:
        voices = sorted(voice for voice, lines in self._counts.items() if lines >= FEWEST_LINES)
        tried = [line for line in self._lines.values() if line.speaker in voices and line.itself]
        if len(voices) < 2 or not tried:
            return Attribution()
        room = _Room(self._counts, self._between, voices)
        right: dict[str, int] = dict.fromkeys(voices, 0)
        tries: dict[str, int] = dict.fromkeys(voices, 0)
        for line in tried:
            tries[line.speaker] += 1
            right[line.speaker] += room.nearest(line) == line.speaker
        return Attribution(
            right=sum(right.values()),
            tried=len(tried),
            chance=max(tries.values()) / len(tried),
            recognised={voice: right[voice] / tries[voice] for voice in voices if tries[voice]},
        )


class _Heard:
    """A line; `to` is the sum of its cosines to all lines of each speaker, `itself` the cosine to itself."""

    __slots__ = ('itself', 'speaker', 'to', 'trigrams')

    def __init__(self, speaker: str, trigrams: Trigrams, itself: int) -> None:
        self.speaker = speaker
        self.trigrams = trigrams
        self.itself = itself
        self.to: dict[str, int] = defaultdict(int)


class _Room:
    """The sums from which the cosine to each centroid follows once the mean of the room is taken away: with line x,
    centroid c and mean m, (x - m)(c - m) = xc - xm - cm + mm."""

    def __init__(self, counts: Mapping[str, int], between: Mapping[tuple[str, str], int], voices: list[str]) -> None:
        self._lines = sum(counts.values())
        self._counts = counts
        self._within = {voice: between[voice, voice] for voice in voices}
        self._sums: dict[str, int] = defaultdict(int)
        for (speaker, _), shared in between.items():
            self._sums[speaker] += shared
        self._mean = sum(self._sums.values()) / self._lines**2
        self._voices = {
            voice: (counts[voice], *self._centre(self._within[voice], self._sums[voice], counts[voice]))
            for voice in voices
        }

    def nearest(self, line: _Heard) -> str:
        """The first in the order of their names, when two are as near."""
        to_room = sum(line.to.values())
        to_mean = to_room / self._lines
        best, nearest = -math.inf, ''
        for voice, (lines, offset, length) in self._voices.items():
            to_voice = line.to.get(voice, 0)
            if voice == line.speaker:  # leave it out
                within = self._within[voice] + line.itself - 2 * to_voice
                own_offset, own_length = self._centre(within, self._sums[voice] - to_room, lines - 1)
                near = ((to_voice - line.itself) / (lines - 1) - to_mean + own_offset) / own_length
            else:
                near = (to_voice / lines - to_mean + offset) / length
            if near > best:
                best, nearest = near, voice
        return nearest

    def _centre(self, within: int, total: int, lines: int) -> tuple[float, float]:
        """mm - cm, and the length of c - m; a centroid that lies on the mean is near to nothing."""
        to_mean = total / lines / self._lines
        square = within / lines**2 - 2 * to_mean + self._mean
        return self._mean - to_mean, math.sqrt(square) if square > 1 else math.inf

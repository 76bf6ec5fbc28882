"""Whether the room becomes of one mind: what it speaks of grows alike, and nobody objects any more.

TF-IDF and cosine: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988), with the
smoothed inverse document frequency 1 + ln((1 + n) / (1 + df)). Entrainment: Niederhoffer and Pennebaker 2002.
"""

from __future__ import annotations

import math
import re
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from app.measures.line import Line
from app.measures.novelty import slope

WINDOW = 24
MOST_WORDS = 40
"""Words with a meaning that are looked at of each line."""


@dataclass(frozen=True, slots=True)
class ConvergenceReading:
    """Over the last 24 lines. `similarity` is the mean cosine of all pairs of speakers, 0 (nothing in common) to 1;
    `nearest` the pair most alike, `slope` the change per turn of the similarity over the last 24 turns. `agreeing`,
    `praising`, `thanking`, `disagreeing`, `conceding` are shares of the lines with such a marker, 0 to 1. `balance` is
    (agreeing or praising - disagreeing) over their sum, -1 to 1, 0 when there is neither. `assenting` are lines
    that agree, praise or thank and neither object nor concede. `thanks_run` and `agree_run` count the last lines in a
    row that thank, or assent."""

    similarity: float = 0.0
    nearest: tuple[str, str] | None = None
    slope: float = 0.0
    agreeing: float = 0.0
    praising: float = 0.0
    thanking: float = 0.0
    disagreeing: float = 0.0
    conceding: float = 0.0
    assenting: float = 0.0
    balance: float = 0.0
    thanks_run: int = 0
    agree_run: int = 0


@dataclass(frozen=True, slots=True)
class _Mood:
    agrees: bool
    praises: bool
    thanks: bool
    disagrees: bool
    concedes: bool

    @property
    def assents(self) -> bool:
        return (self.agrees or self.praises or self.thanks) and not (self.disagrees or self.concedes)


_NO = re.compile(r'(?:^|[.!?…]\s)["“*_ ]*no[,.!:]', re.IGNORECASE)


class Convergence:
    def __init__(self) -> None:
        self._lines: deque[tuple[str, tuple[str, ...], _Mood]] = deque()
        self._said: dict[str, Counter[str]] = {}
        self._lines_with: Counter[str] = Counter()
        self._similarities: deque[float] = deque(maxlen=WINDOW)
        self._thanks_run = self._agree_run = 0

    def hear(self, line: Line) -> ConvergenceReading:
        mood = mood_of(line)
        self._take(line.speaker, line.content[:MOST_WORDS], mood)
        pairs = similarities(self._said, self._lines_with, len(self._lines))
        similarity = math.fsum(pairs.values()) / len(pairs) if pairs else 0.0
        if pairs:
            self._similarities.append(similarity)
        self._thanks_run = self._thanks_run + 1 if mood.thanks and not mood.disagrees else 0
        self._agree_run = self._agree_run + 1 if mood.assents else 0
        moods = [mood for _, _, mood in self._lines]
        for_it, against = sum(mood.agrees or mood.praises for mood in moods), sum(mood.disagrees for mood in moods)
        return ConvergenceReading(
            similarity=similarity,
            nearest=max(pairs, key=lambda pair: (pairs[pair], pair)) if similarity else None,
            slope=slope(self._similarities),
            agreeing=sum(mood.agrees for mood in moods) / len(moods),
            praising=sum(mood.praises for mood in moods) / len(moods),
            thanking=sum(mood.thanks for mood in moods) / len(moods),
            disagreeing=against / len(moods),
            conceding=sum(mood.concedes for mood in moods) / len(moods),
            assenting=sum(mood.assents for mood in moods) / len(moods),
            balance=(for_it - against) / (for_it + against) if for_it + against else 0.0,
            thanks_run=self._thanks_run,
            agree_run=self._agree_run,
        )

    def _take(self, speaker: str, words: tuple[str, ...], mood: _Mood) -> None:
        self._lines.append((speaker, words, mood))
        self._said.setdefault(speaker, Counter()).update(words)
        self._lines_with.update(words)
        if len(self._lines) > WINDOW:
            gone, old, _ = self._lines.popleft()
            for counts in (self._said[gone], self._lines_with):
                for word in old:
                    counts[word] -= 1
                    if not counts[word]:
                        del counts[word]
            if all(speaker != gone for speaker, _, _ in self._lines):
                del self._said[gone]


def mood_of(line: Line) -> _Mood:
    found = line.markers
    return _Mood(
        agrees=found['agreement'] > 0,
        praises=found['praise'] > 0,
        thanks=found['thanks'] > 0,
        disagrees=found['disagreement'] > 0 or bool(_NO.search(line.text)),
        concedes=found['concession'] > 0,
    )


def similarities(
    said: Mapping[str, Mapping[str, int]], lines_with: Mapping[str, int], lines: int
) -> dict[tuple[str, str], float]:
    """The cosine of each pair of speakers who said something, 0 to 1; `lines_with` is in how many lines a word is."""
    rarity = [1 + math.log((1 + lines) / (1 + having)) for having in range(lines + 1)]
    weights = {
        speaker: {word: count * rarity[lines_with[word]] for word, count in said[speaker].items()}
        for speaker in sorted(said)
        if said[speaker]
    }
    lengths = {speaker: math.hypot(*of.values()) for speaker, of in weights.items()}
    return {
        (one, other): min(1.0, dot(weights[one], weights[other]) / (lengths[one] * lengths[other]))
        for one, other in combinations(weights, 2)
    }


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return math.fsum(one[word] * other[word] for word in one.keys() & other.keys())

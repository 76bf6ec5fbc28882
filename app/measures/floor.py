"""Who holds the floor: shares, evenness, monologues, who follows whom.

Entropy: Shannon 1948. Gini coefficient: Gini 1912. Weighted reciprocity: Squartini et al., "Reciprocity of weighted
networks", Scientific Reports 3 (2013).
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from app.measures.line import Line


@dataclass(frozen=True, slots=True)
class FloorReading:
    """`turns` and `words` are each speaker's share, 0 to 1. `entropy` of the turns in bits, 0 to log2 of the speakers;
    `evenness` the same over its maximum, 0 to 1. `gini` of the words, 0 (all alike) to below 1 (one has all).
    `run` is how many turns the last speaker has had in a row, `longest_run` the longest such run. `transitions` counts
    who was followed by whom (oneself included); `reciprocity` of it is 0 (nobody answers back) to 1."""

    turns: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    entropy: float = 0.0
    evenness: float = 1.0
    gini: float = 0.0
    run: int = 0
    longest_run: int = 0
    transitions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reciprocity: float = 0.0


class Floor:
    """Of the last `window` lines, or of all. `seats` are there even while they are silent."""

    def __init__(self, seats: Sequence[str] = (), window: int | None = None) -> None:
        self._window = window
        self._turns: Counter[str] = Counter(dict.fromkeys(seats, 0))
        self._words: Counter[str] = Counter(dict.fromkeys(seats, 0))
        self._transitions: Counter[tuple[str, str]] = Counter()
        self._recent: deque[tuple[str, int]] = deque()
        self._last: str | None = None
        self._run = self._longest = 0

    def hear(self, line: Line) -> FloorReading:
        self._turns[line.speaker] += 1
        self._words[line.speaker] += line.length
        if self._last is not None:
            self._transitions[self._last, line.speaker] += 1
        self._run = self._run + 1 if line.speaker == self._last else 1
        self._longest = max(self._longest, self._run)
        self._last = line.speaker
        if self._window:
            self._recent.append((line.speaker, line.length))
            self._forget(self._window)
        return self._read()

    def _forget(self, window: int) -> None:
        if len(self._recent) > window:
            speaker, length = self._recent.popleft()
            self._turns[speaker] -= 1
            self._words[speaker] -= length
            gone = (speaker, self._recent[0][0])
            self._transitions[gone] -= 1
            if not self._transitions[gone]:
                del self._transitions[gone]
        self._run = min(self._run, window)
        self._longest = longest_run([speaker for speaker, _ in self._recent])

    def _read(self) -> FloorReading:
        bits = entropy(self._turns.values())
        return FloorReading(
            turns=shares(self._turns),
            words=shares(self._words),
            entropy=bits,
            evenness=min(1.0, bits / math.log2(len(self._turns))) if len(self._turns) > 1 else 1.0,
            gini=gini(self._words.values()),
            run=self._run,
            longest_run=self._longest,
            transitions=dict(self._transitions),
            reciprocity=reciprocity(self._transitions),
        )


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {name: count / total if total else 0.0 for name, count in counts.items()}


def entropy(counts: Collection[int]) -> float:
    """Shannon's, in bits: the sum of -p log2 p."""
    total = sum(counts)
    return math.fsum(-count / total * math.log2(count / total) for count in counts if count) + 0.0 if total else 0.0


def gini(amounts: Collection[int]) -> float:
    """Mean difference of all pairs over twice the mean, from the sorted amounts; 0 to 1 - 1/n."""
    ordered, total = sorted(amounts), sum(amounts)
    if not total:
        return 0.0
    ranked = sum(rank * amount for rank, amount in enumerate(ordered, 1))
    return 2 * ranked / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def longest_run(speakers: Sequence[str]) -> int:
    return max((sum(1 for _ in run) for _, run in groupby(speakers)), default=0)


def transitions(speakers: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(speakers))


def reciprocity(follows: Mapping[tuple[str, str], int]) -> float:
    """Of all steps from one speaker to another, the share that has its counterpart the other way; 0 to 1."""
    steps = sum(count for (one, other), count in follows.items() if one != other)
    both = sum(min(count, follows.get((other, one), 0)) for (one, other), count in follows.items() if one != other)
    return both / steps if steps else 0.0

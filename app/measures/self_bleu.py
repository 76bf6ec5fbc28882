"""Self-BLEU: how well each line of a window is foretold by all the others, kept current without starting over.

Zhu et al., "Texygen: a benchmarking platform for text generation models", SIGIR 2018, on BLEU-4 of Papineni et al.
2002 (clipped precision, closest reference length, brevity penalty) with smoothing 1 of Chen and Cherry 2014. A line of
fewer than four words is judged by the n-grams it has.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence

WINDOW = 8
MOST_WORDS = 60
SIZES = (1, 2, 3, 4)
NEARLY_NONE = 0.1
"""What counts as found when nothing was: smoothing 1."""

Grams = Counter[tuple[str, ...]]


class SelfBleu:
    """Of the last 8 lines that have words. Keeps for every n-gram which lines have it how often, and for every line
    how many of its n-grams some other line has; a line that comes or goes touches only what it shares."""

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque()
        self._having: dict[tuple[str, ...], dict[_Line, int]] = {}

    def hear(self, words: Sequence[str]) -> float:
        if words:
            self._take(_Line(words))
            if len(self._lines) > WINDOW:
                self._drop(self._lines[0])
        return self.value

    @property
    def value(self) -> float:
        """The mean over the lines, 0 (nothing in common) to 1 (all the same); 0 below two lines."""
        if len(self._lines) < 2:
            return 0.0
        lengths = Counter(line.length for line in self._lines)
        return math.fsum(self._score(line, lengths) for line in self._lines) / len(self._lines)

    def _score(self, line: _Line, lengths: Counter[int]) -> float:
        others = (length for length, count in lengths.items() if count > (length == line.length))
        return combine(line.found, [line.length - size + 1 for size in SIZES], line.length, others)

    def _take(self, line: _Line) -> None:
        self._lines.append(line)
        for gram, count in line.grams.items():
            having = self._having.get(gram)
            if having is None:
                self._having[gram] = {line: count}
                continue
            if count == max(having.values()) == 1:  # nearly always: who has it finds it once, as soon as there are two
                line.found[len(gram) - 1] += 1
                if len(having) == 1:
                    next(iter(having)).found[len(gram) - 1] += 1
                having[line] = 1
                continue
            count_found(len(gram), having, -1)
            having[line] = count
            count_found(len(gram), having, 1)

    def _drop(self, line: _Line) -> None:
        self._lines.remove(line)
        for gram in line.grams:
            having = self._having[gram]
            if len(having) == 1:
                del self._having[gram]
                continue
            count_found(len(gram), having, -1)
            del having[line]
            count_found(len(gram), having, 1)


def count_found(size: int, having: Mapping[_Line, int], sign: int) -> None:
    """Adds (or takes back) what each of the lines that have an n-gram finds of it in the others."""
    if len(having) < 2:
        return
    next_most, most = sorted(having.values())[-2:]
    for line, own in having.items():
        line.found[size - 1] += sign * (own if own < most else next_most)


class _Line:
    def __init__(self, words: Sequence[str]) -> None:
        self.length = len(words[:MOST_WORDS])
        self.grams = grams_of(words)
        self.found = [0] * len(SIZES)


def self_bleu(lines: Sequence[Sequence[str]]) -> float:
    """The definition, from scratch: the mean of each line's BLEU against all the others."""
    lines = [words for words in lines if words]
    if len(lines) < 2:
        return 0.0
    scores = [bleu(words, [*lines[:at], *lines[at + 1 :]]) for at, words in enumerate(lines)]
    return math.fsum(scores) / len(scores)


def bleu(words: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    words = words[:MOST_WORDS]
    allowed: Grams = Counter()
    for reference in references:
        allowed |= grams_of(reference)
    found = [0] * len(SIZES)
    for gram, count in grams_of(words).items():
        found[len(gram) - 1] += min(count, allowed[gram])
    return combine(
        found, [len(words) - size + 1 for size in SIZES], len(words), (len(line[:MOST_WORDS]) for line in references)
    )


def grams_of(words: Sequence[str]) -> Grams:
    words = words[:MOST_WORDS]
    return Counter(gram for size in SIZES for gram in zip(*(words[at:] for at in range(size)), strict=False))


def combine(found: Sequence[int], possible: Sequence[int], length: int, references: Iterable[int]) -> float:
    """The geometric mean of the precisions, less for a line shorter than the reference nearest in length."""
    logs = [math.log((hits or NEARLY_NONE) / most) for hits, most in zip(found, possible, strict=True) if most > 0]
    nearest = min(references, key=lambda other: (abs(other - length), other))
    penalty = min(0.0, 1 - nearest / length)
    return math.exp(math.fsum(logs) / len(logs) + penalty)

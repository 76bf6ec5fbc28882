"""Whether the talk repeats itself, measured four ways.

Compression ratio and repetition of long n-grams: Shaib et al., "Standardizing the measurement of text diversity",
arXiv 2403.00553; n-grams of four and more: Salkar et al., "Self-repetition in abstractive neural summarizers" (2022).
Similarity to one's own lines: Jaccard of character trigrams. Self-BLEU is in `self_bleu`.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from app.measures.line import Line
from app.measures.self_bleu import SelfBleu
from app.measures.trigrams import jaccard

WINDOW = 24
"""Lines of the room among which a line repeats."""
COMPRESSED_LINES = 12
OWN_LINES = 6
"""Own last lines with which a line is compared."""
SIZES = range(4, 9)
MOST_WORDS = 100
COMPRESSED_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class RepetitionReading:
    """`compression` of the room's last 12 lines and `own_compression` of the speaker's last 6: raw over compressed
    bytes, about 1.5 to 2.2 for fresh English, above 3 when it loops. `repeated` is the share of this line's n-grams
    of 4 to 8 words already said in the room, `self_repeated` the mean of it over the last 24 lines, both 0 to 1.
    `self_bleu` of the last 8 lines, 0 to 1. `own_similarity` to the likest of the speaker's last 6 lines, 0 to 1;
    `same_opening` counts those of them that begin with the same three words."""

    compression: float = 1.0
    own_compression: float = 1.0
    repeated: float = 0.0
    self_repeated: float = 0.0
    self_bleu: float = 0.0
    own_similarity: float = 0.0
    same_opening: int = 0


class Repetition:
    def __init__(self) -> None:
        self._room: deque[Line] = deque(maxlen=COMPRESSED_LINES)
        self._grams: deque[tuple[int, ...]] = deque()
        self._said: dict[int, tuple[int, ...]] = {}
        """Each n-gram with those of the last line that had it."""
        self._shares: deque[float] = deque(maxlen=WINDOW)
        self._self_bleu = SelfBleu()
        self._own: dict[str, deque[Line]] = {}

    def hear(self, line: Line) -> RepetitionReading:
        own = self._own.setdefault(line.speaker, deque(maxlen=OWN_LINES))
        similarity = max((jaccard(line.trigrams, earlier.trigrams) for earlier in own), default=0.0)
        opening = sum(opens_alike(line, earlier) for earlier in own)
        share = self._repeated(line)
        own.append(line)
        self._room.append(line)
        return RepetitionReading(
            compression=compression(earlier.text for earlier in self._room),
            own_compression=compression(earlier.text for earlier in own),
            repeated=share,
            self_repeated=sum(self._shares) / len(self._shares),
            self_bleu=self._self_bleu.hear(line.words),
            own_similarity=similarity,
            same_opening=opening,
        )

    def _repeated(self, line: Line) -> float:
        grams = long_grams(line.words)
        share = repeated_share(grams, self._said.__contains__)
        self._shares.append(share)
        self._grams.append(grams)
        self._said.update(dict.fromkeys(grams, grams))
        if len(self._grams) > WINDOW:
            old = self._grams.popleft()
            for gram in old:
                if self._said.get(gram) is old:
                    del self._said[gram]
        return share


def compression(texts: Iterable[str]) -> float:
    """Raw over compressed bytes (deflate, level 6, no header), of the first 400 characters of each; blank is 1."""
    raw = '\n'.join(text[:COMPRESSED_CHARACTERS] for text in texts).encode(errors='replace')
    return len(raw) / len(zlib.compress(raw, 6, -15)) if raw.strip() else 1.0


def long_grams(words: Sequence[str]) -> tuple[int, ...]:
    """The n-grams of 4 to 8 words as numbers, of the first 100 words; shorter lines are one gram of what they are
    when they have two words or more, so that "I quite agree" can be a repetition too."""
    numbers = [zlib.crc32(word.encode(errors='replace')) for word in words[:MOST_WORDS]]
    if 2 <= len(numbers) < SIZES.start:
        return (hash(tuple(numbers)),)
    grams = (zip(*(numbers[at:] for at in range(size)), strict=False) for size in SIZES)
    return tuple(map(hash, chain.from_iterable(grams)))  # a tuple of numbers has the same hash in every process


def repeated_share(grams: Sequence[int], was_said: Callable[[int], bool]) -> float:
    return sum(map(was_said, grams)) / len(grams) if grams else 0.0


def opens_alike(line: Line, other: Line) -> bool:
    return len(line.words) >= 3 and line.words[:3] == other.words[:3]

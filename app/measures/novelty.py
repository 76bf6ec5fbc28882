"""How much a line adds, and whether the talk has run dry.

New words: the vocabulary growth of Herdan and Heaps. New bytes: conditional compression, C(history + line) -
C(history), as in Cilibrasi and Vitányi, "Clustering by compression", IEEE Transactions on Information Theory (2005);
deflate is handed the history as its dictionary. Saturation, as qualitative researchers use the word: nothing new
comes any more (Glaser and Strauss 1967).
"""

from __future__ import annotations

import zlib
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.line import Line

VOCABULARY = 4_096
"""Different words that are remembered; one not said since that many others is new again."""
HISTORY = 8_192
"""Bytes of the talk that a line is compared with, some twenty to forty lines."""
WINDOW = 20
"""Lines over which the slope is taken; the saturation is of the later half."""


@dataclass(frozen=True, slots=True)
class NoveltyReading:
    """`new_words` counts this line's different words with a meaning that were not said before; `new_word_share` of
    all its such words, 0 to 1. `new_bytes` is what it adds to the compressed talk; `new_byte_share` of what it weighs
    alone, 0 to about 1.1. `slope` of that share per turn over the last 20 lines, below 0 when the talk dries up.
    `saturation` is 1 less the share over the last 10 lines taken together, 0 (all new) to 1 (all said before)."""

    new_words: int = 0
    new_word_share: float = 0.0
    new_bytes: int = 0
    new_byte_share: float = 0.0
    slope: float = 0.0
    saturation: float = 0.0


class Novelty:
    def __init__(self) -> None:
        self._vocabulary: OrderedDict[str, None] = OrderedDict()
        self._history = b''
        self._weights: deque[tuple[int, int]] = deque(maxlen=WINDOW)

    def hear(self, line: Line) -> NoveltyReading:
        new_words = self._learn(line.content)
        raw = line.text.encode(errors='replace')
        added, alone = compressed(raw, self._history), compressed(raw)
        self._history = (self._history + b'\n' + raw)[-HISTORY:]
        if raw.strip():
            self._weights.append((added, alone))
        return NoveltyReading(
            new_words=new_words,
            new_word_share=new_words / len(line.content) if line.content else 0.0,
            new_bytes=added,
            new_byte_share=added / alone if alone else 0.0,
            slope=slope([added / alone for added, alone in self._weights]),
            saturation=saturation(list(self._weights)[-WINDOW // 2 :]),
        )

    def _learn(self, words: Sequence[str]) -> int:
        new = 0
        for word in words:
            if word in self._vocabulary:
                self._vocabulary.move_to_end(word)
            else:
                new += 1
                self._vocabulary[word] = None
        while len(self._vocabulary) > VOCABULARY:
            self._vocabulary.popitem(last=False)
        return new


def compressed(raw: bytes, history: bytes = b'') -> int:
    """Bytes of deflate (level 6, no header) when the reader knows the history already; 0 for blank."""
    if not raw.strip():
        return 0
    deflate = zlib.compressobj(6, wbits=-15, zdict=history[-HISTORY:]) if history else zlib.compressobj(6, wbits=-15)
    return len(deflate.compress(raw)) + len(deflate.flush())


def saturation(weights: Sequence[tuple[int, int]]) -> float:
    """From (bytes added, bytes alone) of each line."""
    alone = sum(alone for _, alone in weights)
    return min(1.0, max(0.0, 1 - sum(added for added, _ in weights) / alone)) if alone else 0.0


def slope(values: Sequence[float]) -> float:
    """Least squares over the places 0, 1, 2 ...; 0 below two values."""
    count = len(values)
    if count < 2:
        return 0.0
    middle = (count - 1) / 2
    spread = count * (count * count - 1) / 12
    return sum((at - middle) * value for at, value in enumerate(values)) / spread

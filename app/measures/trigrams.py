"""The character trigrams of a text as one set of bits, so that comparing two texts costs a microsecond.

Hashed features: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009. With 16,381 places
two of 300 trigrams share one about once in a hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PLACES = 16_381  # a prime below 2**14
_FIRST, _SECOND = 9_973, 4_129


@dataclass(frozen=True, slots=True)
class Trigrams:
    """Which trigrams occur. `size` is how many different ones."""

    bits: int
    size: int


def trigrams_of(text: str) -> Trigrams:
    """Of the text in lower case, white space folded, a space before and after. Blank text has none."""
    folded = ' '.join(text.casefold().split())
    if not folded:
        return Trigrams(0, 0)
    letters = list(map(ord, f' {folded} '))
    places = {
        (first * _FIRST + second * _SECOND + third) % PLACES
        for first, second, third in zip(letters, letters[1:], letters[2:], strict=False)
    }
    octets = bytearray(PLACES // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return Trigrams(int.from_bytes(octets, 'little'), len(places))


def jaccard(one: Trigrams, other: Trigrams) -> float:
    """Jaccard 1901: shared over all, 0 to 1; 0 when either has none."""
    shared = (one.bits & other.bits).bit_count()
    return shared / (one.size + other.size - shared) if shared else 0.0


def cosine(one: Trigrams, other: Trigrams) -> float:
    """Cosine of the two sets (Ochiai 1957): shared over the geometric mean of the sizes, 0 to 1."""
    shared = (one.bits & other.bits).bit_count()
    return shared / math.sqrt(one.size * other.size) if shared else 0.0

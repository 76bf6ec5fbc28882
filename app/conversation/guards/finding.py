"""What a detector says of the room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Disease(StrEnum):
    LOOP = 'loop'
    THANKS = 'thanks'
    CONVERGENCE = 'convergence'
    SATURATION = 'saturation'


@dataclass(frozen=True, slots=True)
class Finding:
    """`strength` goes from 0 (just noticed) to 1 (nothing else is left). The sentence holds its own evidence."""

    disease: Disease
    strength: float
    sentence: str


def strength_of(value: float, noticed: float, full: float) -> float:
    """How far a value lies between where it is noticed and where nothing else is left."""
    return min(1.0, max(0.0, (value - noticed) / (full - noticed)))


def named(speakers: list[str]) -> str:
    """'Iris', 'Iris and Bob', 'Iris, Bob and Noor'; from five on the room."""
    different = list(dict.fromkeys(speakers))
    if len(different) > 4:
        return 'The room'
    return different[0] if len(different) == 1 else f'{", ".join(different[:-1])} and {different[-1]}'

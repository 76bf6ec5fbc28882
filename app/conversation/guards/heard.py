"""A line as the detectors know it: all that is asked of it again and again is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.conversation.guards.accord import is_accord
from app.conversation.guards.courtesies import courtesy_of
from app.conversation.orders.words import is_contrary, stems_of
from app.measures.convergence import mood_of
from app.measures.line import Line, Spoken, look
from app.measures.markers import STOP

ENOUGH = 8
"""Lines before which nobody is called unwell."""
MOST_WORDS = 120
"""Words of a line that are looked at for phrases."""

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    line: Line

    @property
    def speaker(self) -> str:
        return self.line.speaker

    @property
    def is_human(self) -> bool:
        """People may say what they like as often as they like: their lines count as well."""
        return self.line.is_human

    @cached_property
    def words(self) -> Phrase:
        return self.line.words[:MOST_WORDS]

    @cached_property
    def phrases(self) -> frozenset[Phrase]:
        """Three words in a row of which at least one carries a meaning: "it is not" is everybody's."""
        threes = zip(self.words, self.words[1:], self.words[2:], strict=False)
        return frozenset(three for three in threes if any(word not in STOP for word in three))

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.line.text)

    @cached_property
    def courtesy(self) -> float:
        return 0.0 if self.is_human else courtesy_of(self.line)

    @cached_property
    def objects(self) -> bool:
        """Objects, concedes, asks or denies: whatever keeps a talk apart."""
        mood = mood_of(self.line)
        if mood.disagrees or mood.concedes or self.line.is_question or self.is_human:
            return True
        return not (mood.agrees or mood.praises) and is_contrary(self.line.text)

    @cached_property
    def assents(self) -> bool:
        mood = mood_of(self.line)
        return not self.objects and (mood.agrees or mood.praises or is_accord(self.words))


def hear(spoken: Spoken) -> Heard:
    return Heard(look(spoken))


def memory_of(lines: Sequence[Heard], at: int, reach: int) -> Sequence[Heard]:
    """The lines before that place, so many at most."""
    return lines[max(0, at - reach) : at]

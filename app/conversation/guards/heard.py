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
from app.measures.trigrams import jaccard

ENOUGH = 8
"""Lines before which nobody is called unwell."""
REACH = 16
"""Lines back to where a repetition is looked for."""
MOST_WORDS = 120
"""Words of a line that are looked at for phrases."""
SHORT = 4
"""Words below which a line may be said as often as one likes: "I did not" is no loop."""
ALIKE = 0.5
"""Jaccard of trigrams above which two lines are the same line."""

Phrase = tuple[str, ...]


@dataclass
class Heard:
    """`repeats` is the share of its words that stand in phrases said in the sixteen lines before, or how like it is to
    one of those lines; `repeats_own` the same of the speaker's own among them: both 0 to 1."""

    line: Line
    repeats: float = 0.0
    repeats_own: float = 0.0

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
    def spaced(self) -> str:
        """The words with a space on each side of each, to search for a phrase in."""
        return f' {" ".join(self.words)} '

    @cached_property
    def phrases(self) -> frozenset[Phrase]:
        """Three words in a row of which at least one carries a meaning: "it is not" is everybody's."""
        threes = zip(self.words, self.words[1:], self.words[2:], strict=False)
        return frozenset(three for three in threes if not STOP.issuperset(three))

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


def hear(spoken: Spoken, before: Sequence[Heard] = ()) -> Heard:
    """A line after those before it; only the last sixteen of them matter."""
    heard = Heard(look(spoken))
    if heard.is_human or len(heard.words) < SHORT:
        return heard
    earlier = before[-REACH:]
    heard.repeats = _repeated(heard, earlier)
    heard.repeats_own = _repeated(heard, [other for other in earlier if other.speaker == heard.speaker])
    return heard


def _repeated(heard: Heard, earlier: Sequence[Heard]) -> float:
    alike = max((jaccard(heard.line.trigrams, other.line.trigrams) for other in earlier), default=0.0)
    places = {at + step for at in starts_of(heard, phrases_again(heard, earlier)) for step in range(3)}
    return max(len(places) / len(heard.words), alike if alike >= ALIKE else 0.0)


def phrases_again(heard: Heard, earlier: Sequence[Heard]) -> frozenset[Phrase]:
    """Those of its phrases that were said before."""
    return frozenset[Phrase]().union(*(heard.phrases & other.phrases for other in earlier))


def starts_of(heard: Heard, again: frozenset[Phrase]) -> list[int]:
    """Where in the line a phrase begins that is one of these."""
    return [at for at in range(len(heard.words) - 2) if heard.words[at : at + 3] in again] if again else []

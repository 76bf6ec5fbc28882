"""What the rules look at after a turn: the last lines, and a few cheap measures of them. A line is looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.conversation.plain_line import AnyLine
from app.measures.convergence import mood_of
from app.measures.floor import shares
from app.measures.line import Spoken, look

WINDOW = 24
MOODS = 6
"""Lines of which so many have to be there before their agreement means anything."""


class Looked(NamedTuple):
    """What is seen of one line."""

    text: str
    words: int
    agrees: bool
    disagrees: bool
    assents: bool
    fours: frozenset[int]
    """Its phrases of four words, as numbers."""


@dataclass(frozen=True, slots=True)
class RoomReading:
    """Shares are 0 to 1. `shares` of the words by participant's id; `lines` are looked at in the order they were said,
    under their messages' ids; `names` are all that a participant may be called."""

    lines: Mapping[str, Looked] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    agreement: float | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personas: frozenset[str] = frozenset()

    @property
    def repetition(self) -> float:
        """Only where a rule asks: it is the one that costs."""
        *before, last = self.lines.values()
        said = frozenset().union(*(line.fours for line in before))
        return len(last.fours & said) / len(last.fours) if last.fours else 0.0


class RoomReader:
    def __init__(self) -> None:
        self._looked: dict[str, Looked] = {}

    def read(
        self, said: Sequence[AnyLine], names: Mapping[str, tuple[str, ...]], personas: frozenset[str]
    ) -> RoomReading:
        recent = said[-WINDOW:]
        self._looked = {message.id: self._look(message) for message in recent}
        if not recent:
            return RoomReading(names=names, personas=personas)
        words: Counter[str] = Counter(dict.fromkeys(names, 0))
        for message in recent:
            words[message.participant_id] += self._looked[message.id].words
        moods = list(self._looked.values())[-MOODS:]
        return RoomReading(
            lines=self._looked,
            shares=shares(words),
            agreement=sum(line.assents for line in moods) / MOODS if len(moods) == MOODS else None,
            names=names,
            personas=personas,
        )

    def _look(self, message: AnyLine) -> Looked:
        known = self._looked.get(message.id)
        if known and known.text == message.text:  # an edited line is another line
            return known
        line = look(Spoken(message.participant_id, message.text))
        mood, words = mood_of(line), line.words
        return Looked(
            message.text,
            line.length,
            agrees=(mood.agrees or mood.praises) and not mood.disagrees,
            disagrees=mood.disagrees,
            assents=mood.assents,
            fours=frozenset(map(hash, zip(words, words[1:], words[2:], words[3:], strict=False))),
        )

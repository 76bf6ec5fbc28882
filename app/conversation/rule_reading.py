"""What the rules look at after a turn: the last lines, and a few cheap measures of them. A line is looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.measures.convergence import mood_of
from app.measures.floor import shares
from app.measures.line import Line, Spoken, look
from app.measures.repetition import long_grams, repeated_share
from app.store.tables import Message

WINDOW = 24
MOODS = 6
"""Lines of which so many have to be there before their agreement means anything."""


@dataclass(frozen=True, slots=True)
class RoomReading:
    """Shares are 0 to 1. `shares` of the words by participant's id; `lines` are looked at in the order they were said,
    under their messages' ids; `names` are all that a participant may be called."""

    lines: Mapping[str, Line] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)
    agreement: float | None = None
    repetition: float = 0.0
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personas: frozenset[str] = frozenset()


class RoomReader:
    def __init__(self) -> None:
        self._looked: dict[str, tuple[str, Line, tuple[int, ...]]] = {}

    def read(
        self, said: Sequence[Message], names: Mapping[str, tuple[str, ...]], personas: frozenset[str]
    ) -> RoomReading:
        recent = said[-WINDOW:]
        self._looked = {message.id: self._look(message) for message in recent}
        if not recent:
            return RoomReading(names=names, personas=personas)
        words: Counter[str] = Counter(dict.fromkeys(names, 0))
        for message in recent:
            words[message.participant_id] += self._looked[message.id][1].length
        *earlier, last = [grams for _, _, grams in self._looked.values()]
        before = {gram for grams in earlier for gram in grams}
        lines = {id: line for id, (_, line, _) in self._looked.items()}
        moods = [mood_of(line) for line in list(lines.values())[-MOODS:]]
        return RoomReading(
            lines=lines,
            shares=shares(words),
            agreement=sum(mood.assents for mood in moods) / len(moods) if len(moods) == MOODS else None,
            repetition=repeated_share(last, before.__contains__),
            names=names,
            personas=personas,
        )

    def _look(self, message: Message) -> tuple[str, Line, tuple[int, ...]]:
        known = self._looked.get(message.id)
        if known and known[0] == message.text:  # an edited line is another line
            return known
        line = look(Spoken(message.participant_id, message.text))
        return message.text, line, long_grams(line.words)

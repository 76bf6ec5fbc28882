"""All measures of one conversation, kept current line by line. The thousandth line costs what the tenth did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.measures.convergence import Convergence, ConvergenceReading
from app.measures.distinctness import Distinctness, DistinctnessReading
from app.measures.drift import Drift, DriftReading, Profile
from app.measures.floor import Floor, FloorReading
from app.measures.hygiene import Hygiene, HygieneReading
from app.measures.line import Spoken, look
from app.measures.novelty import Novelty, NoveltyReading
from app.measures.repetition import Repetition, RepetitionReading
from app.measures.service import Service, ServiceReading
from app.measures.uptake import Uptake, UptakeReading

RECENT = 24
MOST_SPEAKERS = 32
OTHERS = 'others'
"""Whoever comes after the thirty-second speaker is counted under this name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything after the line of that `number` (from 1): `floor` since the beginning, `recent_floor` over the last 24
    lines, the others as their own classes say."""

    number: int = 0
    speaker: str = ''
    words: int = 0
    floor: FloorReading = field(default_factory=FloorReading)
    recent_floor: FloorReading = field(default_factory=FloorReading)
    uptake: UptakeReading = field(default_factory=UptakeReading)
    repetition: RepetitionReading = field(default_factory=RepetitionReading)
    novelty: NoveltyReading = field(default_factory=NoveltyReading)
    distinctness: DistinctnessReading = field(default_factory=DistinctnessReading)
    drift: DriftReading = field(default_factory=DriftReading)
    convergence: ConvergenceReading = field(default_factory=ConvergenceReading)
    hygiene: HygieneReading = field(default_factory=HygieneReading)
    service: ServiceReading = field(default_factory=ServiceReading)


class Measures:
    """`seats` are the participants, silent ones too; `names` what each may be called, `profiles` how personas are
    declared to speak: all may be left out. A failed turn is no speech: it counts for hygiene and service only."""

    def __init__(
        self,
        seats: Sequence[str] = (),
        names: Mapping[str, Iterable[str]] | None = None,
        profiles: Mapping[str, Profile] | None = None,
    ) -> None:
        self._speakers = set(seats[:MOST_SPEAKERS])
        self._floor, self._recent_floor = Floor(seats[:MOST_SPEAKERS]), Floor(seats[:MOST_SPEAKERS], window=RECENT)
        self._uptake, self._repetition, self._novelty = Uptake(), Repetition(), Novelty()
        self._distinctness, self._drift, self._convergence = Distinctness(), Drift(profiles), Convergence()
        self._hygiene, self._service = Hygiene(names), Service()
        self.reading = Reading()

    def hear(self, spoken: Spoken) -> Reading:
        line = look(self._seat(spoken), self.reading.number + 1)
        reading = replace(
            self.reading,
            number=line.number,
            speaker=line.speaker,
            words=line.length,
            hygiene=self._hygiene.hear(line),
            service=self._service.hear(spoken.served) if spoken.served else self.reading.service,
        )
        if line.state != 'failed':
            reading = replace(
                reading,
                floor=self._floor.hear(line),
                recent_floor=self._recent_floor.hear(line),
                uptake=self._uptake.hear(line),
                repetition=self._repetition.hear(line),
                novelty=self._novelty.hear(line),
                distinctness=self._distinctness.hear(line),
                drift=self._drift.hear(line),
                convergence=self._convergence.hear(line),
            )
        self.reading = reading
        return reading

    def _seat(self, spoken: Spoken) -> Spoken:
        if spoken.speaker not in self._speakers:
            if len(self._speakers) >= MOST_SPEAKERS:
                return replace(spoken, speaker=OTHERS)
            self._speakers.add(spoken.speaker)
        return spoken

"""Hears stored messages in the order of their numbers and says, line by line, what the measures make of them.

Nothing here waits or touches the event loop: a line costs some milliseconds, so it is called from a thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.casting.persona import Persona
from app.conversation.orders.address import callings, last_call
from app.measures.drift import PROFILE_LINES, Profile, declared_profile
from app.measures.line import LOOKED_AT, Spoken
from app.measures.live import Measures, Reading
from app.measures.service import Served, Service, ServiceReading
from app.providers.port import MILLION
from app.store.tables import LineKind, Message, Participant, State

FIRST_WORDS = 90
NO_LINES = frozenset({'stranger'})
"""What a script holds beside lines that are spoken."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line, and what the screen shows of the reading after it. `speaker` is unique in the room. Shares are 0 to 1;
    None is not known yet: too few lines of too few voices."""

    number: int
    speaker: str
    participant_id: str
    state: str
    words: int
    first_words: str
    floor: Mapping[str, float]
    added: float
    fresh: float
    repeated: float
    repeating: float
    told_apart: float | None
    chance: float | None
    alike: float | None
    assenting: float
    unanswered: float | None
    unclean: int
    stains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServedBy:
    """How one persona's turns were served: `reading` of the last ones, the model of the last one, tokens of all."""

    model: str
    turns: int
    tokens: int
    reading: ServiceReading


@dataclass(frozen=True, slots=True)
class Heard:
    moments: Sequence[Moment] = ()
    reading: Reading = field(default_factory=Reading)
    served: Mapping[str, ServedBy] = field(default_factory=dict)


class Ear:
    """`seats` are the personas of the room; a human is known from their first line on, whenever that was written."""

    def __init__(self, seats: Sequence[tuple[Participant, Persona]]) -> None:
        self._speakers: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        for participant, persona in seats:
            self._sit(participant.id, participant.name, persona.aliases)
        profiles = {self._speakers[participant.id]: profile(persona) for participant, persona in seats}
        self._measures = Measures(
            seats=tuple(self._names),
            names=dict(self._names),
            profiles={speaker: declared for speaker, declared in profiles.items() if declared},
        )
        self._service: dict[str, Service] = {}
        self._served: dict[str, ServedBy] = {}

    def hear(self, messages: Sequence[Message]) -> Heard:
        moments = [self._hear(message) for message in messages if is_speech(message)]
        return Heard(moments, self._measures.reading, dict(self._served))

    def _hear(self, message: Message) -> Moment:
        speaker = self._speakers.get(message.participant_id) or self._sit(message.participant_id, message.speaker)
        spoken = Spoken(
            speaker,
            message.text,
            is_human=message.turn is None,
            addressed=self._addressed(speaker, message.text[:LOOKED_AT]),
            state=message.state,
            served=served(message),
        )
        if spoken.served:
            self._serve(speaker, message.model or '', spoken.served)
        return moment(message, speaker, self._measures.hear(spoken))

    def _sit(self, participant_id: str, name: str, aliases: Sequence[str] = ()) -> str:
        """Two guests may have the same name: the measures must not take them for one."""
        taken, speaker = 1, name
        while speaker in self._names:
            taken += 1
            speaker = f'{name} ({taken})'
        self._speakers[participant_id] = speaker
        self._names[speaker] = (name, *aliases)
        return speaker

    def _addressed(self, speaker: str, text: str) -> tuple[str, ...]:
        others = [other for other in self._names if other != speaker]
        return tuple(other for other in others if last_call(self._called(other), text) is not None)

    def _called(self, speaker: str) -> tuple[str, ...]:
        return callings(self._names[speaker], [names[0] for other, names in self._names.items() if other != speaker])

    def _serve(self, speaker: str, model: str, turn: Served) -> None:
        before = self._served.get(speaker)
        self._served[speaker] = ServedBy(
            model,
            turns=(before.turns if before else 0) + 1,
            tokens=(before.tokens if before else 0) + turn.tokens,
            reading=self._service.setdefault(speaker, Service()).hear(turn),
        )


def is_speech(message: Message) -> bool:
    """Not so a scene, what a guard did, what was deleted, and a line that is just being told anew."""
    return message.kind == LineKind.SPEECH and message.deleted_at is None and message.state != State.SPEAKING


def moment(message: Message, speaker: str, reading: Reading) -> Moment:
    told, uptake = reading.distinctness.attribution, reading.uptake
    settled = uptake.answered + uptake.unanswered
    speaks = message.state != 'failed'
    return Moment(
        number=message.number,
        speaker=speaker,
        participant_id=message.participant_id,
        state=message.state,
        words=reading.words,
        first_words=first_words(message.text),
        floor=reading.recent_floor.words,
        added=min(1.0, reading.novelty.new_byte_share) if speaks else 0.0,
        fresh=1 - reading.novelty.saturation,
        repeated=reading.repetition.repeated if speaks else 0.0,
        repeating=reading.repetition.self_repeated,
        told_apart=told.accuracy if told.tried else None,
        chance=told.chance if told.tried else None,
        alike=reading.convergence.similarity if reading.convergence.nearest else None,
        assenting=reading.convergence.assenting,
        unanswered=uptake.unanswered_share if settled else None,
        unclean=sum(reading.hygiene.by_speaker.values()),
        stains=tuple(sorted(map(str, reading.hygiene.stains))),
    )


def first_words(text: str) -> str:
    folded = ' '.join(re.sub(r'[*`]+', '', text[: 4 * FIRST_WORDS]).split())  # marks of emphasis are no words
    return folded if len(folded) <= FIRST_WORDS else folded[:FIRST_WORDS].rsplit(' ', 1)[0].rstrip(' ,;:') + ' …'


def served(message: Message) -> Served | None:
    """None for a human, and for a turn that never got a word."""
    if message.turn is None or message.first_delta_ms is None:
        return None
    dollars = message.money / MILLION if message.money else None
    return Served(message.first_delta_ms, message.duration_ms, tokens=message.completion_tokens, dollars=dollars)


def profile(persona: Persona) -> Profile | None:
    """How a persona is declared to speak: by the lines its author wrote for it, when these are enough to tell."""
    lines = [line for move, lines in persona.script.items() if move not in NO_LINES for line in lines]
    spoken = [line.replace('{', '').replace('}', '') for line in lines]
    return declared_profile(spoken) if len(spoken) >= PROFILE_LINES else None

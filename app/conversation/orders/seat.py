"""Who may be chosen, by what rules, and what a choice is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Protocol

from app.casting.persona import Persona
from app.conversation.plain_line import AnyLine
from app.store.tables import Participant

VETO = -inf


class NobodyMaySpeak(Exception):
    """Every seat is vetoed, or there is none; the sentence is fit to be shown."""


@dataclass(frozen=True)
class Seat:
    """A persona that may speak, as the rules see it."""

    participant: Participant
    persona: Persona

    @cached_property
    def id(self) -> str:
        """The participant's: asked of a row once, not at every wish."""
        return self.participant.id

    @property
    def names(self) -> tuple[str, ...]:
        return (self.participant.name, *self.persona.aliases)


@dataclass(frozen=True, slots=True)
class Choice:
    seat: Seat
    because: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person or a format has laid down. `steering` is by participant id: a boost added to that seat's bid (a
    direct address is worth 3), or `VETO`, which every order obeys. `listed` are participant ids, for the order of that
    name; one may stand there twice. `topic` is what was to be talked about."""

    steering: Mapping[str, float] = field(default_factory=dict)
    listed: Sequence[str] = ()
    topic: str = ''


NO_RULES = Rules()


class Order(Protocol):
    def __call__(
        self, seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES, /
    ) -> Choice: ...


def candidates(seats: Sequence[Seat], transcript: Sequence[AnyLine], rules: Rules) -> list[Seat]:
    """Who may speak now: nobody answers themselves, unless they are the only one left."""
    allowed = [seat for seat in seats if rules.steering.get(seat.id, 0) != VETO]
    if not allowed:
        raise NobodyMaySpeak('Nobody here may speak: let at least one of them.')
    last = transcript[-1].participant_id if transcript else None
    return [seat for seat in allowed if seat.id != last] or allowed


def lines_since(seat: Seat, transcript: Sequence[AnyLine]) -> int | None:
    """How many lines ago it spoke: 0 for the last line, None for never."""
    who = seat.id
    for age, message in enumerate(reversed(transcript)):
        if message.participant_id == who:
            return age
    return None

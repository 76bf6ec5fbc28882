"""How far a conversation has come in its format: kept as JSON on the conversation, and changed by events only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Tally(BaseModel):
    """One vote as it came out. `ballots` are by voter (None is an abstention); what is voted for are ids of options or
    of participants. `winner` None: nobody voted, or it was `tied`."""

    model_config = ConfigDict(frozen=True)

    ordinal: int
    phase: str
    ballots: dict[str, str | None]
    winner: str | None = None
    tied: bool = False

    @property
    def counts(self) -> Counter[str]:
        return Counter(choice for choice in self.ballots.values() if choice is not None)

    @property
    def unanimous(self) -> bool:
        return bool(self.ballots) and None not in self.ballots.values() and len(self.counts) == 1


class Shown(BaseModel):
    """A role that was told of somebody: to everybody, or to these."""

    model_config = ConfigDict(frozen=True)

    participant_id: str
    to: tuple[str, ...] | None = None


class Progress(BaseModel):
    """`ordinal` counts every phase gone through, from 1, and `visits` how often each was; `began` is the number of the
    first turn of this one; it is `sealed` while nobody who watches may read its lines. `out` are out of the game.
    `goals` say which of its role's goals each was dealt. `ended` is the stop reason, once there is one."""

    model_config = ConfigDict(frozen=True)

    ordinal: int
    phase: str
    began: int
    sealed: bool = False
    seed: int = 0
    visits: dict[str, int] = {}
    out: tuple[str, ...] = ()
    tallies: tuple[Tally, ...] = ()
    shown: tuple[Shown, ...] = ()
    goals: dict[str, int] = {}
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the narrator says; `audience` None is everybody."""

    text: str
    audience: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A phase begins, after these announcements; or the conversation ends with the stop reason `ended`."""

    progress: Progress
    announcements: tuple[Announcement, ...] = ()

    @property
    def ended(self) -> str | None:
        return self.progress.ended

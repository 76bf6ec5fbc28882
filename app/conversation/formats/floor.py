"""Whose floor it is in the phase as it stands, and for whose ears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.conversation.formats.ballots import ballots_of, choices_of, is_allowed
from app.conversation.formats.company import Company
from app.conversation.formats.format import Format, Phase
from app.conversation.formats.heard import had, may_speak_now, ring_of, speakers_of
from app.conversation.formats.progress import Progress
from app.conversation.plain_line import AnyLine

NO_VOTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that is open. `choices` are (id, name), in the order of the buttons; `by_voter` are the ids that each who
    has a role and a vote may choose; `voted` are those who have. `audience`: people who only watch vote as well."""

    question: str
    choices: tuple[tuple[str, str], ...]
    by_voter: dict[str, tuple[str, ...]]
    voted: frozenset[str]
    audience: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """`speakers` may speak now, in seat order: of a list, only the next on it. `order` is a name of ORDERS, `listed`
    once round its list. Where no persona is among the speakers, `waits` says in a sentence what the room waits for: a
    person, or a vote by button (`advance(..., close=True)` goes on without). `audience` are the participants who may
    ever know of a line spoken now, None for everybody."""

    speakers: tuple[str, ...]
    order: str
    listed: tuple[str, ...]
    audience: tuple[str, ...] | None
    blind: bool
    simultaneous: bool
    ballot: Ballot | None
    waits: str | None


def floor_of(
    format: Format,
    progress: Progress,
    company: Company,
    lines: Sequence[AnyLine] = (),
    human_votes: Mapping[str, str] = NO_VOTES,
) -> Floor:
    """`lines` are those of this phase so far."""
    phase = format.phase(progress.phase)
    speakers = may_speak_now(format, progress, company, lines, human_votes) if progress.ended is None else []
    return Floor(
        speakers=tuple(speakers),
        order=phase.order if isinstance(phase.order, str) else 'listed',
        listed=tuple(ring_of(format, phase, progress, company)),
        audience=audience_of(phase, company),
        blind=phase.is_blind,
        simultaneous=phase.simultaneous,
        ballot=_ballot(format, phase, progress, company, lines, human_votes) if progress.ended is None else None,
        waits=_waits(phase, company, speakers) if progress.ended is None else None,
    )


def audience_of(phase: Phase, company: Company) -> tuple[str, ...] | None:
    if phase.seen_by is None:
        return None
    return tuple(id for id, role in company.roles.items() if role in phase.seen_by)


def _ballot(
    format: Format,
    phase: Phase,
    progress: Progress,
    company: Company,
    lines: Sequence[AnyLine],
    votes: Mapping[str, str],
) -> Ballot | None:
    vote = phase.vote
    if vote is None:
        return None
    voters = speakers_of(format, phase, progress, company)
    choices = choices_of(format, phase, progress, company)
    return Ballot(
        question=vote.question,
        choices=tuple((id, names[0]) for id, names in choices.items()),
        by_voter={voter: tuple(id for id in choices if is_allowed(vote, voter, id)) for voter in voters},
        voted=frozenset(ballots_of(format, phase, progress, company, had(lines, voters), votes)),
        audience=vote.audience,
    )


def _waits(phase: Phase, company: Company, speakers: Sequence[str]) -> str | None:
    if any(id not in company.people for id in speakers):
        return None
    names = ' and '.join(company.name(id) for id in speakers)
    if phase.vote:
        return f'{names or "The audience"} votes now: {phase.vote.question}'
    return f'It is for {names} to speak.' if names else 'Nobody who could speak now is let to: unmute somebody.'

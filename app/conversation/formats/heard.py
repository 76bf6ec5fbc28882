"""Which lines of a phase count as turns taken, and whose turns a phase still holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.conversation.formats.ballots import ballots_of
from app.conversation.formats.company import Company
from app.conversation.formats.format import Ends, Format, Phase
from app.conversation.formats.progress import Progress
from app.conversation.plain_line import AnyLine
from app.store.tables import LineKind, State

TRIES = 2
"""Lines somebody has to cast a vote that can be read, and turns that may fail before they are taken as had."""


def players(format: Format, progress: Progress, company: Company) -> list[str]:
    """Who is still in play, in seat order."""
    return [id for id, role in company.roles.items() if id not in progress.out and format.role(role)]


def speakers_of(format: Format, phase: Phase, progress: Progress, company: Company) -> list[str]:
    in_play = players(format, progress, company)
    return [id for id in in_play if phase.speakers is None or company.roles[id] in phase.speakers]


def ring_of(format: Format, phase: Phase, progress: Progress, company: Company) -> list[str]:
    """The list of the phase, once round: each of its roles stands for all who hold it. Empty without a list."""
    if isinstance(phase.order, str):
        return []
    speaking = speakers_of(format, phase, progress, company)
    return [id for role in phase.order for id in speaking if company.roles[id] == role]


def had(lines: Iterable[AnyLine], speakers: Sequence[str]) -> list[AnyLine]:
    """An empty line is a turn passed; a failed one is not yet a turn, unless it goes on failing."""
    failed = Counter[str]()
    taken = []
    for line in lines:
        if line.participant_id not in speakers or line.kind != LineKind.SPEECH or line.deleted_at is not None:
            continue
        if line.state == State.FAILED:
            failed[line.participant_id] += 1
        if line.state == State.FAILED and failed[line.participant_id] < TRIES:
            continue
        if line.state != State.SPEAKING:
            taken.append(line)
    return taken


def may_speak_now(
    format: Format, progress: Progress, company: Company, lines: Sequence[AnyLine], votes: Mapping[str, str]
) -> list[str]:
    """Whose turn it can be in the phase as it stands, in seat order; of a list only who is next on it."""
    phase = format.phase(progress.phase)
    able = [id for id in speakers_of(format, phase, progress, company) if id not in company.silent]
    taken = had(lines, able)
    counted = Counter(line.participant_id for line in taken)
    ring = [id for id in ring_of(format, phase, progress, company) if id in able]
    if phase.vote:
        cast = ballots_of(format, phase, progress, company, taken, votes)
        able = [id for id in able if id not in cast and counted[id] < TRIES]
    elif phase.ends:
        able = _with_turns_left(phase.ends, able, ring, counted)
    return [_next_on(ring, able, counted)] if ring and able else able


def _with_turns_left(ends: Ends, able: list[str], ring: Sequence[str], counted: Counter[str]) -> list[str]:
    if ends.each is not None:
        return [id for id in able if counted[id] < ends.each]
    if ends.rounds is not None and ring:
        return [id for id in able if counted[id] < ends.rounds * ring.count(id)]
    most = ends.turns if ends.rounds is None else ends.rounds * len(able)
    return [] if most is not None and counted.total() >= most else able


def _next_on(ring: Sequence[str], able: Sequence[str], counted: Counter[str]) -> str:
    """Every line uses up its speaker's first place that is still free, so a turn out of order shifts nobody else's."""

    def first_free(id: str) -> int:
        places = [at for at, other in enumerate(ring) if other == id]
        rounds, place = divmod(counted[id], len(places))
        return rounds * len(ring) + places[place]

    return min(able, key=first_free)

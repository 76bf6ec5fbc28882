"""A format as it is played: it begins, and each phase goes over into the next until there is an end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from app.conversation.formats.ballots import ballots_of
from app.conversation.formats.company import Company
from app.conversation.formats.floor import NO_VOTES
from app.conversation.formats.format import Format, Phase
from app.conversation.formats.heard import had, may_speak_now, speakers_of
from app.conversation.formats.outcome import after_vote, ending, what_holds
from app.conversation.formats.progress import Announcement, Progress, Step, Tally
from app.conversation.plain_line import AnyLine
from app.store.tables import State


def begin(format: Format, company: Company, seed: int = 0, turn: int = 1) -> Step:
    """`turn` is the number of the turn that is taken next."""
    chance = random.Random(f'{seed}:goals')
    goals = dict[str, int]()
    for role in format.roles:
        holders = [id for id, held in company.roles.items() if held == role.id]
        dealt = list(range(len(role.goals)))
        chance.shuffle(dealt)
        goals |= {id: dealt[at % len(dealt)] for at, id in enumerate(holders) if dealt}
    first = Progress(ordinal=0, phase=format.phases[0].id, began=turn, seed=seed, goals=goals)
    return _enter(format, first, company, format.phases[0].id, turn, ())


def advance(
    format: Format,
    progress: Progress,
    company: Company,
    lines: Sequence[AnyLine],
    human_votes: Mapping[str, str] = NO_VOTES,
    close: bool = False,
) -> Step | None:
    """What follows now that these `lines` of this phase were said: None while it goes on. `human_votes` are choices of
    this phase's vote by participant or, from the audience, by person. `close` ends the phase as it stands, because
    somebody who watches says so; a line that is being spoken is waited for all the same."""
    if progress.ended is not None or any(line.state == State.SPEAKING for line in lines):
        return None
    if not close and not _is_over(format, progress, company, lines, human_votes):
        return None
    turns = [line.turn for line in lines if line.turn is not None]
    return _leave(format, progress, company, lines, human_votes, max(turns, default=progress.began - 1) + 1)


def replay(
    format: Format,
    company: Company,
    lines: Sequence[AnyLine],
    human_votes: Mapping[int, Mapping[str, str]] | None = None,
    seed: int = 0,
) -> Progress:
    """Where a conversation stands after these lines, each with the ordinal of its phase: for a branch. Votes of people
    are by ordinal. A phase that others followed was over, whatever ended it."""
    progress = begin(format, company, seed).progress
    last = max((line.phase or 0 for line in lines), default=0)
    while progress.ended is None:
        of_it = [line for line in lines if line.phase == progress.ordinal]
        votes = (human_votes or {}).get(progress.ordinal, NO_VOTES)
        step = advance(format, progress, company, of_it, votes, close=progress.ordinal < last)
        if step is None:
            break
        progress = step.progress
    return progress


def _is_over(
    format: Format, progress: Progress, company: Company, lines: Sequence[AnyLine], votes: Mapping[str, str]
) -> bool:
    phase = format.phase(progress.phase)
    if phase.ends is None and phase.vote is None:
        return False
    if may_speak_now(format, progress, company, lines, votes):
        return False
    speakers = speakers_of(format, phase, progress, company)
    if phase.ends and phase.ends.turns is not None:
        return len(had(lines, speakers)) >= phase.ends.turns or not speakers
    # An audience that votes alone has to be waited for; beside others it votes meanwhile.
    waits_for_audience = phase.vote is not None and phase.vote.audience and not speakers
    return not waits_for_audience or bool(ballots_of(format, phase, progress, company, (), votes))


def _leave(
    format: Format,
    progress: Progress,
    company: Company,
    lines: Sequence[AnyLine],
    votes: Mapping[str, str],
    turn: int,
) -> Step:
    phase = format.phase(progress.phase)
    said: tuple[Announcement, ...] = ()
    tally: Tally | None = None
    if phase.vote:
        progress, tally, said = after_vote(format, phase, progress, company, lines, votes)
    then = what_holds(format, phase, progress, company, tally)
    if then.go is None:
        return ending(format, progress, company, then.end, tally, said)
    return _enter(format, progress, company, then.go, turn, said)


def _enter(
    format: Format, progress: Progress, company: Company, to: str, turn: int, said: tuple[Announcement, ...]
) -> Step:
    """The phase, or, where nobody is left to speak or vote in it, what comes after it."""
    while True:
        phase, visits = format.phase(to), progress.visits.get(to, 0) + 1
        if visits > format.most.rounds:
            return ending(format, progress, company, format.most.words, None, said)
        now = {'ordinal': progress.ordinal + 1, 'phase': to, 'began': turn, 'visits': progress.visits | {to: visits}}
        progress = progress.model_copy(update=now | {'sealed': phase.simultaneous})
        if _has_anybody(format, phase, progress, company):
            return Step(progress, (*said, Announcement(phase.opens)) if phase.opens else said)
        then = what_holds(format, phase, progress, company, None)
        if then.go is None:
            return ending(format, progress, company, then.end, None, said)
        to = then.go


def _has_anybody(format: Format, phase: Phase, progress: Progress, company: Company) -> bool:
    audience = phase.vote is not None and phase.vote.audience
    return audience or bool(speakers_of(format, phase, progress, company)) or (phase.ends is None and not phase.vote)

"""What a vote does, which way leads on, and how it all ends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.conversation.formats.ballots import ballots_of, count
from app.conversation.formats.company import Company
from app.conversation.formats.floor import audience_of
from app.conversation.formats.format import Format, Outcome, Phase, Then, When
from app.conversation.formats.heard import had, players, speakers_of
from app.conversation.formats.progress import Announcement, Progress, Shown, Step, Tally
from app.conversation.formats.secrecy import goal_of
from app.conversation.plain_line import AnyLine


def after_vote(
    format: Format,
    phase: Phase,
    progress: Progress,
    company: Company,
    lines: Sequence[AnyLine],
    votes: Mapping[str, str],
) -> tuple[Progress, Tally, tuple[Announcement, ...]]:
    """The vote is counted and said; whoever it puts out is out. Who has a vote and cast none abstained."""
    assert phase.vote
    voters = [id for id in speakers_of(format, phase, progress, company) if id not in company.silent]
    ballots: dict[str, str | None] = dict.fromkeys(voters)
    ballots |= ballots_of(format, phase, progress, company, had(lines, voters), votes)
    tally = count(phase, progress, ballots)
    words = _words_for(phase.vote.words, tally)
    to = _who_hears(format, phase, progress, company)
    shown, out = progress.shown, progress.out
    if tally.winner is not None and not phase.vote.options:
        if '{role}' in words:
            shown = (*shown, Shown(participant_id=tally.winner, to=to))
        if phase.vote.does == 'remove':
            out = (*out, tally.winner)
    said = Announcement(fill(words, format, company, tally, phase), to)
    after = progress.model_copy(update={'tallies': (*progress.tallies, tally), 'shown': shown, 'out': out})
    return after, tally, (said,) if said.text else ()


def what_holds(format: Format, phase: Phase, progress: Progress, company: Company, tally: Tally | None) -> Then:
    return next(then for then in format.after(phase) if _holds(format, then.when, progress, company, tally))


def ending(
    format: Format,
    progress: Progress,
    company: Company,
    words: str | None,
    tally: Tally | None,
    said: tuple[Announcement, ...],
) -> Step:
    phase = format.phase(progress.phase)
    reason = fill(words or '', format, company, tally, phase) or f'“{format.name}” has come to its end.'
    closing = '\n\n'.join(part for part in (format.closing, _unmasked(format, progress, company)) if part)
    ended = progress.model_copy(update={'ended': reason})
    return Step(ended, (*said, Announcement(closing)) if closing else said)


def fill(words: str, format: Format, company: Company, tally: Tally | None, phase: Phase) -> str:
    """Slots are filled once: a name with a brace in it is a name."""
    names = {option.id: option.name for option in phase.vote.options} if phase.vote and phase.vote.options else None

    def called(choice: str) -> str:
        return names.get(choice, choice) if names is not None else company.name(choice)

    counts = tally.counts.most_common() if tally else []
    winner = tally.winner if tally else None
    role = format.role(company.roles.get(winner or ''))
    slots = {
        'winner': called(winner) if winner else 'nobody',
        'role': role.name if role else 'a stranger',
        'votes': ', '.join(f'{called(choice)} {number}' for choice, number in counts) or 'no votes',
    }
    return re.sub(r'\{(winner|role|votes)\}', lambda slot: slots[slot[1]], words)


def _who_hears(format: Format, phase: Phase, progress: Progress, company: Company) -> tuple[str, ...] | None:
    if phase.vote is None or phase.vote.result == 'everybody':
        return None
    heard_by = audience_of(phase, company)
    return tuple(speakers_of(format, phase, progress, company)) if heard_by is None else heard_by


def _words_for(words: Outcome, tally: Tally) -> str:
    if tally.winner is not None:
        return words.won
    return words.tied if tally.tied else words.none


def _holds(format: Format, when: When | None, progress: Progress, company: Company, tally: Tally | None) -> bool:
    if when is None:
        return True
    winner = tally.winner if tally else None
    left = [company.roles[id] for id in players(format, progress, company)]
    facts = [
        when.decided is None or when.decided == (winner is not None),
        when.unanimous is None or when.unanimous == bool(tally and tally.unanimous),
        when.chosen is None or when.chosen == winner,
        when.none_left is None or when.none_left not in left,
        when.half_are is None or 2 * left.count(when.half_are) >= len(left),
        when.rounds is None or progress.visits.get(progress.phase, 0) >= when.rounds,
    ]
    return all(facts)


def _unmasked(format: Format, progress: Progress, company: Company) -> str:
    """Who was what, and wanted what, for all ears."""
    if not format.unmasks:
        return ''
    told = []
    for id in company.roles:
        role = format.role(company.roles[id])
        if role and role.is_hidden:
            told.append(f'{company.name(id)} was {role.name}.')
        # A goal that goes with the role is no news.
        if (role and role.goals) or id in company.goals:
            goal = goal_of(format, progress, company, id)
            told.append(f'{company.name(id)} had been told: “{goal}”')
    return '\n'.join(told)

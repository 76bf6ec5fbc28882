"""What a speaker is told of the format, privately and at the end of its prompt: never a word it may not know."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.formats.ballots import choices_of, is_allowed
from app.conversation.formats.company import Company
from app.conversation.formats.format import Format, Phase
from app.conversation.formats.heard import had, may_speak_now, players
from app.conversation.formats.progress import Progress
from app.conversation.formats.secrecy import goal_of, role_known
from app.conversation.plain_line import AnyLine


def told(
    format: Format, progress: Progress, company: Company, participant_id: str, lines: Sequence[AnyLine] = ()
) -> str:
    """For whoever is to speak now; also fit for a person's own eyes. `lines` are those of this phase so far."""
    if progress.ended is not None:
        return _afterwards(format, progress, company, participant_id)
    phase = format.phase(progress.phase)
    parts = [
        format.told,
        *_own_part(format, progress, company, participant_id),
        _known(format, progress, company, participant_id),
        *_phase(format, progress, company, phase, participant_id),
        _how_to_vote(format, progress, company, phase, participant_id, lines),
    ]
    return '\n'.join(part for part in parts if part)


def _afterwards(format: Format, progress: Progress, company: Company, id: str) -> str:
    """Who goes on after the end talks of it: nobody plays any more."""
    role = format.role(company.roles.get(id))
    was = f'You were {role.name}. ' if role and len(format.roles) > 1 else ''
    return (
        f'That was “{format.name}”, and it is over. {progress.ended}'.strip()
        + f'\n{was}It is an open table now: nobody has a side, a task or a vote any more. Speak for yourself.'
    )


def names_to_choose(format: Format, progress: Progress, company: Company, participant_id: str) -> tuple[str, ...]:
    """What this one may write after `VOTE:` in this phase; nothing where there is no vote."""
    phase = format.phase(progress.phase)
    choices = choices_of(format, phase, progress, company)
    return tuple(
        names[0] for choice, names in choices.items() if phase.vote and is_allowed(phase.vote, participant_id, choice)
    )


def _own_part(format: Format, progress: Progress, company: Company, id: str) -> list[str]:
    role = format.role(company.roles.get(id))
    if role is None:
        return []
    parts = []
    if len(format.roles) > 1:
        parts.append(f'Your role: {role.name}. {role.told}'.strip())
    elif role.told:
        parts.append(role.told)
    if role.is_hidden:
        parts.append('Who you are here is a secret: give it away only if that serves you.')
    if goal := goal_of(format, progress, company, id):
        parts.append(f'Your private goal, to be kept to yourself: {goal}')
    if id in progress.out:
        parts.append('You are out of the game.')
    return parts


def _known(format: Format, progress: Progress, company: Company, viewer: str) -> str:
    if len(format.roles) == 1:
        return ''
    known: dict[str, list[str]] = {}
    for id in company.roles:
        if id != viewer and (role := role_known(format, progress, company, viewer, id)):
            out = ' (out of the game)' if id in progress.out else ''
            known.setdefault(role.name, []).append(company.name(id) + out)
    shown = '; '.join(f'{role}: {", ".join(names)}' for role, names in known.items())
    return f'What you know of the others: {shown}.' if shown else ''


def _phase(format: Format, progress: Progress, company: Company, phase: Phase, id: str) -> list[str]:
    role = company.roles.get(id)
    if phase.seen_by is not None and role not in phase.seen_by:
        return ['What is said now is not for your ears.']
    parts = [f'Now: {phase.name}. {phase.told}'.strip() if len(format.phases) > 1 else phase.told]
    if role in phase.told_to:
        parts.append(phase.told_to[role])
    if phase.seen_by is not None:
        parts.append(_who_hears(format, progress, company, phase, id))
    if phase.is_blind:
        parts.append('Everybody answers this without having heard the others: speak for yourself, and to nobody.')
    if phase.ends and phase.ends.each == 1 and not phase.is_blind:
        parts.append('You have one turn in this part.')
    return parts


def _who_hears(format: Format, progress: Progress, company: Company, phase: Phase, viewer: str) -> str:
    """By name only whom this one knows to be among them."""
    hearing = [
        id for id in players(format, progress, company)
        if id != viewer and company.roles[id] in (phase.seen_by or ())
    ]  # fmt: skip
    if any(role_known(format, progress, company, viewer, id) is None for id in hearing):
        return 'Not everybody hears what is said now.'
    names = ', '.join(company.name(id) for id in hearing)
    return f'Besides you only {names} can hear this: speak freely.' if names else 'Nobody else hears this: think aloud.'


def _how_to_vote(
    format: Format, progress: Progress, company: Company, phase: Phase, id: str, lines: Sequence[AnyLine]
) -> str:
    if phase.vote is None or id not in may_speak_now(format, progress, company, lines, {}):
        return ''
    names = ', '.join(names_to_choose(format, progress, company, id))
    again = 'Your vote could not be read. ' if had(lines, [id]) else ''
    return (
        f'{again}{phase.vote.question} Give your reason in a sentence or two, then end with your vote on a line of its '
        f'own, written exactly so: VOTE: [your choice]\nYou can choose: {names}. “VOTE: nobody” abstains.'
    )

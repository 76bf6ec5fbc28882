"""Who gets which role: hidden ones by lot, the others by seat."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from app.conversation.formats.format import Format
from app.conversation.formats.seats import possible_casts, seats_for
from app.conversation.refused import Refused
from app.store.tables import Kind, Participant


def assign_roles(
    format: Format, participants: Sequence[Participant], seed: int, wanted: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Role ids by participant id, in seat order; `wanted` come first. People get a role only where they want one, the
    narrator never. Raises Refused when the cast is too small or too large, or cannot be had as wanted."""
    wanted = dict(wanted or {})
    cast = [p for p in sorted(participants, key=lambda p: p.seat) if _takes_part(p, wanted)]
    names = {p.id: p.name for p in cast}
    _check_wishes(format, names, wanted)
    counts = seats_for(format, len(cast), Counter(wanted.values()))
    if counts is None:
        raise Refused(_no_room(format, len(cast)))
    for role_id, number in Counter(wanted.values()).items():
        if number > counts[role_id]:
            raise Refused(
                _too_many(format, role_id, counts[role_id], [names[id] for id in wanted if wanted[id] == role_id])
            )
    dealt = dict(wanted)
    waiting = [p.id for p in cast if p.id not in wanted]
    left = Counter(counts) - Counter(wanted.values())
    by_seat = [role.id for role in format.roles if not role.is_hidden for _ in range(left[role.id])]
    by_lot = [role.id for role in format.roles if role.is_hidden for _ in range(left[role.id])]
    random.Random(f'{seed}:roles').shuffle(by_lot)
    dealt |= dict(zip(waiting, by_seat + by_lot, strict=True))
    return {p.id: dealt[p.id] for p in cast}


def foreseen(format: Format, cast: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str | None]:
    """Role ids as they would be dealt, by the ids of a cast of (id, name) in seat order; None is what the lot decides.
    Raises Refused like the deal itself."""
    seats = [
        Participant(id=id, name=name, seat=seat, workspace_id='', conversation_id='')
        for seat, (id, name) in enumerate(cast.items(), 1)
    ]
    dealt = assign_roles(format, seats, 0, wanted)
    by_lot = {role.id for role in format.roles if role.is_hidden}
    return {id: None if role in by_lot and id not in wanted else role for id, role in dealt.items()}


def role_for_newcomer(format: Format, company_roles: Mapping[str, str]) -> str | None:
    """What somebody becomes who comes in later: one more of those who share the rest, where that gives away nothing.
    None: they only watch."""
    counted = Counter(company_roles.values())
    open_to = [r for r in format.roles if r.seats == 'rest' and not r.one_in and not r.is_hidden]
    return next((role.id for role in reversed(open_to) if counted[role.id] < role.most), None)


def cast_fault(format: Format, cast: int) -> str | None:
    """Why a cast of so many cannot be seated, in a sentence; None when it can."""
    return None if seats_for(format, cast) else _no_room(format, cast)


def _takes_part(participant: Participant, wanted: Mapping[str, str]) -> bool:
    if participant.left_at is not None or participant.kind == Kind.NARRATOR:
        return False
    return participant.kind == Kind.PERSONA or participant.id in wanted


def _check_wishes(format: Format, names: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for participant_id, role_id in wanted.items():
        if participant_id not in names:
            raise Refused('A role is meant for somebody who is not in this conversation.')
        if not format.role(role_id):
            raise Refused(f'“{format.name}” has no role “{role_id}” for {names[participant_id]}.')


def _no_room(format: Format, cast: int) -> str:
    casts = possible_casts(format)
    here = 'nobody is here' if not cast else f'{cast} are here' if cast > 1 else 'only one is here'
    if cast < casts[0]:
        missing = casts[0] - cast
        return f'“{format.name}” needs at least {casts[0]}, and {here}: add {missing} more.'
    if cast > casts[-1]:
        return f'“{format.name}” has room for {casts[-1]}, and {here}: leave {cast - casts[-1]} out.'
    return f'“{format.name}” cannot seat {cast} like this: choose other roles, or another number.'


def _too_many(format: Format, role_id: str, seats: int, names: Sequence[str]) -> str:
    role = format.role(role_id)
    assert role
    who = ' and '.join((', '.join(names[:-1]), names[-1]) if len(names) > 1 else names)
    room = 'nobody' if not seats else f'only {seats}'
    return f'Of this cast {room} can be “{role.name}”, and it is wanted for {who}.'

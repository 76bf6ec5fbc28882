"""Where a format says one thing here and another there: each contradiction in one plain sentence, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from app.conversation.formats.seats import LARGEST_CAST, possible_casts
from app.conversation.formats.ways import wrong_ways
from app.conversation.speaker_order import ORDERS

if TYPE_CHECKING:
    from app.conversation.formats.format import Format, Phase, Role, Vote

SLOTS = frozenset({'winner', 'role', 'votes'})
RESERVED = frozenset({'end', 'rest'})


class Contradiction(NamedTuple):
    """`place` leads to it through the format, as in pydantic's own errors."""

    place: tuple[str | int, ...]
    sentence: str


def contradictions(format: Format) -> Iterator[Contradiction]:
    yield from _twice(format)
    for at, role in enumerate(format.roles):
        for sentence in _of_role(format, role):
            yield Contradiction(('roles', at), f'role “{role.id}” {sentence}')
    if not possible_casts(format):
        yield Contradiction(('roles',), f'the roles cannot be shared out among any cast of 1 to {LARGEST_CAST}')
    for at, phase in enumerate(format.phases):
        for sentence in _of_phase(format, phase):
            yield Contradiction(('phases', at), f'phase “{phase.id}” {sentence}')
    yield from (Contradiction(*fault) for fault in wrong_ways(format))


def _twice(format: Format) -> Iterator[Contradiction]:
    for kind, parts in (('role', format.roles), ('phase', format.phases)):
        for at, part in enumerate(parts):
            if part.id in [other.id for other in parts[:at]]:
                yield Contradiction((f'{kind}s', at), f'there are two {kind}s “{part.id}”')
            if part.id in RESERVED:
                yield Contradiction(
                    (f'{kind}s', at), f'“{part.id}” means something else here: no {kind} can have that id'
                )


def _of_role(format: Format, role: Role) -> Iterator[str]:
    yield from _no_roles(format, role.known_to or (), 'is known to')
    if role.goal and role.goals:
        yield 'has both a `goal` and `goals`: write one of them'
    if not all(role.goals):
        yield 'has an empty goal'
    if role.least > role.most:
        yield f'has at least {role.least} seats and at most {role.most}'
    if role.one_in and role.seats != 'rest':
        yield 'has both `seats` and `one_in`: write one of them'


def _of_phase(format: Format, phase: Phase) -> Iterator[str]:
    for rule in (_who_speaks, _order, _how_it_ends, _slots):
        yield from rule(format, phase)
    yield from _no_roles(format, phase.told_to, 'tells something to')
    if phase.vote:
        yield from _vote(format, phase.vote)


def _who_speaks(format: Format, phase: Phase) -> Iterator[str]:
    yield from _no_roles(format, phase.speakers or (), 'is spoken by')
    yield from _no_roles(format, phase.seen_by or (), 'is seen by')
    if phase.speakers == () and not (phase.vote and phase.vote.audience):
        yield 'is spoken by nobody'
    if phase.seen_by is None:
        return
    speakers = _ids(format.roles) if phase.speakers is None else phase.speakers
    for id in sorted(set(speakers) & set(_ids(format.roles)) - set(phase.seen_by)):
        yield f'is spoken by “{id}”, who may not see it'


def _order(format: Format, phase: Phase) -> Iterator[str]:
    if isinstance(phase.order, str):
        if phase.order == 'listed':
            yield 'has the order “listed”: write the list of roles itself'
        elif phase.order not in ORDERS:
            known = [name for name in ORDERS if name != 'listed']
            meant = _meant(phase.order, known)
            yield f'has the order “{phase.order}”, which is none of {", ".join(known)}{meant}'
        return
    yield from _no_roles(format, phase.order, 'has in its order')
    speakers = _ids(format.roles) if phase.speakers is None else phase.speakers
    for id in dict.fromkeys(phase.order):
        if id in _ids(format.roles) and id not in speakers:
            yield f'has “{id}” in its order, who does not speak in it'
    for id in speakers:
        if id not in phase.order:
            yield f'is spoken by “{id}”, who is not in its order'


def _how_it_ends(format: Format, phase: Phase) -> Iterator[str]:
    if phase.ends is not None:
        ways = [name for name, value in phase.ends if value is not None]
        if len(ways) != 1:
            yield 'must end in one way: after `turns`, or `each`, or `rounds`'
        if phase.vote:
            yield 'has a vote and `ends` as well: it ends when all have voted'
    if phase.simultaneous and not phase.vote and (phase.ends is None or phase.ends.each != 1):
        yield 'is simultaneous, so everybody has one line in it: write `ends: {each: 1}`'
    never = phase.ends is None and not phase.vote
    if never and (phase.then or phase is not format.phases[-1]):
        yield 'never ends, so nothing can come after it: say how it `ends`'


def _vote(format: Format, vote: Vote) -> Iterator[str]:
    yield from _no_roles(format, vote.among or (), 'has a vote among')
    for what in ('id', 'name'):
        written = [getattr(option, what).casefold() for option in vote.options]
        for again in sorted({one for one in written if written.count(one) > 1}):
            yield f'has two options with the {what} “{again}”'
    if len(vote.options) == 1:
        yield 'has a vote with a single option'
    if vote.options and vote.among is not None:
        yield 'has a vote with `options` and with `among`: write one of them'
    if vote.options and vote.does == 'remove':
        yield 'would remove an option from the game: only a participant can be removed'


def _slots(format: Format, phase: Phase) -> Iterator[str]:
    words = phase.vote.words if phase.vote else None
    texts = [words.won, words.tied, words.none] if words else []
    texts += [then.end for then in phase.then if then.end]
    for slot in dict.fromkeys(re.findall(r'\{([^{}]*)\}', '\n'.join(texts))):
        if slot not in SLOTS:
            yield f'has the unknown slot {{{slot}}}; there are {{winner}}, {{role}} and {{votes}}'
        elif not phase.vote:
            yield f'speaks of the {{{slot}}} of a vote, and has no vote'
        elif slot == 'role' and phase.vote.options:
            yield 'speaks of the {role} of an option, and only participants have one'


def _no_roles(format: Format, ids: Iterable[str], what: str) -> Iterator[str]:
    known = _ids(format.roles)
    for id in ids:
        if id not in known:
            yield f'{what} “{id}”, which is no role here{_meant(id, known)}'


def _meant(id: str, known: Iterable[str]) -> str:
    found = get_close_matches(id, list(known), n=1)
    return f'; did you mean “{found[0]}”?' if found else ''


def _ids(parts: Iterable[Role | Phase]) -> list[str]:
    return [part.id for part in parts]

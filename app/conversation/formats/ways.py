"""Whether every way through a format leads somewhere, and at last to an end."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.conversation.formats.format import Format, Phase, Then, When

Fault = tuple[tuple[str | int, ...], str]


def wrong_ways(format: Format) -> Iterator[Fault]:
    """Ways that lead nowhere; only where there are none, whether they lead round and round."""
    found = [fault for at, phase in enumerate(format.phases) for fault in _of_phase(format, at, phase)]
    yield from found or _going_round(format)


def _of_phase(format: Format, at: int, phase: Phase) -> Iterator[Fault]:
    known = [other.id for other in format.phases]
    for number, then in enumerate(phase.then):
        place = ('phases', at, 'then', number)
        for sentence in _of_then(format, phase, then, known):
            yield place, f'phase “{phase.id}” {sentence}'
        if then.when is None and number < len(phase.then) - 1:
            yield place, f'phase “{phase.id}” has something in `then` after what always holds: it never comes to that'
    if phase.then and phase.then[-1].when is not None:
        yield (
            ('phases', at, 'then'),
            f'phase “{phase.id}” does not say what comes when nothing in its `then` holds: '
            'let the last one be without `when`',
        )


def _of_then(format: Format, phase: Phase, then: Then, known: list[str]) -> Iterator[str]:
    if (then.go is None) == (then.end is None):
        yield 'must either `go` to a phase or `end`, and not both'
    elif then.go is not None and then.go not in known:
        meant = get_close_matches(then.go, known, n=1)
        yield f'goes on to “{then.go}”, which is no phase here' + (f'; did you mean “{meant[0]}”?' if meant else '')
    if then.when is not None:
        yield from _of_when(format, phase, then.when)


def _of_when(format: Format, phase: Phase, when: When) -> Iterator[str]:
    if not when.model_fields_set or all(value is None for _, value in when):
        yield 'has an empty `when`: leave it out, or say what must hold'
    of_a_vote = [name for name in ('decided', 'unanimous', 'chosen') if getattr(when, name) is not None]
    if of_a_vote and phase.vote is None:
        yield f'asks whether a vote is `{of_a_vote[0]}`, and has no vote'
    elif phase.vote and when.chosen is not None and when.chosen not in [option.id for option in phase.vote.options]:
        yield f'waits for the choice “{when.chosen}”, which is no option of its vote'
    for name in ('none_left', 'half_are'):
        id = getattr(when, name)
        if id is not None and not format.role(id):
            yield f'asks for `{name}` of “{id}”, which is no role here'


def coming_after(format: Format, phase: Phase) -> set[str]:
    """All phases that can come after this one, itself among them where a way leads back."""
    after, ways = set[str](), [then.go for then in format.after(phase)]
    while ways:
        id = ways.pop()
        if id is not None and id not in after:
            after.add(id)
            ways += [then.go for then in format.after(format.phase(id))]
    return after


def _going_round(format: Format) -> Iterator[Fault]:
    first = format.phases[0]
    reached = coming_after(format, first) | {first.id}
    for at, phase in enumerate(format.phases):
        if phase.id not in reached:
            yield ('phases', at), f'phase “{phase.id}” is never reached'
    out = _with_a_way_out(format)
    circle = [
        (at, phase.id)
        for at, phase in enumerate(format.phases)
        if phase.id in reached - out and phase.id in coming_after(format, phase)
    ]
    if circle:
        names = ', '.join(f'“{id}”' for _, id in circle)
        only = f'phase {names} only goes to itself' if len(circle) == 1 else f'the phases {names} go round in a circle'
        yield ('phases', circle[0][0]), f'{only}: there is no way out'


def _with_a_way_out(format: Format) -> set[str]:
    """Phases from which an end can be reached. One that never ends by itself is an end: the limits end it."""
    out = set[str]()
    for _ in format.phases:
        for phase in format.phases:
            ways = format.after(phase)
            if any(then.end is not None or then.go in out for then in ways):
                out.add(phase.id)
    return out

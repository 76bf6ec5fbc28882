"""How many seats each role has in a cast of so many, and how large a cast may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.conversation.formats.format import Format, Role

LARGEST_CAST = 24
NOBODY: Mapping[str, int] = {}


def seats_for(format: Format, cast: int, wanted: Mapping[str, int] = NOBODY) -> dict[str, int] | None:
    """Seats by role id, None where a cast of so many cannot be seated. Who shares the rest gets as many as are wanted
    first, then those with the fewest."""
    seats = {role.id: _fixed(role, cast) for role in format.roles if not _shares_the_rest(role)}
    sharing = [role for role in format.roles if _shares_the_rest(role)]
    seats |= {role.id: max(role.least, wanted.get(role.id, 0)) for role in sharing}
    left = cast - sum(seats.values())
    if left < 0 or any(seats[role.id] > role.most for role in sharing):
        return None
    for _ in range(left):
        open_to = [role for role in sharing if seats[role.id] < role.most]
        if not open_to:
            return None
        seats[min(open_to, key=lambda role: seats[role.id]).id] += 1
    return {role.id: seats[role.id] for role in format.roles}


def possible_casts(format: Format) -> list[int]:
    return [cast for cast in range(1, LARGEST_CAST + 1) if seats_for(format, cast)]


def _shares_the_rest(role: Role) -> bool:
    return role.seats == 'rest' and role.one_in is None


def _fixed(role: Role, cast: int) -> int:
    if role.one_in:
        return max(1, cast // role.one_in)
    assert role.seats != 'rest'
    return role.seats

"""How long a format can be at most."""

from __future__ import annotations

from app.conversation.formats.format import Format, Phase
from app.conversation.formats.heard import TRIES
from app.conversation.formats.seats import seats_for
from app.conversation.formats.ways import coming_after


def most_turns(format: Format, cast: int) -> int | None:
    """Turns that a cast of so many can take in it, if everything goes on for as long as it may; None where it never
    ends by itself, or cannot seat so many."""
    seats = seats_for(format, cast)
    if seats is None or any(phase.ends is None and phase.vote is None for phase in format.phases):
        return None
    return sum(
        _lines_of(phase, seats) * (format.most.rounds if phase.id in coming_after(format, phase) else 1)
        for phase in format.phases
    )


def _lines_of(phase: Phase, seats: dict[str, int]) -> int:
    speaking = sum(number for role, number in seats.items() if phase.speakers is None or role in phase.speakers)
    if phase.vote or phase.ends is None:
        return TRIES * speaking
    if phase.ends.turns is not None:
        return phase.ends.turns if speaking else 0
    once_round = speaking if isinstance(phase.order, str) else sum(seats[role] for role in phase.order)
    return (phase.ends.each or 0) * speaking or (phase.ends.rounds or 0) * once_round

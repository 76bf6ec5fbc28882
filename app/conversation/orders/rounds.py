"""Everybody in a fixed order: round the table, or down a list."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.orders.seat import NO_RULES, Choice, Rules, Seat, candidates
from app.conversation.plain_line import AnyLine


def round_robin(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    """Everybody in seat order; a human's line does not move the turn."""
    allowed = candidates(seats, (), rules)
    at = {seat.id: index for index, seat in enumerate(seats)}
    for message in reversed(transcript):
        if message.participant_id in at:
            start = at[message.participant_id] + 1
            following = next(seat for seat in (*seats[start:], *seats[:start]) if seat in allowed)
            return Choice(following, f'Next in the round after {message.speaker}.')
    return Choice(allowed[0], 'Opens the round.')


def listed(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    """Down the list of the rules and from its top again; without a list, round the table."""
    allowed = {seat.id: seat for seat in candidates(seats, (), rules)}
    ring = list(rules.listed)
    if not allowed.keys() & set(ring):
        return round_robin(seats, transcript, seed, rules)
    spoken = [message for message in transcript if message.participant_id in ring]
    start = _place_in(ring, [message.participant_id for message in spoken])
    chosen = next(name for name in (*ring[start:], *ring[:start]) if name in allowed)
    return Choice(allowed[chosen], f'Next on the list after {spoken[-1].speaker}.' if spoken else 'First on the list.')


def _place_in(ring: Sequence[str], spoken: Sequence[str]) -> int:
    """Where the list goes on: after the place whose way there agrees longest with who spoke. Nothing is counted from
    the beginning, so a turn out of order shifts nobody."""

    def agrees(place: int) -> int:
        length = 0
        while length < min(len(spoken), len(ring)) and spoken[-1 - length] == ring[(place - length) % len(ring)]:
            length += 1
        return length

    if not spoken:
        return 0
    return max(range(len(ring)), key=lambda place: (agrees(place), -place)) + 1

"""By lot, where who talks much has more tickets and who had more than their share has fewer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from app.conversation.orders.seat import NO_RULES, Choice, Rules, Seat, candidates
from app.conversation.plain_line import AnyLine


def weighted_random(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    drawn_from = candidates(seats, transcript, rules)
    tickets = _tickets(seats, transcript)
    chance = random.Random(f'{seed}:{len(transcript)}')
    seat = chance.choices(drawn_from, [tickets[seat.id] for seat in drawn_from])[0]
    counted = Counter(message.participant_id for message in transcript)
    lines = sum(counted[other.id] for other in seats)
    had = counted[seat.id]
    return Choice(
        seat, f'Drawn by lot, having had {had} of {lines} lines.' if had else 'Drawn by lot, for a first line.'
    )


def _tickets(seats: Sequence[Seat], transcript: Sequence[AnyLine]) -> dict[str, float]:
    """The share one would have by talkativeness, times how far one is behind it."""
    talk = {seat.id: 0.2 + seat.persona.talkativeness for seat in seats}
    counted = Counter(message.participant_id for message in transcript if message.participant_id in talk)
    lines = counted.total()
    due = {name: weight / sum(talk.values()) for name, weight in talk.items()}
    return {name: share * (share * (lines + len(talk))) / (counted[name] + share) for name, share in due.items()}

"""After each turn the room waits until somebody who watches gives the floor."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.orders.seat import NO_RULES, Choice, NobodyMaySpeak, Rules, Seat
from app.conversation.plain_line import AnyLine

QUESTION = 'Whom do you give the floor?'


class NobodyPicked(NobodyMaySpeak):
    """It is for a person to choose, and nobody was called on."""


def human_picks(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    """Whoever is called on speaks, whatever the order: so there is nobody to be named here."""
    raise NobodyPicked(QUESTION)

"""What a participant's settings say of the floor: speaks next, speaks never, wants it so much more."""

from __future__ import annotations

from app.store.tables import Participant

CALLED, MUTED, BOOST = 'called', 'muted', 'boost'
"""`CALLED` holds the reason, or True for a person's call."""


def is_muted(participant: Participant) -> bool:
    return bool(participant.settings.get(MUTED))


def boost_of(participant: Participant) -> float:
    return float(participant.settings.get(BOOST, 0.0))

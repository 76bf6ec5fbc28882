"""Who gets the floor next in this conversation: its order, and what the people watching have laid down."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from app.conversation.knowledge import spoken
from app.conversation.record import Record
from app.conversation.speaker_order import ORDERS, VETO, Choice, Rules, Seat
from app.conversation.urge import Bids, hear_bids
from app.store.tables import Message, Participant

CALLED, MUTED, BOOST = 'called', 'muted', 'boost'
"""What a participant's settings say of the floor: speaks next, speaks never, wants it so much more."""

_heard: WeakKeyDictionary[Record, tuple[int, Bids]] = WeakKeyDictionary()


def next_speaker(record: Record, said: Sequence[Message] | None = None) -> Choice:
    """After what was said, or what will have been. Raises NobodyMaySpeak when all are muted. Who was called on speaks,
    whatever else holds."""
    seats = _seats(record)
    for seat in seats:
        if called := seat.participant.settings.get(CALLED):
            return Choice(seat, called if isinstance(called, str) else 'Was called on by you.')
    order = ORDERS[record.conversation.speaker_order]
    return order(seats, spoken(record.transcript if said is None else said), record.conversation.seed, _rules(record))


def bids(record: Record) -> Bids | None:
    """How much everybody wants the floor now, where that decides. Raises NobodyMaySpeak when all are muted."""
    if record.conversation.speaker_order != 'urge':
        return None
    # Every screen asks after every event, and whatever changes the answer is an event.
    at, heard = _heard.get(record, (-1, None))
    if heard is None or at != record.conversation.event_number:
        heard = hear_bids(_seats(record), spoken(record.transcript), record.conversation.seed, _rules(record))
        _heard[record] = record.conversation.event_number, heard
    return heard


def is_muted(participant: Participant) -> bool:
    return bool(participant.settings.get(MUTED))


def boost_of(participant: Participant) -> float:
    return float(participant.settings.get(BOOST, 0.0))


def _seats(record: Record) -> list[Seat]:
    return [Seat(p, record.personas[p.id]) for p in record.present if p.id in record.personas]


def _rules(record: Record) -> Rules:
    steering = {p.id: VETO if is_muted(p) else boost_of(p) for p in record.participants}
    return Rules({id: weight for id, weight in steering.items() if weight}, topic=record.conversation.topic)

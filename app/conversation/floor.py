"""Who gets the floor next in this conversation: its order, and what the people watching have laid down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from app.conversation.floor_marks import BOOST, CALLED, MUTED, boost_of, is_muted
from app.conversation.knowledge import is_aloud, spoken
from app.conversation.record import Record
from app.conversation.speaker_order import ORDERS, VETO, Choice, NobodyMaySpeak, Rules, Seat
from app.conversation.urge import Bids, hear_bids
from app.store.tables import Message

__all__ = ['BOOST', 'CALLED', 'MUTED', 'bids', 'boost_of', 'is_muted', 'next_speaker']

_heard: WeakKeyDictionary[Record, tuple[int, Bids]] = WeakKeyDictionary()


def next_speaker(record: Record, said: Sequence[Message] | None = None) -> Choice:
    """After what was said, or what will have been. Raises NobodyMaySpeak when all are muted. Who was called on speaks,
    whatever else holds."""
    transcript = record.transcript if said is None else said
    seats, heard = _seats(record), spoken(transcript)
    rules, order = _rules(record), record.conversation.speaker_order
    if laid_down := record.programme.floor(transcript):
        heard = [message for message in transcript if is_aloud(message) and record.programme.is_of_now(message)]
        seats = [seat for seat in seats if seat.participant.id in laid_down.speakers]
        if not seats:
            raise NobodyMaySpeak(laid_down.waits or 'Nobody may speak in this phase.')
        if not record.programme.is_open:
            rules, order = replace(rules, listed=laid_down.listed), laid_down.order
    for seat in seats:
        if called := seat.participant.settings.get(CALLED):
            return Choice(seat, called if isinstance(called, str) else 'Was called on by you.')
    return ORDERS[order](seats, heard, record.conversation.seed, rules)


def bids(record: Record) -> Bids | None:
    """How much everybody wants the floor now, where that decides. Raises NobodyMaySpeak when all are muted."""
    if record.conversation.speaker_order != 'urge' or not record.programme.is_open:
        return None
    # Every screen asks after every event, and whatever changes the answer is an event.
    at, heard = _heard.get(record, (-1, None))
    if heard is None or at != record.conversation.event_number:
        heard = hear_bids(_seats(record), spoken(record.transcript), record.conversation.seed, _rules(record))
        _heard[record] = record.conversation.event_number, heard
    return heard


def _seats(record: Record) -> list[Seat]:
    return [Seat(p, record.personas[p.id]) for p in record.present if p.id in record.personas]


def _rules(record: Record) -> Rules:
    steering = {p.id: VETO if is_muted(p) else boost_of(p) for p in record.participants}
    return Rules({id: weight for id, weight in steering.items() if weight}, topic=record.conversation.topic)

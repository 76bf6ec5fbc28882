"""Who gets the floor next in this conversation: its order, and what the people watching have laid down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from app.conversation.floor_marks import BOOST, CALLED, MUTED, boost_of, is_muted
from app.conversation.knowledge import is_aloud, spoken
from app.conversation.plain_line import AnyLine
from app.conversation.record import Record
from app.conversation.speaker_order import ORDERS, VETO, Choice, NobodyMaySpeak, Rules, Seat
from app.conversation.urge import Bid, Bids, hear_bids

__all__ = ['BOOST', 'CALLED', 'MUTED', 'bids', 'boost_of', 'is_muted', 'next_speaker', 'tied']

LISTED, MODERATOR = 'listed', 'moderator'
"""What a conversation's settings say of its order: who speaks after whom, and who breaks ties."""
BIDDING = frozenset({'urge', 'moderator', 'human_picks'})
"""The orders in which it matters, or helps a person to know, how much everybody wants the floor."""
MARGIN = 0.25

_heard: WeakKeyDictionary[Record, tuple[int, Bids]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Moderated:
    """Which model breaks a tie (None is the host's default), and how far apart two urges are that still tie."""

    model: str | None = None
    margin: float = MARGIN


def next_speaker(record: Record, said: Sequence[AnyLine] | None = None) -> Choice:
    """After what was said, or what will have been. Raises NobodyMaySpeak when all are muted. Who was called on speaks,
    whatever else holds."""
    transcript = record.said if said is None else said
    seats, heard = _seats(record), spoken(transcript)
    rules, order = _rules(record), record.conversation.speaker_order
    if laid_down := record.programme.floor(transcript):
        heard = [message for message in transcript if is_aloud(message) and record.programme.is_of_now(message)]
        seats = [seat for seat in seats if seat.id in laid_down.speakers]
        if not seats:
            raise NobodyMaySpeak(laid_down.waits or 'Nobody may speak in this phase.')
        if not record.programme.is_open:
            rules, order = replace(rules, listed=laid_down.listed), laid_down.order
    for seat in seats:
        if called := seat.participant.settings.get(CALLED):
            return Choice(seat, called if isinstance(called, str) else 'Was called on by you.')
    return ORDERS[order](seats, heard, record.conversation.seed, rules)


def tied(record: Record, said: Sequence[AnyLine] | None = None) -> list[Bid]:
    """Whose urges are too close to the strongest to decide, where a moderator then does; the strongest first. Nobody
    where one was called on."""
    decides = record.conversation.speaker_order == 'moderator' and record.programme.is_open
    if not decides or any(p.settings.get(CALLED) for p in record.present):
        return []
    lines, rules = spoken(record.said if said is None else said), _rules(record)
    heard = hear_bids(_seats(record), lines, record.conversation.seed, rules)
    last = lines[-1].participant_id if lines else None
    able = [bid for bid in heard.bids if bid.strength != VETO and bid.seat.id != last]
    able.sort(key=lambda bid: -bid.strength)
    margin = moderated_by(record).margin
    return [bid for bid in able if able[0].strength - bid.strength <= margin]


def moderated_by(record: Record) -> Moderated:
    return Moderated(**record.conversation.settings.get(MODERATOR, {}))


def listed(record: Record) -> list[str]:
    """Participants' ids, in the order in which they speak where the list decides."""
    return list(record.conversation.settings.get(LISTED, ()))


def bids(record: Record) -> Bids | None:
    """How much everybody wants the floor now, where that matters. Raises NobodyMaySpeak when all are muted."""
    if record.conversation.speaker_order not in BIDDING or not record.programme.is_open:
        return None
    # Every screen asks after every event, and whatever changes the answer is an event.
    at, heard = _heard.get(record, (-1, None))
    if heard is None or at != record.conversation.event_number:
        heard = hear_bids(_seats(record), spoken(record.said), record.conversation.seed, _rules(record))
        _heard[record] = record.conversation.event_number, heard
    return heard


def _seats(record: Record) -> list[Seat]:
    return [Seat(p, record.personas[p.id]) for p in record.present if p.id in record.personas]


def _rules(record: Record) -> Rules:
    steering = {p.id: VETO if is_muted(p) else boost_of(p) for p in record.participants}
    weights = {id: weight for id, weight in steering.items() if weight}
    return Rules(weights, listed=listed(record), topic=record.conversation.topic)

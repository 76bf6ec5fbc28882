"""Who has had the floor, and who has not: one function a reason, each a part of a bid."""

from __future__ import annotations

from app.conversation.orders.part import Part, Weights
from app.conversation.orders.room import LONG_AGO, Room
from app.conversation.orders.seat import Seat

LATELY = 7


def is_silent(room: Room, seat: Seat, weights: Weights) -> Part | None:
    lines = room.silence(seat)
    waited = room.length if lines is None else lines
    beyond = waited - (len(room.seats) - 2)
    if not room.said or beyond <= 0:
        return None
    weight = weights.silence * beyond * (0.5 + seat.persona.talkativeness)
    return Part('silent', min(weight, weights.silence_most), _how_long(lines, room.length))


def behind(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Of the late lines it had less, or more, than its talkativeness would have."""
    talk = {other.id: 0.2 + other.persona.talkativeness for other in room.seats}
    lines = [line.participant_id for line in room.said if line.participant_id in talk]
    if len(lines) < len(talk):
        return None
    due = talk[seat.id] / sum(talk.values())
    gap = due - lines.count(seat.id) / len(lines)
    why = 'has had less than a fair share' if gap > 0 else 'has had more than a fair share'
    return Part('share of the floor', weights.share * gap / due, why)


def is_talkative(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not seat.persona.talkativeness:
        return None
    return Part('talkative', weights.talkative * seat.persona.talkativeness, 'likes to talk')


def had_the_floor(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not room.last or room.last.participant_id != seat.id:
        return None
    return Part('has just spoken', -weights.monologue, 'has just spoken')


def spoke_much(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """More than once among the last few lines."""
    often = sum(line.participant_id == seat.id for line in room.said[-LATELY:]) - 1
    if often < 1 or len(room.seats) < 3:
        return None
    return Part('spoke much of late', -weights.much * often, 'has spoken much of late')


def shuts_others_out(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Two who go on between themselves, while there are others."""
    pair, length = room.duel
    if len(room.seats) < 3 or seat.id not in pair or len(pair) < 2 or length < weights.duel_from:
        return None
    return Part('two alone', -weights.duel * (length - weights.duel_from + 1), 'has been talking with only one other')


def _how_long(lines: int | None, length: int) -> str:
    if lines is None:
        return 'has not spoken yet' if length <= LONG_AGO else 'has been silent for very long'
    return f'has been silent for {lines} lines' if lines != 1 else 'has been silent for a line'

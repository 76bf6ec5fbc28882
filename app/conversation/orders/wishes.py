"""Why somebody may want to answer what was just said: one function a reason, each a part of a bid."""

from __future__ import annotations

from functools import lru_cache

from app.conversation.orders.part import Part, Weights
from app.conversation.orders.room import RECENT, Room
from app.conversation.orders.seat import Seat
from app.conversation.orders.words import is_contrary, stems_of

PUNCTUATION = str.maketrans('', '', '.,;:!?()*"')


def spoken_to(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """By name or alias, the last name called counting most; or by 'you', right after its own line."""
    who = seat.id
    if not room.last or room.last.participant_id == who:
        return None
    speaker = room.last.speaker
    if who in room.called:
        weight = weights.called_too if who != room.called[0] else weights.asked if room.asks else weights.called
        return Part('called by name', weight, f'was {"asked" if room.asks else "called"} by {speaker}')
    if who == room.meant and room.says_you:
        weight = weights.asked_you if room.asks else weights.you
        return Part('meant by “you”', weight, f'was meant when {speaker} said “you”')
    return None


def talked_about(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not room.last or seat.id in room.called or seat.id not in room.mentioned:
        return None
    return Part('talked about', weights.mentioned, f'was mentioned by {room.last.speaker}')


def answered(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last line came right after its own: it may go back there, unless it was handed on by name."""
    if not room.last or seat.id != room.answered or seat.id in room.called:
        return None
    if room.called:
        return Part('handed on', -weights.handed_on, f'was passed over by {room.last.speaker}')
    weight = weights.exchange + (weights.asked_back if room.asks and not room.asks_everybody else 0)
    return Part('in an exchange', weight, 'spoke just before')


def owes(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not (debt := room.debts.get(seat.id)):
        return None
    weight = (weights.debt if debt.by_name else weights.debt_of_you) - weights.debt_fades * (debt.age - 1)
    return Part('owes an answer', weight, f'still owes {debt.creditor} an answer') if weight > 0 else None


def taken_up(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last line goes on with the words of one of its own late lines, or denies them."""
    if not room.last or room.last.participant_id == seat.id:
        return None
    common = room.last.stems & room.own_words(seat, RECENT)
    if not common:
        return None
    weight, about = weights.taken_up * min(len(common), 2), _as_said(common, room.last.text)
    if is_contrary(room.last.text):
        return Part('was contradicted', weight + weights.contradicted, f'was contradicted about {about}')
    return Part('was taken up', weight, f'was taken up on {about}')


def disagrees(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last claim speaks against something the persona values or cares for."""
    if not room.last or room.last.participant_id == seat.id:
        return None
    if not (claims := room.denials):
        return None
    if not (hurt := stems_of(claims) & _dear((*seat.persona.values, *seat.persona.interests))):
        return None
    return Part('disagrees', weights.values, f'disagrees about {_as_said(hurt, claims)}')


def knows(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Interests that the last lines touch and its own late lines have not used."""
    touched = room.topic_words - room.own_words(seat, RECENT)
    known = [interest for interest in seat.persona.interests if (stems := stems_of(interest)) and stems <= touched]
    if not known:
        return None
    weight = weights.knowledge * (1 + 0.3 * (min(len(known), 3) - 1))
    return Part('has something to add', weight, f'has something to say about {" and ".join(known[:2])}')


@lru_cache(maxsize=512)
def _dear(things: tuple[str, ...]) -> frozenset[str]:
    """Kept, because a persona cares for the same things at each turn."""
    return frozenset().union(*map(stems_of, things))


def _as_said(stems: frozenset[str], text: str) -> str:
    """One of the stems as the word it was in the text."""
    return next((f'“{word}”' for word in text.split() if stems_of(word) & stems), 'it').translate(PUNCTUATION)

"""Why somebody may want the floor: one function a reason, each a part of a bid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.conversation.orders.room import RECENT, Room
from app.conversation.orders.seat import Seat
from app.conversation.orders.words import is_contrary, stems_of


LATELY = 7


@dataclass(frozen=True, slots=True)
class Part:
    """`name` is what the part is called beside its bar, `why` goes on after 'because she …'."""

    name: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Weights:
    """Set with the tuning conversations of the benchmark `next_speaker`. A question to somebody's name is the measure
    of all; a debt fades by the line."""

    asked: float = 3.0
    called: float = 2.4
    called_too: float = 0.8
    mentioned: float = 0.8
    asked_you: float = 1.2
    you: float = 0.5
    asked_back: float = 0.4
    exchange: float = 0.2
    handed_on: float = 0.6
    debt: float = 1.8
    debt_of_you: float = 0.4
    debt_fades: float = 0.15
    taken_up: float = 0.35
    contradicted: float = 0.2
    values: float = 0.8
    knowledge: float = 0.4
    silence: float = 0.1
    silence_most: float = 4.0
    share: float = 0.3
    talkative: float = 0.6
    monologue: float = 4.0
    much: float = 0.5
    duel: float = 0.5
    duel_from: int = 4


def spoken_to(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """By name or alias, the last name called counting most; or by 'you', right after its own line."""
    who = seat.participant.id
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
    if not room.last or seat.participant.id in room.called or seat.participant.id not in room.mentioned:
        return None
    return Part('talked about', weights.mentioned, f'was mentioned by {room.last.speaker}')


def answered(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last line came right after its own: it may go back there, unless it was handed on by name."""
    if not room.last or seat.participant.id != room.answered or seat.participant.id in room.called:
        return None
    if room.called:
        return Part('handed on', -weights.handed_on, f'was passed over by {room.last.speaker}')
    weight = weights.exchange + (weights.asked_back if room.asks and not room.asks_everybody else 0)
    return Part('in an exchange', weight, f'was answered by {room.last.speaker}')


def owes(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not (debt := room.debts.get(seat.participant.id)):
        return None
    weight = (weights.debt if debt.by_name else weights.debt_of_you) - weights.debt_fades * (debt.age - 1)
    return Part('owes an answer', weight, f'still owes {debt.creditor} an answer') if weight > 0 else None


def taken_up(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last line goes on with the words of one of its own late lines, or denies them."""
    if not room.last or room.last.participant_id == seat.participant.id:
        return None
    common = stems_of(room.last.text) & room.own_words(seat, RECENT)
    if not common:
        return None
    weight, about = weights.taken_up * min(len(common), 2), _as_said(common, room.last.text)
    if is_contrary(room.last.text):
        return Part('was contradicted', weight + weights.contradicted, f'was contradicted about {about}')
    return Part('was taken up', weight, f'was taken up on {about}')


def disagrees(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """The last claim speaks against something the persona values or cares for."""
    if not room.last or room.last.participant_id == seat.participant.id:
        return None
    claims = ' '.join(claim for claim in _claims(room.last.text) if is_contrary(claim))
    persona = seat.persona
    dear = frozenset().union(*(stems_of(words) for words in (*persona.values, *persona.interests)))
    if not (hurt := stems_of(claims) & dear):
        return None
    return Part('disagrees', weights.values, f'disagrees about {_as_said(hurt, claims)}')


def knows(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Interests that the last lines touch and its own late lines have not used."""
    touched = room.topic_words - room.own_words(seat, RECENT)
    known = [interest for interest in seat.persona.interests if stems_of(interest) and stems_of(interest) <= touched]
    if not known:
        return None
    weight = weights.knowledge * (1 + 0.3 * (min(len(known), 3) - 1))
    return Part('has something to add', weight, f'has something to say about {_enumerate(known[:2])}')


def is_silent(room: Room, seat: Seat, weights: Weights) -> Part | None:
    lines = room.silence(seat)
    waited = len(room.said) if lines is None else lines
    beyond = waited - (len(room.seats) - 2)
    if not room.said or beyond <= 0:
        return None
    weight = weights.silence * beyond * (0.5 + seat.persona.talkativeness)
    why = 'has not spoken yet' if lines is None else f'has been silent for {waited} lines'
    return Part('silent', min(weight, weights.silence_most), why if waited != 1 else 'has been silent for a line')


def behind(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Of the late lines it had less, or more, than its talkativeness would have."""
    recent = [m.participant_id for m in room.said[-2 * RECENT :]]
    talk = {other.participant.id: 0.2 + other.persona.talkativeness for other in room.seats}
    lines = [who for who in recent if who in talk]
    if len(lines) < len(talk):
        return None
    due = talk[seat.participant.id] / sum(talk.values())
    gap = due - lines.count(seat.participant.id) / len(lines)
    why = 'has had less than a fair share' if gap > 0 else 'has had more than a fair share'
    return Part('share of the floor', weights.share * gap / due, why)


def is_talkative(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not seat.persona.talkativeness:
        return None
    return Part('talkative', weights.talkative * seat.persona.talkativeness, 'likes to talk')


def had_the_floor(room: Room, seat: Seat, weights: Weights) -> Part | None:
    if not room.last or room.last.participant_id != seat.participant.id:
        return None
    return Part('has just spoken', -weights.monologue, 'has just spoken')


def spoke_much(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """More than once among the last few lines."""
    often = sum(message.participant_id == seat.participant.id for message in room.said[-LATELY:]) - 1
    if often < 1 or len(room.seats) < 3:
        return None
    return Part('spoke much of late', -weights.much * often, 'has spoken much of late')


def shuts_others_out(room: Room, seat: Seat, weights: Weights) -> Part | None:
    """Two who go on between themselves, while there are others."""
    pair, length = room.duel
    if len(room.seats) < 3 or seat.participant.id not in pair or len(pair) < 2 or length < weights.duel_from:
        return None
    return Part('two alone', -weights.duel * (length - weights.duel_from + 1), 'has been talking with only one other')


WISHES: tuple[Callable[[Room, Seat, Weights], Part | None], ...] = (
    spoken_to,
    owes,
    disagrees,
    taken_up,
    knows,
    talked_about,
    answered,
    is_silent,
    behind,
    is_talkative,
    had_the_floor,
    spoke_much,
    shuts_others_out,
)


def _claims(text: str) -> Iterable[str]:
    """The sentences that are no questions."""
    start = 0
    for at, mark in enumerate(text):
        if mark in '.!?\n':
            if mark != '?':
                yield text[start : at + 1]
            start = at + 1
    yield text[start:]


def _as_said(stems: frozenset[str], text: str) -> str:
    """One of the stems as the word it was in the text."""
    return next((f'“{word}”' for word in text.split() if stems_of(word) & stems), 'it').translate(PUNCTUATION)


PUNCTUATION = str.maketrans('', '', '.,;:!?()*"')


def _enumerate(words: list[str]) -> str:
    return ' and '.join(words)

"""Who wants the floor most: every persona makes a bid out of what it heard, without a model being asked.

The highest bid speaks. When nobody bids much, that is everybody passing: then whoever has been silent longest speaks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.conversation.orders import fairness, wishes
from app.conversation.orders.part import Part, Weights
from app.conversation.orders.room import Room
from app.conversation.orders.seat import NO_RULES, VETO, Choice, Rules, Seat, candidates
from app.conversation.plain_line import AnyLine

WISHES: tuple[Callable[[Room, Seat, Weights], Part | None], ...] = (
    wishes.spoken_to,
    wishes.owes,
    wishes.disagrees,
    wishes.taken_up,
    wishes.knows,
    wishes.talked_about,
    wishes.answered,
    fairness.is_silent,
    fairness.behind,
    fairness.is_talkative,
    fairness.had_the_floor,
    fairness.spoke_much,
    fairness.shuts_others_out,
)
WEIGHTS = Weights()
FLOOR = 0.6
NOISE = 0.02


@dataclass(frozen=True, slots=True)
class Bid:
    """`strength` is the sum of the parts and of a little chance; `VETO` when the seat may not speak."""

    seat: Seat
    parts: tuple[Part, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class Bids:
    """Everybody's bid in seat order, and who speaks."""

    bids: tuple[Bid, ...]
    choice: Choice


def urge(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    return hear_bids(seats, transcript, seed, rules).choice


def hear_bids(
    seats: Sequence[Seat],
    transcript: Sequence[AnyLine],
    seed: int,
    rules: Rules = NO_RULES,
    weights: Weights = WEIGHTS,
) -> Bids:
    may_speak = {seat.id for seat in candidates(seats, transcript, rules)}
    room = Room(seats, transcript, rules.topic)
    bids = tuple(_bid(room, seat, seed, rules, weights) for seat in seats)
    return Bids(bids, _choose(room, [bid for bid in bids if bid.seat.id in may_speak]))


def _bid(room: Room, seat: Seat, seed: int, rules: Rules, weights: Weights) -> Bid:
    parts = [part for wish in WISHES if (part := wish(room, seat, weights))]
    if steered := rules.steering.get(seat.id, 0.0):
        parts.insert(0, _steered(steered))
    chance = random.Random(f'{seed}:{room.length}:{seat.id}').random() * NOISE
    return Bid(seat, tuple(parts), sum(part.weight for part in parts) + chance)


def _steered(weight: float) -> Part:
    if weight == VETO:
        return Part('vetoed', weight, 'may not speak')
    return Part(
        'boosted' if weight > 0 else 'held back', weight, 'was asked to the front' if weight > 0 else 'was held back'
    )


def _choose(room: Room, bids: Sequence[Bid]) -> Choice:
    best = max(bids, key=lambda bid: bid.strength)
    if best.strength >= FLOOR or not room.said:
        return Choice(best.seat, _because(best, opens=not room.said))

    def waited(bid: Bid) -> int:
        lines = room.silence(bid.seat)
        return room.length if lines is None else lines

    quiet = max(bids, key=lambda bid: (waited(bid), bid.strength))
    return Choice(quiet.seat, 'Nobody had much to say, so whoever has been silent longest speaks.')


def _because(bid: Bid, *, opens: bool) -> str:
    """The strongest parts, and the second only if it had some part in it."""
    wants = sorted((part for part in bid.parts if part.weight > 0), key=lambda part: -part.weight)
    named = [part.why for part in wants[:2] if part.weight > wants[0].weight / 3]
    sentence = ' and '.join(named) or 'had the strongest urge to speak'
    return f'Opens: {sentence}.' if opens else f'{sentence[0].upper()}{sentence[1:]}.'

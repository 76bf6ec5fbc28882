"""Whoever was spoken to answers; else whoever still owes an answer; else who has been silent longest."""

from __future__ import annotations

import random
from collections.abc import Sequence

from app.conversation.orders.address import last_mention
from app.conversation.orders.seat import NO_RULES, Choice, Rules, Seat, candidates, lines_since
from app.conversation.plain_line import AnyLine


def addressed_first(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int, rules: Rules = NO_RULES) -> Choice:
    """Talkativeness and chance are the tie-break among the silent."""
    others = candidates(seats, transcript, rules)
    if not transcript:
        seat = max(others, key=lambda seat: (seat.persona.talkativeness, -seat.participant.seat))
        return Choice(seat, 'Opens: the most talkative of the cast.')
    last = transcript[-1]
    if seat := _addressed(others, last):
        return Choice(seat, f'{last.speaker} spoke to {seat.participant.name}.')
    if owed := _owes(others, transcript):
        return Choice(*owed)
    return _longest_silent(others, transcript, seed)


def _addressed(seats: Sequence[Seat], message: AnyLine) -> Seat | None:
    """The name that comes last in the line is the one it is handed to."""
    found = [(at, seat) for seat in seats if (at := last_mention(seat.names, message.text)) is not None]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _owes(seats: Sequence[Seat], transcript: Sequence[AnyLine]) -> tuple[Seat, str] | None:
    """A question of the last few lines that named somebody who has not spoken since."""
    since: set[str] = set()
    for message in reversed(transcript[-5:]):
        for seat in seats:
            if seat.id in since or seat.id == message.participant_id:
                continue
            if '?' in message.text and last_mention(seat.names, message.text) is not None:
                return seat, f'Still owes {message.speaker} an answer.'
        since.add(message.participant_id)
    return None


def _longest_silent(seats: Sequence[Seat], transcript: Sequence[AnyLine], seed: int) -> Choice:
    silence = [(seat, lines_since(seat, transcript)) for seat in seats]
    chance = random.Random(f'{seed}:{len(transcript)}')
    weights = [
        ((len(transcript) if lines is None else lines) + 1)
        * (0.4 + seat.persona.talkativeness)
        * (0.75 + chance.random() / 2)
        for seat, lines in silence
    ]
    _, seat, lines = max(
        ((weight, *pair) for weight, pair in zip(weights, silence, strict=True)), key=lambda found: found[0]
    )
    if lines is None:
        return Choice(seat, 'Has not spoken yet.')
    return Choice(seat, f'Silent for {lines} lines.' if lines != 1 else 'Silent for a line.')

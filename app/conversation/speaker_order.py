"""Who speaks next: pure functions of the cast, what was said and a seed, each choice with its reason in a sentence."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.casting.persona import Persona
from app.store.tables import Message, Participant


@dataclass(frozen=True, slots=True)
class Seat:
    """A persona that may speak, as the rules see it."""

    participant: Participant
    persona: Persona

    @property
    def names(self) -> tuple[str, ...]:
        return (self.participant.name, *self.persona.aliases)


@dataclass(frozen=True, slots=True)
class Choice:
    seat: Seat
    because: str


Order = Callable[[Sequence[Seat], Sequence[Message], int], Choice]


def round_robin(seats: Sequence[Seat], transcript: Sequence[Message], seed: int) -> Choice:
    """Everybody in seat order; a human's line does not move the turn."""
    at = {seat.participant.id: index for index, seat in enumerate(seats)}
    for message in reversed(transcript):
        if message.participant_id in at:
            following = seats[(at[message.participant_id] + 1) % len(seats)]
            return Choice(following, f'Next in the round after {message.speaker}.')
    return Choice(seats[0], 'Opens the round.')


def addressed_first(seats: Sequence[Seat], transcript: Sequence[Message], seed: int) -> Choice:
    """Whoever was spoken to answers; else whoever still owes an answer; else who has been silent longest, with
    talkativeness and chance as the tie-break."""
    if not transcript:
        seat = max(seats, key=lambda seat: (seat.persona.talkativeness, -seat.participant.seat))
        return Choice(seat, 'Opens: the most talkative of the cast.')
    last = transcript[-1]
    others = [seat for seat in seats if seat.participant.id != last.participant_id] or list(seats)
    if seat := _addressed(others, last):
        return Choice(seat, f'{last.speaker} spoke to {seat.participant.name}.')
    if owed := _owes(others, transcript):
        return Choice(*owed)
    return _longest_silent(others, transcript, seed)


ORDERS: dict[str, Order] = {'addressed_first': addressed_first, 'round_robin': round_robin}


def _addressed(seats: Sequence[Seat], message: Message) -> Seat | None:
    """The name that comes last in the line is the one it is handed to."""
    found = [(at, seat) for seat in seats if (at := last_mention(seat.names, message.text)) is not None]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _owes(seats: Sequence[Seat], transcript: Sequence[Message]) -> tuple[Seat, str] | None:
    """A question of the last few lines that named somebody who has not spoken since."""
    since: set[str] = set()
    for message in reversed(transcript[-5:]):
        for seat in seats:
            if seat.participant.id in since or seat.participant.id == message.participant_id:
                continue
            if '?' in message.text and last_mention(seat.names, message.text) is not None:
                return seat, f'Still owes {message.speaker} an answer.'
        since.add(message.participant_id)
    return None


def _longest_silent(seats: Sequence[Seat], transcript: Sequence[Message], seed: int) -> Choice:
    silence = {seat.participant.id: len(transcript) for seat in seats}
    for age, message in enumerate(reversed(transcript)):
        if message.participant_id in silence:
            silence[message.participant_id] = min(silence[message.participant_id], age)
    chance = random.Random(f'{seed}:{len(transcript)}')
    weights = [
        (silence[seat.participant.id] + 1) * (0.4 + seat.persona.talkativeness) * (0.75 + chance.random() / 2)
        for seat in seats
    ]
    seat = max(zip(weights, seats, strict=True), key=lambda pair: pair[0])[1]
    lines = silence[seat.participant.id]
    if lines >= len(transcript):
        return Choice(seat, 'Has not spoken yet.')
    return Choice(seat, f'Silent for {lines} lines.' if lines != 1 else 'Silent for a line.')


def last_mention(names: Sequence[str], text: str) -> int | None:
    """Where one of the names stands last in the text, as whole words."""
    known = '|'.join(re.escape(name) for name in names if name)
    places = [match.start() for match in re.finditer(rf'(?<!\w)(?:{known})(?!\w)', text, re.IGNORECASE)]
    return places[-1] if places else None

"""The one thing in which a branch differs: each says it in words, and refuses to be no difference at all."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.conversation import limits
from app.conversation.floor import CALLED
from app.conversation.hearing import speakable
from app.conversation.notes import LONGEST_NOTE, MOST_TURNS
from app.conversation.refused import Refused
from app.conversation.speaker_order import ORDERS
from app.store.tables import Conversation, Kind, Note, Participant, now

LONGEST_TOPIC = 2_000
FIRST_WORDS = 80
ORDERS_IN_WORDS = {
    'urge': 'Whoever wants to most speaks next',
    'addressed_first': 'Whoever was addressed speaks next',
    'round_robin': 'They speak one after the other',
    'weighted_random': 'They speak by chance, and fairly',
}


@dataclass(slots=True)
class Shoot:
    """A branch before it is planted. `seats` find the new participants by the ids of the original's."""

    conversation: Conversation
    seats: Mapping[str, Participant]
    notes: list[Note]

    def persona(self, participant_id: str) -> Participant:
        seat = self.seats.get(participant_id)
        if seat is None or seat.left_at is not None:
            raise Refused('Nobody of that kind sat there when that line was said.')
        if seat.kind != Kind.PERSONA:
            raise Refused(f'{seat.name} is no persona: a branch can change nothing about people.')
        return seat


class Difference(Protocol):
    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        """Makes the difference, and says it in words and as what changed. Raises Refused where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class OtherModel:
    """A model of None is the host's default."""

    participant_id: str
    model: str | None

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        seat, model = shoot.persona(self.participant_id), self.model or None
        if fault := limits.model_fault(model):
            raise Refused(fault)
        name = (model.partition('/')[2] or model) if model else 'the default model'
        if seat.model == model:
            raise Refused(f'{seat.name} speaks with {name} already: choose another.')
        seat.model = model
        return f'{seat.name} speaks with {name}', {'participant_id': seat.id, 'model': model}


@dataclass(frozen=True, slots=True)
class OtherOrder:
    order: str

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        if self.order not in ORDERS:
            raise Refused(f'There is no speaker order “{self.order}”.')
        if self.order == shoot.conversation.speaker_order:
            raise Refused('That is how they take turns already: choose another order.')
        shoot.conversation.speaker_order = self.order
        words = ORDERS_IN_WORDS.get(self.order) or f'Speaker order: {self.order.replace("_", " ")}'
        return words, {'speaker_order': self.order}


@dataclass(frozen=True, slots=True)
class Told:
    """A note to one participant, or (None) to all. It holds for so many turns, or until it is withdrawn."""

    text: str
    participant_id: str | None = None
    turns: int | None = None
    is_secret: bool = False

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        text = speakable(self.text).strip()
        if not text:
            raise Refused('An empty note would change nothing: write what they shall be told.')
        if len(text) > LONGEST_NOTE:
            raise Refused(f'That note has {len(text):,} characters; it can have {LONGEST_NOTE:,}.')
        if self.turns is not None and not 1 <= self.turns <= MOST_TURNS:
            raise Refused(f'A note holds for 1 to {MOST_TURNS} turns, or until it is withdrawn.')
        seat = shoot.persona(self.participant_id) if self.participant_id else None
        conversation = shoot.conversation
        note = Note(
            workspace_id=conversation.workspace_id, conversation_id=conversation.id,
            participant_id=seat.id if seat else None, text=text, given_at=conversation.turns, turns=self.turns,
            is_secret=self.is_secret,
        )  # fmt: skip
        shoot.notes.append(note)
        who = f'{seat.name} is' if seat else 'All are'
        changed: dict[str, Any] = {'note_id': note.id, 'is_secret': self.is_secret}
        if self.is_secret:  # whoever watches sees not even to whom
            return 'Somebody is told something in secret', changed
        changed |= {'participant_id': note.participant_id, 'turns': self.turns, 'text': text}
        return f'{who} told “{_short(text)}”', changed


@dataclass(frozen=True, slots=True)
class Without:
    """The persona is no longer in the room; what it said stands."""

    participant_id: str

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        seat = shoot.persona(self.participant_id)
        left = [each for each in shoot.seats.values() if each.kind == Kind.PERSONA and each.left_at is None]
        if len(left) < 2:
            raise Refused(f'Without {seat.name} nobody would be left to speak.')
        seat.left_at = now()
        seat.settings = {name: value for name, value in seat.settings.items() if name != CALLED}
        return f'Without {seat.name}', {'participant_id': seat.id, 'left': True}


@dataclass(frozen=True, slots=True)
class OtherTopic:
    topic: str

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        topic = speakable(self.topic).strip()
        if not topic or topic == shoot.conversation.topic:
            raise Refused('That is no other topic: type what they shall talk about instead.')
        if len(topic) > LONGEST_TOPIC:
            raise Refused(f'That topic has {len(topic):,} characters; it can have {LONGEST_TOPIC:,}.')
        shoot.conversation.topic = topic
        return f'They talk about “{_short(topic)}”', {'topic': topic}


@dataclass(frozen=True, slots=True)
class OtherLimit:
    """`name` is `max_turns`, `max_tokens` or `max_minutes`; a value of None is no limit."""

    name: str
    value: int | None

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        if self.name not in limits.HIGHEST:
            raise Refused(f'There is no limit “{self.name}”.')
        if fault := limits.fault(self.name, self.value):
            raise Refused(fault)
        conversation, what = shoot.conversation, self.name.removeprefix('max_')
        if getattr(conversation, self.name) == self.value:
            raise Refused(f'That is the limit of {what} already: choose another.')
        setattr(conversation, self.name, self.value)
        if because := limits.reached(conversation):
            raise Refused(f'The branch would end before it begins. {because} Give it more.')
        words = f'At most {self.value:,} {what}' if self.value else f'No limit of {what}'
        return words, {self.name: self.value}


@dataclass(frozen=True, slots=True)
class OtherPace:
    pace: float

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        if fault := limits.pace_fault(self.pace):
            raise Refused(fault)
        if self.pace == shoot.conversation.pace:
            raise Refused('That is the pace already: choose another.')
        shoot.conversation.pace = self.pace
        return f'At {self.pace:g} times the pace' if self.pace else 'At once, without typing', {'pace': self.pace}


@dataclass(frozen=True, slots=True)
class OtherSeed:
    """Nothing but chance. A seed of None is drawn."""

    seed: int | None = None

    def change(self, shoot: Shoot) -> tuple[str, dict[str, Any]]:
        seed = self.seed
        while seed is None or (self.seed is None and seed == shoot.conversation.seed):
            seed = random.randrange(1, 1_000_000)
        if not 0 <= seed < 2**31:
            raise Refused('A seed is a number from 0 to 2,147,483,647.')
        if seed == shoot.conversation.seed:
            raise Refused('That is the seed already: choose another.')
        shoot.conversation.seed = seed
        return f'The dice fall otherwise (seed {seed})', {'seed': seed}


def _short(text: str) -> str:
    line = ' '.join(text.split())
    return line if len(line) <= FIRST_WORDS else line[: FIRST_WORDS - 1].rstrip() + '…'

"""The next turn before it is taken: who would speak and why, and every word that would be sent; it can be edited."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.conversation.hearing import speakable
from app.conversation.plan import World, plan, prompt_of
from app.conversation.prompt import ANSWER_TOKENS, count_tokens
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.conversation.turn import Turn
from app.providers.port import PromptMessage
from app.store.tables import Message

CHANGED = 'Something has happened since you looked, so another prompt would be sent now: look again.'


@dataclass(frozen=True, slots=True)
class NextPrompt:
    """`most` is the room for all messages, in tokens as counted here. `sent` is what will be sent, `planned` what would
    have been."""

    participant_id: str
    speaker: str
    because: str
    model: str
    planned: tuple[PromptMessage, ...]
    sent: tuple[PromptMessage, ...]
    most: int

    @property
    def tokens(self) -> int:
        return tokens_of([message.content for message in self.sent])

    @property
    def is_edited(self) -> bool:
        return self.sent != self.planned

    def edited(self, texts: Sequence[str]) -> NextPrompt:
        """With other words in the same messages. Raises Refused for what could not be sent."""
        texts = [speakable(text) for text in texts]
        if len(texts) != len(self.planned):
            raise Refused(f'The prompt has {len(self.planned)} messages, and {len(texts)} came: look again.')
        if empty := next((at for at, text in enumerate(texts, 1) if not text.strip()), None):
            raise Refused(f'Message {empty} of the prompt is empty: vendors refuse that. Write something into it.')
        if (tokens := tokens_of(texts)) > self.most:
            raise Refused(f'That prompt has about {tokens:,} tokens; {self.model} has room for {self.most:,}.')
        sent = tuple(PromptMessage(m.role, text) for m, text in zip(self.planned, texts, strict=True))
        return replace(self, sent=sent)

    def is_still(self, now: NextPrompt) -> bool:
        """Without an edit this very prompt would be sent now."""
        return (self.participant_id, self.model, self.planned) == (now.participant_id, now.model, now.planned)

    @property
    def trace(self) -> dict[str, Any]:
        """For the event: what an edit made another, and a digest of the whole."""
        if not self.is_edited:
            return {}
        whole = '\0'.join(message.content for message in self.sent)
        changed = {
            str(at): sent.content
            for at, (sent, planned) in enumerate(zip(self.sent, self.planned, strict=True))
            if sent != planned
        }
        return {'edited': {'digest': hashlib.sha256(whole.encode()).hexdigest(), 'messages': changed}}


def look(record: Record, world: World, message: Message) -> NextPrompt:
    """What the turn of this message would be sent; nothing is changed by it."""
    messages = prompt_of(record, world, message, record.said).messages
    assert message.model
    return NextPrompt(
        participant_id=message.participant_id,
        speaker=message.speaker,
        because=message.because or '',
        model=message.model,
        planned=messages,
        sent=messages,
        most=world.voices.context_tokens(message.model) - ANSWER_TOKENS,
    )


def as_looked_at(record: Record, world: World, message: Message, looked: NextPrompt) -> Turn | None:
    """The turn with the words it was given. None where it would be another one by now."""
    if not looked.is_still(look(record, world, message)):
        return None
    if looked.is_edited:
        message.because = f'{message.because} Its prompt was edited by you.'
    return plan(record, world, message, record.said, looked.sent)


def tokens_of(texts: Sequence[str]) -> int:
    return sum(count_tokens(text) for text in texts)

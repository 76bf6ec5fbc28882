"""A line told once more: the one that stood there becomes a variant, and can be chosen again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.store.tables import Message, Participant, State, Variant, now

NO_MODELS: dict[str, Any] = {
    'model': None, 'reasoning': '', 'prompt_tokens': 0, 'completion_tokens': 0, 'money': 0, 'first_delta_ms': None,
    'duration_ms': None,
}  # fmt: skip
"""What a model had no part in."""

CONTENT = (
    'participant_id', 'persona_version_id', 'speaker', 'model', 'state', 'text', 'reasoning', 'because', 'note',
    'prompt_tokens', 'completion_tokens', 'money', 'first_delta_ms', 'duration_ms', 'ended_at',
)  # fmt: skip
"""What a message and its variants have in common: all that can differ between two answers for the same turn."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Who is to say it now, and with which model. A model of None is the participant's own."""

    message: Message
    participant: Participant
    model: str | None = None


def taken_back(message: Message, redo: Redo, default_model: str) -> tuple[Variant, dict[str, Any]]:
    """What the line was, as a variant, and what the message is while it is being told anew."""
    return variant_of(message), blanked(redo, default_model)


def blanked(redo: Redo, default_model: str) -> dict[str, Any]:
    participant, message = redo.participant, redo.message
    return {
        'participant_id': participant.id,
        'persona_version_id': participant.persona_version_id,
        'speaker': participant.name,
        'model': redo.model or participant.model or default_model,
        'state': State.SPEAKING,
        'text': '',
        'reasoning': '',
        'because': 'Was asked for another variant.',
        'note': None,
        'prompt_tokens': 0,
        'completion_tokens': 0,
        'money': 0,
        'first_delta_ms': None,
        'duration_ms': None,
        'ended_at': None,
        'variant': message.variants + 1,
        'variants': message.variants + 1,
    }


def variant_of(message: Message) -> Variant:
    return Variant(
        workspace_id=message.workspace_id,
        conversation_id=message.conversation_id,
        message_id=message.id,
        number=message.variant,
        **{name: getattr(message, name) for name in CONTENT},
    )


def chosen(message: Message, variant: Variant) -> tuple[Variant, dict[str, Any]]:
    """What the message leaves behind when this variant takes its place, and what it is then."""
    return variant_of(message), {**{name: getattr(variant, name) for name in CONTENT}, 'variant': variant.number}


def edited(message: Message, text: str, by: str) -> tuple[Variant, dict[str, Any]]:
    """The words that stood there are kept as a variant, with what they cost: nothing that was said is lost."""
    kept = {'text': text, 'note': f'Edited by {by}.', 'state': State.COMPLETE, 'ended_at': now()}
    return variant_of(message), NO_MODELS | kept | {'variant': message.variants + 1, 'variants': message.variants + 1}

"""A message as the transcript shows it: everything a browser needs, nothing it must compute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.casting.persona import Persona
from app.conversation.money import in_words
from app.store.tables import Kind, Message, Participant, State
from components.markdown import render
from components.mask import human_svg, mask_svg

HUMAN_COLOUR = '#8d8577'


def line(message: Message, *, sealed: bool = False) -> dict[str, Any]:
    """`html` is what was said, rendered and safe; for a message that still grows it comes with its frames. What is
    deleted or `sealed` stays at home. An `aside` is for the people who watch, and no persona hears of it."""
    deleted = message.deleted_at is not None
    is_kept = deleted or sealed
    return {
        'id': message.id,
        'number': message.number,
        'kind': message.kind,
        'aside': message.audience == [],
        'deleted': deleted,
        'variant': message.variant,
        'variants': message.variants,
        'who': message.participant_id,
        'speaker': message.speaker,
        'model': message.model or '',
        'because': message.because or '',
        'at': message.created_at.isoformat(timespec='seconds'),
        'html': '' if is_kept else render(message.text),
        'reasoning': '' if is_kept else message.reasoning,
        'sealed': sealed and not deleted,
        **ending(message),
    }


def ending(message: Message) -> dict[str, Any]:
    """How it stands. `note` is why it ended so, when it did not simply end; `usage` what it cost, in words."""
    return {'state': message.state, 'note': message.note or '', 'usage': _usage(message)}


def figures(participants: Iterable[Participant], personas: dict[str, Persona]) -> dict[str, dict[str, Any]]:
    """By participant's id: the looks that all of their lines share."""
    return {participant.id: _figure(participant, personas.get(participant.id)) for participant in participants}


def _figure(participant: Participant, persona: Persona | None) -> dict[str, Any]:
    if participant.kind == Kind.NARRATOR:
        return {'kind': participant.kind, 'colour': HUMAN_COLOUR, 'mask': '', 'tempo': 45}
    if persona is None:
        return {'kind': participant.kind, 'colour': HUMAN_COLOUR, 'mask': human_svg(), 'tempo': 45}
    look = persona.look
    mask = mask_svg(look.mask, persona.id, look.colour)
    return {'kind': participant.kind, 'colour': look.colour, 'mask': mask, 'tempo': persona.tempo}


def _usage(message: Message) -> str:
    if message.state == State.SPEAKING or not message.completion_tokens or message.duration_ms is None:
        return ''
    cost = f', {in_words(message.money)}' if message.money else ''
    return f'{message.completion_tokens} tokens in {message.duration_ms / 1000:.1f} s{cost}'

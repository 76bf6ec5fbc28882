"""When a conversation ends by itself, and how that is said."""

from __future__ import annotations

import math

from app.store.tables import Conversation

FASTEST = 10
LONGEST_MODEL = 200
HIGHEST = {'max_turns': 10_000, 'max_tokens': 100_000_000, 'max_minutes': 7 * 24 * 60}


def reached(conversation: Conversation) -> str | None:
    """The first limit that is used up, as the stop reason people read; None while there is room for a turn."""
    turns = conversation.max_turns
    if turns is not None and conversation.turns >= turns:
        return f'All {turns} turns are taken.' if turns != 1 else 'The one turn is taken.'
    return used_up(conversation)


def used_up(conversation: Conversation) -> str | None:
    """The same of what is paid for, whoever asks for it: another variant takes no turn."""
    tokens, minutes = conversation.max_tokens, conversation.max_minutes
    if tokens is not None and conversation.tokens >= tokens:
        return f'The limit of {tokens:,} tokens is used up.'
    if minutes is not None and conversation.seconds >= minutes * 60:
        return f'The {minutes} minutes are over.' if minutes != 1 else 'The minute is over.'
    return None


def fault(name: str, value: int | None) -> str | None:
    """Why a limit cannot be set to this, in a sentence; None when it can."""
    if value is None:
        return None
    what = name.removeprefix('max_')
    if value < 1:
        return f'The limit of {what} must be at least 1, or empty for none.'
    if value > HIGHEST[name]:
        return f'The limit of {what} can be {HIGHEST[name]:,} at most, or empty for none.'
    return None


def more(conversation: Conversation, turns: int) -> dict[str, int]:
    """The limits as they must be for so many more turns: of those that are set, the turns and what is in the way."""
    wanted: dict[str, int] = {}
    if conversation.max_turns is not None:
        wanted['max_turns'] = max(conversation.max_turns, conversation.turns) + turns
    per_turn = max(1, conversation.turns)
    if conversation.max_tokens is not None and conversation.tokens >= conversation.max_tokens:
        wanted['max_tokens'] = conversation.tokens + max(1, conversation.tokens * turns // per_turn)
    if conversation.max_minutes is not None and conversation.seconds >= conversation.max_minutes * 60:
        wanted['max_minutes'] = math.ceil((conversation.seconds + conversation.seconds * turns / per_turn) / 60)
    return wanted


def model_fault(model: str | None) -> str | None:
    if model and (len(model) > LONGEST_MODEL or not model.isprintable()):
        return f'The name of a model has {LONGEST_MODEL} characters at most, and only such as can be read.'
    return None


def pace_fault(pace: float) -> str | None:
    return None if 0 <= pace <= FASTEST else f'The pace goes from 0 (instant) to {FASTEST}.'

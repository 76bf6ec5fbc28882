"""When a conversation ends by itself, and how that is said."""

from __future__ import annotations

import math

from app.conversation.budget import Forecast
from app.conversation.money import CENT, DOLLAR, in_words
from app.store.tables import Conversation

FASTEST = 10
LONGEST_MODEL = 200
UNTIL_DONE = 'until_done'
"""What a conversation's settings say where it is to end when nothing new comes any more."""
HIGHEST = {'max_turns': 10_000, 'max_tokens': 100_000_000, 'max_minutes': 7 * 24 * 60, 'max_money': 1_000 * DOLLAR}


def reached(conversation: Conversation) -> str | None:
    """The first limit that is used up, as the stop reason people read; None while there is room for a turn."""
    turns = conversation.max_turns
    if turns is not None and conversation.turns >= turns:
        return f'All {turns} turns are taken.' if turns != 1 else 'The one turn is taken.'
    return used_up(conversation)


def used_up(conversation: Conversation) -> str | None:
    """The same of what is paid for, whoever asks for it: another variant takes no turn."""
    tokens, money, minutes = conversation.max_tokens, conversation.max_money, conversation.max_minutes
    if tokens is not None and conversation.tokens >= tokens:
        return f'The limit of {tokens:,} tokens is used up.'
    if money is not None and conversation.money >= money:
        return f'The limit of {in_words(money)} is used up.'
    if minutes is not None and conversation.seconds >= minutes * 60:
        return f'The {minutes} minutes are over.' if minutes != 1 else 'The minute is over.'
    return None


def in_the_way(conversation: Conversation, next_turn: Forecast | None = None) -> str | None:
    """The name of the first limit that has no room for the next turn, even if its answer were short."""
    tokens, money = _needed(next_turn)
    if conversation.max_turns is not None and conversation.turns >= conversation.max_turns:
        return 'max_turns'
    if conversation.max_tokens is not None and conversation.tokens + tokens > conversation.max_tokens:
        return 'max_tokens'
    if conversation.max_money is not None and conversation.money + money > conversation.max_money:
        return 'max_money'
    if conversation.max_minutes is not None and conversation.seconds >= conversation.max_minutes * 60:
        return 'max_minutes'
    return None


def fault(name: str, value: int | None) -> str | None:
    """Why a limit cannot be set to this, in a sentence; None when it can."""
    if value is None:
        return None
    what, least = name.removeprefix('max_'), CENT if name == 'max_money' else 1
    in_numbers = in_words if name == 'max_money' else '{:,}'.format
    if value < least:
        return f'The limit of {what} must be at least {in_numbers(least)}, or empty for none.'
    if value > HIGHEST[name]:
        return f'The limit of {what} can be {in_numbers(HIGHEST[name])} at most, or empty for none.'
    return None


def more(conversation: Conversation, turns: int, next_turn: Forecast | None = None) -> dict[str, int]:
    """The limits as they must be for so many more turns: of those that are set, the turns and what is in the way. Not
    money: that is for people to give."""
    wanted: dict[str, int] = {}
    if conversation.max_turns is not None:
        wanted['max_turns'] = max(conversation.max_turns, conversation.turns) + turns
    per_turn, needed = max(1, conversation.turns), _needed(next_turn)[0]
    if conversation.max_tokens is not None and conversation.tokens + needed > conversation.max_tokens:
        worst = next_turn.worst.tokens if next_turn and next_turn.worst else 0
        wanted['max_tokens'] = conversation.tokens + max(1, conversation.tokens * turns // per_turn) + worst
    if conversation.max_minutes is not None and conversation.seconds >= conversation.max_minutes * 60:
        wanted['max_minutes'] = math.ceil((conversation.seconds + conversation.seconds * turns / per_turn) / 60)
    return wanted


def more_money(conversation: Conversation, cents: int) -> dict[str, int]:
    """The limit as it must be for so much more to be spent, from what is left or from what went."""
    return {'max_money': max(conversation.max_money or 0, conversation.money) + cents * CENT}


def _needed(next_turn: Forecast | None) -> tuple[int, int]:
    """Tokens and money, something of each: who has used up a limit is at its end, whatever the next turn costs."""
    least = next_turn.least if next_turn else None
    return (max(1, least.tokens), max(1, least.money)) if least else (1, 1)


def model_fault(model: str | None) -> str | None:
    if model and (len(model) > LONGEST_MODEL or not model.isprintable()):
        return f'The name of a model has {LONGEST_MODEL} characters at most, and only such as can be read.'
    return None


def pace_fault(pace: float) -> str | None:
    return None if 0 <= pace <= FASTEST else f'The pace goes from 0 (instant) to {FASTEST}.'

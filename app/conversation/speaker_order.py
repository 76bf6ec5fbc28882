"""Who speaks next: every order by its name."""

from __future__ import annotations

from app.conversation.orders.address import last_mention
from app.conversation.orders.addressed_first import addressed_first
from app.conversation.orders.human_picks import NobodyPicked, human_picks
from app.conversation.orders.rounds import listed, round_robin
from app.conversation.orders.seat import NO_RULES, VETO, Choice, NobodyMaySpeak, Order, Rules, Seat
from app.conversation.orders.weighted_random import weighted_random
from app.conversation.urge import urge

ORDERS: dict[str, Order] = {
    'addressed_first': addressed_first,
    'urge': urge,
    'round_robin': round_robin,
    'listed': listed,
    'weighted_random': weighted_random,
    'human_picks': human_picks,
    'moderator': urge,  # what stands where no model is asked; see moderator.py
}

__all__ = [
    'NO_RULES',
    'ORDERS',
    'VETO',
    'Choice',
    'NobodyMaySpeak',
    'NobodyPicked',
    'Order',
    'Rules',
    'Seat',
    'addressed_first',
    'human_picks',
    'last_mention',
    'listed',
    'round_robin',
    'urge',
    'weighted_random',
]

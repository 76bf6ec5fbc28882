"""How the room decides who speaks next, in a director's words."""

from __future__ import annotations

from components.plain import Choice, Take

LABELS = {
    'urge': 'Whoever wants to most',
    'addressed_first': 'Whoever was addressed, else in turn',
    'round_robin': 'One after the other',
    'weighted_random': 'By chance, and fairly',
    'listed': 'Down a list',
    'human_picks': 'Whoever I give the floor',
    'moderator': 'Whoever wants to most; a model breaks ties',
}


def order_choice(order: str, take: Take) -> Choice:
    """An order that is not among these, from a file or an older Chimera, stays readable while it is in force."""
    labels = LABELS if order in LABELS else {order: order.replace('_', ' ').capitalize(), **LABELS}
    return Choice('Who speaks next', labels, order, take)

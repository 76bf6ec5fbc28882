"""Are thanks, praise and goodbyes handed round, and nothing else?"""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.guards.courtesies import FEWEST
from app.conversation.guards.finding import Disease, Finding, named, strength_of
from app.conversation.guards.heard import ENOUGH, Heard

LATE = 5
NOTICED, FULL = 0.45, 1.0
"""Of the last lines' words, how much is courtesy."""
FEWEST_LINES = 3
"""One thanks, the other answers: that is manners. The third line of it begins the chain."""


def thanks_chain(lines: Sequence[Heard]) -> Finding | None:
    recent = lines[-LATE:]
    polite = [heard for heard in recent if heard.courtesy >= FEWEST]
    if len(lines) < ENOUGH or len(polite) < FEWEST_LINES or len({heard.speaker for heard in polite}) < 2:
        return None
    goes_on = sum(heard.courtesy >= FEWEST for heard in recent[-3:]) >= 2 and recent[-1].courtesy > 0
    strength = strength_of(sum(heard.courtesy for heard in recent) / LATE, NOTICED, FULL)
    if not goes_on or not strength:
        return None
    who = named([heard.speaker for heard in polite])
    verb = 'hands' if who == 'The room' else 'hand'
    sentence = f'{who} {verb} round thanks and praise: {len(polite)} of the last {len(recent)} lines are little else.'
    return Finding(Disease.THANKS, strength, sentence)

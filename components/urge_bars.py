"""How much each persona wants the floor just now, as a bar under its name that says why."""

from __future__ import annotations

from app.conversation import floor
from app.conversation.orchestrator import Orchestrator
from app.conversation.speaker_order import VETO, NobodyMaySpeak
from app.conversation.urge import Bid
from app.store.tables import Participant, Status

MOST = 4.0
"""The strength of a bid whose bar is full: called by name, and something to say besides."""


def bids_of(orchestrator: Orchestrator) -> dict[str, Bid]:
    """By participant's id; empty where the urge does not decide, nobody may speak, or nothing goes on any more."""
    if orchestrator.status == Status.ENDED:
        return {}
    try:
        heard = floor.bids(orchestrator.record)
    except NobodyMaySpeak:
        return {}
    return {bid.seat.participant.id: bid for bid in heard.bids} if heard else {}


def bid_of(orchestrator: Orchestrator, participant: Participant) -> Bid | None:
    return bids_of(orchestrator).get(participant.id)


def fullness(bid: Bid | None) -> int:
    """Percent of the bar."""
    if bid is None or bid.strength == VETO:
        return 0
    return round(100 * min(1.0, max(0.0, bid.strength / MOST)))


def why(bid: Bid) -> str:
    """What it wants the floor for, in a phrase: 'was called by Milo, disagrees about “truth”'."""
    wants = sorted((part for part in bid.parts if part.weight > 0), key=lambda part: -part.weight)
    return ', '.join(part.why for part in wants[:3]) or 'has nothing to say just now'

"""Has the room settled its topic? Said only where the talk has run dry for long, so that a short lull ends nothing."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.guards.finding import Disease, Finding
from app.conversation.guards.saturation import LATE

STRONG = 0.5
TURNS = 4
"""Turns in a row after which the talk was found to have run dry; each looks at the last lines."""


def topic_done(findings_history: Sequence[Sequence[Finding]]) -> str | None:
    """What was found after each turn, the newest last. The stop reason, or None while there is something new."""
    last = tuple(findings_history)[-TURNS:]
    if len(last) < TURNS or not all(_is_dry(findings) for findings in last):
        return None
    return f'Hardly anything new has come for {LATE + TURNS - 1} turns: the topic seems done.'


def _is_dry(findings: Sequence[Finding]) -> bool:
    return any(finding.disease == Disease.SATURATION and finding.strength >= STRONG for finding in findings)

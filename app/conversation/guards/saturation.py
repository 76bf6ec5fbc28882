"""Does the talk still bring anything new? Counted in words with a meaning that nobody had said before."""

from __future__ import annotations

from collections.abc import Sequence

from app.conversation.guards.finding import Disease, Finding, strength_of
from app.conversation.guards.heard import Heard

LATE = 8
BEFORE = 6
"""Lines there must be before the late ones, or everything is new anyhow."""
NOTICED, NONE = 0.34, 0.05
"""New ones of all words with a meaning in the late lines: about a half when all is well."""
SCARCE = 0.125
"""New words with a meaning for each word spoken. Short answers repeat much and yet move on."""
AWAKE = 0.1
"""The same in the last three lines: above it the talk has found something new just now."""


def saturation(lines: Sequence[Heard]) -> Finding | None:
    recent, before = lines[-LATE:], lines[:-LATE]
    if len(before) < BEFORE or any(heard.is_human for heard in recent[-2:]):
        return None
    known = set[str]().union(*(heard.stems for heard in before))
    new: list[int] = []
    for heard in recent:
        new.append(len(heard.stems - known))
        known |= heard.stems
    meant, said = sum(len(heard.stems) for heard in recent), sum(len(heard.line.words) for heard in recent)
    awake = max(3, AWAKE * sum(len(heard.line.words) for heard in recent[-3:]))
    if not said or sum(new) > SCARCE * said or sum(new[-3:]) > awake:
        return None
    strength = strength_of(-sum(new) / meant if meant else 0.0, -NOTICED, -NONE)
    if not strength:
        return None
    found = 'no new word' if not sum(new) else '1 new word' if sum(new) == 1 else f'{sum(new)} new words'
    sentence = f'The talk has run dry: {found} among {said} in the last {LATE} lines.'
    return Finding(Disease.SATURATION, strength, sentence)

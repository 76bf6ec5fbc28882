"""Has everybody become of one mind? Assent takes over, objections and questions die out, the words grow alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.conversation.guards.courtesies import FEWEST
from app.conversation.guards.finding import Disease, Finding, named, strength_of
from app.conversation.guards.heard import ENOUGH, Heard, memory_of

LATE = 7
NOTICED, FULL = 0.55, 0.95
ECHO = 0.3
"""What part of the verdict is similarity between speakers; the rest is assent."""
REACH = 6
"""Lines of others among which a word is an echo."""


def convergence(lines: Sequence[Heard]) -> Finding | None:
    recent = lines[-LATE:]
    if len(lines) < ENOUGH or len({heard.speaker for heard in recent}) < 2:
        return None
    assenting = [heard for heard in recent if heard.assents and heard.courtesy < FEWEST]
    objections = sum(heard.objects for heard in recent[-4:])
    if objections or not any(heard.assents for heard in recent[-2:]):
        return None
    alike = sum(echo(lines, at) for at in range(len(lines) - len(recent), len(lines))) / len(recent)
    strength = strength_of((1 - ECHO) * len(assenting) / len(recent) + ECHO * alike, NOTICED, FULL)
    if not strength:
        return None
    return Finding(Disease.CONVERGENCE, strength, _sentence(lines, assenting))


def echo(lines: Sequence[Heard], at: int) -> float:
    """The share of a line's words with a meaning that somebody else has just used, 0 to 1."""
    heard = lines[at]
    others = [other.stems for other in memory_of(lines, at, REACH) if other.speaker != heard.speaker]
    return len(heard.stems & frozenset[str]().union(*others)) / len(heard.stems) if heard.stems else 0.0


def _sentence(lines: Sequence[Heard], assenting: Sequence[Heard]) -> str:
    recent = lines[-LATE:]
    since = next((age for age, heard in enumerate(reversed(lines)) if heard.objects), len(lines))
    who = named([heard.speaker for heard in recent])
    verb = 'agrees' if who == 'The room' else 'agree'
    said = f'{who} {verb}: {len(assenting)} of the last {len(recent)} lines only assent, and {since} in a row hold nothing'
    shared = Counter(word for heard in recent for word in set(heard.line.content) if len(word) > 3)
    words = [word for word, count in shared.most_common(3) if count >= 3]
    again = f'; “{words[0][:40]}” comes in {shared[words[0]]} of them' if words else ''
    return f'{said} against it{again}.'

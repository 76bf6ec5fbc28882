"""Has everybody become of one mind? Assent takes over, objections and questions die out, the words grow alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.conversation.guards.finding import Disease, Finding, named, strength_of
from app.conversation.guards.heard import ENOUGH, Heard

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
    assenting = [heard for heard in recent if heard.assents and not heard.line.markers['thanks']]
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
    others = [other.stems for other in lines[max(0, at - REACH) : at] if other.speaker != heard.speaker]
    return len(heard.stems & frozenset[str]().union(*others)) / len(heard.stems) if heard.stems else 0.0


def _sentence(lines: Sequence[Heard], assenting: Sequence[Heard]) -> str:
    recent = lines[-LATE:]
    since = next((age for age, heard in enumerate(reversed(lines)) if heard.objects), len(lines))
    who = named([heard.speaker for heard in recent])
    verb = 'agrees' if who == 'The room' else 'agree'
    shared = Counter(word for heard in recent for word in set(heard.line.content) if len(word) > 3)
    most = max(shared, key=lambda word: (shared[word], word), default='')
    again = f', and {shared[most]} speak of “{most[:40]}”' if shared[most] >= 3 else ''
    assent = f'{len(assenting)} of the last {len(recent)} lines only assent'
    return f'{who} {verb}: {assent}, none of the last {since} asks or objects{again}.'

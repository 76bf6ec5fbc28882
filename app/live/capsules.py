"""Puts a conversation into a capsule: one file that holds it completely, and replays without Chimera's database."""

from __future__ import annotations

import re
from typing import Any

from app.store.capsules import Everything, everything_of
from app.store.scope import Scope
from app.store.store import Store

VERSION = 1
LONGEST_NAME = 80
_UNFIT = re.compile(r'[^\w]+')


async def capsule_of(store: Store, scope: Scope, conversation_id: str) -> dict[str, Any] | None:
    """Fit for JSON. Secret notes are in it: whoever has the capsule has the whole conversation. None where the scope
    has no such conversation."""
    everything = await everything_of(store, scope, conversation_id)
    return sealed(everything) if everything else None


def sealed(everything: Everything) -> dict[str, Any]:
    rows = {
        'participants': everything.participants,
        'messages': everything.messages,
        'variants': everything.variants,
        'notes': everything.notes,
        'events': everything.events,
    }
    return {
        'chimera_capsule': VERSION,
        'conversation': everything.conversation.model_dump(mode='json'),
        'personas': everything.definitions,
        **{name: [row.model_dump(mode='json') for row in kept] for name, kept in rows.items()},
    }


def file_name(title: str) -> str:
    """What every file system takes, in the letters of the title."""
    name = _UNFIT.sub('-', title).strip('-_').lower()
    return f'{name[:LONGEST_NAME].rstrip("-") or "conversation"}.capsule.json'

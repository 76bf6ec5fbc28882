"""A conversation that was deleted while somebody else still watched it."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from components.plain import box, link, words

DELETED = 'It was deleted.'


def is_gone(orchestrator: Orchestrator) -> bool:
    return orchestrator.conversation.stop_reason == DELETED


async def delete_everywhere(chimera: Chimera, conversation_id: str) -> None:
    """Also one that had ended before tells whoever watches it."""
    orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
    await chimera.runner.delete(chimera.scope, conversation_id)
    if orchestrator:
        orchestrator.conversation.stop_reason = DELETED  # in memory only: its row is gone
        orchestrator.changed.emit()


def say_gone() -> None:
    with box('div', 'console-in gone'):
        words('This conversation was deleted. What you see here is not kept.', role='status')
        link('Back to the stage door', '/', 'btn primary')

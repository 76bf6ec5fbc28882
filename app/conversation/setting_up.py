"""Seats a cast in a format: the roles are dealt, and the first phase begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.conversation.formats.company import ROLE, company_of
from app.conversation.formats.dealing import assign_roles
from app.conversation.formats.format import Format, as_stored
from app.conversation.formats.play import begin
from app.conversation.formats.progress import Announcement
from app.conversation.formats.shelf import DEFAULT
from app.store.tables import Conversation, Participant


def set_up(
    conversation: Conversation, participants: Sequence[Participant], format: Format, roles: Mapping[str, str]
) -> tuple[Announcement, ...]:
    """Writes into the rows what they hold of the format, before they are kept; `roles` are wanted ones by participant
    id. What the narrator says first. Raises Refused when the cast does not fit."""
    conversation.format = format.id
    if format.id == DEFAULT:
        return ()
    dealt = assign_roles(format, participants, conversation.seed, roles)
    for participant in participants:
        if role := dealt.get(participant.id):
            participant.settings = participant.settings | {ROLE: role}
    step = begin(format, company_of(participants, dealt), conversation.seed)
    conversation.format_definition = as_stored(format)
    conversation.progress = step.progress.model_dump(mode='json')
    return step.announcements

"""As which of its versions a persona speaks, from its next turn on."""

from __future__ import annotations

from collections.abc import Callable

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.live.wings import Version
from app.store.tables import Participant
from components.plain import Button, Choice, box, words

NEWEST = 'newest'


def version_choice(
    chimera: Chimera, orchestrator: Orchestrator, participant: Participant, done: Callable[[], object]
) -> None:
    """The versions are asked for when somebody wants to see them."""

    async def unfold() -> None:
        try:
            versions = await chimera.wings.versions(chimera.scope, orchestrator, participant.id)
        except Refused as refusal:
            fault.text = str(refusal)
            return
        place.clear()
        with place:
            words('Persona version', 'label')
            options = {version.id or NEWEST: named(version) for version in versions}
            Choice(f'Version of {participant.name}', options, str(participant.persona_version_id), recast)
            if len(versions) == 1:
                words('There is only this one: edit the persona, and another can take its place.', 'quiet')

    async def recast(chosen: str) -> None:
        version_id = None if chosen == NEWEST else chosen
        try:
            await chimera.wings.recast(chimera.scope, orchestrator, participant.id, version_id)
        except Refused as refusal:
            fault.text = str(refusal)
        else:
            done()

    with box('div', 'versions'):
        with box('div') as place:
            Button('Persona version', unfold)
        fault = words('', 'fault', role='alert')


def named(version: Version) -> str:
    return f'Version {version.number}, the newest' if version.is_newest else f'Version {version.number}'

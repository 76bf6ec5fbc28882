"""Who waits behind the scenes: the personas that could come in, and the versions of those on stage."""

from __future__ import annotations

from dataclasses import dataclass

from app.casting.library import Library
from app.casting.persona import Persona
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store import personas
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import PersonaVersion


@dataclass(frozen=True, slots=True)
class Version:
    """`id` is None for what the library says now and nobody has spoken as yet. `number` counts from 1."""

    id: str | None
    number: int
    persona: Persona
    is_newest: bool


class Wings:
    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def waiting(self, orchestrator: Orchestrator) -> list[Persona]:
        """Who is not in the room; who left it first, in the order of their seats."""
        record = orchestrator.record
        here = {record.personas[p.id].id for p in record.present if p.id in record.personas}
        gone = {record.personas[p.id].id: record.personas[p.id] for p in record.participants if p.id in record.personas}
        everybody = gone | {id: persona for id, persona in self._library.personas.items() if id not in gone}
        return [persona for id, persona in everybody.items() if id not in here]

    async def bring_in(self, scope: Scope, orchestrator: Orchestrator, persona_id: str) -> None:
        """Raises Refused: for one that nobody knows, that is here, or for whom there is no room."""
        gone = {persona.id: persona for persona in self.waiting(orchestrator)}
        persona = gone.get(persona_id) or self._library.personas.get(persona_id)
        if persona is None:
            raise Refused(f'There is no persona “{persona_id}” any more: choose another.')
        version = await personas.remember_version(self._store, scope, persona)
        await orchestrator.seating.bring_in(persona, version.id)

    async def versions(self, scope: Scope, orchestrator: Orchestrator, participant_id: str) -> list[Version]:
        """The newest first: what the library says now, and all that were ever spoken as."""
        seat = orchestrator.record.participant(participant_id)
        if not seat.persona_version_id:
            raise Refused(f'{seat.name} is no persona.')
        stored = await personas.history(self._store, scope, seat.persona_version_id)
        now = self._library.personas.get(orchestrator.personas[seat.id].id)
        known = [
            Version(row.id, row.number, _read(row), bool(now and row.digest == now.digest)) for row in stored
        ]  # fmt: skip
        if now and not any(version.is_newest for version in known):
            known.insert(0, Version(None, max((v.number for v in known), default=0) + 1, now, is_newest=True))
        return sorted(known, key=lambda version: (not version.is_newest, -version.number))

    async def recast(
        self, scope: Scope, orchestrator: Orchestrator, participant_id: str, version_id: str | None = None
    ) -> None:
        """From the next turn on; None is what the library says now. Raises Refused for a version nobody knows."""
        versions = await self.versions(scope, orchestrator, participant_id)
        chosen = next((v for v in versions if (v.id == version_id if version_id else v.is_newest)), None)
        if chosen is None:
            raise Refused('There is no such version of this persona: choose one of the list.')
        row_id = chosen.id or (await personas.remember_version(self._store, scope, chosen.persona)).id
        await orchestrator.seating.recast(participant_id, chosen.persona, row_id)


def _read(row: PersonaVersion) -> Persona:
    return Persona.model_validate(row.definition)

"""Decides which conversations are alive in this process. The database row is the truth; this only holds who runs it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import structlog

from app.casting.library import Library
from app.casting.persona import Persona
from app.conversation import limits
from app.conversation.budget import unpriced
from app.conversation.clock import Clock
from app.conversation.formats.format import Format
from app.conversation.formats.shelf import DEFAULT, Formats
from app.conversation.hearing import speakable
from app.conversation.narrator import narrate
from app.conversation.orchestrator import Orchestrator
from app.conversation.purse import Purse
from app.conversation.record import REMEMBERED
from app.conversation.refused import Refused
from app.conversation.setting_up import set_up
from app.conversation.speaker_order import ORDERS
from app.conversation.voices import Voices
from app.live import branching
from app.live.differences import Difference
from app.live.journal import Journal
from app.store import conversations, notes, people, personas, transcripts
from app.store.entry import Entry, NotWritten
from app.store.scope import Scope
from app.store.store import Store
from app.store.sweep import RESTARTED
from app.store.tables import Conversation, Message, Participant
from app.store.variants import Archive

LONGEST_TOPIC = 2_000
FEWEST, MOST = 2, 6
MOST_ALIVE = 64

log = structlog.get_logger()


@dataclass(slots=True)
class Draft:
    """What a person asks for when they begin a conversation. `personas` are ids of the library, in seat order."""

    topic: str
    personas: list[str]
    models: dict[str, str | None] = field(default_factory=dict)
    max_turns: int | None = 20
    max_tokens: int | None = None
    max_minutes: int | None = None
    speaker_order: str = 'urge'
    pace: float = 1.0
    seed: int | None = None
    title: str | None = None
    max_money: int | None = None
    """In millionths of a US dollar."""
    until_done: bool = False
    format: str = DEFAULT
    roles: dict[str, str] = field(default_factory=dict)
    """Role ids of the format by persona id, where one is wanted for somebody."""


class LocalRunner:
    """Runs conversations as tasks of this process: enough for one machine."""

    def __init__(
        self,
        store: Store,
        library: Library,
        voices: Voices,
        journal: Journal,
        clock: Clock | None = None,
        purse: Purse | None = None,
        formats: Formats | None = None,
    ) -> None:
        self._store = store
        self._library = library
        self._voices = voices
        self._journal = journal
        self._clock = clock
        self._purse = purse
        self._formats = formats or Formats()
        self._alive: dict[str, Orchestrator] = {}
        self._known: WeakValueDictionary[str, Orchestrator] = WeakValueDictionary()
        self._opening: dict[str, asyncio.Lock] = {}
        self._versions: dict[tuple[str, str, str], str] = {}

    async def begin(self, scope: Scope, draft: Draft) -> Conversation:
        """Create the conversation and start it. Raises Refused with what to change."""
        topic = _checked_topic(draft.topic)
        cast = self._cast(draft)
        conversation = Conversation(
            workspace_id=scope.workspace_id,
            created_by=scope.person_id,
            title=' '.join(speakable(draft.title or topic).split())[:200],
            topic=topic,
            speaker_order=draft.speaker_order,
            pace=draft.pace,
            seed=random.randrange(1, 1_000_000) if draft.seed is None else draft.seed,
            max_turns=draft.max_turns,
            max_tokens=draft.max_tokens,
            max_minutes=draft.max_minutes,
            max_money=draft.max_money,
            settings={limits.UNTIL_DONE: True} if draft.until_done else {},
        )
        participants = [
            await self._seat(scope, conversation, seat, persona, draft.models.get(persona.id))
            for seat, persona in enumerate(cast, start=1)
        ]
        seated = zip(participants, cast, strict=True)
        roles = {p.id: draft.roles[persona.id] for p, persona in seated if persona.id in draft.roles}
        opening = set_up(conversation, participants, self._format(draft), roles)
        await conversations.create_conversation(self._store, scope, conversation, participants)
        payload = {'topic': topic, 'cast': [persona.id for persona in cast]}
        if conversation.progress is not None:
            payload['progress'] = conversation.progress
        created = Entry(scope.workspace_id, conversation.id, 'created', payload)
        conversation.event_number = await self._journal.record(created)
        # It is as we have just written it: nothing needs to be read back before somebody may speak.
        orchestrator = self._bring_to_life(
            conversation, participants, {p.id: persona for p, persona in zip(participants, cast, strict=True)}, []
        )
        for said in opening:
            async with orchestrator.record.writing:
                await narrate(orchestrator.record, 'scene', {}, said.text, audience=said.audience)
        await orchestrator.start()
        return orchestrator.conversation

    async def open(self, scope: Scope, conversation_id: str) -> Orchestrator | None:
        """The conversation as it lives in this process, brought back from the database when it does not. None when
        the scope may not see it or it is not there."""
        # Known is also who was forgotten here while somebody else still holds it: there must never be two of one.
        known = self._known.get(conversation_id)
        if known is None:
            async with self._opening.setdefault(conversation_id, asyncio.Lock()):
                known = self._known.get(conversation_id) or await self._bring_back(scope, conversation_id)
            self._opening.pop(conversation_id, None)
        if known is None or known.conversation.workspace_id != scope.workspace_id:
            return None
        self._keep(known)
        return known

    async def branch(
        self, scope: Scope, conversation_id: str, message_number: int, differences: Sequence[Difference]
    ) -> list[Conversation]:
        """What was said up to and including that message, once more for each difference. A single branch waits, several
        go on at once. Raises Refused with what to change."""
        grown = await branching.grow(
            self._store, self._journal, self.open, scope, conversation_id, message_number, differences
        )
        if len(grown) > 1:
            for branch in grown:
                if orchestrator := await self.open(scope, branch.id):
                    await orchestrator.resume()
        return grown

    async def delete(self, scope: Scope, conversation_id: str) -> None:
        """End it and forget every row of it."""
        if orchestrator := await self.open(scope, conversation_id):
            # It may have ended already, be deleted by somebody else as well, or have an end that cannot be written.
            with suppress(Refused, NotWritten):
                await orchestrator.stop('It was deleted.')
            with suppress(Refused, NotWritten):
                await orchestrator.close('It was deleted.')
            self._alive.pop(conversation_id, None)
            self._known.pop(conversation_id, None)
            await conversations.delete_conversation(self._store, scope, conversation_id)

    async def close(self) -> None:
        """Every turn in flight keeps what was said; what was running offers to go on after the restart."""
        closing = [orchestrator.close(RESTARTED) for orchestrator in self._alive.values()]
        for outcome in await asyncio.gather(*closing, return_exceptions=True):
            if isinstance(outcome, BaseException):  # the others shall be kept all the same
                log.error('a conversation could not be closed', exc_info=outcome)

    async def _bring_back(self, scope: Scope, conversation_id: str) -> Orchestrator | None:
        conversation = await conversations.conversation(self._store, scope, conversation_id)
        if conversation is None:
            return None
        participants = await conversations.participants(self._store, scope, conversation_id)
        versions = await personas.versions(self._store, scope, [p.persona_version_id for p in participants])
        definitions = {
            p.id: Persona.model_validate(versions[p.persona_version_id].definition)
            for p in participants
            if p.persona_version_id
        }
        said = await transcripts.latest_messages(self._store, scope, conversation_id, REMEMBERED)
        given = await notes.latest_notes(self._store, scope, conversation_id)
        orchestrator = self._bring_to_life(conversation, participants, definitions, said)
        orchestrator.record.notes.extend(given)
        return orchestrator

    def _bring_to_life(
        self,
        conversation: Conversation,
        participants: list[Participant],
        definitions: dict[str, Persona],
        said: list[Message],
    ) -> Orchestrator:
        orchestrator = Orchestrator(
            conversation,
            participants,
            definitions,
            said,
            self._voices,
            self._journal,
            Archive(self._store, Scope(conversation.workspace_id, conversation.created_by)),
            self._name_of,
            self._clock,
            self._starters_for(definitions.values()),
            self._purse,
        )
        self._keep(orchestrator)
        return orchestrator

    def _keep(self, orchestrator: Orchestrator) -> None:
        conversation_id = orchestrator.conversation.id
        self._alive.pop(conversation_id, None)
        self._forget_idle()
        self._alive[conversation_id] = self._known[conversation_id] = orchestrator

    def _forget_idle(self) -> None:
        """Room for another: those that nobody runs and nobody looks at come back from the database when asked for."""
        idle = [id for id, orchestrator in self._alive.items() if not orchestrator.is_needed]
        for id in idle[: max(0, len(self._alive) + 1 - MOST_ALIVE)]:
            del self._alive[id]

    def _starters_for(self, personas: Iterable[Persona]) -> list[str]:
        """Topics that suit whoever is here: their cast's, else any."""
        here = {persona.id for persona in personas}
        mine = [cast for cast in self._library.casts if here <= set(cast.personas)]
        starters = mine[0].starters if mine else self._library.starters
        return [starter.topic for starter in starters]

    async def _name_of(self, scope: Scope) -> str:
        person = await people.person(self._store, scope)
        return person.name if person else 'Guest'

    def _cast(self, draft: Draft) -> list[Persona]:
        for name in limits.HIGHEST:
            if fault := limits.fault(name, getattr(draft, name)):
                raise Refused(fault)
        if fault := limits.pace_fault(draft.pace):
            raise Refused(fault)
        if draft.speaker_order not in ORDERS:
            raise Refused(f'There is no speaker order “{draft.speaker_order}”.')
        for model in draft.models.values():
            if fault := limits.model_fault(model):
                raise Refused(fault)
        ids = list(dict.fromkeys(draft.personas))
        if not FEWEST <= len(ids) <= MOST:
            raise Refused(f'A conversation takes {FEWEST} to {MOST} different personas; you chose {len(ids)}.')
        if unknown := [id for id in ids if id not in self._library.personas]:
            raise Refused(f'There is no persona “{unknown[0]}” any more: choose another.')
        for id in ids if draft.max_money is not None else ():
            model = draft.models.get(id) or self._voices.default_model
            if self._voices.price(model) is None:
                raise Refused(unpriced(model))
        return [self._library.personas[id] for id in ids]

    async def _version(self, scope: Scope, persona: Persona) -> str:
        """The id of the version that speaks. Versions never change, so each is asked for once."""
        known = (scope.workspace_id, persona.id, persona.digest)
        if known not in self._versions:
            self._versions[known] = (await personas.remember_version(self._store, scope, persona)).id
        return self._versions[known]

    def _format(self, draft: Draft) -> Format:
        if not (format := self._formats.get(draft.format)):
            raise Refused(f'There is no format “{draft.format}” any more: choose another.')
        return format

    async def _seat(
        self, scope: Scope, conversation: Conversation, seat: int, persona: Persona, model: str | None
    ) -> Participant:
        version = await self._version(scope, persona)
        return Participant(
            workspace_id=scope.workspace_id,
            conversation_id=conversation.id,
            seat=seat,
            name=persona.name,
            persona_version_id=version,
            model=model,
        )


def _checked_topic(topic: str) -> str:
    topic = speakable(topic).strip()
    if not topic:
        raise Refused('What shall they talk about? Type a topic, or take one of the starters.')
    if len(topic) > LONGEST_TOPIC:
        raise Refused(f'That topic has {len(topic):,} characters; it can have {LONGEST_TOPIC:,}.')
    return topic

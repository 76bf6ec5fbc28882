"""A Chimera with nothing faked but the vendor and the time: whoever asks for `chimera` is tested on both databases.

Nobody here sleeps to let things settle: a test waits for what it wants to see, and is told when it does not come.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis

from app.chimera import Chimera
from app.conversation.clock import Clock
from app.conversation.orchestrator import Orchestrator
from app.conversation.pacing import LONGEST_WAIT
from app.live.channel import Happening, Item, Words
from app.live.runner import Draft
from app.providers.port import FREE, Delta, ModelSettings, Price, Prompt
from app.providers.scripted import ScriptedVoice
from app.settings import load_settings
from app.store.tables import Conversation, Event, Message, Status
from tests.records import events_since, whole_transcript

# The same examples each time, however slow the machine: a test that fails shall fail for everybody.
hypothesis.register_profile('chimera', deadline=None, derandomize=True, database=None)
hypothesis.load_profile('chimera')

PATIENCE = 30.0
IRIS, MILO, NOOR = 'philosopher', 'comedian', 'scientist'


class SwiftClock(Clock):
    """Time passes at once. `still` holds it, so that a conversation waits between two turns; `frozen` even in the
    middle of a line."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.still = False
        self.frozen = False
        self.slept: list[float] = []
        self._moved = asyncio.Event()

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        while self.frozen or (self.still and seconds > LONGEST_WAIT):
            await self._moved.wait()
        self.now += seconds
        await asyncio.sleep(0)

    def move(self) -> None:
        self.still = self.frozen = False
        self._moved.set()


@dataclass
class Breath:
    """The vendor waits after a word until it is let `go`; `taken` is set when the word was heard."""

    taken: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)


class Voice(ScriptedVoice):
    """The scripted voice as the only vendor: `asked` are the settings of each call, and it can be made to breathe."""

    default_model = 'demo/scripted'

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[ModelSettings] = []
        self.context = 100_000
        self.prices: dict[str, Price | None] = {}
        self.usual_price: Price | None = FREE
        self.speaking = 0
        self._breaths: dict[str, Breath] = {}
        self._held = asyncio.Event()
        self._held.set()
        self._one_more = asyncio.Event()

    def context_tokens(self, model: str) -> int:
        return self.context

    def price(self, model: str) -> Price | None:
        return self.prices.get(model, self.usual_price)

    def hold(self) -> asyncio.Event:
        """Nobody gets a word before this is set."""
        self._held = asyncio.Event()
        return self._held

    async def is_asked_by(self, many: int) -> None:
        """Until so many wait for an answer at once."""
        async with asyncio.timeout(PATIENCE):
            while self.speaking < many:
                self._one_more.clear()
                await self._one_more.wait()

    def breathe_after(self, delta: str) -> Breath:
        return self._breaths.setdefault(delta, Breath())

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        self.asked.append(settings)
        self.speaking += 1
        self._one_more.set()
        try:
            await self._held.wait()
            async with aclosing(super().stream(prompt, settings)) as deltas:  # type: ignore[type-var]
                async for delta in deltas:
                    yield delta
                    # Whoever asks for the next delta has heard this one.
                    if breath := self._breaths.pop(delta.text, None):
                        breath.taken.set()
                        await breath.go.wait()
        finally:
            self.speaking -= 1


class Audience:
    """Somebody who listens to one conversation and forgets nothing."""

    def __init__(self, chimera: Chimera, conversation_id: str) -> None:
        self.items: list[Item] = []
        self.leave = chimera.channels.listen(conversation_id, self._hear)
        self._heard = asyncio.Event()

    def _hear(self, items: list[Item]) -> None:
        self.items.extend(items)
        self._heard.set()

    @property
    def events(self) -> list[Happening]:
        return [item for item in self.items if isinstance(item, Happening)]

    def words(self, message_id: str) -> list[Words]:
        return [item for item in self.items if isinstance(item, Words) and item.message_id == message_id]

    def speech(self, message_id: str) -> str:
        return ''.join(words.text for words in self.words(message_id) if not words.reasoning)

    async def until(self, seen: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not seen():
                self._heard.clear()
                await self._heard.wait()


class Stage:
    """One conversation and its audience. `said` reads what the database holds, never what memory believes."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self.chimera = chimera
        self.orchestrator = orchestrator
        self.id = orchestrator.conversation.id
        self.audience = Audience(chimera, self.id)

    @property
    def conversation(self) -> Conversation:
        return self.orchestrator.conversation

    @property
    def speaking(self) -> Message:
        assert self.orchestrator.speaking
        return self.orchestrator.speaking

    async def until(self, reached: Callable[[], object]) -> None:
        """Wait for a change of the conversation after which this is so."""
        changed = asyncio.Event()
        self.orchestrator.changed.subscribe(changed.set)
        try:
            async with asyncio.timeout(PATIENCE):
                while not reached():
                    changed.clear()
                    await changed.wait()
        finally:
            self.orchestrator.changed.unsubscribe(changed.set)

    async def rests(self, status: Status) -> None:
        """Until it stands so, and nobody speaks."""
        await self.until(lambda: self.orchestrator.status == status and self.orchestrator.speaking is None)

    async def turns(self, number: int) -> None:
        """Until so many turns were taken."""
        await self.until(lambda: self.conversation.turns >= number)

    async def ended(self) -> None:
        await self.rests(Status.ENDED)

    async def heard(self, text: str) -> None:
        """Until these words of whoever speaks now were written and published."""
        speaking = self.speaking.id
        await self.audience.until(lambda: self.audience.speech(speaking) == text)

    async def said(self) -> list[Message]:
        return await whole_transcript(self.chimera.store, self.chimera.scope, self.id)

    async def texts(self) -> list[str]:
        return [message.text for message in await self.said()]

    async def events(self) -> list[Event]:
        return await events_since(self.chimera.store, self.chimera.scope, self.id, 0)


@pytest.fixture
def clock() -> SwiftClock:
    return SwiftClock()


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
async def chimera(database_url: str, tmp_path: Path, voice: Voice, clock: SwiftClock) -> AsyncIterator[Chimera]:
    chimera = make_chimera(database_url, tmp_path, voice, clock)
    await chimera.start()
    yield chimera
    await chimera.stop()


def make_chimera(url: str, folder: Path, voice: Voice, clock: Clock) -> Chimera:
    return Chimera(load_settings(data_dir=folder / 'data', database_url=url, discover_local=False), voice, clock)


async def begin(chimera: Chimera, **wanted: object) -> Stage:
    """Iris, Milo and Noor on memory, in turn and at once, unless the test wants something else."""
    draft = Draft(**{
        'topic': 'Should a machine be allowed to forget?',
        'personas': [IRIS, MILO, NOOR],
        'speaker_order': 'round_robin',
        'pace': 0,
        'seed': 7,
        **wanted,
    })  # fmt: skip
    conversation = await chimera.runner.begin(chimera.scope, draft)
    return await bring_back(chimera, conversation.id)


async def begin_many(chimera: Chimera, draft: Draft, number: int) -> list[Stage]:
    """As many at once as the database lets in."""
    stages: list[Stage] = []
    for _ in range(0, number, 10):
        begun = await asyncio.gather(*(chimera.runner.begin(chimera.scope, draft) for _ in range(10)))
        stages += [await bring_back(chimera, conversation.id) for conversation in begun]
    return stages


def forget(chimera: Chimera) -> None:
    """What lives in memory is gone; the database is all that is left."""
    chimera.runner._alive.clear()
    chimera.runner._known.clear()


async def bring_back(chimera: Chimera, conversation_id: str) -> Stage:
    orchestrator = await chimera.runner.open(chimera.scope, conversation_id)
    assert orchestrator
    return Stage(chimera, orchestrator)

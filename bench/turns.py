"""What a turn costs in Chimera, and in a bare loop over the same reader, each in a process of its own.

`python -m bench.turns chimera --url URL 1,100,2,6` prints CPU milliseconds per turn, all threads of the process
counted; `memory` is Chimera with a voice that has its words in memory and says them one by one without a pause.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.voices import Voices
from app.live.runner import Draft
from app.providers.catalogue import BY_ID, UNKNOWN_CONTEXT
from app.providers.connections import Connections
from app.providers.openai_dialect import OpenAIDialect
from app.providers.port import Delta, ModelSettings, Prompt, PromptMessage, Usage
from app.settings import load_settings
from app.store.tables import Status
from bench.talking_vendor import healthy_words
from components.server import loop_factory

CAST = ['philosopher', 'comedian']
TOPIC = 'How long is a word?'


class Side(ABC):
    """So many conversations at once; `take` lets each have so many turns more."""

    def __init__(self, url: str, model: str, conversations: int) -> None:
        self.url = url
        self.model = f'compatible/{model}'
        self.conversations = conversations

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def take(self, turns: int) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...


class Engine(Side):
    """The product without its web server: runner, orchestrators, journal, an SQLite file. Nobody watches."""

    voices: Voices | None = None

    async def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix='chimera-bench-')
        settings = load_settings(data_dir=Path(self._folder.name), compatible_url=self.url, discover_local=False)
        self._chimera = Chimera(settings, self.voices)
        self._rooms: list[Orchestrator] = []
        await self._chimera.start()

    async def take(self, turns: int) -> None:
        before = sum(room.conversation.turns for room in self._rooms)
        if self._rooms:
            for room in self._rooms:
                await room.go_on(turns)
        else:
            await self._begin(turns)
        while unfinished := [room for room in self._rooms if room.status != Status.ENDED]:
            for room in unfinished:
                if room.status == Status.PAUSED:
                    await self._let_go_on(room)
            await asyncio.sleep(0.05)
        taken = sum(room.conversation.turns for room in self._rooms) - before
        if taken != turns * self.conversations:
            raise RuntimeError(f'{taken} turns were taken: {self._rooms[0].conversation.stop_reason}')

    async def close(self) -> None:
        await self._chimera.stop()
        self._folder.cleanup()

    async def _let_go_on(self, room: Orchestrator) -> None:
        """Guards are part of what is measured, and may find that talk of pieces makes little sense."""
        because = room.conversation.stop_reason or ''
        if 'guard' not in because:
            raise RuntimeError(because)
        await room.resume()

    async def _begin(self, turns: int) -> None:
        models: dict[str, str | None] = dict.fromkeys(CAST, self.model)
        for _ in range(self.conversations):
            begun = await self._chimera.runner.begin(
                self._chimera.scope, Draft(TOPIC, CAST, models, max_turns=turns, pace=0, seed=7)
            )
            room = await self._chimera.runner.open(self._chimera.scope, begun.id)
            assert room
            self._rooms.append(room)


class Recalling(Engine):
    async def open(self) -> None:
        self.voices = Recall()
        await super().open()


class Recall:
    """Says the words of written conversations, each once and then from the beginning."""

    default_model = 'compatible/paced-0-50'

    def __init__(self) -> None:
        self._words = itertools.cycle(healthy_words())

    def context_tokens(self, model: str) -> int:
        return UNKNOWN_CONTEXT

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        count = int(settings.model.split('-')[2])
        for word in itertools.islice(self._words, count):
            yield Delta(f'{word} ')
        yield Delta(usage=Usage(9, count), finish='stop')


class Bare(Side):
    """The same reader asked again and again; what comes is joined and forgotten."""

    async def open(self) -> None:
        self._connections = Connections()
        self._reader = OpenAIDialect(BY_ID['compatible'], self.url, None, self._connections)
        self._prompt = Prompt((PromptMessage('system', TOPIC), PromptMessage('user', 'Go on.')))

    async def take(self, turns: int) -> None:
        await asyncio.gather(*(self._ask(turns) for _ in range(self.conversations)))

    async def close(self) -> None:
        await self._connections.close()

    async def _ask(self, turns: int) -> None:
        for _ in range(turns):
            said = [delta.text async for delta in self._reader.stream(self._prompt, ModelSettings(self.model))]
            if not ''.join(said):
                raise RuntimeError('the vendor said nothing')


SIDES: dict[str, Callable[[str, str, int], Side]] = {'chimera': Engine, 'memory': Recalling, 'bare': Bare}


async def measure(make: Callable[[str, str, int], Side], url: str, words: int, load: str) -> float:
    conversations, rate, warm, turns = map(int, load.split(','))
    side = make(url, f'paced-{rate}-{words}', conversations)
    await side.open()
    try:
        await side.take(warm)
        before = time.process_time()
        await side.take(turns)
        return (time.process_time() - before) / (conversations * turns) * 1000
    finally:
        await side.close()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(prog='python -m bench.turns')
    parser.add_argument('kind', choices=SIDES)
    parser.add_argument('loads', nargs='+', help='conversations,words a second,turns before,turns measured')
    parser.add_argument('--url', required=True)
    parser.add_argument('--words', type=int, default=50)
    chosen = parser.parse_args()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        print(
            json.dumps(
                [runner.run(measure(SIDES[chosen.kind], chosen.url, chosen.words, load)) for load in chosen.loads]
            )
        )

"""The voice that needs no model: demo mode for a person without a key, and the double for a test without a network."""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from app.providers.port import Delta, ModelSettings, Prompt, ProviderError, Usage
from app.providers.script_moves import write_line


@dataclass(frozen=True, slots=True)
class Stall:
    """In a script: from here on the vendor says nothing more and never ends."""


Step = str | Delta | ProviderError | Stall
Answer = Step | Sequence[Step]


class ScriptedVoice:
    """Plays `script`, one answer a turn, then speaks by itself: the persona's own lines, seeded, word by word.

    An answer is a text (one delta), a list of deltas, or a ProviderError or Stall, alone or inside a list.
    """

    def __init__(self, script: Iterable[Answer] = ()) -> None:
        self._script: deque[Answer] = deque(script)
        self.history: list[Prompt] = []

    def enqueue(self, *answers: Answer) -> None:
        self._script.extend(answers)

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        self.history.append(prompt)
        said = ''
        finished = False
        steps = self._play(self._script.popleft()) if self._script else self._speak(prompt)
        async for delta in steps:
            said += delta.text
            finished = finished or delta.finish is not None
            yield delta
        if not finished:
            yield Delta(usage=estimate_usage(prompt, said), finish='stop')

    async def _play(self, answer: Answer) -> AsyncIterator[Delta]:
        steps = [answer] if isinstance(answer, Step) else answer
        for step in steps:
            match step:
                case ProviderError():
                    raise step
                case Stall():
                    await asyncio.Event().wait()
                case Delta():
                    yield step
                case _:
                    yield Delta(text=step)

    async def _speak(self, prompt: Prompt) -> AsyncIterator[Delta]:
        for word in re.findall(r'\s*\S+', write_line(prompt) + _vote(prompt)):
            yield Delta(text=word)
            await asyncio.sleep(0)  # a vendor's words do not come all at once either


def _vote(prompt: Prompt) -> str:
    return f'\n\nVOTE: {random.Random(f"{prompt.seed}:vote").choice(prompt.ballot)}' if prompt.ballot else ''


def estimate_usage(prompt: Prompt, said: str) -> Usage:
    """About four characters a token, as nobody counted."""
    sent = sum(len(message.content) for message in prompt.messages)
    return Usage(prompt_tokens=(sent + 3) // 4, completion_tokens=(len(said) + 3) // 4, counted=False)

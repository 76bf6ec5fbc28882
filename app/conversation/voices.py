"""What the orchestrator asks of the world: somebody to speak, somebody to remember, somebody to look it up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from app.providers.port import Delta, ModelSettings, Price, Prompt
from app.store.entry import Entry
from app.store.tables import Message, Variant


class Voices(Protocol):
    """Whoever answers for a model."""

    @property
    def default_model(self) -> str: ...

    def context_tokens(self, model: str) -> int: ...

    def price(self, model: str) -> Price | None: ...

    def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]: ...


class Journal(Protocol):
    """Whoever writes down what is said before it is shown. `record` raises NotWritten when it could not or must not."""

    def say(self, message: Message, words: str, *, reasoning: bool = False) -> None: ...

    async def record(self, entry: Entry) -> int: ...


class Archive(Protocol):
    """Whoever finds again what is not kept in memory. `variants` are those of a line that are not shown now."""

    async def message(self, conversation_id: str, message_id: str) -> Message | None: ...

    async def variants(self, message: Message) -> Sequence[Variant]: ...

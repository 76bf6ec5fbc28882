"""The narrow port: a prompt and a model go in, deltas come out, a failure is one kind of exception with a verdict."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from app.casting.persona import Persona

LONGEST_MESSAGE = 600
LONGEST_DETAIL = 2000
_BREAKS = re.compile(r'[\t\n\r]')
_UNWRITABLE = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Usage:
    """What one turn cost. `counted` is False when the vendor did not say and the tokens are an estimate."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Delta:
    """Text as it arrives; one network read may join several of the vendor's frames into one delta.

    The last delta of a stream carries `usage` and `finish` ('stop', 'length', 'filter', or the vendor's own word).
    """

    text: str = ''
    reasoning: str = ''
    usage: Usage | None = None
    finish: str | None = None


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: Literal['system', 'user', 'assistant']
    content: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something said before this turn, as the scripted voice reads it."""

    speaker: str
    text: str
    is_human: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent for one turn. Vendors get `messages`; the rest is the same turn in parts, for the scripted voice.

    `lines` are the recent lines of the transcript, oldest first, each with its speaker's display name; `speaker` is
    the persona whose turn it is; `cast` are the other personas' names; `ballot` what it may vote for, where it has to;
    `seed` is stable for a conversation and turn.
    """

    messages: tuple[PromptMessage, ...]
    speaker: Persona | None = None
    topic: str = ''
    cast: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    seed: int = 0
    ballot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`model` is `vendor/name` in litellm's spelling; parameters left None are the vendor's own defaults."""

    model: str
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None


class Provider(Protocol):
    """Whoever answers."""

    def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        """Yield deltas until the answer ends. Raises ProviderError; closing the iterator closes the connection."""
        ...


class ProviderError(Exception):
    """A vendor's failure in plain words a person can act on, with a verdict: is it worth trying again?

    `permanent` is False where the same call may succeed later, then `retry_after` may say in how many seconds.
    `detail` is for the log and never shown as speech. Keys never appear in either.
    Both may quote a vendor, so what no database takes and no screen shows is left out of them, and they have an end.
    """

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None, detail: str = '') -> None:
        super().__init__(_writable(message, LONGEST_MESSAGE))
        self.permanent = permanent
        self.retry_after = retry_after
        self.detail = _writable(detail, LONGEST_DETAIL)


def _writable(text: str, longest: int) -> str:
    text = _UNWRITABLE.sub('', _BREAKS.sub(' ', text))
    return text if len(text) <= longest else f'{text[: longest - 1]}…'

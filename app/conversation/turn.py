"""One participant's go while it lasts: asks the model, listens, lets through what is speech, and ends for a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from app.conversation.clock import Clock
from app.conversation.hearing import LONGEST_SPEECH, Heard, Hearing, speakable
from app.conversation.prompt import count_tokens
from app.conversation.voices import Journal, Voices
from app.providers.port import ModelSettings, Prompt, ProviderError, Usage
from app.store.tables import Message, State

DASH = '—'
MOST_TOKENS = 10_000_000
STRAY = 'The connection to the model was given up.'
NOT_KEPT = '… (the rest of these thoughts was not kept)'
CUT_BY_VENDOR = {
    'length': "The model stopped here: its answer reached the vendor's length limit.",
    'filter': "The vendor's filter stopped this answer.",
}

log = structlog.get_logger()


@dataclass(slots=True)
class Ending:
    """How a turn ended. `fault` is set when somebody has to do something before it is worth going on."""

    state: State
    note: str | None = None
    fault: str | None = None


class Turn:
    """`speech` and `reasoning` are what was said so far; it has all been given to the journal."""

    def __init__(
        self, message: Message, prompt: Prompt, settings: ModelSettings, hearing: Hearing, voices: Voices,
        journal: Journal, clock: Clock, on_first_words: Callable[[], None],
    ) -> None:  # fmt: skip
        self.message = message
        self.prompt = prompt
        self.over = asyncio.Event()
        """Set when the turn's end is written."""
        self.usage = Usage()
        self.first_delta_ms: int | None = None
        self.ending: Ending | None = None
        self._settings = settings
        self._hearing = hearing
        self._voices = voices
        self._journal = journal
        self._clock = clock
        self._on_first_words = on_first_words
        self._began = clock.monotonic()
        self._speech: list[str] = []
        self._reasoning: list[str] = []
        self._room = LONGEST_SPEECH
        self._keeps_thoughts = True
        self._finish: str | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._listening: asyncio.Task[Ending] | None = None
        self._cut: Ending | None = None

    @property
    def speech(self) -> str:
        return ''.join(self._speech)

    @property
    def reasoning(self) -> str:
        return ''.join(self._reasoning)

    @property
    def is_held(self) -> bool:
        return not self._flowing.is_set()

    @property
    def duration_ms(self) -> int:
        return round((self._clock.monotonic() - self._began) * 1000)

    def hold(self) -> None:
        """Stop listening in mid-sentence; the model waits. `flow` goes on with the very next word."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def cut(self, state: State, note: str) -> None:
        """End the turn here and now; what was said is kept."""
        self._cut = self._cut or Ending(state, note)
        if self._listening:
            self._listening.cancel()

    async def take(self) -> None:
        """Until the model has finished, failed or was cut: `ending` says which. Never raises for what a vendor does."""
        if not self.ending:
            self.ending = await self._take()

    async def _take(self) -> Ending:
        if self._cut:
            return self._cut
        self._listening = asyncio.create_task(self._listen(), name=f'turn {self.message.id}')
        await asyncio.wait({self._listening})
        if self._cut:
            if not self._listening.cancelled():
                self._listening.exception()  # whatever it was, nobody needs it now
            if self._speech and self._cut.state == State.INTERRUPTED:
                self._say(Heard(speech=DASH))
            return self._cut
        if self._listening.cancelled():  # not by us: somewhere in a vendor's client
            return Ending(State.FAILED, STRAY, fault=STRAY)
        if broken := self._listening.exception():
            log.error('a turn broke', exc_info=broken, message=self.message.id)
            sentence = 'Something broke inside Chimera; the log says more.'
            return Ending(State.FAILED, sentence, fault=sentence)
        return self._listening.result()

    async def _listen(self) -> Ending:
        try:
            await self._ask()
            if not self._speech and not self._hearing.ended_because and not self._cut_by_vendor:
                await self._ask()
        except ProviderError as error:
            return Ending(State.FAILED, str(error), fault=str(error))
        if self.speech.strip():
            because = self._hearing.ended_because
            return Ending(State.COMPLETE, f'{self.message.speaker} {because}.' if because else self._cut_by_vendor)
        if because := self._hearing.ended_because:
            return Ending(State.FAILED, f'The model {because} instead of speaking.')
        note = self._cut_by_vendor or 'The model answered with nothing, twice.'
        return Ending(State.FAILED, note, fault=note)

    @property
    def _cut_by_vendor(self) -> str | None:
        return CUT_BY_VENDOR.get(self._finish or '')

    async def _ask(self) -> None:
        self._finish = None
        hearing, flowing = self._hearing, self._flowing
        answered, said_before, usage = False, (len(self._speech), len(self._reasoning)), None
        try:
            async with aclosing(self._voices.stream(self.prompt, self._settings)) as deltas:  # type: ignore[type-var]
                async for delta in deltas:
                    answered = True
                    if not flowing.is_set():
                        await flowing.wait()
                    if delta.reasoning:
                        self._say(Heard(reasoning=speakable(delta.reasoning)))
                    if delta.text:
                        self._say(hearing.hear(delta.text))
                        if hearing.ended_because:
                            break
                    if delta.usage:
                        usage = delta.usage
                    if delta.finish:
                        self._finish = delta.finish
            self._say(hearing.finish())
        finally:
            # Also what was cut off or failed half-way was paid for.
            if answered:
                self._spend(usage, *said_before)

    def _spend(self, usage: Usage | None, speech_before: int, reasoning_before: int) -> None:
        if usage is None or not usage.completion_tokens:
            asked = sum(count_tokens(message.content) for message in self.prompt.messages)
            answer = ''.join(self._speech[speech_before:] + self._reasoning[reasoning_before:])
            usage = Usage(asked, count_tokens(answer), counted=False)
        spent = self.usage
        self.usage = Usage(
            spent.prompt_tokens + _plausible(usage.prompt_tokens),
            spent.completion_tokens + _plausible(usage.completion_tokens),
            counted=spent.counted and usage.counted,
        )

    def _say(self, heard: Heard) -> None:
        if heard.reasoning and self._keeps_thoughts:
            self._think(heard.reasoning)
        if heard.speech:
            self._room -= len(heard.speech)
            if self.first_delta_ms is None:
                self.first_delta_ms = self.duration_ms
                self._on_first_words()
            self._speech.append(heard.speech)
            self._journal.say(self.message, heard.speech)

    def _think(self, thought: str) -> None:
        """Thoughts have the room that speech has left: a model that never comes to the point fills no database."""
        if len(thought) > self._room:
            thought = thought[: max(0, self._room)] + NOT_KEPT
            self._keeps_thoughts = False
        self._room -= len(thought)
        self._reasoning.append(thought)
        self._journal.say(self.message, thought, reasoning=True)


def _plausible(tokens: int) -> int:
    """A vendor's number, should it be nonsense, shall not be more than the database can count."""
    return min(max(0, tokens), MOST_TOKENS)

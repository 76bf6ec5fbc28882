"""Asks the model for one turn and hears it out: what of its answer is speech, what it cost, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from app.conversation.budget import Allowance
from app.conversation.hearing import Heard, Hearing, speakable
from app.conversation.prompt import count_tokens
from app.conversation.voices import Voices
from app.providers.port import Delta, ModelSettings, Prompt, ProviderError, Usage
from app.store.tables import State

MOST_TOKENS = 10_000_000
CUT_BY_VENDOR = {
    'length': "The model stopped here: its answer reached the vendor's length limit.",
    'filter': "The vendor's filter stopped this answer.",
}
LONGEST_THOUGHTS = 400_000
"""Characters, a hundred thousand tokens: more than any model needs, and a vendor may go on for ever where no limit is
set. What is kept of them is less."""
CUT_BY_THOUGHTS = f'The model was stopped here: it had thought for {LONGEST_THOUGHTS:,} characters without an end.'
CUT_BY_LIMIT = 'Cut off here: a limit of this conversation had room for an answer of {cap:,} tokens.'
NO_SECOND = 'The model answered with nothing, and no limit has room to ask it again.'


@dataclass(slots=True)
class Ending:
    """How a turn ended. `fault` is set when somebody has to do something before it is worth going on."""

    state: State
    note: str | None = None
    fault: str | None = None


class Listening:
    """`speech` is what the model has said so far, whoever has heard it yet; `usage` what it used. Of a vendor that does
    not end where the allowance ends, no more is heard."""

    def __init__(
        self, prompt: Prompt, settings: ModelSettings, hearing: Hearing, voices: Voices,
        allowance: Allowance | None = None,
    ) -> None:  # fmt: skip
        self.usage = Usage()
        self._prompt = prompt
        self._settings = settings
        self._hearing = hearing
        self._voices = voices
        self._allowance = allowance
        self._speech: list[str] = []
        self._reasoning: list[str] = []
        self._thought = 0
        self._finish: str | None = None

    @property
    def speech(self) -> str:
        return ''.join(self._speech)

    async def listen(
        self, speaker: str, give: Callable[[Heard], None], may_go_on: Callable[[], Awaitable[object] | None]
    ) -> Ending:
        """Gives each piece as it comes; `may_go_on` is what to wait for before the next one. Who answers with nothing
        is asked once more."""
        try:
            await self._ask(give, may_go_on)
            if not self._speech and not self._hearing.ended_because and not self._cut_short:
                if self._allowance and not self._allowance.again(self.usage):
                    return Ending(State.FAILED, NO_SECOND, fault=NO_SECOND)
                await self._ask(give, may_go_on)
        except ProviderError as error:
            return Ending(State.FAILED, str(error), fault=str(error))
        because = self._hearing.ended_because
        if self.speech.strip():
            return Ending(State.COMPLETE, f'{speaker} {because}.' if because else self._cut_short)
        if because:
            return Ending(State.FAILED, f'The model {because} instead of speaking.')
        note = self._cut_short or 'The model answered with nothing, twice.'
        return Ending(State.FAILED, note, fault=note)

    @property
    def _cap(self) -> int | None:
        return self._allowance.cap if self._allowance else None

    @property
    def _cut_short(self) -> str | None:
        if self._thought > LONGEST_THOUGHTS:
            return CUT_BY_THOUGHTS
        if self._finish == 'length' and self._cap:
            return CUT_BY_LIMIT.format(cap=self._cap)
        return CUT_BY_VENDOR.get(self._finish or '')

    async def _ask(self, give: Callable[[Heard], None], may_go_on: Callable[[], Awaitable[object] | None]) -> None:
        self._finish = None
        hearing = self._hearing
        answered, before, usage = False, (len(self._speech), len(self._reasoning)), None
        cap, heard = self._cap, Count()
        settings = replace(self._settings, max_tokens=cap) if cap else self._settings
        try:
            async with aclosing(self._voices.stream(self._prompt, settings)) as deltas:  # type: ignore[type-var]
                async for delta in deltas:
                    answered = True
                    if pause := may_go_on():
                        await pause
                    if delta.reasoning:
                        self._hear(Heard(reasoning=speakable(delta.reasoning)), give)
                    if delta.text:
                        self._hear(hearing.hear(delta.text), give)
                        if hearing.ended_because:
                            break
                    if delta.usage:
                        usage = delta.usage
                    if delta.finish:
                        self._finish = delta.finish
                    elif cap and heard.hear(delta) > cap:
                        self._finish = 'length'
                        break
                    if self._thought > LONGEST_THOUGHTS:
                        break
            self._hear(hearing.finish(), give)
        except asyncio.CancelledError:
            answered = True  # it had been asked, and reads the question whether it is heard out or not
            raise
        finally:
            # Also what was cut off or failed half-way was paid for.
            if answered:
                self._spend(usage, *before)

    def _hear(self, heard: Heard, give: Callable[[Heard], None]) -> None:
        if heard.unsays:
            self._reasoning += self._speech
            self._speech.clear()
        if heard.reasoning:
            self._thought += len(heard.reasoning)
            self._reasoning.append(heard.reasoning)
        if heard.speech:
            self._speech.append(heard.speech)
        if heard.speech or heard.reasoning or heard.unsays:
            give(heard)

    def _spend(self, usage: Usage | None, speech_before: int, reasoning_before: int) -> None:
        if usage is None or not usage.completion_tokens:
            asked = sum(count_tokens(message.content) for message in self._prompt.messages)
            answer = ''.join(self._speech[speech_before:] + self._reasoning[reasoning_before:])
            said = count_tokens(answer)
            usage = Usage(asked, said if self._cap is None else min(said, self._cap), counted=False)
        spent = self.usage
        self.usage = Usage(
            spent.prompt_tokens + _plausible(usage.prompt_tokens),
            spent.completion_tokens + _plausible(usage.completion_tokens),
            counted=spent.counted and usage.counted,
        )


class Count:
    """Tokens of an answer as it comes, never more than `count_tokens` would say of all of it."""

    def __init__(self) -> None:
        self._letters = 0
        self._bytes = 0

    def hear(self, delta: Delta) -> int:
        for text in (delta.text, delta.reasoning):
            if text.isascii():
                self._letters += len(text)
            else:
                self._bytes += len(text.encode(errors='ignore'))
        return self.tokens

    @property
    def tokens(self) -> int:
        return self._letters // 4 + self._bytes // 3


def _plausible(tokens: int) -> int:
    """A vendor's number, should it be nonsense, shall not be more than the database can count."""
    return min(max(0, tokens), MOST_TOKENS)

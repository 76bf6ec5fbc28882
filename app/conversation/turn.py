"""One participant's go while it lasts: the model is heard out, and its words appear as the persona would type them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from app.conversation.budget import Allowance
from app.conversation.clock import Clock
from app.conversation.hearing import LONGEST_SPEECH, Heard, Hearing
from app.conversation.listening import Ending, Listening
from app.conversation.pacing import Typing, words_of
from app.conversation.voices import Journal, Voices
from app.providers.port import ModelSettings, Prompt, Usage
from app.store.tables import Message, State, now

DASH = '—'
STRAY = 'The connection to the model was given up.'
NOT_KEPT = '… (the rest of these thoughts was not kept)'

log = structlog.get_logger()


class Turn:
    """`speech` and `reasoning` are what was said so far; it has all been given to the journal. `heard` is what the
    model has said, which may be more."""

    def __init__(
        self, message: Message, prompt: Prompt, settings: ModelSettings, hearing: Hearing, typing: Typing,
        voices: Voices, journal: Journal, clock: Clock, allowance: Allowance | None = None,
    ) -> None:  # fmt: skip
        self.message = message
        self.prompt = prompt
        self.settings = settings
        self.allowance = allowance
        """What was set aside for it, to be settled when its end is written."""
        self.over = asyncio.Event()
        """Set when the turn's end is written."""
        self.first_delta_ms: int | None = None
        self.ending: Ending | None = None
        self.on_first_words: Callable[[], None] = _nothing
        self.on_heard: Callable[[], None] = _nothing
        """The model has said it all, and well; the listeners may not have heard it: there is time to think ahead."""
        self._model = Listening(prompt, settings, hearing, voices, allowance)
        self._typing = typing
        self._journal = journal
        self._clock = clock
        self._began: float | None = None
        self._took: float | None = None
        self._speech: list[str] = []
        self._reasoning: list[str] = []
        self._room = LONGEST_SPEECH
        self._keeps_thoughts = True
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._listening: asyncio.Task[Ending] | None = None
        self._typist: asyncio.Task[None] | None = None
        self._untyped: deque[Heard] = deque()
        self._came = asyncio.Event()
        self._is_typing = False
        self._cut: Ending | None = None

    @property
    def speech(self) -> str:
        return ''.join(self._speech)

    @property
    def has_words(self) -> bool:
        return bool(self._speech)

    @property
    def reasoning(self) -> str:
        return ''.join(self._reasoning)

    @property
    def heard(self) -> str:
        return self._model.speech

    @property
    def usage(self) -> Usage:
        return self._model.usage

    @property
    def is_held(self) -> bool:
        return not self._flowing.is_set()

    @property
    def is_told_anew(self) -> bool:
        """It fills a line that was there before. Not so the turn after which a line will be told anew."""
        return self.message.variant > 1

    @property
    def duration_ms(self) -> int:
        """Of the model's answer, not of the typing."""
        if self._began is None:
            return 0
        took = self._clock.monotonic() - self._began if self._took is None else self._took
        return round(took * 1000)

    def hold(self) -> None:
        """Stop in mid-sentence. `flow` goes on with the very next word."""
        self._flowing.clear()

    def flow(self) -> None:
        if self.is_held:
            self._typing.stand_still()
            self._flowing.set()

    def cut(self, state: State, note: str) -> None:
        """End the turn here and now; what was said is kept."""
        self._cut = self._cut or Ending(state, note)
        for task in (self._typist, self._listening):
            if task:
                task.cancel()

    def ask(self) -> None:
        """The model begins to answer; nobody hears it before `take`."""
        if self._listening is None:
            self._began = self._clock.monotonic()
            self._listening = asyncio.create_task(self._listen(), name=f'turn {self.message.id}')
            self._listening.add_done_callback(lambda _: self._came.set())

    async def give_up(self) -> None:
        """Of a turn that was asked ahead and will not be taken: afterwards `usage` is what it cost."""
        if self._listening:
            self._listening.cancel()
            await asyncio.wait({self._listening})
            if not self._listening.cancelled():
                self._listening.exception()  # whatever it was, nobody needs it now

    async def take(self) -> None:
        """Until the model has finished, failed or was cut: `ending` says which. Never raises for what a vendor does."""
        if not self.ending:
            self.ending = await self._take()

    def left_behind(self, ending: Ending, money: int) -> dict[str, Any]:
        """The message as it is when the turn has ended."""
        return {
            'state': ending.state,
            'note': ending.note,
            'text': self.speech,
            'reasoning': self.reasoning,
            'prompt_tokens': self.usage.prompt_tokens,
            'completion_tokens': self.usage.completion_tokens,
            'money': money,
            'first_delta_ms': self.first_delta_ms,
            'duration_ms': self.duration_ms,
            'ended_at': now(),
        }

    async def _take(self) -> Ending:
        if self._cut:
            return self._cut
        self.ask()
        assert self._listening
        self._typist = asyncio.create_task(self._type(), name=f'typing {self.message.id}')
        self._listening.add_done_callback(self._say_what_is_known)
        await asyncio.wait({self._typist})
        if self._cut:
            await self.give_up()
            if self._speech and self._cut.state == State.INTERRUPTED:
                self._speak(DASH)
            return self._cut
        return self._how_it_ended()

    def _how_it_ended(self) -> Ending:
        assert self._typist
        assert self._listening
        for task in (self._typist, self._listening):
            if task.cancelled():  # not by us: somewhere in a vendor's client
                return Ending(State.FAILED, STRAY, fault=STRAY)
            if broken := task.exception():
                log.error('a turn broke', exc_info=broken, message=self.message.id)
                sentence = 'Something broke inside Chimera; the log says more.'
                return Ending(State.FAILED, sentence, fault=sentence)
        return self._listening.result()

    async def _listen(self) -> Ending:
        try:
            return await self._model.listen(self.message.speaker, self._hear, self._may_go_on)
        finally:
            self._took = self._clock.monotonic() - (self._began or 0)

    def _say_what_is_known(self, listening: asyncio.Task[Ending]) -> None:
        well = not listening.cancelled() and not listening.exception()
        if well and not self._cut and listening.result().state == State.COMPLETE:
            self.on_heard()

    def _hear(self, heard: Heard) -> None:
        if heard.unsays:
            self._untyped = deque(Heard(reasoning=known.reasoning + known.speech) for known in self._untyped)
        if heard.speech and self.first_delta_ms is None:
            self.first_delta_ms = self.duration_ms
        if self._is_straight:
            self._say(heard)
        else:
            self._untyped.append(heard)
            self._came.set()

    @property
    def _is_straight(self) -> bool:
        """Words need not wait for anybody: the way of most of them, so it is a short one."""
        return self._typist is not None and self._typing.is_instant and not self._untyped and not self._is_typing

    def _may_go_on(self) -> Awaitable[object] | None:
        """Where words go straight to the listeners, a hold makes the model wait."""
        return self._flowing.wait() if not self._flowing.is_set() and self._is_straight else None

    async def _type(self) -> None:
        assert self._listening
        while True:
            while self._untyped:
                self._is_typing = True
                await self._type_out(self._untyped.popleft())
            self._is_typing = False
            if self._listening.done():
                return
            self._came.clear()
            await self._came.wait()

    async def _type_out(self, heard: Heard) -> None:
        self._say(Heard(reasoning=heard.reasoning, unsays=heard.unsays))
        for word in words_of(heard.speech):
            await self._typing.wait_for(word)
            while not self._flowing.is_set():
                await self._flowing.wait()
            self._speak(word)

    def _say(self, heard: Heard) -> None:
        if heard.unsays:
            # Who watches has heard it by now; when the turn ends it stands among the thoughts.
            self._reasoning += self._speech
            self._speech.clear()
        if heard.reasoning and self._keeps_thoughts:
            self._think(heard.reasoning)
        if heard.speech:
            self._speak(heard.speech)

    def _speak(self, words: str) -> None:
        self._room -= len(words)
        begins = not self._speech
        self._speech.append(words)
        self._journal.say(self.message, words)
        if begins:
            self.on_first_words()

    def _think(self, thought: str) -> None:
        """Thoughts have the room that speech has left: a model that never comes to the point fills no database."""
        if len(thought) > self._room:
            thought = thought[: max(0, self._room)] + NOT_KEPT
            self._keeps_thoughts = False
        self._room -= len(thought)
        self._reasoning.append(thought)
        self._journal.say(self.message, thought, reasoning=True)


def _nothing() -> None:
    return None

"""What a vendor does wrong: it is told in a sentence, what was said is kept, and no error ever becomes speech."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.chimera import Chimera
from app.conversation import listening
from app.conversation.hearing import LONGEST_SPEECH
from app.conversation.listening import CUT_BY_THOUGHTS, CUT_BY_VENDOR
from app.conversation.turn import NOT_KEPT
from app.providers.port import Delta, ModelSettings, Prompt, ProviderError, Usage
from app.providers.scripted import Stall
from app.store.tables import State, Status
from tests.fixtures_conversation import Voice, begin

BUSY = 'OpenAI is busy; wait a minute, then resume.'


def busy() -> ProviderError:
    return ProviderError(BUSY, permanent=False, retry_after=60, detail='429 sk-secret')


async def test_an_error_in_mid_sentence_keeps_what_was_said_and_pauses(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river', busy()])
    stage = await begin(chimera, max_turns=3)
    await stage.rests(Status.PAUSED)
    [message] = await stage.said()
    assert (message.text, message.state, message.note) == ('Time is a river', State.FAILED, BUSY)
    assert stage.conversation.stop_reason == f'Iris could not speak. {BUSY}'
    assert message.completion_tokens > 0

    await stage.orchestrator.resume()
    await stage.ended()
    told = '\n'.join(message.content for prompt in voice.history for message in prompt.messages)
    assert 'Iris: Time is a river —' in told
    assert 'busy' not in told
    assert not any('busy' in text or 'sk-secret' in text for text in await stage.texts())


async def test_an_error_before_the_first_word_costs_nothing_and_the_same_persona_tries_again(
    chimera: Chimera, voice: Voice
) -> None:
    voice.enqueue(busy())
    stage = await begin(chimera, max_turns=2)
    await stage.rests(Status.PAUSED)
    [message] = await stage.said()
    assert (message.text, message.state) == ('', State.FAILED)
    assert stage.conversation.tokens == 0
    await stage.orchestrator.resume()
    await stage.ended()
    assert [m.speaker for m in await stage.said()] == ['Iris', 'Iris']


@pytest.mark.parametrize('nothing', ['', '   \n', '<think>hm</think>', '<think>hm', 'Iris:', '\x00'])
async def test_an_empty_answer_is_asked_for_once_more(chimera: Chimera, voice: Voice, nothing: str) -> None:
    voice.enqueue(nothing, 'Now I know.')
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    assert await stage.texts() == ['Now I know.']
    assert len(voice.asked) == 2
    assert (await stage.said())[0].completion_tokens > 3, 'both answers were paid for'


async def test_two_empty_answers_are_a_failure_that_is_seen(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('', [Delta(reasoning='Nothing to add.')])
    stage = await begin(chimera)
    await stage.rests(Status.PAUSED)
    [message] = await stage.said()
    assert (message.state, message.note) == (State.FAILED, 'The model answered with nothing, twice.')
    assert message.reasoning == 'Nothing to add.'
    assert stage.conversation.stop_reason == 'Iris could not speak. The model answered with nothing, twice.'
    assert len(voice.asked) == 2


async def test_who_only_writes_for_another_says_nothing_and_it_goes_on(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('Milo: I am Milo.')
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    said = await stage.said()
    assert (said[0].text, said[0].state) == ('', State.FAILED)
    assert said[0].note == 'The model began to write for Milo instead of speaking.'
    assert said[1].state == State.COMPLETE


async def test_who_goes_on_for_another_is_cut_short(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['**Iris:** I doubt', ' it.\nMi', 'lo: So do', ' I.'])
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    [message] = await stage.said()
    assert (message.text, message.state, message.note) == (
        'I doubt it.\n',
        State.COMPLETE,
        'Iris began to write for Milo.',
    )
    assert voice.speaking == 0


async def test_a_stalled_vendor_can_be_interrupted(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time', Stall()])
    stage = await begin(chimera)
    await stage.audience.until(lambda: stage.orchestrator.has_words)
    await stage.heard('Time')
    await stage.orchestrator.interrupt()
    assert await stage.texts() == ['Time—']


async def test_reasoning_is_kept_apart(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue([Delta(reasoning='Let me\x00 see\ud800. '), '<think>Is it', ' so?</think>', 'It is.'])
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    message = (await stage.said())[0]
    assert (message.text, message.reasoning) == ('It is.', 'Let me see. Is it so?')
    told = '\n'.join(message.content for message in voice.history[1].messages)
    assert 'Let me see' not in told
    assert 'Is it so' not in told


@pytest.mark.parametrize('pace', [0, 1])
async def test_thoughts_that_nobody_saw_begin_are_nobodys_speech(chimera: Chimera, voice: Voice, pace: int) -> None:
    voice.enqueue(['Is it', ' so? I doubt it.', '</think>', 'It is.'], 'Indeed.')
    stage = await begin(chimera, max_turns=2, pace=pace)
    await stage.ended()
    message = (await stage.said())[0]
    assert (message.text, message.reasoning) == ('It is.', 'Is it so? I doubt it.')
    told = '\n'.join(message.content for message in voice.history[1].messages)
    assert 'I doubt it' not in told


async def test_who_thinks_for_ever_is_stopped_where_no_limit_is_set(
    chimera: Chimera, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, 'LONGEST_THOUGHTS', 1_000)
    voice.enqueue([Delta(reasoning='round and round ')] * 1_000, ['It is. ', *['<think>or is it'] * 1_000])
    stage = await begin(chimera, max_turns=2)
    await stage.until(lambda: stage.orchestrator.status == Status.PAUSED)
    assert CUT_BY_THOUGHTS in (stage.conversation.stop_reason or '')
    await stage.orchestrator.resume()
    await stage.ended()
    never, hardly = await stage.said()
    assert (never.state, never.text, never.note) == (State.FAILED, '', CUT_BY_THOUGHTS)
    assert (hardly.state, hardly.text, hardly.note) == (State.COMPLETE, 'It is. ', CUT_BY_THOUGHTS)
    assert len(never.reasoning) < 1_100
    assert len(hardly.reasoning) < 1_100


async def test_thoughts_without_end_are_cut_and_the_speech_after_them_is_not(chimera: Chimera, voice: Voice) -> None:
    thoughts = [Delta(reasoning='round and round ' * 5_000)] * 4
    voice.enqueue([*thoughts, '<think>and more</think>', 'It is so.'])
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    [message] = await stage.said()
    assert (message.text, message.state) == ('It is so.', State.COMPLETE)
    assert len(message.reasoning) == LONGEST_SPEECH + len(NOT_KEPT)
    assert message.reasoning.endswith(NOT_KEPT)
    assert message.reasoning.count(NOT_KEPT) == 1


@pytest.mark.parametrize('finish', ['length', 'filter'])
async def test_an_answer_that_its_vendor_cut_says_so(chimera: Chimera, voice: Voice, finish: str) -> None:
    voice.enqueue(['Time is', Delta(finish=finish)], 'A river.')
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    [cut, whole] = await stage.said()
    assert (cut.text, cut.state, cut.note) == ('Time is', State.COMPLETE, CUT_BY_VENDOR[finish])
    assert (whole.state, whole.note) == (State.COMPLETE, None)


@pytest.mark.parametrize('finish', ['length', 'filter'])
async def test_an_answer_cut_before_its_first_word_is_a_failure_and_not_asked_for_again(
    chimera: Chimera, voice: Voice, finish: str
) -> None:
    voice.enqueue([Delta(reasoning='Let me see'), Delta(finish=finish)])
    stage = await begin(chimera)
    await stage.rests(Status.PAUSED)
    [message] = await stage.said()
    assert (message.state, message.note) == (State.FAILED, CUT_BY_VENDOR[finish])
    assert stage.conversation.stop_reason == f'Iris could not speak. {CUT_BY_VENDOR[finish]}'
    assert len(voice.asked) == 1


async def test_the_vendors_own_count_is_taken(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Hm.', Delta(usage=Usage(120, 7), finish='stop')])
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    [message] = await stage.said()
    assert (message.prompt_tokens, message.completion_tokens, stage.conversation.tokens) == (120, 7, 127)


async def test_a_vendors_nonsense_number_stops_nothing(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Hm.', Delta(usage=Usage(-5, 10**30), finish='stop')])
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    assert [m.state for m in await stage.said()] == [State.COMPLETE, State.COMPLETE]


class Broken(Voice):
    """A vendor's client with a bug of its own."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error: BaseException | None = error

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncIterator[Delta]:
        if self.error:
            error, self.error = self.error, None
            yield Delta('Well')
            raise error
        async for delta in super().stream(prompt, settings):
            yield delta


class TestABugInAClient:
    @pytest.fixture(params=['KeyError', 'CancelledError'])
    def voice(self, request: pytest.FixtureRequest) -> Voice:
        return Broken({'KeyError': KeyError('choices'), 'CancelledError': asyncio.CancelledError()}[request.param])

    async def test_it_pauses_and_can_be_resumed(self, chimera: Chimera) -> None:
        stage = await begin(chimera, max_turns=2)
        await stage.rests(Status.PAUSED)
        [message] = await stage.said()
        assert (message.text, message.state) == ('Well', State.FAILED)
        assert message.note
        assert 'choices' not in message.note
        await stage.orchestrator.resume()
        await stage.ended()

"""What every reader must do with a vendor, shown on both, the lean one and the real litellm, with one fake vendor."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial

import pytest

from app.providers import litellm_reader
from app.providers.catalogue import BY_ID, Patience
from app.providers.connections import Connections
from app.providers.litellm_reader import LitellmReader
from app.providers.openai_dialect import OpenAIDialect
from app.providers.port import Delta, ModelSettings, Prompt, PromptMessage, Provider, ProviderError, Usage
from tests.fake_vendor import FakeVendor, Pause, Reply, Reset, Stall, begins, error_frame, refuses, says

KEY = 'sk-very-secret-key'
MODEL = ModelSettings('openai/fake-small', temperature=0.7, max_tokens=300)
# litellm warns about itself inside its own stream, where a warning made an error would look like a vendor's fault
pytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning')

PROMPT = Prompt((PromptMessage('system', 'You are Ada.'), PromptMessage('user', 'Charlie: Hello Ada, how är you? 😀')))
IMPATIENT = Patience(connect=2, first=30, idle=0.5, total=40, tail=0.3)

Make = Callable[..., Provider]


@pytest.fixture(params=['lean', 'resting', 'litellm'])
async def make(request: pytest.FixtureRequest, vendor: FakeVendor) -> AsyncIterator[Make]:
    """A reader of that kind for the fake vendor; the resting one is a lean one that leaves words waiting after each
    delta, as it does in Chimera. Its pauses between tries cost nothing and are kept in `pauses`."""
    connections = Connections()

    def make(patience: Patience = IMPATIENT, pauses: list[float] | None = None, url: str | None = None) -> Provider:
        async def pause(seconds: float) -> None:
            if pauses is not None:
                pauses.append(seconds)

        if request.param != 'litellm':
            rest = partial(asyncio.sleep, 0.002) if request.param == 'resting' else None
            return OpenAIDialect(BY_ID['openai'], url or vendor.url, KEY, connections, patience, pause, rest)
        return LitellmReader(BY_ID['openai'], url or vendor.url, KEY, patience, pause)

    yield make
    await litellm_reader.close()
    await connections.close()


async def listen(reader: Provider) -> tuple[str, str, Delta]:
    """All that was said, all that was thought, and the last delta."""
    deltas = [delta async for delta in reader.stream(PROMPT, MODEL)]
    return ''.join(delta.text for delta in deltas), ''.join(delta.reasoning for delta in deltas), deltas[-1]


async def listen_until_it_fails(reader: Provider) -> tuple[str, ProviderError]:
    heard: list[str] = []

    async def hear() -> None:
        async for delta in reader.stream(PROMPT, MODEL):
            heard.append(delta.text)

    with pytest.raises(ProviderError) as caught:
        await hear()
    assert KEY not in f'{caught.value} {caught.value.detail}'
    assert caught.value.__cause__ is None
    assert 'Traceback' not in str(caught.value)
    return ''.join(heard), caught.value


async def test_an_answer_arrives_with_its_usage(make: Make, vendor: FakeVendor):
    vendor.will(says('Good ', 'evening, ', 'Charlie.', usage=(21, 4)))
    said, _, last = await listen(make())
    assert said == 'Good evening, Charlie.'
    assert last.finish == 'stop'
    assert last.usage == Usage(21, 4)


async def test_the_vendor_is_asked_what_was_meant(make: Make, vendor: FakeVendor):
    vendor.will(says('Well.'))
    await listen(make())
    asked = vendor.requests[0]
    assert asked.path == '/v1/chat/completions'
    assert asked.headers['authorization'] == f'Bearer {KEY}'
    assert asked.body['messages'] == [{'role': each.role, 'content': each.content} for each in PROMPT.messages]
    assert (asked.body['model'], asked.body['stream'], asked.body['temperature']) == ('fake-small', True, 0.7)
    assert 300 in (asked.body.get('max_completion_tokens'), asked.body.get('max_tokens'))
    assert 'cookie' not in asked.headers


async def test_thoughts_are_told_apart_from_speech(make: Make, vendor: FakeVendor):
    vendor.will(says('Yes.', thinks=['Is it so? ', 'It is.']))
    said, thought, _ = await listen(make())
    assert (said, thought) == ('Yes.', 'Is it so? It is.')


@pytest.mark.parametrize('size', [1, 2, 3, 7])
async def test_letters_that_fall_apart_come_together(make: Make, vendor: FakeVendor, size: int):
    text = 'Größe ☕ 日本語 👩🏽‍🚀 \u200b one\u2028two\u0085three'
    vendor.will(says(text, usage=(1, 1)).split_every(size))
    said, _, _ = await listen(make())
    assert said == text


async def test_lines_may_end_like_on_windows(make: Make, vendor: FakeVendor):
    vendor.will(says('One ', 'two', newline='\r\n').split_every(5))
    said, _, _ = await listen(make())
    assert said == 'One two'


async def test_an_empty_answer_is_an_answer(make: Make, vendor: FakeVendor):
    vendor.will(says())
    said, _, last = await listen(make())
    assert said == ''
    assert last.finish == 'stop'


@pytest.mark.parametrize(('word', 'finish'), [('length', 'length'), ('content_filter', 'filter')])
async def test_the_last_delta_says_why_it_ended(make: Make, vendor: FakeVendor, word: str, finish: str):
    vendor.will(says('Once upon a', finish=word))
    _, _, last = await listen(make())
    assert last.finish == finish


async def test_a_vendor_without_usage_gets_an_estimate(make: Make, vendor: FakeVendor):
    vendor.will(says('Good evening to all of you.', usage=None))
    _, _, last = await listen(make())
    assert last.usage
    assert last.usage.completion_tokens > 0


@pytest.mark.parametrize('status', [429, 500, 502, 503, 529])
async def test_a_passing_failure_is_tried_again_before_the_first_word(make: Make, vendor: FakeVendor, status: int):
    vendor.will(refuses(status, 'busy'), refuses(status, 'busy'), says('Here I am.'))
    pauses: list[float] = []
    said, _, _ = await listen(make(pauses=pauses))
    assert said == 'Here I am.'
    assert len(pauses) == 2
    assert pauses[1] > pauses[0] > 0


async def test_after_three_tries_it_says_so(make: Make, vendor: FakeVendor):
    vendor.usually = refuses(503, 'overloaded')
    _, error = await listen_until_it_fails(make())
    assert not error.permanent
    assert 'OpenAI' in str(error)
    assert len(vendor.requests) == 3


@pytest.mark.parametrize(
    ('status', 'hint'),
    [(400, 'could not accept'), (401, 'OPENAI_API_KEY'), (403, 'does not let'), (404, 'no model named fake-small')],
)
async def test_a_lasting_failure_is_told_once_with_what_to_do(make: Make, vendor: FakeVendor, status: int, hint: str):
    vendor.usually = refuses(status, f'the model said no to {KEY}')
    _, error = await listen_until_it_fails(make())
    assert error.permanent
    assert hint in str(error)
    assert len(vendor.requests) == 1


async def test_nobody_calls_before_retry_after(make: Make, vendor: FakeVendor):
    vendor.will(refuses(429, 'slow down', retry_after=7), says('Thanks.'))
    pauses: list[float] = []
    await listen(make(pauses=pauses))
    assert 7 <= pauses[0] < 8


async def test_a_long_retry_after_is_for_the_person_to_decide(make: Make, vendor: FakeVendor):
    vendor.will(refuses(429, 'slow down', retry_after=600))
    _, error = await listen_until_it_fails(make())
    assert error.retry_after == 600
    assert not error.permanent
    assert len(vendor.requests) == 1


async def test_nobody_there(make: Make):
    async with FakeVendor() as gone:
        url = gone.url
    _, error = await listen_until_it_fails(make(url=url))
    assert not error.permanent
    assert 'does not answer' in str(error)


async def test_silence_before_the_first_word_ends(make: Make, vendor: FakeVendor):
    vendor.will(Reply((Stall(),)))
    reader = make(patience=Patience(first=0.4, idle=5, total=9))
    _, error = await listen_until_it_fails(reader)
    assert 'did not begin' in str(error)
    assert len(vendor.requests) == 1


async def test_silence_in_mid_answer_ends_and_keeps_what_was_said(make: Make, vendor: FakeVendor):
    vendor.will(begins('Let me ', 'think').then(Stall()))
    heard, error = await listen_until_it_fails(make())
    assert heard == 'Let me think'
    assert 'fell silent' in str(error)
    assert not error.permanent
    assert len(vendor.requests) == 1


async def test_heartbeats_are_not_words(make: Make, vendor: FakeVendor):
    heartbeats = [step for _ in range(20) for step in (b': ping\n\n', Pause(0.1))]
    vendor.will(begins('Let me think').then(*heartbeats))
    heard, error = await listen_until_it_fails(make())
    assert heard == 'Let me think'
    assert 'fell silent' in str(error)


async def test_an_answer_that_never_ends_is_ended(make: Make, vendor: FakeVendor):
    vendor.will(says(*['and ' for _ in range(200)], pause=0.05))
    heard, error = await listen_until_it_fails(make(patience=Patience(first=3, idle=2, total=0.6)))
    assert heard.startswith('and and ')
    assert 'had not finished' in str(error)


@pytest.mark.parametrize('ending', ['reset', 'quiet'])
async def test_a_cut_answer_is_never_taken_for_a_whole_one(make: Make, vendor: FakeVendor, ending: str):
    cut = begins('To be, ', 'or not')
    vendor.will(cut.then(Reset()) if ending == 'reset' else cut)
    heard, error = await listen_until_it_fails(make())
    assert 'To be, or not'.startswith(heard)
    assert 'cut off' in str(error)
    assert not error.permanent
    assert len(vendor.requests) == 1


async def test_an_error_inside_a_200_is_an_error(make: Make, vendor: FakeVendor):
    vendor.will(begins('Well, ').then(error_frame(f'engine on fire, key {KEY}', type='server_error')))
    heard, _ = await listen_until_it_fails(make())
    assert heard == 'Well, '
    assert len(vendor.requests) == 1


async def test_an_error_in_place_of_the_first_word_is_tried_again(make: Make, vendor: FakeVendor):
    vendor.will(Reply((error_frame('rate limit', code='rate_limit_exceeded'),)), says('Now.'))
    said, _, _ = await listen(make())
    assert said == 'Now.'


async def test_a_malformed_frame_ends_the_answer_without_a_crash(make: Make, vendor: FakeVendor):
    vendor.will(begins('Well, ').then(b'data: {"choices": [{"delta": \n\n', b'data: [DONE]\n\n'))
    heard, error = await listen_until_it_fails(make())
    assert heard in ('Well, ', '')
    assert not error.permanent


async def test_who_stops_listening_hangs_up_at_once(make: Make, vendor: FakeVendor):
    vendor.will(begins('I could go on ').then(Stall()))
    async with aclosing(make().stream(PROMPT, MODEL)) as deltas:  # type: ignore[type-var]
        async for _ in deltas:
            break
    async with asyncio.timeout(1):
        await vendor.requests[0].gone.wait()


async def test_a_cancelled_listener_hangs_up_too(make: Make, vendor: FakeVendor):
    vendor.will(begins('I could go on ').then(Stall()))
    heard = asyncio.Event()

    async def listen_on() -> None:
        async for _ in make().stream(PROMPT, MODEL):
            heard.set()

    listener = asyncio.create_task(listen_on())
    await heard.wait()
    listener.cancel()
    async with asyncio.timeout(1):
        await vendor.requests[0].gone.wait()


async def test_a_pause_in_mid_sentence_is_not_the_vendors_silence(make: Make, vendor: FakeVendor):
    vendor.will(says('One, ', 'two.', pause=0.05))
    said = ''
    async for delta in make().stream(PROMPT, MODEL):
        said += delta.text
        if delta.text:
            await asyncio.sleep(IMPATIENT.idle * 1.5)  # the consumer's own time, longer than a vendor may be silent
    assert said == 'One, two.'


async def test_a_hundred_voices_at_once(make: Make, vendor: FakeVendor):
    vendor.usually = says('All ', 'together ', 'now')
    reader = make(patience=Patience(first=30, idle=30, total=60))
    heard = await asyncio.gather(*(listen(reader) for _ in range(100)))
    assert {said for said, _, _ in heard} == {'All together now'}


async def test_words_that_come_while_it_rests_are_one_delta(vendor: FakeVendor) -> None:
    words = [f'{number} ' for number in range(200)]
    vendor.will(says(*words, pause=0.001))
    connections = Connections()
    reader = OpenAIDialect(BY_ID['openai'], vendor.url, KEY, connections, rest=partial(asyncio.sleep, 0.02))
    deltas = [delta.text async for delta in reader.stream(PROMPT, MODEL)]
    await connections.close()
    assert ''.join(deltas) == ''.join(words)
    assert deltas[0] == '0 '
    assert len(deltas) < len(words) / 2

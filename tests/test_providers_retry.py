"""What the lean reader does about failures that a vendor reports: how long it waits, and what it tells the person."""

import asyncio
import datetime
import email.utils
from collections.abc import AsyncIterator

import pytest

from app.providers.catalogue import BY_ID, Patience, Vendor
from app.providers.connections import Connections
from app.providers.faults import Faults, seconds_to_wait
from app.providers.openai_dialect import BREATH, OpenAIDialect
from app.providers.port import Delta, ModelSettings, Prompt, PromptMessage, Provider, ProviderError
from tests.fake_vendor import FakeVendor, Reply, Stall, endless_line, refuses, says, web_page, whole_body

PROMPT = Prompt((PromptMessage('user', 'Well?'),))
MODEL = ModelSettings('openai/fake-small', temperature=0.7, top_p=0.9, max_tokens=100)


@pytest.fixture
async def reader(vendor: FakeVendor) -> AsyncIterator[Provider]:
    connections = Connections()
    yield make_reader(vendor, connections)
    await connections.close()


def make_reader(vendor: FakeVendor, connections: Connections, row: Vendor = BY_ID['openai']) -> OpenAIDialect:
    async def at_once(_: float) -> None:
        pass

    return OpenAIDialect(
        row, vendor.url, 'sk-secret', connections, Patience(first=3, idle=1, total=5, tail=0.2), at_once
    )


async def listen(reader: Provider) -> tuple[str, Delta]:
    deltas = [delta async for delta in reader.stream(PROMPT, MODEL)]
    return ''.join(delta.text for delta in deltas), deltas[-1]


@pytest.mark.parametrize(
    ('status', 'body', 'permanent', 'hint'),
    [
        (302, '', True, 'another address'),
        (400, '{"error":{"message":"bad seed"}}', True, 'bad seed'),
        (400, '{"error":{"code":"context_length_exceeded","message":"too many"}}', True, 'too long'),
        (400, '[{"error":{"code":400,"message":"API key not valid. Please pass one."}}]', True, 'Check OPENAI_API_KEY'),
        (401, '{"error":"Incorrect API key provided: sk-abc***xyz"}', True, 'Check OPENAI_API_KEY'),
        (402, '', True, 'no credit'),
        (403, '', True, 'does not let this key'),
        (404, '<html>nginx</html>', True, '/v1'),
        (404, '{"error":"model not found"}', True, 'no model named fake-small'),
        (408, '', False, 'too long'),
        (409, '', False, 'busy'),
        (413, '', True, 'too long'),
        (418, '', True, 'HTTP 418'),
        (422, '{"detail":[{"loc":["body"],"msg":"field required"}]}', True, 'field required'),
        (429, '', False, 'fewer requests'),
        (429, '{"error":{"code":"insufficient_quota"}}', True, 'no credit'),
        (500, 'Traceback (most recent call last)', False, 'a fault of its own'),
        (503, '', False, 'more visitors'),
        (529, '', False, 'more visitors'),
        (599, '', False, 'HTTP 599'),
    ],
)
def test_every_status_is_a_sentence_with_a_verdict(status: int, body: str, permanent: bool, hint: str):
    error = Faults(BY_ID['openai'], 'fake-small', 'sk-secret').refused(status, body)
    assert hint in str(error)
    assert error.permanent is permanent
    assert 'OpenAI' in str(error)
    assert 'Traceback' not in str(error)
    assert 'sk-abc' not in f'{error} {error.detail}'


def test_retry_after_may_be_a_number_or_a_date():
    in_a_minute = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
    assert seconds_to_wait('1.5') == 1.5
    assert seconds_to_wait(email.utils.format_datetime(in_a_minute, usegmt=True)) == pytest.approx(60, abs=2)
    assert seconds_to_wait('Wed, 21 Oct 2015 07:28:00 GMT') == 0
    assert seconds_to_wait('soon') is None
    assert seconds_to_wait(None) is None


@pytest.mark.parametrize('key', ['sk-secret', 'AIzaSyA1234567890abcdef', 'sk-proj-abc_DEF-123456', 'Bearer abc.def'])
def test_a_key_is_blotted_out_wherever_a_vendor_repeats_it(key: str):
    faults = Faults(BY_ID['openai'], 'm', 'sk-secret')
    for error in (faults.refused(400, f'bad {key}!'), faults.error_frame({'message': key}), faults.unreadable(key)):
        assert key not in f'{error} {error.detail}'


async def test_a_parameter_that_a_model_refuses_is_left_out_from_then_on(reader: Provider, vendor: FakeVendor):
    sentence = "Unsupported value: 'temperature' does not support 0.7 with this model."
    vendor.will(refuses(400, sentence, param='temperature'), says('Fine.'), says('Again.'))
    assert (await listen(reader))[0] == 'Fine.'
    assert (await listen(reader))[0] == 'Again.'
    assert ['temperature' in asked.body for asked in vendor.requests] == [True, False, False]
    assert all('top_p' in asked.body for asked in vendor.requests)


async def test_a_redirect_is_not_followed(reader: Provider, vendor: FakeVendor):
    vendor.will(Reply((), 302, headers={'Location': f'{vendor.root}/elsewhere'}))
    with pytest.raises(ProviderError, match='another address'):
        await listen(reader)
    assert len(vendor.requests) == 1


async def test_a_server_that_does_not_stream_is_heard_too(reader: Provider, vendor: FakeVendor):
    vendor.will(whole_body('All at once.').split_every(9))
    said, last = await listen(reader)
    assert said == 'All at once.'
    assert last.usage
    assert last.usage.counted


async def test_a_sign_in_page_is_told_as_one(reader: Provider, vendor: FakeVendor):
    vendor.usually = web_page()
    with pytest.raises(ProviderError, match='web page'):
        await listen(reader)
    assert len(vendor.requests) == 1


async def test_an_endless_line_is_ended(reader: Provider, vendor: FakeVendor):
    vendor.usually = endless_line(3 << 20)
    with pytest.raises(ProviderError, match='not an answer'):
        await listen(reader)


@pytest.mark.parametrize('field', ['reasoning_content', 'reasoning'])
async def test_thoughts_come_under_two_names(reader: Provider, vendor: FakeVendor, field: str):
    vendor.will(says('Yes.', thinks=['Hm.'], thought_field=field))
    deltas = [delta async for delta in reader.stream(PROMPT, MODEL)]
    assert ''.join(delta.reasoning for delta in deltas) == 'Hm.'


async def test_a_connection_serves_the_next_turn(reader: Provider, vendor: FakeVendor):
    for _ in range(3):
        vendor.will(says('Hello.'))
        await listen(reader)
    assert vendor.connections == 1


async def test_without_a_finish_mark_the_usual_end_will_do(reader: Provider, vendor: FakeVendor):
    vendor.will(says('Hello.', finish=None))
    said, last = await listen(reader)
    assert (said, last.finish) == ('Hello.', 'stop')


async def test_a_server_that_never_hangs_up_does_not_hold_the_turn(reader: Provider, vendor: FakeVendor):
    vendor.will(says('Hello.', done=False, usage=None).then(Stall()))
    said, last = await listen(reader)
    assert (said, last.finish) == ('Hello.', 'stop')


async def test_a_server_at_home_that_is_off_is_told_at_once(vendor: FakeVendor):
    connections = Connections()
    async with FakeVendor() as off:
        reader = make_reader(off, connections, BY_ID['ollama'])
    with pytest.raises(ProviderError, match='ollama serve'):
        await listen(reader)
    await connections.close()


async def test_data_that_is_always_ready_leaves_room_for_others(reader: Provider, vendor: FakeVendor):
    vendor.usually = says(*(['word '] * 40_000))
    others_went, stop = 0, False

    async def feel_the_pulse() -> None:
        nonlocal others_went
        while not stop:
            others_went += 1
            await asyncio.sleep(0)

    pulse = asyncio.create_task(feel_the_pulse())
    said, _ = await listen(reader)
    stop = True
    await pulse
    assert len(said) == 5 * 40_000
    # Each frame is longer than its five letters of text, and nobody waits for more than a breath of bytes.
    assert others_went >= len(said) // BREATH

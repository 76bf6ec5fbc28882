"""The lean reader's ear, without a network: whatever way the bytes are cut, the words are the same."""

import contextlib
import json
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.providers.answer import LONGEST_LINE, MOST_TOKENS, Answer, usage_of
from app.providers.catalogue import BY_ID
from app.providers.faults import Faults
from app.providers.port import LONGEST_DETAIL, LONGEST_MESSAGE, ProviderError, Usage
from tests.fake_vendor import begins, error_frame, event, frame, says, web_page, whole_body

FAULTS = Faults(BY_ID['openai'], 'fake-small')
TEXT = 'Größe ☕ 👩🏽‍🚀 日本\u2028語\u0085.\r\n\tEnd'
STREAM = says(*TEXT, usage=(3, 4)).body


def hear(*chunks: bytes) -> str:
    """What was said, up to the end of the answer or its fault."""
    answer = Answer(FAULTS)
    said = [delta.text for chunk in chunks if not answer.fault and (delta := answer.feed(chunk))]
    if answer.fault:
        raise answer.fault
    return ''.join(said) + answer.closing(0).text


def test_thoughts_that_stand_in_the_total_alone_are_counted() -> None:
    assert usage_of({'prompt_tokens': 7, 'completion_tokens': 5, 'total_tokens': 52}) == Usage(7, 45)
    assert usage_of({'prompt_tokens': 7, 'completion_tokens': 5}) == Usage(7, 5)


def test_every_split_point_gives_the_same_words():
    for at in range(len(STREAM)):
        assert hear(STREAM[:at], STREAM[at:]) == TEXT


def test_one_byte_at_a_time_gives_the_same_words():
    assert hear(*(bytes([byte]) for byte in STREAM)) == TEXT


def test_cut_after_any_byte_it_is_whole_or_it_is_a_fault():
    finished = STREAM.index(b'"finish_reason": "stop"')
    for at in range(len(STREAM)):
        answer = Answer(FAULTS)
        delta = answer.feed(STREAM[:at])
        heard = delta.text if delta else ''
        assert TEXT.startswith(heard)
        if at < finished:
            with pytest.raises(ProviderError):
                answer.closing(0)
        elif answer.is_complete:
            assert heard == TEXT


def test_one_read_is_one_delta():
    answer = Answer(FAULTS)
    delta = answer.feed(STREAM)
    assert delta
    assert delta.text == TEXT
    assert answer.done


def test_words_before_an_error_are_kept():
    answer = Answer(FAULTS)
    delta = answer.feed(
        begins('So far ', 'so good').body + error_frame('boom', code=502) + event(frame({'content': '!'}))
    )
    assert delta
    assert delta.text == 'So far so good'
    assert answer.fault


def test_an_emoji_escaped_in_two_frames_is_one_emoji():
    high, low = (
        b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n',
        b'data: {"choices":[{"delta":{"content":"\\ude00b"}}]}\n',
    )
    assert hear(high, low, b'data: [DONE]\n') == 'a😀b'
    assert hear(high + low + b'data: [DONE]\n') == 'a😀b'


def test_a_lone_half_never_reaches_the_database():
    said = hear(
        b'data: {"choices":[{"delta":{"content":"x\\ud83dy\\u0000z","reasoning":"\\udc00"}}]}\n', b'data: [DONE]\n'
    )
    assert said.encode() == 'x\ufffdyz'.encode()


def test_a_server_that_does_not_stream():
    body = whole_body('All at\nonce.').body
    for at in range(0, len(body), 7):
        assert hear(body[:at], body[at:]) == 'All at\nonce.'


def test_a_web_page_is_no_answer():
    with pytest.raises(ProviderError, match='web page') as caught:
        hear(*[bytes([byte]) for byte in b'  ' + web_page().body])
    assert caught.value.permanent


@pytest.mark.parametrize(
    'body', [b'', b'\n\n', b'{}', b'{"hello": 1}', b'nothing here\n', b': ping\n\n', b'data: {"choices":[]}\n']
)
def test_nothing_is_no_answer(body: bytes):
    with pytest.raises(ProviderError):
        hear(body)


def test_the_last_line_may_lack_its_end():
    assert hear(STREAM.removesuffix(b'\n\n')) == TEXT


def test_an_endless_line_is_ended_in_little_time_and_space():
    answer = Answer(FAULTS)
    answer.feed(b'data: {"')
    taken, begun = 0, time.process_time()
    while not answer.fault:
        answer.feed(b'x' * 64)
        taken += 64
    assert taken <= LONGEST_LINE + 64
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    'odd',
    [
        b'[]', b'1', b'null', b'"x"', b'{"choices": 7}', b'{"choices": [3]}', b'{"choices": [{"delta": 5}]}',
        b'{"choices": {"a": 1}}', b'{"choices": [{"delta": {"content": 5}}]}', b'{"usage": [1]}', b'\xff\xfe',
        b'{' * 9000, b'{"usage": {"prompt_tokens": "many"}}', b'{"choices":[{"delta":{},"finish_reason":["x"]}]}',
    ],
)  # fmt: skip
def test_nonsense_is_a_fault_and_no_crash(odd: bytes):
    with pytest.raises(ProviderError):
        hear(b'data: ' + odd + b'\n', b'data: {"choices":[{"delta":{"content":3}}]}\n')


@pytest.mark.parametrize(('sent', 'counted'), [
    ('1e999', MOST_TOKENS), ('9999999999999', MOST_TOKENS), ('-7', 0), ('null', 0), ('12', 12), ('"12"', 12),
])  # fmt: skip
def test_a_number_of_tokens_is_one_that_can_be_counted_with(sent: str, counted: int):
    answer = Answer(FAULTS)
    answer.feed(b'data: {"usage": {"prompt_tokens": %s}}\n' % sent.encode())
    answer.feed(b'data: [DONE]\n')
    usage = answer.closing(0).usage
    assert usage
    assert usage.prompt_tokens == counted


@pytest.mark.parametrize('frame', ['{"error": {"code": 1e999}}', '{"usage": {"prompt_tokens": 1%s}}' % ('0' * 400)])
def test_a_number_beyond_all_numbers_breaks_nothing(frame: str):
    with contextlib.suppress(ProviderError):
        hear(f'data: {frame}\n'.encode(), b'data: [DONE]\n')


def test_what_a_vendor_says_in_an_error_can_be_written_and_has_an_end():
    answer = Answer(FAULTS)
    answer.feed(b'data: {"error": "invalid_request \\ud800 boom"}\n')
    spoken = FAULTS.refused(400, 'line one\nNUL \0 bell \x07 \x9b' + 'x' * 5_000)
    plain = ProviderError('long ' * 1_000, permanent=True, detail='\0\udfff' + 'd' * 9_000)
    for error in (answer.fault, spoken, plain):
        assert error
        for text in (str(error), error.detail):
            assert text.encode()
            assert text.isprintable()
        assert len(str(error)) <= LONGEST_MESSAGE
        assert len(error.detail) <= LONGEST_DETAIL
    assert str(answer.fault).endswith('invalid_request  boom')


JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 999) | some.text(max_size=5),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(['choices', 'delta', 'content', 'usage', 'error', 'code']), inner, max_size=4
        )
    ),
    max_leaves=12,
)
LINE = some.one_of(
    some.binary(max_size=40),
    JSON.map(lambda value: b'data: ' + json.dumps(value).encode()),
    some.text(max_size=8).map(lambda text: b'data: ' + orjson.dumps(frame({'content': text}))),
    some.sampled_from([b'data: [DONE]', b': ping', b'event: error', b'']),
)


@settings(max_examples=400, deadline=None)
@given(some.lists(LINE, max_size=8).map(b'\n'.join), some.lists(some.integers(1, 30), max_size=6))
def test_whatever_a_vendor_sends_it_ends_in_words_or_one_kind_of_error(stream: bytes, sizes: list[int]):
    answer = Answer(FAULTS)
    for size in [*sizes, len(stream)]:
        chunk, stream = stream[:size], stream[size:]
        if chunk and not answer.fault and not answer.done:
            answer.feed(chunk)
    with contextlib.suppress(ProviderError):
        if not answer.fault:
            answer.closing(0).text.encode()

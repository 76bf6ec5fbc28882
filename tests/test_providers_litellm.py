"""A vendor that only litellm speaks, in its own dialect, and litellm kept on a leash."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.providers import litellm_reader
from app.providers.catalogue import BY_ID, Patience
from app.providers.litellm_reader import LitellmReader
from app.providers.port import Delta, ModelSettings, Prompt, PromptMessage, ProviderError, Usage
from tests.fake_vendor import FakeVendor, Reply, Stall, refuses

# litellm warns about itself inside its own stream, where a warning made an error would look like a vendor's fault
pytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning')

PROMPT = Prompt((PromptMessage('system', 'You are Ada.'), PromptMessage('user', 'Charlie: Hello?')))
PATIENCE = Patience(connect=2, first=20, idle=0.5, total=30, tail=5)
MODEL = ModelSettings('anthropic/claude-haiku-5-5', temperature=0.7, max_tokens=200)
TEXT = ('Größe ', 'und ', '👩🏽‍🚀 Ende.')


@pytest.fixture
async def reader(vendor: FakeVendor) -> AsyncIterator[LitellmReader]:
    async def at_once(_: float) -> None:
        pass

    yield LitellmReader(BY_ID['anthropic'], vendor.root, 'secret-key', PATIENCE, at_once)
    await litellm_reader.close()


async def listen(reader: LitellmReader) -> tuple[str, Delta]:
    deltas = [delta async for delta in reader.stream(PROMPT, MODEL)]
    return ''.join(delta.text for delta in deltas), deltas[-1]


@pytest.mark.parametrize('size', [1, 5, 4096])
async def test_it_speaks_the_vendors_own_dialect(reader: LitellmReader, vendor: FakeVendor, size: int):
    vendor.will(say_like_anthropic(*TEXT).split_every(size))
    said, last = await listen(reader)
    assert said == ''.join(TEXT)
    assert last.usage == Usage(7, 5)
    assert last.finish == 'stop'


async def test_a_cut_answer_is_a_fault(reader: LitellmReader, vendor: FakeVendor):
    vendor.will(say_like_anthropic(*TEXT, ends=False))
    with pytest.raises(ProviderError, match='cut off'):
        await listen(reader)


async def test_silence_is_a_fault(reader: LitellmReader, vendor: FakeVendor):
    vendor.will(say_like_anthropic(*TEXT, ends=False).then(Stall()))
    with pytest.raises(ProviderError, match='fell silent'):
        await listen(reader)


@pytest.mark.parametrize(('status', 'permanent'), [(401, True), (404, True), (429, False), (529, False)])
async def test_a_refusal_is_a_sentence(reader: LitellmReader, vendor: FakeVendor, status: int, permanent: bool):
    vendor.usually = refuses(status, 'no model for secret-key')
    with pytest.raises(ProviderError, match=reader.vendor.label) as caught:
        await listen(reader)
    assert caught.value.permanent is permanent
    assert 'secret-key' not in f'{caught.value} {caught.value.detail}'


def test_litellm_is_only_imported_when_it_is_needed():
    code = 'import sys, app.providers.providers; print("litellm" in sys.modules, "openai" in sys.modules)'
    said = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.split() == ['False', 'False']


def test_litellm_neither_calls_home_nor_reads_dotenv(tmp_path: Path):
    (tmp_path / '.env').write_text('FROM_DOTENV=1')
    code = (
        'import os, socket\n'
        'asked = []\n'
        'socket.getaddrinfo = lambda *a, **k: asked.append(a) or []\n'
        'socket.socket.connect = lambda *a: asked.append(a)\n'
        'from app.providers.litellm_reader import rehearse\n'
        'rehearse()\n'
        'print(asked, "FROM_DOTENV" in os.environ)\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, check=True, cwd=tmp_path, env={'PYTHONPATH': ROOT}
    )
    assert done.stdout.split() == ['[]', 'False']


ROOT = str(Path(__file__).parents[1])


def say_like_anthropic(*words: str, ends: bool = True) -> Reply:
    usage = {'input_tokens': 7, 'output_tokens': 1}
    message = {'id': 'm', 'type': 'message', 'role': 'assistant', 'model': 'x', 'content': [], 'usage': usage}
    events: list[dict[str, Any]] = [
        {'type': 'message_start', 'message': message},
        {'type': 'content_block_start', 'index': 0, 'content_block': {'type': 'text', 'text': ''}},
        *({'type': 'content_block_delta', 'index': 0, 'delta': {'type': 'text_delta', 'text': word}} for word in words),
    ]
    if ends:
        events += [
            {'type': 'content_block_stop', 'index': 0},
            {'type': 'message_delta', 'delta': {'stop_reason': 'end_turn'}, 'usage': {'output_tokens': 5}},
            {'type': 'message_stop'},
        ]
    return Reply(tuple(f'event: {each["type"]}\ndata: {dump(each)}\n\n'.encode() for each in events))


def dump(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)

"""One reader in a process of its own: `python -m bench.reading lean --url URL` prints what it cost, as JSON."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import orjson
import uvloop

from app.providers.catalogue import BY_ID
from app.providers.connections import Connections
from app.providers.openai_dialect import OpenAIDialect
from app.providers.port import ModelSettings, Prompt, PromptMessage

QUESTION = 'Tell me a long story.'
Listen = Callable[[str], AsyncIterator[str]]


async def measure(kind: str, url: str, *, tokens: int, calls: int, streams: int, seconds: int) -> dict[str, float]:
    """Burst and paced: CPU milliseconds for 1,000 of the vendor's deltas. First: milliseconds to the first one."""
    listen, close = READERS[kind](url)
    for _ in range(3):
        await hear(listen, 'paced-0-200', 200)
    before = time.process_time()
    for _ in range(calls):
        await hear(listen, f'paced-0-{tokens}', tokens)
    burst = (time.process_time() - before) / (calls * tokens) * 1e6
    first = sorted([await time_to_first(listen) for _ in range(40)])
    before = time.process_time()
    await asyncio.gather(*(hear(listen, f'paced-50-{50 * seconds}', 50 * seconds) for _ in range(streams)))
    paced = (time.process_time() - before) / (streams * 50 * seconds) * 1e6
    await close()
    return {'burst': burst, 'first': first[len(first) // 2], 'paced': paced}


async def hear(listen: Listen, model: str, words: int) -> None:
    heard = ''.join([text async for text in listen(model)])
    if heard.count(' ') != words:
        raise RuntimeError(f'{heard.count(" ")} words came of {words}')


async def time_to_first(listen: Listen) -> float:
    before = time.perf_counter()
    first = 0.0
    async for text in listen('paced-0-1'):
        if text and not first:
            first = time.perf_counter() - before
    return first * 1e3


def read_lean(url: str) -> tuple[Listen, Callable[[], Awaitable[Any]]]:
    connections = Connections()
    reader = OpenAIDialect(BY_ID['openai'], url, 'sk-x', connections)
    prompt = Prompt((PromptMessage('user', QUESTION),))

    async def listen(model: str) -> AsyncIterator[str]:
        async for delta in reader.stream(prompt, ModelSettings(f'openai/{model}')):
            yield delta.text

    return listen, connections.close


def read_bare(url: str) -> tuple[Listen, Callable[[], Awaitable[Any]]]:
    """The least that anybody could do: no timeouts, no errors, no thoughts, no usage."""
    session = aiohttp.ClientSession()

    async def listen(model: str) -> AsyncIterator[str]:
        async with session.post(f'{url}/chat/completions', json=request(model)) as response:
            rest = b''
            async for chunk in response.content.iter_any():
                *lines, rest = (rest + chunk).split(b'\n')
                texts = []
                for line in lines:
                    if line.startswith(b'data: {'):
                        choices = orjson.loads(line[6:])['choices']
                        if choices and (text := choices[0]['delta'].get('content')):
                            texts.append(text)
                yield ''.join(texts)

    return listen, session.close


def read_openai(url: str) -> tuple[Listen, Callable[[], Awaitable[Any]]]:
    client = importlib.import_module('openai').AsyncOpenAI(base_url=url, api_key='sk-x', max_retries=0)

    async def listen(model: str) -> AsyncIterator[str]:
        async for chunk in await client.chat.completions.create(**request(model)):
            if chunk.choices:
                yield chunk.choices[0].delta.content or ''

    return listen, client.close


def read_litellm(url: str) -> tuple[Listen, Callable[[], Awaitable[Any]]]:
    from app.providers.litellm_reader import close, import_litellm

    litellm = import_litellm()

    async def listen(model: str) -> AsyncIterator[str]:
        asked = {**request(model), 'model': f'openai/{model}'}
        async for chunk in await litellm.acompletion(**asked, api_base=url, api_key='sk-x'):
            if chunk.choices:
                yield chunk.choices[0].delta.content or ''

    return listen, close


READERS = {'lean': read_lean, 'bare': read_bare, 'openai': read_openai, 'litellm': read_litellm}


def request(model: str) -> dict[str, Any]:
    messages = [{'role': 'user', 'content': QUESTION}]
    return {'model': model, 'messages': messages, 'stream': True, 'stream_options': {'include_usage': True}}


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('kind', choices=READERS)
    parser.add_argument('--url', required=True)
    parser.add_argument('--tokens', type=int, default=2000)
    parser.add_argument('--calls', type=int, default=5)
    parser.add_argument('--streams', type=int, default=20)
    parser.add_argument('--seconds', type=int, default=3)
    chosen = vars(parser.parse_args())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(measure(chosen.pop('kind'), chosen.pop('url'), **chosen))))

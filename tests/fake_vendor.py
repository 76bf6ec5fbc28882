"""A model vendor on loopback that does what it is told: answers, stalls, lies, hangs up.

In a test: `async with FakeVendor() as vendor: vendor.will(says('Hello'), refuses(429, retry_after=1))`. For benchmarks
as a process of its own: `python -m tests.fake_vendor --port 18001 --rate 100 --tokens 1000` (rate 0 is as fast as it
goes); a request for the model `paced-50-200` gets 200 tokens at 50 a second whatever the flags, and `GET /times` tells
on the machine's monotonic clock when each request came and each of its tokens left (in a burst: each hundred).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Self

REASONS = {200: 'OK', 302: 'Found', 400: 'Bad Request', 401: 'Unauthorized', 429: 'Too Many Requests'}


class Stall:
    """Keep the connection open and say nothing until the reader leaves."""


@dataclass(eq=False)
class Gate:
    """Say nothing more until the test opens it."""

    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self) -> None:
        self.is_open.set()


class Reset:
    """Hang up without a goodbye: the reader sees a reset connection."""


@dataclass(frozen=True)
class Pause:
    seconds: float


Step = bytes | Pause | Gate | Stall | Reset


@dataclass(frozen=True)
class Reply:
    """What goes over the wire. With `framing='close'` the end of the body is the end of the connection, so a cut looks
    like a clean end; with 'chunked' it is seen as one."""

    steps: tuple[Step, ...]
    status: int = 200
    content_type: str = 'text/event-stream; charset=utf-8'
    headers: dict[str, str] = field(default_factory=dict)
    framing: str = 'chunked'

    @property
    def body(self) -> bytes:
        return b''.join(step for step in self.steps if isinstance(step, bytes))

    def split_every(self, size: int) -> Reply:
        """The same bytes in network chunks of `size`, so that letters fall apart."""
        pieces = tuple(self.body[at : at + size] for at in range(0, len(self.body), size))
        return replace(self, steps=pieces)

    def split_at(self, at: int) -> Reply:
        return replace(self, steps=(self.body[:at], Pause(0.002), self.body[at:]))

    def cut_at(self, at: int, *, loudly: bool = False) -> Reply:
        """Only the first bytes, then the connection ends: cleanly, or with a reset."""
        return replace(self, steps=(self.body[:at], *([Reset()] if loudly else [])), framing='close')

    def then(self, *steps: Step) -> Reply:
        return replace(self, steps=self.steps + steps)


def says(
    *words: str,
    thinks: Sequence[str] = (),
    thought_field: str = 'reasoning_content',
    finish: str | None = 'stop',
    usage: tuple[int, int] | None = (7, 5),
    done: bool = True,
    newline: str = '\n',
    pause: float = 0,
) -> Reply:
    """A well-behaved answer, one frame for each word. Turn parts of the good behaviour off to get worse ones."""
    frames = [frame({'role': 'assistant', 'content': ''})]
    frames += [frame({thought_field: thought}) for thought in thinks]
    frames += [frame({'content': word}) for word in words]
    if finish:
        frames.append(frame({}, finish=finish))
    if usage:
        prompt, completion = usage
        counted = {'prompt_tokens': prompt, 'completion_tokens': completion, 'total_tokens': prompt + completion}
        frames.append({**frame({}), 'choices': [], 'usage': counted})
    lines = [event(each, newline) for each in frames]
    if done:
        lines.append(f'data: [DONE]{newline}{newline}'.encode())
    if not pause:
        return Reply(tuple(lines))
    return Reply(tuple(step for line in lines for step in (line, Pause(pause))))


def begins(*words: str) -> Reply:
    """The beginning of an answer that lacks an end; say what happens with `.then(...)`."""
    return says(*words, finish=None, usage=None, done=False)


def refuses(status: int, message: str = 'no', *, retry_after: str | float | None = None, **more: Any) -> Reply:
    headers = {} if retry_after is None else {'Retry-After': str(retry_after)}
    body = json.dumps({'error': {'message': message, 'type': 'fake_error', **more}}).encode()
    return Reply((body,), status, 'application/json', headers)


def error_frame(message: str, **more: Any) -> bytes:
    return event({'error': {'message': message, **more}})


def whole_body(text: str) -> Reply:
    """The answer of a server that does not stream."""
    choice = {'index': 0, 'message': {'role': 'assistant', 'content': text}, 'finish_reason': 'stop'}
    body = {**frame({}), 'object': 'chat.completion', 'choices': [choice]}
    body['usage'] = {'prompt_tokens': 7, 'completion_tokens': 5, 'total_tokens': 12}
    return Reply((json.dumps(body, indent=1).encode(),), content_type='application/json')


def json_reply(content: dict[str, Any]) -> Reply:
    return Reply((json.dumps(content).encode(),), content_type='application/json')


def web_page() -> Reply:
    return Reply((b'<!doctype html><title>Router</title><p>Please sign in',), content_type='text/html')


def endless_line(size: int) -> Reply:
    return Reply((b'data: {"', *([b'x' * 65536] * (size // 65536)), Stall()))


def frame(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {'index': 0, 'delta': delta, 'finish_reason': finish}
    return {'id': 'c1', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'fake', 'choices': [choice]}


def event(content: dict[str, Any], newline: str = '\n') -> bytes:
    return f'data: {json.dumps(content, ensure_ascii=False)}{newline}{newline}'.encode()


@dataclass
class Asked:
    """A request as it came, and when the one who asked left."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    sent: list[float] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class FakeVendor:
    """`requests` holds what was asked. Replies queued with `will` are used once each, then it is `usually` again."""

    def __init__(self, port: int = 0, rate: float = 0, tokens: int = 1000) -> None:
        self.port = port
        self.requests: list[Asked] = []
        self.usually: Reply | None = None
        self.listing: Reply | None = None
        self.models: list[str] = ['fake-small', 'fake-large']
        self.connections = 0
        self.rate, self.tokens = rate, tokens
        self._next: list[Reply] = []
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    @property
    def root(self) -> str:
        return f'http://127.0.0.1:{self.port}'

    @property
    def url(self) -> str:
        return f'{self.root}/v1'

    def will(self, *replies: Reply) -> None:
        self._next.extend(replies)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, '127.0.0.1', self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        while self._open:
            for writer in self._open:
                writer.transport.abort()
            await asyncio.wait(self._open.values())
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open[writer] = task
        self.connections += 1
        early: bytes | None = b''
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while early is not None:
                    early = await self._answer_one(early, reader, writer)
        finally:
            del self._open[writer]
            writer.close()

    async def _answer_one(
        self, early: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        """None when the connection is over, else what already came of the next request."""
        asked = await read_request(early, reader)
        leaving = asyncio.create_task(watch_leaving(reader, asked))
        try:
            if asked.method == 'POST':
                self.requests.append(asked)
                goes_on = await self._answer(asked, writer)
            else:
                goes_on = await self._play(self.listing or json_reply(self._facts(asked.path)), asked, writer)
        finally:
            leaving.cancel()
            await asyncio.wait([leaving])
        early = b'' if leaving.cancelled() else leaving.result()
        return early if goes_on and not asked.gone.is_set() else None

    def _facts(self, path: str) -> dict[str, Any]:
        if path == '/times':
            return {'requests': [{'asked': asked.at, 'sent': asked.sent} for asked in self.requests]}
        if path == '/api/tags':
            return {'models': [{'name': name} for name in self.models]}
        return {'object': 'list', 'data': [{'id': name, 'object': 'model'} for name in self.models]}

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        reply = self._next.pop(0) if self._next else self.usually
        if reply is not None:
            return await self._play(reply, asked, writer)
        await send_head(writer, 200, 'text/event-stream', {}, 'chunked')
        async for chunk in self._tokens(asked):
            await send_chunk(writer, chunk, 'chunked')
        writer.write(b'0\r\n\r\n')
        return True

    async def _play(self, reply: Reply, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        await send_head(writer, reply.status, reply.content_type, reply.headers, reply.framing)
        for step in reply.steps:
            match step:
                case bytes():
                    await send_chunk(writer, step, reply.framing)
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Gate(is_open):
                    await first_of(is_open, asked.gone)
                case Stall():
                    await asked.gone.wait()
                    return False
                case Reset():
                    await asyncio.sleep(0.02)  # or the reset would overtake what was sent before it
                    writer.transport.abort()
                    return False
        if reply.framing == 'chunked':
            writer.write(b'0\r\n\r\n')
            await writer.drain()
        return reply.framing == 'chunked'

    async def _tokens(self, asked: Asked) -> AsyncIterator[bytes]:
        rate, count = self.rate, self.tokens
        match str(asked.body.get('model', '')).split('-'):
            case ['paced', per_second, number]:
                rate, count = float(per_second), int(number)
        words = (event(frame({'content': f'word{number} '})) for number in range(count))
        begun = time.monotonic()
        if not rate:  # in big pieces, or a burst would be as slow as this process
            while piece := b''.join(islice(words, 100)):
                asked.sent.append(time.monotonic())
                yield piece
        for number, word in enumerate(words):
            if (wait := begun + number / rate - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            asked.sent.append(time.monotonic())
            yield word
        yield event(frame({}, finish='stop'))
        yield event({**frame({}), 'choices': [], 'usage': {'prompt_tokens': 9, 'completion_tokens': count}})
        yield b'data: [DONE]\n\n'


async def read_request(early: bytes, reader: asyncio.StreamReader) -> Asked:
    head = (early + await reader.readuntil(b'\r\n\r\n')).decode('latin-1').split('\r\n')
    at = time.monotonic()
    method, path, _ = head[0].split(' ', 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get('content-length', 0)))
    return Asked(method, path, headers, json.loads(body) if body else {}, at)


async def watch_leaving(reader: asyncio.StreamReader, asked: Asked) -> bytes:
    """End of input, or a reset, is how a vendor learns that nobody listens any more."""
    try:
        early = await reader.read(1)
    except ConnectionError:
        early = b''
    if not early:
        asked.gone.set()
    return early


async def first_of(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def send_head(
    writer: asyncio.StreamWriter, status: int, content_type: str, headers: dict[str, str], framing: str
) -> None:
    more = {**headers, 'Content-Type': content_type}
    more |= {'Transfer-Encoding': 'chunked'} if framing == 'chunked' else {'Connection': 'close'}
    lines = [f'HTTP/1.1 {status} {REASONS.get(status, "Whatever")}', *(f'{k}: {v}' for k, v in more.items()), '', '']
    writer.write('\r\n'.join(lines).encode())
    await writer.drain()


async def send_chunk(writer: asyncio.StreamWriter, content: bytes, framing: str) -> None:
    if not content:
        return
    writer.write(b'%x\r\n%b\r\n' % (len(content), content) if framing == 'chunked' else content)
    await writer.drain()


async def serve_forever(port: int, rate: float, tokens: int) -> None:
    async with FakeVendor(port, rate, tokens):
        await asyncio.Event().wait()


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog='python -m tests.fake_vendor', description='A model vendor on loopback.')
    parser.add_argument('--port', type=int, required=True)
    parser.add_argument('--rate', type=float, default=0, help='tokens a second; 0 is as fast as it goes')
    parser.add_argument('--tokens', type=int, default=1000)
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_forever(chosen.port, chosen.rate, chosen.tokens))


if __name__ == '__main__':
    main()

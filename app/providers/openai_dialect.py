"""The lean reader: the OpenAI chat-completions dialect over one shared HTTP client, server-sent events in, deltas out.

Most text that Chimera shows comes through here, so a frame costs one `orjson.loads` and a read costs one `Delta`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from app.providers.answer import Answer
from app.providers.catalogue import Patience, Vendor, split_model
from app.providers.connections import Connections
from app.providers.faults import Faults
from app.providers.port import Delta, ModelSettings, Prompt
from app.providers.retry import ask_patiently
from app.providers.watch import Watch

BREATH = 64 * 1024
"""Bytes read before the loop gets a turn: data that is always ready would never let anybody else in."""
FLOOD = 8 * 1024
"""Bytes that come with one read when an answer is there all at once: then nothing is gained by resting."""
REFUSES_PARAMETER = re.compile(r'(?i)support|unknown|unrecogni|permitted|extra|unexpected|deprecated')
BROKEN = (aiohttp.ClientError, OSError, RuntimeError)
"""What a read raises when the connection is gone; aiohttp says the last one when it was gone before."""
OPTIONAL = ('stream_options', 'temperature', 'top_p', 'max_tokens', 'max_completion_tokens')

Rest = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Opened:
    response: aiohttp.ClientResponse
    answer: Answer
    first: Delta | None


class OpenAIDialect:
    """A Provider for one vendor at one address."""

    def __init__(
        self,
        vendor: Vendor,
        base_url: str,
        key: str | None,
        connections: Connections,
        patience: Patience | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rest: Rest | None = None,
    ) -> None:
        """`rest` returns when words would be shown at once again: until then they may stay where they are."""
        self.vendor = vendor
        self.patience = patience or vendor.patience
        self._url = f'{base_url.rstrip("/")}/chat/completions'
        self._key = key
        self._connections = connections
        self._pause = pause
        self._rest = rest
        self._unwanted: dict[str, set[str]] = {}

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncGenerator[Delta]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience.total
        name = split_model(settings.model)[1]
        faults = Faults(self.vendor, name, self._key, self._address)
        body = self._body(prompt, settings, name)
        opened = await ask_patiently(lambda: self._open_in_time(body, name, faults), self._pause)
        content, answer = opened.response.content, opened.answer
        watch = Watch(self.patience.idle, until, lambda stage: content.set_exception(SilenceError(stage)))
        try:
            if opened.first:
                watch.end_wait()
                yield opened.first
                watch.begin_wait()
                await self._leave_waiting(opened)
            if answer.is_complete:
                watch.hurry(self.patience.tail)
            taken = 0
            while not answer.done and not answer.fault and (chunk := await self._read(content, answer, faults)):
                if delta := answer.feed(chunk):
                    watch.end_wait()
                    yield delta
                    watch.begin_wait()
                    if len(chunk) < FLOOD:
                        await self._leave_waiting(opened)
                taken += len(chunk)
                if taken > BREATH:
                    taken = 0
                    await asyncio.sleep(0)
                if answer.is_complete:
                    watch.hurry(self.patience.tail)
            watch.close()
            yield answer.closing(sum(len(message.content) for message in prompt.messages))
            if answer.done:
                await let_go(opened.response)
        finally:
            watch.close()
            opened.response.close()

    async def _leave_waiting(self, opened: Opened) -> None:
        """Words that nobody would see yet gather in the socket: one read of several costs as much as a read of one.
        Not at the end, and not under TLS, whose layer throws away what it holds when the connection breaks."""
        connection, answer = opened.response.connection, opened.answer
        transport = connection.transport if connection else None
        if not self._rest or not transport or answer.is_complete or answer.fault:
            return
        if transport.get_extra_info('sslcontext'):
            return
        transport.pause_reading()
        try:
            await self._rest()
        finally:
            if not transport.is_closing():
                transport.resume_reading()

    async def _read(self, content: aiohttp.StreamReader, answer: Answer, faults: Faults) -> bytes:
        """The next bytes; none at the end, and whatever goes wrong after the finish mark is an end too."""
        try:
            return await content.readany()
        except SilenceError as silence:
            fault = faults.timed_out(silence.stage, getattr(self.patience, silence.stage))
        except BROKEN as broken:
            fault = faults.cut_off(broken)
        if answer.is_complete:
            return b''
        raise fault

    @property
    def _address(self) -> str | None:
        return (
            None if self._url.startswith(self.vendor.base_url or ' ') else self._url.removesuffix('/chat/completions')
        )

    async def _open_in_time(self, body: dict[str, Any], name: str, faults: Faults) -> Opened:
        try:
            async with asyncio.timeout(self.patience.first):
                return await self._open(body, name, faults)
        except TimeoutError:
            raise faults.timed_out('first', self.patience.first) from None

    async def _open(self, body: dict[str, Any], name: str, faults: Faults) -> Opened:
        try:
            response = await self._ask(body, name, faults)
        except aiohttp.ConnectionTimeoutError:
            raise faults.timed_out('connect', self.patience.connect) from None
        except (aiohttp.ClientError, OSError, ValueError) as cause:
            raise faults.unreachable(cause) from None
        answer = Answer(faults)
        try:
            first = None
            while first is None and not answer.done and not answer.fault:
                if not (chunk := await response.content.readany()):
                    break
                first = answer.feed(chunk)
            if answer.fault and not first:
                raise answer.fault
        except BROKEN as broken:
            response.close()
            raise faults.cut_off(broken) from None
        except BaseException:
            response.close()
            raise
        return Opened(response, answer, first)

    async def _ask(self, body: dict[str, Any], name: str, faults: Faults) -> aiohttp.ClientResponse:
        """Servers of this dialect differ in what they refuse: leave out what this model refused, and ask once more."""
        unwanted = self._unwanted.setdefault(name, set())
        while True:
            response = await self._connections.session.post(
                self._url,
                data=orjson.dumps({key: value for key, value in body.items() if key not in unwanted}),
                headers=self._headers(),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.patience.connect),
            )
            if response.ok and response.status < 300:
                return response
            said = (await response.content.read(8192)).decode('utf-8', 'replace')
            status, headers = response.status, response.headers
            response.close()
            named = {key for key in OPTIONAL if key in body and key not in unwanted and key in said}
            if status not in (400, 422) or not named or not REFUSES_PARAMETER.search(said):
                raise faults.refused(status, said, headers)
            unwanted |= named

    def _headers(self) -> dict[str, str]:
        headers = {'Content-Type': 'application/json', 'Accept': 'text/event-stream'}
        if self._key:
            headers['Authorization'] = f'Bearer {self._key}'
        return headers

    def _body(self, prompt: Prompt, settings: ModelSettings, name: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            'model': name,
            'messages': [{'role': message.role, 'content': message.content} for message in prompt.messages],
            'stream': True,
            'stream_options': {'include_usage': True},
            'temperature': settings.temperature,
            'top_p': settings.top_p,
            self.vendor.length_parameter: settings.max_tokens,
        }
        return {key: value for key, value in body.items() if value is not None}


class SilenceError(Exception):
    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


async def let_go(response: aiohttp.ClientResponse) -> None:
    """Read the few bytes after the end, so that the connection is free for the next turn instead of being closed."""
    try:
        async with asyncio.timeout(0.05):
            while await response.content.readany():
                pass
    except (TimeoutError, *BROKEN):
        return

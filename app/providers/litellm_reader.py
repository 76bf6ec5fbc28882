"""Everything that litellm speaks and the lean reader does not.

litellm costs 3 s and 170 MB to import and calls home unless told not to, so it is imported in a thread, when a vendor
needs it, under the house rules below. Nobody else in this house imports it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from app.providers.answer import CHARACTERS_PER_TOKEN, FINISHES, tokens
from app.providers.catalogue import Patience, Vendor, split_model
from app.providers.faults import Faults
from app.providers.port import Delta, ModelSettings, Prompt, ProviderError, Usage
from app.providers.retry import ask_patiently

# No price list fetched over the network, no `.env` read behind our back.
HOUSE_RULES = {'LITELLM_LOCAL_MODEL_COST_MAP': 'True', 'LITELLM_MODE': 'PRODUCTION'}
USAGE = {'include_usage': True}
SUMMING_UP = 10.0
"""Seconds for litellm's own sums after the finish mark, before it passes the usage on; on a busy machine they last."""


@functools.cache
def import_litellm() -> Any:
    os.environ.update(HOUSE_RULES)
    litellm: Any = importlib.import_module('litellm')
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    litellm.num_retries = 0
    litellm.drop_params = True
    litellm.disable_aiohttp_trust_env = True
    logging.getLogger('LiteLLM').setLevel(logging.CRITICAL)  # it logs failures with the request in them
    return litellm


async def warm() -> None:
    """Pay for the import, and for most of the 1.3 s of its first call, before somebody waits for a first word."""
    await asyncio.to_thread(rehearse)


@functools.cache
def rehearse() -> None:
    question = [{'role': 'user', 'content': '?'}]
    for _ in import_litellm().completion(
        'openai/rehearsal', question, mock_response='!', stream=True, stream_options=USAGE
    ):
        pass


async def close() -> None:
    """litellm keeps clients of its own for every address; they must go before their loop does."""
    if import_litellm.cache_info().currsize:
        await import_litellm().close_litellm_async_clients()


class LitellmReader:
    """A Provider for one vendor. litellm has no idle limit and takes a cut stream for a whole one: we see to both."""

    def __init__(
        self,
        vendor: Vendor,
        base_url: str | None,
        key: str | None,
        patience: Patience | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.vendor = vendor
        self.patience = patience or vendor.patience
        self._base_url = base_url
        self._key = key
        self._pause = pause

    async def stream(self, prompt: Prompt, settings: ModelSettings) -> AsyncGenerator[Delta]:
        await warm()
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience.total
        faults = Faults(self.vendor, split_model(settings.model)[1], self._key, self._base_url)
        request = self._request(prompt, settings)
        chunks, first = await ask_patiently(lambda: self._open(request, faults), self._pause)
        finish, usage, characters = None, None, 0
        delta: Delta | None = first
        try:
            while delta:
                finish, usage = delta.finish or finish, delta.usage or usage
                characters += len(delta.text) + len(delta.reasoning)
                if delta.text or delta.reasoning:
                    held = loop.time()
                    yield Delta(delta.text, delta.reasoning)
                    until += loop.time() - held
                if finish and usage:
                    break
                delta = await self._next(chunks, faults, until, is_complete=finish is not None)
            if not (chunks.received_finish_reason or chunks.intermittent_finish_reason):
                raise faults.cut_off()
            said = sum(len(message.content) for message in prompt.messages)
            guess = Usage(said // CHARACTERS_PER_TOKEN, characters // CHARACTERS_PER_TOKEN, counted=False)
            yield Delta(usage=usage or guess, finish=finish or 'stop')
        finally:
            await hang_up(chunks)

    async def _open(self, request: dict[str, Any], faults: Faults) -> tuple[Any, Delta | None]:
        chunks = None
        try:
            async with asyncio.timeout(self.patience.first):
                chunks = await import_litellm().acompletion(**request)
                return chunks, await next_delta(chunks)
        except BaseException as cause:
            if chunks is not None:
                await hang_up(chunks)
            if not isinstance(cause, Exception):
                raise
            raise self._translate(cause, faults, 'first') from None

    async def _next(self, chunks: Any, faults: Faults, until: float, *, is_complete: bool) -> Delta | None:
        due = asyncio.get_running_loop().time() + (SUMMING_UP if is_complete else self.patience.idle)
        try:
            async with asyncio.timeout_at(min(due, until)):
                return await next_delta(chunks)
        except Exception as cause:  # noqa: BLE001  (litellm raises what it likes: everything is translated here)
            if is_complete:
                return None
            raise self._translate(cause, faults, 'idle' if due <= until else 'total', begun=True) from None

    def _translate(self, cause: Exception, faults: Faults, stage: str, *, begun: bool = False) -> ProviderError:
        """By the cause beneath and not by litellm's class: a refused connection arrives as an InternalServerError."""
        if type(cause) is TimeoutError:
            return faults.timed_out(stage, getattr(self.patience, stage))
        network = network_cause(cause)
        if network == 'timeout':
            return faults.timed_out('connect', self.patience.connect)
        if network:
            return faults.cut_off(cause) if begun else faults.unreachable(cause)
        status = getattr(cause, 'status_code', None)
        response = getattr(cause, 'response', None)
        headers = getattr(cause, 'litellm_response_headers', None) or getattr(response, 'headers', None)
        if begun and not (isinstance(status, int) and status != 500):
            return faults.cut_off(cause)
        return faults.refused(status if isinstance(status, int) else 500, str(cause), headers)

    def _request(self, prompt: Prompt, settings: ModelSettings) -> dict[str, Any]:
        httpx = importlib.import_module('httpx')
        request = {
            'model': settings.model,
            'messages': [{'role': message.role, 'content': message.content} for message in prompt.messages],
            'stream': True,
            'stream_options': USAGE,
            'api_key': self._key,
            'api_base': self._base_url,
            'temperature': settings.temperature,
            'top_p': settings.top_p,
            'max_tokens': settings.max_tokens,
            'num_retries': 0,
            'max_retries': 0,
            'timeout': httpx.Timeout(self.patience.total, connect=self.patience.connect),
        }
        return {key: value for key, value in request.items() if value is not None}


async def next_delta(chunks: Any) -> Delta | None:
    """The next chunk that says something; None at the end. Empty ones do not count as signs of life."""
    async for chunk in chunks:
        choice = chunk.choices[0] if chunk.choices else None
        usage = getattr(chunk, 'usage', None)
        text = (choice and choice.delta.content) or ''
        reasoning = (choice and getattr(choice.delta, 'reasoning_content', None)) or ''
        finish = (choice and choice.finish_reason) or None
        if text or reasoning or finish or usage:
            return Delta(
                text.replace('\0', ''),
                reasoning.replace('\0', ''),
                Usage(tokens(usage.prompt_tokens), tokens(usage.completion_tokens)) if usage else None,
                FINISHES.get(finish, finish) if finish else None,
            )
    return None


def network_cause(error: BaseException | None) -> str | None:
    """Whether the network is beneath: 'timeout', 'network' or None."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        name = f'{type(error).__module__}.{type(error).__name__}'
        if name.startswith(('httpx.', 'httpcore.', 'aiohttp.')) and 'Status' not in name:
            return 'timeout' if 'Timeout' in name else 'network'
        if isinstance(error, OSError):
            return 'timeout' if isinstance(error, TimeoutError) else 'network'
        error = error.__cause__ or error.__context__
    return None


async def hang_up(chunks: Any) -> None:
    with contextlib.suppress(Exception):
        await chunks.aclose()

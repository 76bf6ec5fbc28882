"""Asks again after a passing failure, but only as long as nothing of the answer has been seen."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.providers.faults import NoAnswer
from app.providers.port import ProviderError

T = TypeVar('T')

RETRIES = 2
LONGEST_WAIT = 60.0


async def ask_patiently(ask: Callable[[], Awaitable[T]], pause: Callable[[float], Awaitable[None]]) -> T:
    """`ask` until it answers, at most three times, never before the vendor's Retry-After has passed."""
    for retry in range(RETRIES):
        try:
            return await ask()
        except ProviderError as error:
            wait = max(error.retry_after or 0, 0.5 * 2**retry) + random.uniform(0, 0.5)
            if error.permanent or isinstance(error, NoAnswer) or wait > LONGEST_WAIT:
                raise
        await pause(wait)
    return await ask()

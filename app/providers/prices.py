"""What models cost: litellm's own list, read as the file it is, because importing litellm costs 3 s and 170 MB.

The list knows one price for a token read from the vendor's cache and another for one read anew. Nobody can promise that
a cache still holds, so a prompt is always counted at its full price: what is settled is never less than the bill.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from app.providers.catalogue import Vendor
from app.providers.port import MILLION, Price

LIST = 'model_prices_and_context_window_backup.json'
STEP = re.compile(r'input_cost_per_token_above_(\d+)k_tokens')
_reading = Lock()


def price_of(vendor: Vendor, name: str) -> Price | None:
    """By the list; None is unknown. The first to ask waits a tenth of a second, so `price_list` is read ahead."""
    listed = price_list()
    return listed.get(f'{vendor.id}/{name}') or (listed.get(name) if vendor.id in ('openai', 'anthropic') else None)


def price_list() -> dict[str, Price]:
    """Safe to call from any thread: whoever comes second waits for the first."""
    with _reading:
        return _read_list()


@cache
def _read_list() -> dict[str, Price]:
    found = importlib.util.find_spec('litellm')
    listed = Path(found.origin).with_name(LIST) if found and found.origin else None
    if not listed or not listed.exists():
        return {}
    models: dict[str, Any] = orjson.loads(listed.read_bytes())
    prices = {name: read_price(entry) for name, entry in models.items()}
    return {name: price for name, price in prices.items() if price}


def read_price(entry: dict[str, Any]) -> Price | None:
    """Of one model of the list, in dollars a token; None where it is not paid for by the token."""
    prompt, completion = _prompt(entry, ''), _completion(entry, '')
    if prompt is None or completion is None:
        return None
    steps = sorted(int(step[1]) for key in entry if (step := STEP.fullmatch(key)))
    return Price(
        prompt,
        completion,
        tuple(
            (
                thousands * 1000,
                _prompt(entry, f'_above_{thousands}k_tokens') or prompt,
                _completion(entry, f'_above_{thousands}k_tokens') or completion,
            )
            for thousands in steps
        ),
        thinks=bool(entry.get('supports_reasoning')),
    )


def _prompt(entry: dict[str, Any], step: str) -> int | None:
    """Some vendors fill their cache unasked and take more for it. Anthropic only does when it is asked to."""
    paid = _whole(entry.get(f'input_cost_per_token{step}'))
    if paid is None or entry.get('litellm_provider') == 'anthropic':
        return paid
    return max(paid, _whole(entry.get(f'cache_creation_input_token_cost{step}')) or 0)


def _completion(entry: dict[str, Any], step: str) -> int | None:
    said = _whole(entry.get(f'output_cost_per_token{step}'))
    return None if said is None else max(said, _whole(entry.get(f'output_cost_per_reasoning_token{step}')) or 0)


def _whole(dollars: float | None) -> int | None:
    """Dollars a token as millionths of a dollar a million tokens."""
    return None if dollars is None else round(dollars * MILLION * MILLION)

"""Finds model servers on this machine, or at an address the host gave, and lists their models."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson

from app.providers.connections import Connections

PATIENCE = 0.5
LONGEST_LIST = 2 << 20
LOOPBACK = {'127.0.0.1', 'localhost', '::1'}
NOT_FOR_TALKING = ('embed', 'rerank', 'whisper', 'tts-', 'moderation', 'dall-e', 'bge-')


async def find_models(
    connections: Connections, addresses: Mapping[str, str], keys: Mapping[str, str | None]
) -> dict[str, list[str] | None]:
    """For each vendor id and its listing's address: the models there, or None when nobody answers in half a second."""
    lists = await asyncio.gather(
        *(list_models(connections, address, keys.get(vendor)) for vendor, address in addresses.items())
    )
    return dict(zip(addresses, lists, strict=True))


async def list_models(connections: Connections, address: str, key: str | None = None) -> list[str] | None:
    if not await may_be_there(address):
        return None
    import aiohttp

    headers = {'Authorization': f'Bearer {key}'} if key else {}
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with connections.session.get(
            address, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            if response.status != 200:
                return None
            content = b''
            async for part in response.content.iter_any():
                content += part
                if len(content) > LONGEST_LIST:
                    return None
            return names_in(orjson.loads(content))
    except (aiohttp.ClientError, OSError, ValueError):
        return None


async def may_be_there(address: str) -> bool:
    """A knock at a door of this machine costs nothing, and mostly nobody is at home: then no HTTP client is needed."""
    parts = urlsplit(address)
    if parts.hostname not in LOOPBACK:
        return True
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if parts.scheme == 'https' else 80)
            )
    except (OSError, ValueError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


def names_in(listing: Any) -> list[str] | None:
    """Both shapes: OpenAI's `data` with `id`, Ollama's `models` with `name`. None if it is neither."""
    if not isinstance(listing, dict):
        return None
    rows = listing.get('data', listing.get('models'))
    if not isinstance(rows, list):
        return None
    names = [row.get('id') or row.get('name') for row in rows if isinstance(row, dict)]
    return [
        name for name in names if isinstance(name, str) and not any(word in name.lower() for word in NOT_FOR_TALKING)
    ]

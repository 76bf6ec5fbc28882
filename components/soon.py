"""Shows what has changed a moment later, once for several changes: words go before what stands around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui

MOMENT = 0.04
"""Too short to be seen, long enough for a turn's change of state and its first words to be shown together."""


def soon(show: Callable[[], None]) -> Callable[[], None]:
    """Of this page: call it while the page is being built."""
    client = ui.context.client
    is_coming = False

    def now() -> None:
        nonlocal is_coming
        is_coming = False
        if not client.is_deleted:
            with client:
                show()

    def ask() -> None:
        nonlocal is_coming
        if not is_coming:
            is_coming = True
            asyncio.get_running_loop().call_later(MOMENT, now)

    return ask

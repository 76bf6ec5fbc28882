"""Imported before everything else, for what that does: a start waits for nothing that it does not need.

A third of the start went into looking for garbage where none can be, and into HTTP clients: engine.io and structlog
take along whatever of these they find, and neither uses it here. Who needs one imports it later, as always.
"""

from __future__ import annotations

import gc
import importlib
import sys

NOT_YET = ('aiohttp', 'requests', 'websocket', 'rich')

gc.disable()


def import_without(names: tuple[str, ...], *modules: str) -> None:
    """As if nobody had installed what is named; what has been imported already stays."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None makes an import fail
    try:
        for module in modules:
            importlib.import_module(module)
    finally:
        for name in hidden:
            del sys.modules[name]


def collect_garbage_again() -> None:
    """What was imported will never be garbage, and need not be looked through each time."""
    gc.freeze()
    gc.enable()


import_without(NOT_YET, 'engineio', 'structlog')

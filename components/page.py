"""What every page of Chimera has in common as an answer to a browser."""

from __future__ import annotations

from nicegui import ui

from components.frame import VIEWPORT

PATIENCE = 30.0
"""Seconds a page may take to be built: while a small machine imports litellm even a quick one takes some."""


def page(path: str) -> ui.page:
    return ui.page(path, viewport=VIEWPORT, response_timeout=PATIENCE)

"""Our own styles, scripts and typefaces: compressed, and kept by browsers where their address names their content."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER = Path(__file__).parent / 'static'
YEAR = 365 * 24 * 3600


@cache
def address_of(name: str) -> str:
    """With a fingerprint of what is in it, so that browsers may keep it for good."""
    return f'/static/{name}?{hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:8]}'


def static_files() -> ASGIApp:
    return GZipMiddleware(_Kept(directory=FOLDER))


class _Kept(StaticFiles):
    def file_response(
        self, full_path: os.PathLike[str] | str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        # A hash in the query or a typeface, which never changes under its name; anything else is asked for anew.
        is_fixed = scope['query_string'] or str(full_path).endswith('.woff2')
        response.headers['Cache-Control'] = f'public, max-age={YEAR}, immutable' if is_fixed else 'no-cache'
        return response

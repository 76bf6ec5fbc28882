"""Whatever stands at no address of ours."""

from __future__ import annotations

from fastapi import Request
from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, ui
from nicegui import app as web
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.chimera import Chimera
from components.frame import VIEWPORT
from components.lost import lost


def create(chimera: Chimera) -> None:
    @web.exception_handler(404)
    async def nowhere(request: Request, error: HTTPException) -> Response:
        if not is_for_reading(request):
            return await http_exception_handler(request, error)
        with Client(ui.page('', viewport=VIEWPORT), request=request) as client:
            lost(chimera, 'There is nothing at this address', 'It may be mistyped, or an old one.')
        return client.build_response(request, 404)


def is_for_reading(request: Request) -> bool:
    """A person's browser asks for a page; scripts, styles and programs get a plain answer."""
    wants_a_page = 'text/html' in request.headers.get('accept', '')
    return wants_a_page and request.method == 'GET' and not request.url.path.startswith(('/_nicegui', '/static'))

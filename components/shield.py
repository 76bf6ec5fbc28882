"""What stands before every page and socket: which host names are ours, and what a browser may do with our answers."""

from __future__ import annotations

import ipaddress
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

_NAMED = re.compile(r'(\[[0-9a-f:.]+\]|[^\[\]:/@]+)(?::\d+)?')
FOREIGN_NAME = 'Chimera does not answer to this name. Whoever runs it can allow it: CHIMERA_ALLOWED_HOSTS=name'
FOREIGN_PAGE = 'Chimera gives nothing to pages of other sites.'

# Vue compiles its templates in the browser, hence unsafe-eval; the sanitiser keeps scripts out, this keeps data in.
POLICY = '; '.join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
}


class Shield:
    """A site that somebody's browser visits can give our address a name of its own (DNS rebinding) and then speak to
    us as if it were us. So only names that the host has set are answered, and bare addresses, which nobody can rebind;
    and what another site asks for from within its pages is refused, except that somebody follows a link."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {'localhost', settings.host.lower(), *settings.allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in ('http', 'websocket'):
            await self._app(scope, receive, send)
        elif not self._is_ours(_host(scope)):
            await self._refuse(scope, receive, send, FOREIGN_NAME)
        elif _is_taken_along(scope):
            await self._refuse(scope, receive, send, FOREIGN_PAGE)
        else:
            await self._app(scope, receive, _with_headers(send) if scope['type'] == 'http' else send)

    def _is_ours(self, host: str) -> bool:
        return host in self._hosts or _is_address(host)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, because: str) -> None:
        if scope['type'] == 'websocket':
            await send({'type': 'websocket.close', 'code': 1008})
            return
        answer = PlainTextResponse(because, 421 if because == FOREIGN_NAME else 403)
        await answer(scope, receive, send)


def _host(scope: Scope) -> str:
    """The host without its port; IPv6 keeps its brackets. Empty for what is no host at all."""
    named = _NAMED.fullmatch(Headers(scope=scope).get('host', '').lower())
    return named.group(1) if named else ''


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip('[]'))
    except ValueError:
        return False
    return True


def _is_taken_along(scope: Scope) -> bool:
    """Asked for by a page of another site, by itself: a picture, a script, a frame, a form."""
    headers = Headers(scope=scope)
    if headers.get('sec-fetch-site') not in ('cross-site', 'same-site'):
        return False
    followed = headers.get('sec-fetch-mode') == 'navigate' and headers.get('sec-fetch-dest') == 'document'
    return not (followed and scope.get('method') == 'GET')


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message['type'] == 'http.response.start':
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent

"""What stands before every page and socket: which host names are ours, and what a browser may do with our answers."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings

_NAMED = re.compile(r'(\[[0-9a-f:.]+\]|[^\[\]:/@]+)(?::\d+)?')
LOOPBACK = frozenset({'localhost', '127.0.0.1', '[::1]'})

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
    """A site that a browser on this machine visits can name our address as its own (DNS rebinding): while nobody has
    to sign in, only the names of this machine are answered."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = None if settings.trust_network else LOOPBACK | {settings.host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in ('http', 'websocket'):
            await self._app(scope, receive, send)
        elif self._hosts is not None and _host(scope) not in self._hosts:
            await self._refuse(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send) if scope['type'] == 'http' else send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'websocket':
            await send({'type': 'websocket.close', 'code': 1008})
            return
        answer = PlainTextResponse('Chimera answers only to the names of this machine, such as localhost.', 421)
        await answer(scope, receive, send)


def _host(scope: Scope) -> str:
    """The host without its port; IPv6 keeps its brackets. Empty for what is no host at all."""
    named = _NAMED.fullmatch(Headers(scope=scope).get('host', '').lower())
    return named.group(1) if named else ''


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message['type'] == 'http.response.start':
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent

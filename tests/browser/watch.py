"""What a browser must never do, noticed on every page of every test."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Route, WebError

AT_HOME = {'127.0.0.1', 'localhost'}
INSIDE = ('data:', 'blob:', 'about:')


class Watch:
    """Keeps errors, dialogs and requests that leave this machine. `forgive` errors that a test brings about."""

    def __init__(self) -> None:
        self.forgives: list[str] = []
        self.left: list[str] = []
        self._errors: list[str] = []
        self._dialogs: list[str] = []

    async def over(self, context: BrowserContext) -> None:
        context.on('console', self._heard)
        context.on('weberror', self._broke)
        context.on('request', self._asked)
        context.on('page', self._opened)
        await context.route(leaves, refuse)

    def forgive(self, *words: str) -> None:
        self.forgives.extend(words)

    def forget(self) -> None:
        for noticed in (self.left, self._errors, self._dialogs):
            noticed.clear()

    @property
    def faults(self) -> list[str]:
        errors = [error for error in self._errors if not any(words in error for words in self.forgives)]
        return [*errors, *self._dialogs, *self.left]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == 'error':
            self._errors.append(f'console: {message.text} ({message.location.get("url", "")})')

    def _broke(self, error: WebError) -> None:
        self._errors.append(f'page: {error.error}')

    def _asked(self, request: Request) -> None:
        if leaves(request.url):
            self.left.append(f'left this machine: {request.url}')

    def _opened(self, page: Page) -> None:
        page.on('websocket', lambda socket: self.left.append(socket.url) if leaves(socket.url) else None)
        page.on('dialog', self._asked_something)

    async def _asked_something(self, dialog: Dialog) -> None:
        self._dialogs.append(f'dialog: {dialog.message}')
        await dialog.dismiss()


def leaves(url: str) -> bool:
    return not url.startswith(INSIDE) and urlsplit(url).hostname not in AT_HOME


async def refuse(route: Route) -> None:
    await route.abort()

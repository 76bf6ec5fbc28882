"""One browser and a few running Chimeras for each worker; a fresh visitor, who is watched, for each test.

These tests share one event loop, as the browser's wire belongs to the loop that opened it.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.prompter import Prompter
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.browser.watch import Watch

FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
]
PATIENCE = 30_000

Visit = Callable[..., Awaitable[Page]]
Open = Callable[..., Awaitable[Running]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope='session'), append=False)


def for_all(**more: Any) -> Any:
    return pytest_asyncio.fixture(scope='session', loop_scope='session', **more)


@for_all()
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    chromium = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
    assert chromium, 'The browser tests need Chromium; `make chromium` installs it.'
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@for_all()
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A Chimera without keys: scripted voices."""
    running = await Running(tmp_path_factory.mktemp('demo')).start()
    yield running
    await running.stop()
    assert running.complaints() == ''


@for_all()
async def vendor() -> AsyncIterator[Prompter]:
    async with Prompter() as vendor:
        yield vendor


@for_all()
async def live(tmp_path_factory: pytest.TempPathFactory, vendor: Prompter) -> AsyncIterator[Running]:
    """A Chimera whose models are at the fake vendor's, read by the lean reader."""
    running = await Running(tmp_path_factory.mktemp('live'), CHIMERA_COMPATIBLE_URL=vendor.url).start()
    yield running
    await running.stop()
    assert running.complaints() == ''


@for_all()
async def live_through_litellm(tmp_path_factory: pytest.TempPathFactory, vendor: Prompter) -> AsyncIterator[Running]:
    """The same with a vendor whose dialect is litellm's business."""
    settings = {'ANTHROPIC_API_KEY': 'sk-ant-secret-of-alice', 'ANTHROPIC_API_BASE': vendor.root}
    running = await Running(tmp_path_factory.mktemp('litellm'), **settings).start()
    yield running
    await running.stop()
    assert running.complaints() == ''


@pytest_asyncio.fixture(loop_scope='session')
async def open_chimera(tmp_path: Path) -> AsyncIterator[Open]:
    """A Chimera of one's own, for tests that need an empty house or pull the plug."""
    opened: list[Running] = []

    async def open_chimera(**settings: str) -> Running:
        running = Running(tmp_path / f'chimera{len(opened)}', **settings)
        opened.append(running)
        return await running.start()

    yield open_chimera
    for running in opened:
        await running.stop()
        assert running.complaints() == ''


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest_asyncio.fixture(loop_scope='session')
async def visitor(browser: Browser, watch: Watch) -> AsyncIterator[Visit]:
    """Another person at another machine, each time it is called."""
    contexts: list[BrowserContext] = []

    async def visitor(**how: Any) -> Page:
        context = await browser.new_context(**{'reduced_motion': 'reduce', **how})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        await watch.over(context)
        return await context.new_page()

    yield visitor
    for context in contexts:
        await context.close()
    assert watch.faults == []


@pytest_asyncio.fixture(loop_scope='session')
async def page(visitor: Visit) -> Page:
    return await visitor(viewport={'width': 1280, 'height': 800})


@pytest.fixture
def theatre(page: Page) -> Theatre:
    return Theatre(page)

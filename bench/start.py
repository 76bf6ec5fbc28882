"""From the start of the process to a page one can use: time, bytes, requests, memory; how old conversations open."""

from __future__ import annotations

import asyncio
import compileall
import sqlite3
import time
import uuid
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser

from bench.processes import ROOT, Process, Processes
from bench.row import Row
from bench.sides import Chimera
from bench.viewers import chromium

USABLE = """() => window.did_handshake && [...document.querySelectorAll('button')].some(
    (button) => button.innerText.includes('Begin') && !button.disabled && button.offsetParent)"""
# When the last line is in the window, as the page itself sees it: milliseconds since the navigation began.
SEEN = """

const look = () => {
  const last = document.querySelector(`article.line[data-number="${window.name}"]`)?.getBoundingClientRect();
  if (last && last.height && last.top < innerHeight && last.bottom > 0) window.seenAt ??= performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
IDLE = 5


def run(quick: bool) -> list[Row]:
    return asyncio.run(measure(3 if quick else 9))


async def measure(times: int) -> list[Row]:
    for package in ('app', 'components', 'pages', 'migrations', 'main.py'):
        compiled = compileall.compile_file if package.endswith('.py') else compileall.compile_dir
        compiled(str(ROOT / package), quiet=1)
    async with Processes() as processes, chromium() as browser:
        folder = processes.folder('home')
        processes.end(await processes.chimera(folder=folder, side_door=False))  # the first start makes the database
        took = [await start_once(processes, browser, folder) for _ in range(times)]
        rows = [Row('process start to usable page', median(took), 's', goal=2.5, of='value')]
        started = await processes.chimera(folder=folder, side_door=False)
        rows += await first_load(browser, started)
        await asyncio.sleep(IDLE)
        memory = started.memory()
        note = f'shared pages counted in part (PSS): {memory["pss"]:.0f} MB'
        rows.append(Row('idle memory, demo mode', memory['rss'], 'MB', goal=130, of='value', note=note))
        processes.end(started)
        for length in (1_000, 10_000):
            rows.append(await old_conversation(processes, browser, length, times))
    return rows


async def start_once(processes: Processes, browser: Browser, folder: Path) -> float:
    context = await browser.new_context()
    page = await context.new_page()
    begun = time.monotonic()
    started = await processes.chimera(folder=folder, side_door=False)
    await page.goto(started.url)
    await page.wait_for_function(USABLE)
    took = time.monotonic() - begun
    await context.close()
    processes.end(started)
    return took


async def first_load(browser: Browser, started: Process) -> list[Row]:
    """With nothing in the browser's cache, until the network has been quiet for half a second."""
    context = await browser.new_context()
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    asked: dict[str, str] = {}
    sizes: list[float] = []
    session.on('Network.requestWillBeSent', lambda event: asked.update({event['requestId']: event['request']['url']}))
    session.on('Network.loadingFinished', lambda event: sizes.append(event['encodedDataLength']))
    await session.send('Network.enable')
    await page.goto(started.url, wait_until='networkidle')
    await page.wait_for_function(USABLE)
    await context.close()
    requests = sum(not url.startswith('data:') for url in asked.values())  # what a style sheet holds is not asked for
    return [
        Row('first load', sum(sizes) / 1000, 'KB', goal=500, of='value'),
        Row('first load', requests, 'requests', goal=20, of='value'),
    ]


async def old_conversation(processes: Processes, browser: Browser, length: int, times: int) -> Row:
    """Opened by somebody who has been here before: the browser has the scripts."""
    folder = processes.folder(f'old-{length}')
    vendor = await processes.vendor()
    writer = Chimera(await processes.chimera(vendor, folder=folder), processes.http)
    await writer.prepare('paced-0-5')
    processes.end(writer.process)
    fill(folder / 'chimera.db', writer.conversation_id, length)
    started = await processes.chimera(folder=folder, side_door=False)
    context = await browser.new_context()
    await context.add_init_script(f'window.name = "{length}";{SEEN}')
    took: list[float] = []
    for _ in range(times + 1):
        page = await context.new_page()
        await page.goto(f'{started.url}/conversation/{writer.conversation_id}')
        await page.wait_for_function('window.seenAt')
        took.append(await page.evaluate('window.seenAt') / 1000)
        await page.close()
    await context.close()
    processes.end(started)
    return Row(f'conversation of {length:,} messages: last one visible', median(took[1:]), 's', goal=0.5, of='value')


def fill(database: Path, conversation_id: str, length: int) -> None:
    """The conversation's one message, said again and again."""
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        said: dict[str, Any] = dict(
            connection.execute('SELECT * FROM message WHERE conversation_id = ?', (conversation_id,)).fetchone()
        )
        text = 'A word is as long as the breath that carries it. *Or so they say*, and they say it at length.\n\n' * 3
        rows = [{**said, 'id': uuid.uuid4().hex, 'number': n, 'text': text} for n in range(2, length + 1)]
        names = ', '.join(said)
        values = ', '.join(f':{name}' for name in said)
        connection.executemany(f'INSERT INTO message ({names}) VALUES ({values})', rows)  # noqa: S608
    connection.close()

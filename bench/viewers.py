"""Who watches: headless viewers in a process of their own, and a page in Chromium that notes when words arrive.

`python -m bench.viewers chimera URL/conversation/ID --count 100` makes NiceGUI's handshake over bare websockets, as
many times as asked, and joins the frames; `relay URL` opens the relay's sockets. It says `ready` on stdout, watches
until a line comes on stdin, and answers with `{"frames", "bytes", "ages"}`: ages in seconds, of the oldest new word of
each frame that the first viewer got.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page, async_playwright

SENT = re.compile(r'word(\d+\.\d)')
CLIENT = re.compile(r"'client_id': '([^']+)', 'next_message_id': (\d+)")
SIO_CONNECT, SIO_CONNECTED, SIO_EVENT, PING, PONG = '40', '40', '42', '2', '3'


@dataclass
class Seen:
    frames: int = 0
    bytes: int = 0
    ages: list[float] = field(default_factory=list)
    _newest: float = 0

    def enter(self, frame: str) -> None:
        """What is there already is not news when the open block is sent once more."""
        self._newest = max(map(float, SENT.findall(frame)), default=0)

    def take(self, frame: str, *, closely: bool) -> None:
        self.frames += 1
        self.bytes += len(frame)
        if closely:
            new = [sent for sent in map(float, SENT.findall(frame)) if sent > self._newest]
            if new:
                self.ages.append(time.time() - new[0] / 1000)
                self._newest = new[-1]


async def watch_chimera(
    session: aiohttp.ClientSession, url: str, seen: Seen, ready: asyncio.Event, *, closely: bool
) -> None:
    base, _, conversation = url.partition('/conversation/')
    async with session.get(url) as response:
        page = await response.text()
    found = CLIENT.search(page)
    assert found, 'the page does not name its client'
    query = {'client_id': found[1], 'next_message_id': found[2], 'implicit_handshake': 'true'}
    query |= {'tab_id': str(uuid.uuid4()), 'document_id': str(uuid.uuid4()), 'EIO': '4', 'transport': 'websocket'}
    address = f'{base}/_nicegui_ws/socket.io/'
    async with session.ws_connect(address, params=query, compress=0, max_msg_size=0) as socket:
        async for message in socket:
            text = str(message.data)
            if text.startswith('0'):
                await socket.send_str(SIO_CONNECT)
            elif text == PING:
                await socket.send_str(PONG)
            elif text.startswith(SIO_CONNECTED) and not ready.is_set():
                asked = {'client_id': query['client_id'], 'conversation': conversation, 'since': 0}
                await socket.send_str(SIO_EVENT + json.dumps(['chimera_join', asked]))
            elif text.startswith('42["chimera_frame"'):
                if not ready.is_set() and '"catch"' in text:
                    seen.enter(text)
                    ready.set()
                else:
                    seen.take(text, closely=closely)


async def watch_relay(
    session: aiohttp.ClientSession, url: str, seen: Seen, ready: asyncio.Event, *, closely: bool
) -> None:
    async with session.ws_connect(f'{url}/watch', compress=0, max_msg_size=0) as socket:
        ready.set()
        async for message in socket:
            seen.take(str(message.data), closely=closely)


async def watch_all(kind: str, urls: list[str], count: int) -> None:
    watch = {'chimera': watch_chimera, 'relay': watch_relay}[kind]
    seen, tasks = Seen(), []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
        for url in urls:
            for number in range(count):
                ready = asyncio.Event()
                own = Seen() if number == 0 and len(urls) > 1 else seen
                tasks.append(asyncio.create_task(watch(session, url, own, ready, closely=number == 0)))
                async with asyncio.timeout(30):
                    await ready.wait()
                if own is not seen:
                    every.append(own)
        print('ready', flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    ages = [age for own in (seen, *every) for age in own.ages]
    frames, size = sum(own.frames for own in (seen, *every)), sum(own.bytes for own in (seen, *every))
    print(json.dumps({'frames': frames, 'bytes': size, 'ages': ages}), flush=True)


every: list[Seen] = []

# A page notes each word that is new to it, when its element appears, and each Enter, on the machine's clock.
NOTES = """
window.arrivals = [];
let newest = 0;
const now = () => performance.timeOrigin + performance.now();
new MutationObserver((records) => {
  const at = now();
  for (const record of records) for (const node of record.addedNodes)
    for (const [, sent] of node.textContent.matchAll(/word(\\d+\\.\\d)/g))
      if (+sent > newest) { newest = +sent; window.arrivals.push([newest, at]); }
}).observe(document, { subtree: true, childList: true });
addEventListener("keydown", (event) => event.key === "Enter" && sessionStorage.setItem("entered", now()), true);
"""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    where = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')
    async with async_playwright() as playwright:
        arguments = ['--no-sandbox', '--disable-dev-shm-usage']
        browser = await playwright.chromium.launch(executable_path=where, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def open_page(browser: Browser, url: str, until: str) -> Page:
    """A page in a context of its own, when `until` is true in it."""
    page = await (await browser.new_context(viewport={'width': 1280, 'height': 800})).new_page()
    await page.add_init_script(NOTES)
    await page.goto(url)
    await page.wait_for_function(until)
    return page


async def arrivals(page: Page) -> list[tuple[float, float]]:
    """What came since the last time: when each word was sent and when it was in the page, in milliseconds."""
    noted: list[Any] = await page.evaluate('window.arrivals.splice(0)')
    return [(sent, at) for sent, at in noted]


async def entered(page: Page) -> float:
    """When Enter was pressed last, in milliseconds; what was entered may have led to another page meanwhile."""
    return float(await page.evaluate('sessionStorage.getItem("entered")'))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(prog='python -m bench.viewers')
    parser.add_argument('kind', choices=['chimera', 'relay'])
    parser.add_argument('urls', nargs='+')
    parser.add_argument('--count', type=int, default=1, help='viewers of each address')
    chosen = parser.parse_args()
    asyncio.run(watch_all(chosen.kind, chosen.urls, chosen.count))

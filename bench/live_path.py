"""The journey of a word, from the vendor to the reader's page: what it costs and how long it takes.

The reference is a bare relay (relay.py) in the same run. Times are taken on one clock: each word carries when the
vendor sent it, the page notes when it was there.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median, quantiles

from playwright.async_api import Browser

from bench.crowd import crowd, watched_by
from bench.processes import Process, Processes
from bench.row import Row
from bench.sides import Chimera, Relay, Side
from bench.viewers import arrivals, chromium, entered, open_page

RATE = 100
RELAY = 'bare relay, same run'
SHOWN = "document.querySelector('article.line[data-state=complete]')"
READY = 'document.body.dataset.ready'


def run(quick: bool) -> list[Row]:
    return asyncio.run(measure(quick))


async def measure(quick: bool) -> list[Row]:
    async with Processes() as processes:
        vendor = await processes.vendor()
        relay = Relay(await processes.relay(vendor), processes.http)
        ours = Chimera(await processes.chimera(vendor), processes.http)
        async with chromium() as browser:
            rows = await path(ours, relay, browser, *((250, 2) if quick else (1000, 5)))
            rows += await entering(ours, relay, vendor, processes, 4 if quick else 20)
            rows += await beginning(ours, relay, vendor, processes, browser, 3 if quick else 12)
            rows += await flood(ours, browser)
        rows += await growth(ours, 1 if quick else 5, 2000 if quick else 8000)
        for viewers in (100,) if quick else (10, 100):
            rows += await watched_by(processes, vendor, viewers, *((200, 1) if quick else (1000, 3)))
        if not quick:  # two hundred conversations take their time to begin
            rows += await crowd(processes, vendor, seconds=20)
    return rows


async def path(ours: Chimera, relay: Relay, browser: Browser, words: int, times: int) -> list[Row]:
    """One reader, a hundred words a second."""
    spent: dict[Side, list[float]] = {ours: [], relay: []}
    late: dict[Side, list[float]] = {ours: [], relay: []}
    for side in (ours, relay):
        await side.prepare(f'paced-{RATE}-{words}')
    ours.page = await open_page(browser, ours.conversation, SHOWN)
    relay.page = await open_page(browser, relay.process.url, READY)
    await asyncio.sleep(2)
    await asyncio.gather(ours.rest(3), relay.rest(3))
    for side in (ours, relay) * times:
        await arrivals(side.page)
        spent[side].append(await side.spend(words / RATE) / words * 1e6)
        came = await arrivals(side.page)
        assert came, 'no word arrived'
        late[side] += [at - sent for sent, at in came]
    cost, reference = median(spent[ours]), median(spent[relay])
    rows = [Row('server CPU per 1,000 tokens, one viewer', cost, 'ms', reference, goal=1.3, note=RELAY)]
    for percent, goal in ((50, 20), (95, 50)):
        added = percentile(late[ours], percent) - percentile(late[relay], percent)
        name = f'added delay, vendor to DOM, p{percent}'
        note = f'none; relay alone: {percentile(late[relay], percent):.1f} ms'
        rows.append(Row(name, added, 'ms', goal=goal, of='value', note=note))
    return rows


async def entering(ours: Chimera, relay: Relay, vendor: Process, processes: Processes, times: int) -> list[Row]:
    """A line typed into a conversation that waits for it, until a persona's vendor is asked; and the first word."""
    asked: dict[Side, list[float]] = {ours: [], relay: []}
    first: dict[Side, list[float]] = {ours: [], relay: []}
    await ours.speak()
    for _ in range(times):
        await asyncio.sleep(0.4)
        await ours.interrupt()
        for side, box, line in ((ours, 'Say something', 'Go on.'), (relay, 'Ask', f'paced-{RATE}-30')):
            await asyncio.sleep(0.4)
            await arrivals(side.page)
            field = side.page.get_by_label(box, exact=True)
            await field.fill(line)
            await field.press('Enter')
            await asyncio.sleep(0.4)
            asked[side].append(await when_asked(vendor, processes) - await entered(side.page))
            sent, at = (await arrivals(side.page))[0]
            first[side].append(at - sent)
    await ours.hush()
    added = median(first[ours]) - median(first[relay])
    note = f'none; relay alone: {median(first[relay]):.1f} ms'
    return [
        Row('Enter to vendor asked', median(asked[ours]), 'ms', median(asked[relay]), goal=15, of='value', note=RELAY),
        Row('added first delta', added, 'ms', goal=10, of='value', note=note),
    ]


async def beginning(
    ours: Chimera, relay: Relay, vendor: Process, processes: Processes, browser: Browser, times: int
) -> list[Row]:
    """Enter in the topic of a new conversation, until the first persona's vendor is asked."""
    took = []
    for number in range(times):
        page = await open_page(browser, ours.process.url, 'window.did_handshake')
        field = page.get_by_label('Topic', exact=True)
        await field.fill(f'How long is a word? {number}')
        await field.press('Enter')
        await page.wait_for_url('**/conversation/*')
        await asyncio.sleep(0.2)
        took.append(await when_asked(vendor, processes) - await entered(page))
        await page.context.close()
        await ours.hush()
        await asyncio.sleep(0.3)
    return [Row('Begin to vendor asked', median(took), 'ms', goal=15, of='value')]


async def flood(ours: Chimera, browser: Browser) -> list[Row]:
    """8,000 words as fast as they come."""
    await ours.prepare('paced-0-8000')
    page = await open_page(browser, ours.conversation, SHOWN)
    await asyncio.sleep(1)
    await arrivals(page)
    await ours.speak()
    await page.wait_for_function("!document.querySelector('article.line[data-state=speaking]')")
    await asyncio.sleep(1.5)
    sent, at = (await arrivals(page))[-1]
    await page.context.close()
    took = (at - sent) / 1000
    return [Row('8,000 tokens at once: in the DOM after the vendor ended', took, 's', goal=0.5, of='value')]


async def growth(ours: Chimera, times: int, long: int) -> list[Row]:
    """A word of a long message and of a short one, at a thousand a second."""
    cost: dict[int, list[float]] = {500: [], long: []}
    await ours.rest(1)
    for words in list(cost) * times:
        await ours.prepare(f'paced-1000-{words}')
        cost[words].append(await ours.spend(words / 1000) / words * 1e6)
    name = f'server CPU per 1,000 tokens, message of {long:,}'
    return [Row(name, median(cost[long]), 'ms', median(cost[500]), goal=1.15, note='message of 500')]


async def when_asked(vendor: Process, processes: Processes) -> float:
    """When the newest request came, on the wall's clock in milliseconds, as browsers have it."""
    async with processes.http.get(f'{vendor.url}/times') as response:
        asked = (await response.json())['requests'][-1]['asked']
    return (asked + time.time() - time.monotonic()) * 1000


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100)[percent - 1]

"""Many: viewers of one conversation, and conversations in one process."""

from __future__ import annotations

import asyncio
import json
from statistics import median, quantiles
from typing import Any

from bench.processes import Process, Processes
from bench.row import Row
from bench.sides import Chimera, Relay

RATE = 100
HZ = 30
CONVERSATIONS = 200
EACH = 50
SAMPLE = 10


async def watched_by(processes: Processes, vendor: Process, viewers: int, words: int, times: int) -> list[Row]:
    """The relay joins words into as many frames a second as Chimera."""
    relay = Relay(await processes.relay(vendor, HZ), processes.http)
    ours = Chimera(await processes.chimera(vendor), processes.http)
    for side in (ours, relay):
        await side.prepare(f'paced-{RATE}-{words}')
    watching = {
        ours: await watch(processes, 'chimera', [ours.conversation], viewers),
        relay: await watch(processes, 'relay', [relay.process.url], viewers),
    }
    await asyncio.sleep(2)
    await asyncio.gather(ours.rest(3), relay.rest(3))
    spent: dict[object, list[float]] = {ours: [], relay: []}
    for side in (ours, relay) * times:
        spent[side].append(await side.spend(words / RATE) / words * 1e6)
    frames = {side: (await seen(process))['frames'] / viewers / times for side, process in watching.items()}
    for side in (ours, relay):
        processes.end(side.process)
    cost, reference = median(spent[ours]), median(spent[relay])
    note = f'bare relay, frames each {frames[relay]:.0f} against {frames[ours]:.0f}'
    return [Row(f'server CPU per 1,000 tokens, {viewers} viewers', cost, 'ms', reference, goal=2.0, note=note)]


async def crowd(processes: Processes, vendor: Process, seconds: float) -> list[Row]:
    """200 conversations, each with 50 words a second, some of them watched."""
    ours = Chimera(await processes.chimera(vendor), processes.http)
    began = asyncio.get_running_loop().time()
    model = f'compatible/paced-{EACH}-{int(EACH * (seconds + 60))}'
    ids = await ours.post('/bench/begin', model=model, count=str(CONVERSATIONS))
    addresses = [f'{ours.process.url}/conversation/{id}' for id in ids[:: CONVERSATIONS // SAMPLE]]
    watching = await watch(processes, 'chimera', addresses, 1)
    await asyncio.sleep(1)
    assert asyncio.get_running_loop().time() - began < 55, 'too slow to begin so many'
    await ours.post('/bench/look')
    before = ours.process.cpu()
    await asyncio.sleep(seconds)
    busy = (ours.process.cpu() - before) / seconds
    noted = await ours.get('/bench/seen')
    ages = [*noted['ages'], *(await seen(watching))['ages']]
    processes.end(ours.process)
    lag = quantiles(noted['lags'], n=100)[98] * 1000
    note = f'{busy:.0%} of a core, {len(noted["ages"]) / seconds:,.0f} segments a second'
    return [
        Row('200 conversations: event-loop lag p99', lag, 'ms', goal=100, of='value', note=note),
        Row('200 conversations: oldest delta when shown', max(ages) * 1000, 'ms', goal=500, of='value'),
    ]


async def watch(processes: Processes, kind: str, urls: list[str], count: int) -> Process:
    viewers = processes.start('bench.viewers', kind, *urls, '--count', str(count))
    assert viewers.popen.stdout
    said = await asyncio.to_thread(viewers.popen.stdout.readline)
    assert said == 'ready\n', 'the viewers could not join'
    return viewers


async def seen(viewers: Process) -> dict[str, Any]:
    assert viewers.popen.stdin
    assert viewers.popen.stdout
    viewers.popen.stdin.write('\n')
    viewers.popen.stdin.flush()
    return json.loads(await asyncio.to_thread(viewers.popen.stdout.readline))

"""The lean reader of the OpenAI dialect, against the openai SDK, bare aiohttp and litellm.

The vendor is a process of its own, and so is each reader; a round measures each reader once, and the median round
counts. In a burst the vendor is faster than any reader: what is measured is the work for a delta. Paced, 20 streams
bring 50 deltas a second each, and every reader pays for waking up a thousand times as well.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.row import Row

READERS = ('lean', 'bare', 'openai', 'litellm')
Costs = dict[str, dict[str, float]]


def run(quick: bool) -> list[Row]:
    with vendor() as url:
        rounds = [{reader: measure(reader, url, quick) for reader in READERS} for _ in range(1 if quick else 3)]
    costs: Costs = {
        reader: {what: statistics.median(each[reader][what] for each in rounds) for what in rounds[0][reader]}
        for reader in READERS
    }
    return [*burst_rows(costs), *first_rows(costs), *paced_rows(costs)]


def burst_rows(costs: Costs) -> Iterator[Row]:
    name, unit, sdk = '{}, CPU per 1,000 deltas in a burst', 'ms', costs['openai']['burst']
    yield Row(name.format('lean reader'), costs['lean']['burst'], unit, sdk, 0.15, note='openai SDK')
    yield Row(name.format('bare aiohttp'), costs['bare']['burst'], unit, sdk, note='openai SDK')
    yield Row(name.format('litellm'), costs['litellm']['burst'], unit, sdk, note='openai SDK')


def first_rows(costs: Costs) -> Iterator[Row]:
    bare = costs['bare']['first']
    added = costs['lean']['first'] - bare
    yield Row('lean reader, first delta added, p50', added, 'ms', bare, 3, of='value', note='bare aiohttp, whole wait')
    for reader in ('openai', 'litellm'):
        yield Row(f'{reader}, first delta added, p50', costs[reader]['first'] - bare, 'ms', bare, note='bare aiohttp')


def paced_rows(costs: Costs) -> Iterator[Row]:
    for reader, label in (('lean', 'lean reader'), ('bare', 'bare aiohttp'), ('litellm', 'litellm')):
        name = f'{label}, CPU per 1,000 deltas, 20 streams at 50/s'
        yield Row(name, costs[reader]['paced'], 'ms', costs['openai']['paced'], note='openai SDK')


def measure(reader: str, url: str, quick: bool) -> dict[str, float]:
    size = ['--calls', '5', '--seconds', '2'] if quick else ['--calls', '10', '--seconds', '4']
    return json.loads(run_python('-m', 'bench.reading', reader, '--url', url, *size))


def run_python(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments], env=quiet(), stdout=subprocess.PIPE, check=True, text=True
    ).stdout


@contextmanager
def vendor(module: str = 'tests.fake_vendor') -> Iterator[str]:
    """A fake vendor on loopback; its address."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, '-m', module, '--port', str(port)], env=quiet())
    try:
        wait_for(port)
        yield f'http://127.0.0.1:{port}/v1'
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as knock:
            if knock.connect_ex(('127.0.0.1', port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError('the fake vendor did not start')


def quiet() -> dict[str, str]:
    """Without proxies: loopback is all there is."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith('_proxy')}

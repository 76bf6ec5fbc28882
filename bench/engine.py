"""What the engine adds to a streamed turn of 50 tokens with everything persisted, against AutoGen's round robin.

CPU time of the whole process per turn: the product's runner, orchestrators, journal and an SQLite file, nobody
watching; a bare loop over the same reader; and AutoGen's RoundRobinGroupChat, which persists nothing, in an environment
of its own. Each side is a process of its own that speaks some turns before it is measured; rounds are interleaved and
medians are taken. Overhead is a turn less what a bare loop over the same reader spends on it: of the engine over our
lean reader, of AutoGen over its own OpenAI client.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench.processes import ROOT
from bench.row import Row
from bench.vendor_reader import quiet, vendor

WORDS = 50
GOAL = 0.2
PEERS = ROOT / '.tools' / 'peers'
OUR_SIDES = ('bare', 'chimera', 'memory')
THEIR_SIDES = ('autogen', 'autogen bare', 'autogen memory')
FROM_MEMORY = ('memory', 'autogen memory')
AT_ONCE, GO_ON = 20, 10
"""Turns that words from memory are measured on at least, of all conversations and of each: they wait for nobody. A
person who lets a conversation go on gives it ten, and what that costs is part of them."""


@dataclass(frozen=True, slots=True)
class Load:
    """`rate` is words a second of each conversation, `warm` the turns of each before the `turns` that are measured."""

    conversations: int
    rate: int
    warm: int
    turns: int

    def __str__(self) -> str:
        return f'{self.conversations},{self.rate},{self.warm},{self.turns}'


Costs = dict[str, float]
"""CPU milliseconds per turn of each side that could be measured."""


def run(quick: bool) -> list[Row]:
    missing = install_peers()
    loads = (Load(1, 100, 1, 4), Load(20, 100, 1, 2)) if quick else (Load(1, 100, 3, 10), Load(200, 20, 1, 5))
    sides = OUR_SIDES if missing else (*OUR_SIDES, *THEIR_SIDES)
    with vendor('bench.talking_vendor') as url:
        rounds = [{side: measure(side, loads, url) for side in sides} for _ in range(1 if quick else 3)]
    rows: list[Row] = []
    for at, load in enumerate(loads):
        costs = {side: median(each[side][at] for each in rounds) for side in sides}
        rows += compared(costs, load.conversations, missing)
    return rows


def compared(costs: Costs, conversations: int, missing: str | None) -> Iterator[Row]:
    where = f'{conversations} conversation{"s" if conversations > 1 else ""}'
    added = None if missing else costs['autogen'] - costs['autogen bare']
    note = "AutoGen's round robin" if not missing else f'none: {missing}'
    yield Row(f'bare loop over the same reader, {where}', costs['bare'], 'ms')
    yield Row(f'engine overhead per turn, {where}', costs['chimera'] - costs['bare'], 'ms', added, GOAL, note=note)
    yield Row(f'whole turn from the wire, {where}', costs['chimera'], 'ms', costs.get('autogen'), GOAL, note=note)
    yield Row(
        f'whole turn, words from memory, {where}', costs['memory'], 'ms', costs.get('autogen memory'), GOAL, note=note
    )


def measure(side: str, loads: Sequence[Load], url: str) -> list[float]:
    """CPU milliseconds per turn at each load, one after the other in one process."""
    if side in FROM_MEMORY:
        loads = [replace(load, turns=max(load.turns, GO_ON, AT_ONCE // load.conversations)) for load in loads]
    if side in THEIR_SIDES:
        command = [str(PEERS / 'bin' / 'python'), 'bench/autogen_turns.py']
        command += ['--bare'] if side == 'autogen bare' else []
    else:
        command = [sys.executable, '-m', 'bench.turns', side]
    command += [] if side == 'autogen memory' else ['--url', url]
    command += ['--words', str(WORDS), *map(str, loads)]
    environment = quiet() | {'CHIMERA_LOG_LEVEL': 'warning'}
    ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(ended.stdout)


def install_peers() -> str | None:
    """AutoGen into an environment of its own, as the Makefile knows how to; why it could not be had, else None."""
    try:
        made = subprocess.run(
            ['make', '-s', '.tools/peers/.ready'],
            check=False, cwd=ROOT, stdout=sys.stderr, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    except OSError as error:
        return f'AutoGen is not here, make could not be run ({error.strerror})'
    if made.returncode:
        last = (made.stderr.strip().splitlines() or ['no reason given'])[-1]
        return f'AutoGen could not be installed ({last[:100]})'
    return None

"""`python -m bench --list`, `python -m bench NAME [--quick] [--json FILE] [--strict]`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import platform
import sys
import time
from pathlib import Path
from types import ModuleType

from bench import REGISTRY
from bench.row import Row, table


def main(arguments: list[str] | None = None) -> int:
    """0: measured, 1: a goal was missed and `--strict` asked, 2: wrong usage."""
    parser = argparse.ArgumentParser(prog='python -m bench', description='Measure what Chimera claims.')
    parser.add_argument('names', nargs='*', metavar='NAME', help='what to measure')
    parser.add_argument('--list', action='store_true', help='say what can be measured')
    parser.add_argument('--quick', action='store_true', help='less exact, under a minute each')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the rows there too')
    parser.add_argument('--strict', action='store_true', help='exit with 1 when a goal is missed')
    chosen = parser.parse_args(arguments)
    known = [name for name in REGISTRY if importlib.util.find_spec(f'bench.{name}')]
    if chosen.list or not chosen.names:
        for name in known:
            print(f'{name:<16}{(load(name).__doc__ or "").strip().splitlines()[0]}')
        return 0
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f'no benchmark is named {unknown[0]}; there are: {", ".join(known)}')
    rows = [row for name in chosen.names for row in measure(name, quick=chosen.quick)]
    if chosen.json:
        chosen.json.write_text(json.dumps([row.as_json() for row in rows], indent=2) + '\n', encoding='utf-8')
    return 1 if chosen.strict and any(row.met is False for row in rows) else 0


def load(name: str) -> ModuleType:
    return importlib.import_module(f'bench.{name}')


def measure(name: str, *, quick: bool) -> list[Row]:
    begun = time.monotonic()
    rows: list[Row] = load(name).run(quick)
    took = time.monotonic() - begun
    print(f'{name}, {took:.0f} s, Python {platform.python_version()}, {os.cpu_count()} cores')
    print(table(rows))
    print()
    return rows


if __name__ == '__main__':
    sys.exit(main())

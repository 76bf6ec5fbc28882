"""What a start in demo mode does without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

SAID = """
import main, gc, sys
print(gc.isenabled(), sorted({'aiohttp', 'requests', 'litellm', 'alembic'} & set(sys.modules)))
main.collect_garbage_again()
import aiohttp, requests
print(gc.isenabled())
"""


def test_no_http_client_is_imported_and_everything_can_be_imported_later() -> None:
    said = subprocess.run([sys.executable, '-c', SAID], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == ['False []', 'True']

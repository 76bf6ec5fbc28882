"""`python -m tests.talking`: Chimera as `main.py` runs it, with a conversation that has begun. Its id is on stdout."""

from __future__ import annotations

import asyncio
import sys

from app.chimera import Chimera
from app.live.runner import Draft
from app.settings import load_settings
from components.server import listen, loop_factory, serve
from main import build

PERSONAS = ['philosopher', 'comedian', 'scientist']


async def run() -> None:
    settings = load_settings()
    with listen(settings.host, settings.port) as door:
        chimera = Chimera(settings)
        await chimera.start()
        try:
            topic = 'Should a machine be allowed to forget?'
            draft = Draft(topic, PERSONAS, speaker_order='round_robin', pace=2, seed=7)
            conversation = await chimera.runner.begin(chimera.scope, draft)
            sys.stdout.write(f'{conversation.id}\n')
            sys.stdout.flush()
            await serve(build(chimera), door, settings)
        finally:
            await chimera.stop()


if __name__ == '__main__':
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run())

"""Chimera, as a table of contents: the settings, the core, a line for each page, and the server."""

from __future__ import annotations

from app.quick_start import collect_garbage_again

# isort: split
import asyncio
import sys
from functools import partial

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from nicegui import app as nicegui_app
from nicegui import ui

from app.chimera import Chimera
from app.logs import start_logging
from app.settings import Settings, WrongSetting, load_settings
from app.store.alone import alone
from app.store.faults import DatabaseFault
from components.broadcast import Broadcasts
from components.live_socket import refuse_foreign_origins
from components.server import CannotListen, listen, loop_factory, serve
from components.shield import Shield
from components.static_files import FOLDER, static_files
from pages import (
    branches,
    capsule,
    compare,
    conversation,
    format_file,
    health,
    home,
    live_branches,
    measures,
    nowhere,
    personas,
    settings_page,
)

RECONNECT = 30.0


def build(chimera: Chimera) -> FastAPI:
    web = FastAPI(title='Chimera', docs_url=None, redoc_url=None, openapi_url=None)
    web.add_middleware(Shield, settings=chimera.settings)
    web.mount('/static', static_files())
    health.create(chimera, web)  # /health
    home.create(chimera)  # /
    conversation.create(chimera)  # /conversation/{id}
    capsule.create(chimera, web)  # /conversation/{id}/capsule
    format_file.create(chimera, web)  # /format/{id}.yaml
    measures.create(chimera)  # /conversation/{id}/measures
    branches.create(chimera)  # /conversation/{id}/branches
    live_branches.create(chimera)  # /conversation/{id}/live
    compare.create(chimera)  # /compare/{left}/{right}
    personas.create(chimera)  # /personas
    settings_page.create(chimera)  # /settings
    nowhere.create(chimera)  # every other address
    Broadcasts(chimera)  # live words, over NiceGUI's socket
    refuse_foreign_origins()
    nicegui_app.storage.path = chimera.settings.data_dir / 'taste'
    ui.run_with(
        web,
        title='Chimera',
        favicon=(FOLDER / 'favicon.svg').read_text(encoding='utf-8'),
        storage_secret=chimera.settings.secret('storage'),
        reconnect_timeout=RECONNECT,
        tailwind=False,
        dark=None,
        show_welcome_message=False,
        # Half the time of the highest level, for one byte in a hundred.
        gzip_middleware_factory=partial(GZipMiddleware, compresslevel=5),
    )
    return web


async def run(settings: Settings) -> None:
    with alone(settings.data_dir), listen(settings.host, settings.port) as door:
        chimera = Chimera(settings)
        await chimera.start()
        try:
            web = build(chimera)
            collect_garbage_again()
            await serve(web, door, settings)
        finally:
            await chimera.stop()


def main() -> int:
    try:
        settings = load_settings()
        start_logging(settings)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(run(settings))
    except (WrongSetting, DatabaseFault, CannotListen) as fault:
        sys.stderr.write(f'Chimera cannot start. {fault}\n')
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == '__main__':
    sys.exit(main())

"""A page that is not there, said kindly."""

from __future__ import annotations

from nicegui import ui

from app.chimera import Chimera
from components.face import face
from components.frame import frame
from components.plain import box, link, words


def lost(chimera: Chimera, what: str, why: str) -> None:
    ui.status_code(404)
    with frame(chimera, what), box('section', 'lost'):
        face(next(iter(chimera.library.personas.values()), None))
        words(what, tag='h1')
        words(why, 'lead')
        link('Back to the stage door', '/', 'btn primary')

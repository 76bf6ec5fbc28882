"""Demo mode says what it is, on the first screen, in plain words."""

from __future__ import annotations

from app.chimera import Chimera
from components.plain import box, link, words


def demo_banner(chimera: Chimera) -> None:
    if chimera.providers.mode != 'demo':
        return
    with box('aside', 'notice', aria_label='Demo mode'):
        words('This is demo mode.', tag='strong')
        words('The voices are scripted: no model is asked and nothing leaves this machine.', tag='span')
        link('How to go live', '/settings')

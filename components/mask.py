"""A persona's face: a theatre mask in two halves, drawn from numbers alone, the same for the same seed."""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

from app.casting.persona import Persona
from components.mask_parts import BROWS, EYES, FACES, MARKS, MOUTHS, NOSES, TOPS

HEX = re.compile(r'#[0-9a-f]{6}')
NEUTRAL = '#8d8577'
OPEN = '<svg class="mask-face" viewBox="0 0 96 96" aria-hidden="true" focusable="false">'


def mask(persona: Persona) -> str:
    return mask_svg(persona.look.mask, persona.id, persona.look.colour)


@lru_cache(maxsize=512)
def mask_svg(seed: int, name: str, colour: str) -> str:
    """An inline `<svg>` that fills its box. `name` (a persona's id) only stirs the dice and never appears in it."""
    dice = Dice(seed, name)
    paint = palette(colour if HEX.fullmatch(colour) else NEUTRAL, dice.throw(4))
    face, eyes, brows, nose = dice.pick(FACES), dice.pick(EYES), dice.pick(BROWS), dice.pick(NOSES)
    mouth, mark = dice.pick(MOUTHS), dice.pick(MARKS)
    back, front = TOPS[seed % len(TOPS)]
    halves = (
        f'<path d="{face}" fill="{{light}}"/><path d="{face}" fill="{{light}}" transform="matrix(-1 0 0 1 96 0)"/>'
        f'<path d="{face}" fill="{{shade}}"/>'
    )
    features = f'{mark}{brows}<g class="eyes">{eyes}</g>{nose}<g class="mouth">{mouth}</g>'
    return OPEN + (back + halves + features + front).format(**paint) + '</svg>'


def human_svg() -> str:
    """A person wears only a half mask: whoever speaks behind it is real."""
    return (
        f'{OPEN}<path fill="currentColor" fill-rule="evenodd" d="M5 38C18 26 36 28 48 35 60 28 78 26 91 38'
        'c1 24-9 36-22 36-10 0-15-8-21-15-6 7-11 15-21 15C14 74 4 62 5 38Z'
        'm17 12c4 9 12 10 19 3-5-8-13-9-19-3Zm52 0c-6-6-14-5-19 3 7 7 15 6 19-3Z"/></svg>'
    )


class Dice:
    """Thrown in a fixed order, so that a feature added at the end changes no face already known."""

    def __init__(self, seed: int, name: str) -> None:
        self.bytes = iter(hashlib.sha256(f'{seed}:{name}'.encode()).digest())

    def throw(self, sides: int) -> int:
        return next(self.bytes) % sides

    def pick(self, choices: Sequence[str]) -> str:
        return choices[self.throw(len(choices))]


def palette(colour: str, hair: int) -> dict[str, str]:
    """The persona's colour in the tones of a lit and an unlit half; hair in one of four."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lit = min(max(lightness, 0.5), 0.68)
    saturation *= 0.85 if lightness < lit else 1  # a dark colour made lighter would shout
    tones = (
        tone(hue, 0.30, saturation * 0.7),
        tone(hue + 0.46, 0.40, min(saturation, 0.4)),
        tone(0.11, 0.80, 0.50),
        tone(0.04, 0.33, 0.35),
    )
    return {
        'light': tone(hue, lit, saturation),
        'shade': tone(hue - 0.02, lit * 0.78, saturation * 0.8),
        'deep': tone(hue - 0.02, lit * 0.52, saturation * 0.8),
        'hair': tones[hair],
        'ink': tone(hue, 0.12, 0.3),
        'cream': '#fdf0d8',
    }


def tone(hue: float, lightness: float, saturation: float) -> str:
    return '#' + ''.join(f'{round(part * 255):02x}' for part in colorsys.hls_to_rgb(hue % 1, lightness, saturation))

"""Masks: drawn from numbers alone, the same for ever, and another face for everybody."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.casting.library import Library
from components.mask import human_svg, mask, mask_svg

ONLY_SHAPES = re.compile(r'[<>=/\"#.,:;() \w-]+')


def test_a_persona_wears_the_same_mask_every_time() -> None:
    assert mask_svg(7, 'iris', '#7d6bd6') == mask_svg(7, 'iris', '#7d6bd6')


def test_everybody_in_the_company_has_a_face_of_their_own() -> None:
    company = Library(Path('personas')).personas.values()
    assert len({re.sub('#[0-9a-f]{6}', '', mask(persona)) for persona in company}) == len(company) > 0


@given(seed=st.integers(-(10**9), 10**9), name=st.text(), colour=st.text())
def test_no_word_of_a_persona_ever_gets_into_its_drawing(seed: int, name: str, colour: str) -> None:
    drawn = mask_svg(seed, name, colour)
    assert ONLY_SHAPES.fullmatch(drawn)
    assert set(re.findall(r'</?(\w+)', drawn)) <= {'svg', 'g', 'path', 'circle', 'ellipse'}
    assert drawn.count('<g') == drawn.count('</g>')


def test_a_person_wears_only_half_a_mask() -> None:
    assert human_svg().count('<path') == 1

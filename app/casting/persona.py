"""A character on paper. Frozen: an edit makes a new version, and every message records the version that spoke."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SLOTS = frozenset({'name', 'other', 'topic', 'thing', 'echo'})
"""What a scripted line may leave open: who spoke last, someone else of the cast, the topic as a phrase,
one thing out of the topic, and a phrase out of the last line."""


def _has_known_slots(line: str) -> str:
    for slot in re.findall(r'\{([^{}]*)\}', line):
        if slot not in SLOTS:
            raise ValueError(
                f'has the unknown slot {{{slot}}}; there are ' + ', '.join(f'{{{s}}}' for s in sorted(SLOTS))
            )
    if re.sub(r'\{\w+\}', '', line).count('{') + re.sub(r'\{\w+\}', '', line).count('}'):
        raise ValueError('has a brace without its partner')
    return line


Words = Annotated[str, Field(min_length=1, max_length=400)]
ScriptLine = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_has_known_slots)]


class Look(BaseModel):
    """`colour` is `#rrggbb`, for light and dark; `glyph` is one emoji or letter; `mask` seeds the drawn avatar."""

    model_config = ConfigDict(frozen=True, extra='forbid')

    colour: str = Field(pattern=r'^#[0-9a-f]{6}$')
    glyph: str = Field(min_length=1, max_length=8)
    mask: int = 0


class Persona(BaseModel):
    """`id` is the file's name. `talkativeness` runs from 0 (waits to be asked) to 1 (first to speak); `tempo` is
    characters per second when typing at pace 1. `voice` is the prose of the file's body."""

    model_config = ConfigDict(frozen=True, extra='forbid')

    id: str = Field(pattern=r'^[a-z][a-z0-9_]{0,39}$')
    name: str = Field(min_length=1, max_length=40)
    aliases: tuple[str, ...] = ()
    tagline: Words
    family: str = Field(min_length=1, max_length=40)
    look: Look
    voice: str = Field(min_length=40, max_length=8000)
    values: tuple[Words, ...] = Field(min_length=2)
    goals: tuple[Words, ...] = Field(min_length=1)
    blind_spots: tuple[Words, ...] = ()
    habits: tuple[Words, ...] = Field(min_length=1)
    speech: tuple[Words, ...] = Field(min_length=1, description='speech rules, each one checkable')
    interests: tuple[Words, ...] = Field(min_length=3)
    talkativeness: float = Field(default=0.5, ge=0, le=1)
    tempo: float = Field(default=45, ge=10, le=200)
    temperature: float | None = Field(default=None, ge=0, le=2)
    script: dict[str, tuple[ScriptLine, ...]] = Field(
        default_factory=dict, description='moves and their lines, for the scripted voice'
    )

    @property
    def digest(self) -> str:
        """The same for the same character, whatever the order or layout of its file."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class Starter(BaseModel):
    """An opening topic."""

    model_config = ConfigDict(frozen=True, extra='forbid')

    topic: str = Field(min_length=3, max_length=300)
    theme: str = 'general'


class Cast(BaseModel):
    """A named group of personas meant to be put together, with starters that make them clash."""

    model_config = ConfigDict(frozen=True, extra='forbid')

    id: str
    name: str
    tagline: str
    personas: tuple[str, ...] = Field(min_length=2)
    starters: tuple[Starter, ...] = Field(min_length=1)

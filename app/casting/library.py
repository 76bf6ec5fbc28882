"""Characters and casts, read from a folder. A broken file is a fault with a line; the others still load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.casting.front_matter import Placed, Unreadable, read_yaml
from app.casting.persona import Cast, Persona, Starter
from app.casting.plain_words import drop_echoes, say_fault

MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """`file` is written as a person would look for it: `personas/chef.md`."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f'{self.file}:{self.line}: {self.message}'


class Library:
    """Personas by id, casts in the order they are written (the first is the default), and what could not be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.personas: dict[str, Persona] = {}
        self.casts: list[Cast] = []
        self.faults: list[Fault] = []
        self.load()

    @property
    def starters(self) -> list[Starter]:
        return [starter for cast in self.casts for starter in cast.starters]

    def load(self) -> None:
        """Read everything again. A conversation keeps the personas it began with."""
        reading = _Reading(self.folder)
        reading.read()
        self.personas, self.casts, self.faults = reading.personas, reading.casts, reading.faults


class _Reading:
    """One pass over the folder, so that a reload never shows half of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.personas: dict[str, Persona] = {}
        self.casts: list[Cast] = []
        self.faults: list[Fault] = []

    def read(self) -> None:
        if not self.folder.is_dir():
            self._complain(self.folder, 0, 'there is no such folder')
            return
        for path in sorted(self.folder.glob('*.md')):
            if path.stem.lower() != 'readme':
                self._read_persona(path)
        for path in [self.folder / 'casts.yaml', *sorted((self.folder / 'casts').glob('*.yaml'))]:
            if path.exists():
                self._read_casts(path)

    def _read_persona(self, path: Path) -> None:
        text = self._read_text(path)
        if text is None:
            return
        try:
            front, body, body_line = split_front_matter(text)
            placed = read_yaml(front)
        except Unreadable as error:
            self._complain(path, error.line, str(error))
            return
        if not isinstance(placed.value, dict):
            self._complain(path, 2, 'between the two --- lines there must be keys with values, such as `name: Iris`')
            return
        if 'id' in placed.value or 'voice' in placed.value:
            key = 'id' if 'id' in placed.value else 'voice'
            why = "the file's name is the id" if key == 'id' else 'the text below is it'
            self._complain(path, placed.line_of((key,)), f'`{key}` does not belong here: {why}')
            return
        placed.lines[('voice',)] = body_line
        persona = self._check(path, Persona, placed, (), {**placed.value, 'id': path.stem, 'voice': body})
        if persona is None:
            return
        for other in self.personas.values():
            if other.name.casefold() == persona.name.casefold():
                self._complain(path, placed.line_of(('name',)), f'the name {persona.name} is taken by {other.id}.md')
                return
        self.personas[persona.id] = persona

    def _read_casts(self, path: Path) -> None:
        text = self._read_text(path)
        if text is None:
            return
        try:
            placed = read_yaml(text)
        except Unreadable as error:
            self._complain(path, error.line, str(error))
            return
        if not isinstance(placed.value, list):
            self._complain(path, 1, 'this must be a list of casts, each beginning with `- id:`')
            return
        for number, item in enumerate(placed.value):
            cast = self._check(path, Cast, placed, (number,), item)
            if cast is not None and self._can_be_seated(path, cast, placed, number):
                self.casts.append(cast)

    def _can_be_seated(self, path: Path, cast: Cast, placed: Placed, number: int) -> bool:
        if any(cast.id == other.id for other in self.casts):
            self._complain(path, placed.line_of((number, 'id')), f'there is a cast {cast.id} already')
            return False
        strangers = [(seat, name) for seat, name in enumerate(cast.personas) if name not in self.personas]
        for seat, name in strangers:
            line = placed.line_of((number, 'personas', seat))
            why = 'its file could not be read' if (self.folder / f'{name}.md').exists() else f'there is no {name}.md'
            self._complain(path, line, f'the cast {cast.id} needs the persona {name}, and {why}')
        return not strangers

    def _check(self, path: Path, kind: Any, placed: Placed, start: tuple[int, ...], value: object) -> Any:
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            for detail in drop_echoes(error.errors(include_url=False), kind.model_fields):
                line = placed.line_of((*start, *detail['loc']))
                self._complain(path, line, say_fault(detail, kind.model_fields))
            return None

    def _read_text(self, path: Path) -> str | None:
        try:
            if path.stat().st_size > MAX_BYTES:
                self._complain(path, 1, f'the file is larger than {MAX_BYTES // 1024} KiB')
                return None
            content = path.read_bytes()
        except OSError as error:
            self._complain(path, 1, f'the file cannot be read ({error.strerror})')
            return None
        try:
            return content.decode('utf-8-sig').replace('\r\n', '\n')
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b'\n') + 1
            self._complain(path, line, 'the file is not UTF-8 text; save it as UTF-8')
            return None

    def _complain(self, path: Path, line: int, message: str) -> None:
        name = path.relative_to(self.folder.parent).as_posix()
        self.faults.append(Fault(name, line, message))


def split_front_matter(text: str) -> tuple[str, str, int]:
    """Front matter (its first line blanked, so that line numbers stay true), body, and the line the body begins on."""
    opening = re.match(r'---[ \t]*\n', text)
    if not opening:
        raise Unreadable(1, 'the file must begin with a line of three dashes: ---')
    closing = re.compile(r'^---[ \t]*$', re.MULTILINE).search(text, opening.end())
    if not closing:
        raise Unreadable(1, 'the front matter never ends: a second line of three dashes is missing')
    body = text[closing.end() :]
    body_line = text[: len(text) - len(body.lstrip())].count('\n') + 1
    return '\n' + text[opening.end() : closing.start()], body.strip(), body_line

"""YAML that remembers where it stood: a value, and for each place inside it the line a person would look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

# The C reader is ten times faster, which a start with many personas feels; both are the safe one.
Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
MAX_DEPTH = 12

Place = tuple[str | int, ...]


class Unreadable(Exception):
    """Not YAML as we want it: `line` is counted from 1, the message is in plain words."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Placed:
    """`lines` maps a place such as ('look', 'colour') to its line."""

    value: Any
    lines: dict[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(text: str) -> Placed:
    """Raises Unreadable with the line of the fault."""
    try:
        _refuse_tricks(text)
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Placed(None, {})
            lines: dict[Place, int] = {}
            _walk(node, (), lines)
            return Placed(loader.construct_document(node), lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = ' '.join(part for part in (error.context, error.problem) if part)
        raise Unreadable(mark.line + 1 if mark else 1, f'this is not valid YAML ({words})') from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count('\n') + 1 if isinstance(error.position, int) else 1
        raise Unreadable(line, 'there is a character that text files do not have') from error
    except ValueError as error:  # a date like 2026-99-99 reads as a date and is none
        why = 'a number has too many digits' if 'int_max_str_digits' in str(error) else str(error)
        raise Unreadable(1, f'a value cannot be read ({why})') from error


def _refuse_tricks(text: str) -> None:
    """Aliases can swell a small file into gigabytes and deep nesting can exhaust the stack; no persona needs either."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(
                event.start_mark.line + 1, f'the alias *{event.anchor} is not allowed; write the value out'
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise Unreadable(event.start_mark.line + 1, 'this is nested too deeply')
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*place, number), lines)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise Unreadable(line, 'a key must be plain text')
            if key.tag != 'tag:yaml.org,2002:str':
                raise Unreadable(line, f'the key {key.value} is not read as text; put it in quotes')
            inner = (*place, str(key.value))
            if inner in lines:
                raise Unreadable(line, f'`{key.value}` is written twice (first on line {lines[inner]})')
            lines[inner] = line
            _walk(value, inner, lines)

"""A format, read from one file that anybody may have written: whatever is wrong with it is said in plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from app.casting.front_matter import Loader, Placed, Unreadable, read_yaml
from app.casting.plain_words import drop_echoes, say_fault
from app.conversation.formats.format import (
    CONTRADICTORY,
    Ends,
    Format,
    Most,
    Option,
    Outcome,
    Phase,
    Role,
    Then,
    Vote,
    When,
)
from app.conversation.refused import Refused

LARGEST = 64 * 1024
MOST_FAULTS = 20
KEYS = {
    'roles': Role, 'phases': Phase, 'ends': Ends, 'vote': Vote, 'options': Option, 'words': Outcome, 'then': Then,
    'when': When, 'most': Most,
}  # fmt: skip
"""What stands under a key, where it has keys of its own."""

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FormatFault:
    """`line` is counted from 1; the sentence names the place by itself."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f'Line {self.line}: {self.sentence}'


class UnfitFormat(Refused):
    """Not a format; all its `faults`, the first twenty of them, in the order of their lines."""

    def __init__(self, faults: list[FormatFault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: fault.line)[:MOST_FAULTS])
        super().__init__(' '.join(_full_stop(str(fault)) for fault in self.faults))


def read_format(id: str, content: bytes) -> Format:
    """`id` is the file's name without its ending. Raises UnfitFormat."""
    try:
        placed = read_yaml(_text_of(content))
        _refuse_anchors(content)
    except Unreadable as error:
        raise UnfitFormat([FormatFault(error.line, str(error))]) from error
    if not isinstance(placed.value, dict):
        raise UnfitFormat([FormatFault(1, 'a format is keys with values, and begins with such as `name: Debate`')])
    if 'id' in placed.value:
        raise UnfitFormat(
            [FormatFault(placed.line_of(('id',)), "`id` does not belong here: the file's name is the id")]
        )
    try:
        return Format.model_validate({**placed.value, 'id': id})
    except ValidationError as error:
        raise UnfitFormat(list(_faults(error, placed))) from error


def _text_of(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Unreadable(1, f'the file is larger than {LARGEST // 1024} kB')
    try:
        return content.decode('utf-8-sig').replace('\r\n', '\n')
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b'\n') + 1
        raise Unreadable(line, 'the file is not UTF-8 text; save it as UTF-8') from error


def _refuse_anchors(content: bytes) -> None:
    """An alias is refused by the reader already; an anchor without one is a mistake, or the first half of a bomb."""
    for event in yaml.parse(content, Loader=Loader):
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            line = event.start_mark.line + 1
            raise Unreadable(line, f'the anchor &{event.anchor} is not allowed; write the value out')


def _faults(error: ValidationError, placed: Placed) -> Iterator[FormatFault]:
    shape = []
    for detail in error.errors(include_url=False):
        if detail['type'] == CONTRADICTORY:
            for place, sentence in detail.get('ctx', {})['found']:
                yield FormatFault(placed.line_of(place), sentence)
        else:
            shape.append(detail)
    by_part: dict[Place, list[Any]] = {}
    for detail in shape:
        by_part.setdefault(detail['loc'][:-1], []).append(detail)
    for part, details in by_part.items():
        for detail in drop_echoes(details, _keys_of(part)):
            # Where an item of a list is wrong, the list is one shorter for pydantic, and not for us.
            if detail['type'] == 'too_short' and detail['input']:
                continue
            yield FormatFault(placed.line_of(detail['loc']), _sentence(detail, placed.value))


def _sentence(detail: Mapping[str, Any], whole: dict[str, Any]) -> str:
    """Places as people say them: `phase “rebuttal”: ...` and not `phases.2`."""
    place: Place = detail['loc']
    if place == ('id',):
        return (
            f"the file's name “{str(detail['input'])[:60]}” must begin with a small letter and go on with "
            'small letters, digits and _'
        )
    shown, inner = '', place
    if len(place) > 1 and place[0] in ('roles', 'phases') and isinstance(place[1], int):
        shown, inner = f'{_called(str(place[0]), place[1], whole)}: ', place[2:]
    if detail['type'] in ('string_too_short', 'too_short') and detail.get('ctx', {}).get('min_length') == 1:
        return f'{shown}`{_dotted(inner)}` is empty'
    if detail['type'] == 'bool_type':
        return f'{shown}`{_dotted(inner)}` must be yes or no'
    return shown + say_fault({**detail, 'loc': inner}, _keys_of(place[:-1]))


def _called(kind: str, number: int, whole: dict[str, Any]) -> str:
    part = whole[kind][number] if isinstance(whole.get(kind), list) else None
    id = part.get('id') if isinstance(part, dict) else None
    one = kind.removesuffix('s')
    return f'{one} “{id[:40]}”' if isinstance(id, str) and id else f'{one} {number + 1}'


def _keys_of(place: Place) -> list[str]:
    named = [part for part in place if isinstance(part, str)]
    model = KEYS.get(named[-1], Format) if named else Format
    return [name for name in model.model_fields if name != 'id' or model is not Format]


def _dotted(place: Place) -> str:
    return re.sub(r'\.\[', '[', '.'.join(f'[{part + 1}]' if isinstance(part, int) else part for part in place))


def _full_stop(sentence: str) -> str:
    return sentence if sentence.endswith(('.', '!', '?')) else f'{sentence}.'

"""What is wrong with a file, said to the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


def say_fault(error: Mapping[str, Any], known: Iterable[str]) -> str:
    """One of pydantic's error details as a sentence; `known` are the keys the file may have."""
    place: tuple[str | int, ...] = error['loc']
    key = _name_place(place)
    context = error.get('ctx', {})
    match error['type']:
        case 'missing':
            return f'{key} is missing'
        case 'extra_forbidden':
            meant = _meant(place, known)
            return f'{key} is not a key we know' + (f'; did you mean `{meant}`?' if meant else '')
        case 'string_type':
            return f'{key} must be text' + _but_it_is(error['input'])
        case 'string_too_short':
            return f'{key} is too short: it needs at least {context["min_length"]} characters'
        case 'string_too_long':
            return f'{key} is too long: it may have at most {context["max_length"]} characters'
        case 'string_pattern_mismatch':
            example = _EXAMPLES.get(str(place[-1]), context['pattern'])
            return f'{key} is {error["input"]!r}, but must look like {example}'
        case 'tuple_type' | 'list_type':
            return f'{key} must be a list, one item a line, each after a dash' + _but_it_is(error['input'])
        case 'dict_type' | 'model_type' | 'model_attributes_type':
            return f'{key} must be keys with values' + _but_it_is(error['input'])
        case 'too_short':
            return f'{key} needs at least {context["min_length"]} items, and has {context["actual_length"]}'
        case 'float_parsing' | 'float_type' | 'int_parsing' | 'int_type' | 'int_from_float':
            return f'{key} must be a number' + _but_it_is(error['input'])
        case 'greater_than_equal':
            return f'{key} is {error["input"]}, but must be at least {context["ge"]:g}'
        case 'less_than_equal':
            return f'{key} is {error["input"]}, but must be at most {context["le"]:g}'
        case 'value_error':
            return f'{key} {context["error"]}'
        case _:
            return f'{key}: {error["msg"]}'


def drop_echoes(errors: Iterable[Any], known: Iterable[str]) -> list[Any]:
    """A misspelt key is one fault and not two: what it was meant to be is not missing as well."""
    found = list(errors)
    meant = {_meant(error['loc'], known) for error in found if error['type'] == 'extra_forbidden'}
    return [error for error in found if error['type'] != 'missing' or error['loc'][-1] not in meant]


def _meant(place: tuple[str | int, ...], known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(str(place[-1]), list(known), n=1)), None)


_EXAMPLES = {'colour': "'#3a7bd5' (six hex digits in lower case, in quotes)", 'id': 'a name such as my_persona'}


def _name_place(place: tuple[str | int, ...]) -> str:
    words = ''
    for part in place:
        words += f'[{part + 1}]' if isinstance(part, int) else f'.{part}' if words else str(part)
    return f'`{words}`' if words else 'the file'


def _but_it_is(value: object) -> str:
    match value:
        case None:
            return ', but it is empty'
        case bool():
            return ', but it is a yes or no'
        case int() | float():
            return f', but it is the number {value}; put it in quotes'
        case str():
            return f', but it is the text {value[:40]!r}'
        case list():
            return ', but it is a list'
        case dict():
            return ', but it holds keys of its own; is a colon in the text? Put the text in quotes'
        case _:
            return f', but it was read as a {type(value).__name__}; put it in quotes'

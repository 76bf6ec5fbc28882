"""Whom a line speaks to: a name called out is not the same as a name talked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

TITLES = frozenset(
    'mr mrs ms miss dr doctor prof professor sir lady lord madam captain councillor uncle aunt auntie'.split()
)
LEADS = (
    'and|or|but|so|well|oh|ah|yes|no|hello|hi|hey|thanks|thank you|sorry|please|dear|now|then|what about|how about|'
    'you|come on|right|okay|ok|true|agreed|good|tell me|over to'
)
"""What stands before a name that is called out, where no stop does."""
BEFORE_A_CALL = re.compile(
    rf"""(?:^|[.,;:!?…–—(\n“"-]|\b(?:{LEADS})\b)[\s*_“"]*(?:(?:{'|'.join(sorted(TITLES))})\.?\s+)?$""", re.IGNORECASE
)
AFTER_A_CALL = re.compile(r'[*_”"]*\s*(?:[.,;:!?…–—)\n-]|$)')
ASKS_YOU = re.compile(r'\byou\b[^.?!]*$', re.IGNORECASE)


def last_mention(names: Sequence[str], text: str) -> int | None:
    """Where one of the names stands last in the text, as whole words."""
    places = _mentions(tuple(names), text)
    return places[-1][0] if places else None


def last_call(names: Sequence[str], text: str) -> int | None:
    """Where one of the names is last called out, as in 'Noor, why?', 'And you, Noor?' or 'Thank you, Noor.'"""
    places = [end for start, end in _mentions(tuple(names), text) if _is_called(text, start, end)]
    return places[-1] if places else None


@lru_cache(maxsize=2048)
def _mentions(names: tuple[str, ...], text: str) -> tuple[tuple[int, int], ...]:
    """Kept, because the same last lines are asked about turn after turn."""
    named = _any_of(names)
    return tuple(match.span() for match in named.finditer(text)) if named else ()


@lru_cache(maxsize=512)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    known = '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.compile(rf'(?<!\w)(?:{known})(?!\w)', re.IGNORECASE) if known else None


def _is_called(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 60) : start], text[end : end + 4]
    if before.endswith('@'):
        return True
    if not AFTER_A_CALL.match(after):
        return False
    return bool(BEFORE_A_CALL.search(before)) or ('?' in after and bool(ASKS_YOU.search(before)))


def callings(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """The names and what people make of them: of 'Grandpa Joe' they say Joe, of 'Mrs Falk' only that. `taken` are
    the words of other people's names, which would be no use."""
    names = tuple(names)
    others = {word.casefold() for name in taken for word in name.split()}
    parts = [word for name in names[:1] if ' ' in name for word in name.split()]
    short = [word for word in parts if len(word) > 2 and word[0].isupper() and word.casefold() not in TITLES | others]
    return (*names, *short)

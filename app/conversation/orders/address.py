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


def last_mention(names: Sequence[str], text: str) -> int | None:
    """Where one of the names stands last in the text, as whole words."""
    known = _any_of(tuple(name for name in names if name))
    places = [match.start() for match in known.finditer(text)] if known else []
    return places[-1] if places else None


def last_call(names: Sequence[str], text: str) -> int | None:
    """Where one of the names is last called out, as in 'Noor, why?', 'And you, Noor?' or 'Thank you, Noor.'"""
    called = _called(tuple(name for name in names if name))
    places = [match.end() for match in called.finditer(text)] if called else []
    return places[-1] if places else None


def callings(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """The names and what people make of them: of 'Grandpa Joe' they say Joe, of 'Mrs Falk' only that. `taken` are
    the words of other people's names, which would be no use."""
    names = tuple(names)
    others = {word.casefold() for name in taken for word in name.split()}
    parts = [word for name in names[:1] if ' ' in name for word in name.split()]
    short = [word for word in parts if len(word) > 2 and word[0].isupper() and word.casefold() not in TITLES | others]
    return (*names, *short)


@lru_cache(maxsize=512)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    return re.compile(rf'(?<!\w)(?:{"|".join(re.escape(name) for name in names)})(?!\w)', re.IGNORECASE)


@lru_cache(maxsize=512)
def _called(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    known = '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    titles = '|'.join(sorted(TITLES))
    return re.compile(
        rf'(?:^|[.,;:!?…–—(\n“"-]|@|\b(?:{LEADS})\b)[\s*_“"]*(?:(?:{titles})\.?\s+)?'
        rf'(?:{known})(?!\w)(?=[*_”"]*\s*(?:[.,;:!?…–—)\n-]|$))'
        rf'|@(?:{known})(?!\w)|\byou\b[^.?!]*\b(?:{known})[*_”"]*\?',
        re.IGNORECASE,
    )

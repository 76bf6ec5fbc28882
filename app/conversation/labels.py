"""How models write whose line comes next: `Iris:`, `**Iris:**`, `[Iris]`, `### Iris`, `Iris (low):`, `Iris says: "`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_HEADING = r'#{1,6}[^\S\n]{1,3}'
_WRAP = r'[*_\[("«“【]{0,3}'
_UNWRAP = r'[*_\])"»”】]{0,3}'
_GAP = r'[^\S\n]?'
_ASIDE = rf'(?:{_GAP}\([^()\n]{{1,40}}\){_UNWRAP})?'
_SAYS = ('says', 'asks', 'replies', 'answers', 'responds', 'adds')
_QUOTE = r'["“«„]'


@lru_cache(maxsize=512)
def label(names: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a label at the beginning of a line; `name` is whose it is. Some are only one by what stands behind them:
    a heading or `[Iris]` alone could be speech, `Iris says:` a report. Kept: the names of a room are the same at each
    turn."""
    known = _any_of(names)
    says = '|'.join(_SAYS)
    return re.compile(
        rf'(?P<heading>{_HEADING})?(?:(?P<bracket>[*_]{{0,2}}[\[【])|{_WRAP})(?P<name>{known})'
        r'(?:(?(bracket)[\]】][*_]{0,2}(?=\s)|(?!))'  # first: what is heard must not depend on when
        rf'|{_UNWRAP}{_ASIDE}{_GAP}[:：]{_UNWRAP}'
        rf'|{_UNWRAP}{_GAP}(?:{says})[:：]{_GAP}(?={_QUOTE})'
        rf'|(?(heading){_UNWRAP}{_GAP}(?=\n)|(?!)))',
        re.IGNORECASE,
    )


@lru_cache(maxsize=512)
def beginning_of_label(names: tuple[str, ...]) -> re.Pattern[str]:
    """Matches what the next words could still make a label."""
    known = _any_of(names)
    begun = '|'.join(_beginnings(name) for name in names)
    verb = rf'{_GAP}[a-z]{{0,{max(map(len, _SAYS))}}}(?:[:：]{_GAP})?'
    after = rf'{_UNWRAP}(?:{_GAP}\([^()\n]{{0,40}}(?:\){_UNWRAP}{_GAP})?|{verb})'
    return re.compile(rf'(?:#{{1,6}}|(?:{_HEADING})?{_WRAP}(?:(?:{known}){after}|{begun}))\Z', re.IGNORECASE)


def _any_of(names: Iterable[str]) -> str:
    return '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _beginnings(name: str) -> str:
    beginnings = ''
    for letter in reversed(name):
        beginnings = f'(?:{re.escape(letter)}{beginnings})?'
    return beginnings

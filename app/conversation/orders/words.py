"""Which words of a line carry what it is about."""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
STOP = frozenset(
    'about above across actually after again against almost along already also although always among and another any '
    'anybody anyone anything are around ask asked away back because become been before began being below best better '
    'between beyond both bring but call came can cannot come could day did does doing done down each either else '
    'enough even ever every everybody everyone everything far feel few find first for from gave get give goes going '
    'gone good got had half has have having hear her here hers herself him himself his how however indeed instead into '
    'its itself just keep kind knew know known last least leave less let like little long look lot made make many may '
    'maybe mean mere might mine more most much must myself name near need neither never new next nice nobody none nor '
    'not nothing now off often old once one only onto other others our ours out over own perhaps please point put '
    'question quite rather really right said same saw say see seem seen shall she should since small some somebody '
    'someone something sometimes soon still such sure take talk tell than thank that the their theirs them then there '
    'these they thing think this those though thought three through time told too took true try turn two under until '
    'upon use used very want was way week well went were what when where whether which while who whole whom whose why '
    'will with within without word would year yes yet you your yours yourself'.split()
)
CONTRARY = frozenset(
    'no not never nobody nothing none neither nor cannot without against wrong useless worthless pointless nonsense '
    'rubbish overrated foolish stupid silly mistake myth lie lies lying fails failed impossible absurd ridiculous '
    'hardly stop forget abolish ban enough hate'.split()
)


@lru_cache(maxsize=1024)
def stems_of(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _words(text) if len(word) > 2 and word not in STOP)


@lru_cache(maxsize=512)
def is_contrary(text: str) -> bool:
    """Whether it says that something is not so, or ought not to be."""
    words = _words(text)
    return not CONTRARY.isdisjoint(words) or any(word.endswith("n't") for word in words)


def _words(text: str) -> list[str]:
    return [word.removesuffix("'s") for word in WORD.findall(text.replace('’', "'").casefold())]


def _stem(word: str) -> str:
    """Enough to see that machines and machine, or measuring and measure, are about the same."""
    for ending in ('ingly', 'ings', 'ing', 'edly', 'ies', 'ied', 'ed', 'es', 'ly', 's'):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith('ss'):
            word = word.removesuffix(ending)
            break
    if word[-1] in 'ey' and len(word) > 3:
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word

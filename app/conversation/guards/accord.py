"""How people say that they are of one mind without saying "I agree"."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ACCORD = re.compile(
    r"""\b(?: so \s (?:am|do|did|would|is|have) \s (?:i|we) | (?:so|how|very) \s true | of \s one \s mind
    | (?:makes|make) \s (?:\w+ \s){0,3} sense | (?:i'm|i \s am|we're|we \s are) \s (?:all \s)? (?:with|happy|agreed)
    | (?:the) \s same \s (?:way|thing|page) | (?:feel|think|see|want) \s (?:that|it|so|this|the \s same)
    (?:\s (?:too|as \s well|the \s same))? | (?:we|they|it) \s (?:do|does|all|both) | as \s \w+ \s (?:says?|said)
    | is \s right | (?:both|all) \s of \s (?:us|you) | me \s too | resonates | together | too \s* $ | as \s well \s* $
    | let's | in \s that \s case | fair \s enough | count \s me \s in | sounds \s good )""",
    re.VERBOSE,
)


def is_accord(words: Sequence[str]) -> bool:
    return bool(_ACCORD.search(' '.join(words)))

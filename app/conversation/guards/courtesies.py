"""How much of a line is courtesy: thanks, praise, good wishes and goodbyes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.measures.line import Line
from app.measures.markers import count_markers

_COURTESY = re.compile(
    r"""\b(?: thank | thanks | grateful | appreciate | appreciated | obliged | (?:my|our|a|the|with) \s pleasure
    | privilege | honou?red? | (?:too|so|very|really|most|that's) \s kind | kind \s (?:of \s you|words)
    | (?:you're|you \s are|most|always) \s welcome | proud \s of | well \s (?:done|said|put) | congratulations | bravo
    | goodbye | good \s (?:bye|night) | bye | farewell | take \s care | safe \s (?:travels|journey|home) | see \s you
    | until \s (?:next \s time|then|we \s meet) | any \s time | likewise | you \s too | same \s to \s you
    | all \s the \s best | best \s wishes | wish(?:ing)? \s you | have \s a \s (?:great|good|lovely|wonderful|nice)
    | looking \s forward | cheers | means \s (?:so|a) \s (?:much|lot) | bless \s you | a \s toast | feel \s free )\b""",
    re.VERBOSE,
)
_PRAISE = re.compile(
    r"""\b(?: wonderful | brilliant | beautiful | beautifully | lovely | excellent | inspiring | splendid | marvellous
    | delightful | generous | (?:great|good|fine) \s (?:work|question|answer|teamwork|host|guests|fellow|talk|point
    |company) )\b""",
    re.VERBOSE,
)
"""Praise where little else is said; in a long sentence a beautiful bridge is a bridge."""
SHORT, PADDED = 10, 10
"""Words of a sentence that is nothing but praise, and words of one that are counted as courtesy: what comes after
"thank you for the atlas, which" is about the atlas."""
FEWEST = 0.5
"""The share of a line that makes it a line of courtesy."""


def courtesy_of(line: Line) -> float:
    """The share of its words that stand in sentences of thanks, praise or leave-taking, 0 to 1. Whoever asks something
    besides has more to say than thanks, and so has whoever objects."""
    if line.is_question or line.markers['disagreement']:
        return 0.0
    polite = sum(min(len(words), PADDED) for words in line.sentences if _is_courteous(words))
    return polite / sum(map(len, line.sentences)) if polite else 0.0


def _is_courteous(words: Sequence[str]) -> bool:
    sentence = ' '.join(words)
    if count_markers(words)['thanks'] or _COURTESY.search(sentence):
        return True
    return len(words) <= SHORT and bool(count_markers(words)['praise'] or _PRAISE.search(sentence))

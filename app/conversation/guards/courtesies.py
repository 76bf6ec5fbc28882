"""How much of a line is courtesy: thanks, praise, good wishes and goodbyes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.measures.line import Line
from app.measures.markers import count_markers

_COURTESY = re.compile(
    r"""\b(?: thank | thanks | grateful | appreciate | appreciated | obliged | (?:my|our|a|the|with) \s pleasure
    | privilege | honou?red? | (?:too|so|very|really|most|that's) \s kind | kind \s (?:of \s you|words) | welcome
    | wonderful | brilliant | beautiful | beautifully | lovely | excellent | inspiring | splendid | marvellous
    | delightful | generous | proud \s of | well \s (?:done|said|put) | (?:great|good|fine|lovely) \s (?:work|question
    | answer|teamwork|host|guests|fellow|talk|point|company) | congratulations | bravo | goodbye | good \s (?:bye|night)
    | bye | farewell | take \s care | safe \s (?:travels|journey|home) | see \s you | until \s (?:next \s time|then
    | we \s meet) | any \s time | likewise | you \s too | same \s to \s you | all \s the \s best | best \s wishes
    | wish(?:ing)? \s you | have \s a \s (?:great|good|lovely|wonderful|nice) | looking \s forward | cheers
    | means \s (?:so|a) \s (?:much|lot) | bless \s you | a \s toast | feel \s free )\b""",
    re.VERBOSE,
)
FEWEST = 0.5
"""The share of a line that makes it a line of courtesy."""


def courtesy_of(line: Line) -> float:
    """The share of its words that stand in sentences of thanks, praise or leave-taking, 0 to 1. Whoever asks something
    besides has more to say than thanks, and so has whoever objects."""
    polite = sum(len(words) for words in line.sentences if _is_courteous(words))
    said = sum(map(len, line.sentences))
    if not polite or line.is_question or line.markers['disagreement']:
        return 0.0
    return polite / said


def _is_courteous(words: Sequence[str]) -> bool:
    found = count_markers(words)
    return found['thanks'] + found['praise'] > 0 or bool(_COURTESY.search(' '.join(words)))

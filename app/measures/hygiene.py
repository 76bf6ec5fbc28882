"""What a line should never hold: somebody else's line, a label, the assistant behind the mask, a broken end.

Prefixes, labels and empty lines are seen in any language; phrases and stage directions in English only; cut ends only
where letters have cases and sentences therefore full stops (Latin, Greek, Cyrillic, Armenian, Georgian).
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.measures.line import Line
from app.measures.markers import STAGE_VERBS, STRANGERS

WINDOW = 24


class Stain(StrEnum):
    WROTE_FOR_OTHERS = 'wrote for others'
    LEAKED_PREFIX = 'leaked prefix'
    ASSISTANT_PHRASE = 'assistant phrase'
    REFUSAL = 'refusal'
    STAGE_DIRECTION = 'stage direction'
    CUT_END = 'cut end'
    EMPTY = 'empty'
    FAILED = 'failed'


@dataclass(frozen=True, slots=True)
class HygieneReading:
    """`stains` of this line; `recent` how many of the last 24 persona lines have each, `by_speaker` how many have
    any, `clean` the share that has none, 0 to 1. Humans are left out."""

    stains: frozenset[Stain] = frozenset()
    recent: Mapping[Stain, int] = field(default_factory=dict)
    by_speaker: Mapping[str, int] = field(default_factory=dict)
    clean: float = 1.0


class Hygiene:
    """`names` are what each speaker may be called: {'Iris': ('Iris', 'philosopher')}."""

    def __init__(self, names: Mapping[str, Iterable[str]] | None = None) -> None:
        self._owner = {name.casefold(): speaker for speaker, known in (names or {}).items() for name in known}
        self._lines: deque[tuple[str, frozenset[Stain]]] = deque(maxlen=WINDOW)

    def hear(self, line: Line) -> HygieneReading:
        self._owner.setdefault(line.speaker.casefold(), line.speaker)
        stains: frozenset[Stain] = frozenset()
        if not line.is_human:
            stains = stains_of(line, self._owner)
            self._lines.append((line.speaker, stains))
        return HygieneReading(
            stains=stains,
            recent=Counter(stain for _, found in self._lines for stain in sorted(found)),
            by_speaker=Counter(speaker for speaker, found in self._lines if found),
            clean=sum(not found for _, found in self._lines) / len(self._lines) if self._lines else 1.0,
        )


_LABEL = re.compile(
    r'^[ \t]*[*_\[("«“<]{0,3}([^\n:：*\])>]{1,80}?)[*_\])"»”>]{0,3}[ \t]*(?:\([^()\n]{1,40}\)[ \t]*)?[:：]', re.M
)
_STAGE = re.compile(
    r'(?:^|(?<=[.!?…\n]))["”*_ \t]*(?:\*{1,2}([^*\n]{2,120})\*{1,2}|\(([^()\n]{2,120})\)|\[([^\[\]\n]{2,120})\])'
)
_ITEM = re.compile(r'\s*(?:[-*•#>|]|\d+[.)])')


def stains_of(line: Line, owner: Mapping[str, str]) -> frozenset[Stain]:
    """`owner` gives the speaker for each name in lower case."""
    if line.state == 'failed':
        return frozenset({Stain.FAILED})
    if not line.text.strip():
        return frozenset({Stain.EMPTY}) if line.state == 'complete' else frozenset()
    labels = [owner.get(label, '') for label in labels_of(line.text) if label in owner or label in STRANGERS]
    found = {
        Stain.LEAKED_PREFIX: line.speaker in labels,
        Stain.WROTE_FOR_OTHERS: any(label != line.speaker for label in labels),
        Stain.ASSISTANT_PHRASE: line.markers['assistant'] > 0,
        Stain.REFUSAL: line.markers['refusal'] > 0,
        Stain.STAGE_DIRECTION: has_stage_direction(line.text),
        Stain.CUT_END: line.state == 'complete' and is_cut(line),
    }
    return frozenset(stain for stain, is_there in found.items() if is_there)


def labels_of(text: str) -> list[str]:
    """What stands before a colon at the beginning of each line, in lower case, without its brackets and stars."""
    return [match.group(1).strip(' \t*_"“”«»').casefold() for match in _LABEL.finditer(text)]


def has_stage_direction(text: str) -> bool:
    """'*sighs*', '(laughs softly)', '[pause]' standing by itself; emphasis within a sentence is none."""
    for match in _STAGE.finditer(text):
        words = next(part for part in match.groups() if part is not None).split()
        if words and words[0].strip('.,!?…').casefold() in STAGE_VERBS:
            return True
    return False


def is_cut(line: Line) -> bool:
    """Six words or more that end in a letter or a comma, where sentences have an end mark; a list has none."""
    last = line.ending[-1:]
    ends_openly = last == ',' or last.lower() != last.upper()
    return ends_openly and len(line.words) >= 6 and not _ITEM.match(line.ending.rpartition('\n')[2])

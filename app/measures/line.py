"""A line as the measures hear it, and what is looked at of it once so that nobody has to do it twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.measures.markers import STOP, count_markers
from app.measures.service import Served
from app.measures.trigrams import Trigrams, trigrams_of

LOOKED_AT = 2_000
"""Characters of a line that are looked at, some 350 words: a longer one costs no more."""

_UNSPACED = r'\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff'  # a letter is a word
_LETTERS = (
    rf'[^\W_{_UNSPACED}]+(?:[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0970-\u0dff]+[^\W_{_UNSPACED}]*)*'
)
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*|[{_UNSPACED}]")
_SENTENCE_END = re.compile(r'[.!?…。！？؟।]+["”’»*_)\]]*(?=\s|$)|[。！？]|\n+')


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one turn left behind. `speaker` names the participant, uniquely in the room; `addressed` whom the line is
    spoken to, as far as the caller knows; `state` is how it ended; `served` what the provider's clock said."""

    speaker: str
    text: str
    is_human: bool = False
    addressed: tuple[str, ...] = ()
    state: str = 'complete'
    served: Served | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A spoken line, cut up: `text` is what is looked at, `words` its words in lower case, `content` the different
    ones that carry meaning, `sentences` its sentences as words, `length` its words in all (estimated when long)."""

    number: int
    speaker: str
    is_human: bool
    addressed: tuple[str, ...]
    state: str
    text: str
    ending: str
    words: tuple[str, ...]
    content: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    length: int
    trigrams: Trigrams
    markers: Mapping[str, int]

    @property
    def is_question(self) -> bool:
        return '?' in self.text or '？' in self.text or '؟' in self.text


def look(spoken: Spoken, number: int = 1) -> Line:
    text = spoken.text[:LOOKED_AT]
    words = words_of(text)
    return Line(
        number=number,
        speaker=spoken.speaker,
        is_human=spoken.is_human,
        addressed=spoken.addressed,
        state=spoken.state,
        text=text,
        ending=spoken.text[-400:].rstrip(),
        words=words,
        content=content_of(words),
        sentences=sentences_of(text),
        length=len(words) if len(text) == len(spoken.text) else len(words) * len(spoken.text) // len(text),
        trigrams=trigrams_of(text),
        markers=count_markers(words),
    )


def words_of(text: str) -> tuple[str, ...]:
    """Words in lower case. Where a script writes no spaces (Chinese, Japanese, Thai ...) each letter is one."""
    return tuple(_WORD.findall(text.casefold().replace('’', "'")))


def content_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """The different words that carry meaning, in the order they came; only the stop words of English are known."""
    return tuple(dict.fromkeys(word for word in words if word not in STOP and (len(word) > 1 or word > '\x7f')))


def sentences_of(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(words for part in _SENTENCE_END.split(text) if (words := words_of(part)))

"""Whether the voices can be told apart, which words prove it, and who has come to sound like whom since when."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.measures.attribution import Attribution, Nearness
from app.measures.keyness import KeyWord, key_words
from app.measures.line import Line

LINES_PER_VOICE = 12
MOST_LINES = 72
"""Lines of all voices together; with more than six voices each is judged by fewer of its own."""
FEWEST_LINES = 5
ALIKE, APART = 0.97, 0.93
"""Similarity at which two voices begin to sound alike, and at which they cease to. Two halves of one voice lie
between 0.97 and 1.04 (9 of 10, on the built-in characters, 12 lines each), two voices between 0.91 and 1.01: hence the
second condition, ways of beginning a sentence that both have."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two voices that can no longer be told apart, since the line of that number; `both_say` how both begin their
    sentences, the most frequent first."""

    voices: tuple[str, str]
    since: int
    similarity: float
    both_say: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DistinctnessReading:
    """`attribution` of each persona's last 12 lines. `similarity` of each pair of voices with five lines or more,
    about 1 when nothing but the label differs. `alike` are the pairs that sound alike, `key_words` what sets the last
    speaker apart from the room. Humans are left out: they may sound as they like."""

    attribution: Attribution = field(default_factory=Attribution)
    similarity: Mapping[tuple[str, str], float] = field(default_factory=dict)
    alike: tuple[Alike, ...] = ()
    key_words: tuple[KeyWord, ...] = ()


class Distinctness:
    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._voices: dict[str, _Voice] = {}
        self._near = Nearness()
        self._alike: dict[tuple[str, str], Alike] = {}
        self._similarity: dict[tuple[str, str], float] = {}
        self._room: Counter[str] = Counter()

    def hear(self, line: Line) -> DistinctnessReading:
        if line.words and not line.is_human:
            self._take(line)
            self._compare(line)
        voice = self._voices.get(line.speaker)
        return DistinctnessReading(
            attribution=self._near.attribution(),
            similarity=dict(self._similarity),
            alike=tuple(self._alike.values()),
            key_words=key_words(voice.words, self._room) if voice else (),
        )

    def _take(self, line: Line) -> None:
        voice = self._voices.setdefault(line.speaker, _Voice())
        voice.take(line)
        self._lines.append(line)
        self._near.take(line.number, line.speaker, line.trigrams)
        self._room.update(line.words)
        if len(voice.lines) > LINES_PER_VOICE:
            self._drop(voice.lines[0])
        elif len(self._lines) > MOST_LINES:
            self._drop(self._lines[0])

    def _drop(self, line: Line) -> None:
        voice = self._voices[line.speaker]
        voice.drop_oldest()
        if not voice.lines:
            del self._voices[line.speaker]
        self._lines.remove(line)
        self._near.drop(line.number)
        take_away(self._room, line.words)

    def _compare(self, line: Line) -> None:
        """The last speaker's pairs, and those of a voice whose line has just left."""
        for pair in [pair for pair in self._similarity if not all(voice in self._voices for voice in pair)]:
            del self._similarity[pair]
            self._alike.pop(pair, None)
        for other in self._voices:
            if other != line.speaker:
                self._judge((min(other, line.speaker), max(other, line.speaker)), line.number)

    def _judge(self, pair: tuple[str, str], number: int) -> None:
        one, other = (self._voices[voice] for voice in pair)
        similarity = self._near.similarity(*pair)
        known = self._alike.pop(pair, None)
        if similarity is None or min(len(one.lines), len(other.lines)) < FEWEST_LINES:
            self._similarity.pop(pair, None)
            return
        self._similarity[pair] = similarity
        both = both_begin(one.openings, other.openings)
        if both and similarity >= (APART if known else ALIKE):
            self._alike[pair] = Alike(pair, known.since if known else number, similarity, both)


class _Voice:
    """The last lines of one speaker, their words, and in how many of them a sentence begins with which three words."""

    def __init__(self) -> None:
        self.lines: deque[Line] = deque()
        self.words: Counter[str] = Counter()
        self.openings: Counter[str] = Counter()

    def take(self, line: Line) -> None:
        self.lines.append(line)
        self.words.update(line.words)
        self.openings.update(openings_of(line))

    def drop_oldest(self) -> None:
        line = self.lines.popleft()
        take_away(self.words, line.words)
        take_away(self.openings, openings_of(line))


def take_away(counts: Counter[str], gone: Iterable[str]) -> None:
    for word in gone:
        counts[word] -= 1
        if not counts[word]:
            del counts[word]


def openings_of(line: Line) -> list[str]:
    return list(dict.fromkeys(' '.join(sentence[:3]) for sentence in line.sentences if len(sentence) >= 3))


def both_begin(one: Counter[str], other: Counter[str], most: int = 3) -> tuple[str, ...]:
    """Openings that each of the two has in two lines or more."""
    both = [(min(one[opening], other[opening]), opening) for opening in one.keys() & other.keys()]
    return tuple(opening for times, opening in sorted(both, key=lambda pair: (-pair[0], pair[1])) if times > 1)[:most]

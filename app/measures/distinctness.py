"""Whether the voices can be told apart, which words prove it, and who has come to sound like whom since when."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.measures.attribution import Attribution, Nearness
from app.measures.keyness import KeyWord, count_words, key_words
from app.measures.line import Line

LINES_PER_VOICE = 12
MOST_LINES = 96
"""Lines of all voices together; with more than eight voices each is judged by fewer of its own."""
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
        self._voices: dict[str, deque[Line]] = {}
        self._near = Nearness()
        self._alike: dict[tuple[str, str], Alike] = {}
        self._similarity: dict[tuple[str, str], float] = {}
        self._room: Counter[str] = Counter()

    def hear(self, line: Line) -> DistinctnessReading:
        if line.words and not line.is_human:
            self._take(line)
            self._compare(line)
        return DistinctnessReading(
            attribution=self._near.attribution(),
            similarity=dict(self._similarity),
            alike=tuple(self._alike.values()),
            key_words=key_words(count_words(said.words for said in self._voices.get(line.speaker, ())), self._room),
        )

    def _take(self, line: Line) -> None:
        own = self._voices.setdefault(line.speaker, deque())
        own.append(line)
        self._lines.append(line)
        self._near.take(line.number, line.speaker, line.trigrams)
        self._room.update(line.words)
        if len(own) > LINES_PER_VOICE:
            self._drop(own[0])
        elif len(self._lines) > MOST_LINES:
            self._drop(self._lines[0])

    def _drop(self, line: Line) -> None:
        own = self._voices[line.speaker]
        own.popleft()
        if not own:
            del self._voices[line.speaker]
        self._lines.remove(line)
        self._near.drop(line.number)
        for word in line.words:
            self._room[word] -= 1
            if not self._room[word]:
                del self._room[word]

    def _compare(self, line: Line) -> None:
        """Only the last speaker's pairs can have changed, and those of a voice whose line has just left."""
        begins = {voice: beginnings(lines) for voice, lines in self._voices.items()}
        for one in self._voices:
            if one == line.speaker:
                continue
            pair = (min(one, line.speaker), max(one, line.speaker))
            similarity = self._near.similarity(*pair)
            if similarity is None or min(len(self._voices[voice]) for voice in pair) < FEWEST_LINES:
                self._similarity.pop(pair, None)
                self._alike.pop(pair, None)
                continue
            self._similarity[pair] = similarity
            self._judge(pair, similarity, both_begin(begins[pair[0]], begins[pair[1]]), line.number)
        for pair in [pair for pair in self._similarity if not all(voice in self._voices for voice in pair)]:
            del self._similarity[pair]
            self._alike.pop(pair, None)

    def _judge(self, pair: tuple[str, str], similarity: float, both: tuple[str, ...], number: int) -> None:
        known = self._alike.get(pair)
        if both and similarity >= (APART if known else ALIKE):
            self._alike[pair] = Alike(pair, known.since if known else number, similarity, both)
        else:
            self._alike.pop(pair, None)


def beginnings(lines: deque[Line]) -> Counter[str]:
    """In how many of the lines a sentence begins with these three words."""
    return Counter(
        opening
        for line in lines
        for opening in dict.fromkeys(' '.join(sentence[:3]) for sentence in line.sentences if len(sentence) >= 3)
    )


def both_begin(one: Counter[str], other: Counter[str], most: int = 3) -> tuple[str, ...]:
    """Openings that each of the two has in two lines or more."""
    both = [(min(one[opening], other[opening]), opening) for opening in one.keys() & other.keys()]
    return tuple(opening for times, opening in sorted(both, key=lambda pair: (-pair[0], pair[1])) if times > 1)[:most]

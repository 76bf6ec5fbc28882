"""The last lines as the table hears them: who was called, who is meant by 'you', who waits for an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from app.conversation.orders.address import callings, last_call, last_mention
from app.conversation.orders.seat import Seat
from app.conversation.orders.words import is_contrary, stems_of
from app.conversation.plain_line import AnyLine, PlainLine, plain

Finder = Callable[[Sequence[str], str], int | None]
REMEMBERED_DEBTS = 8
RECENT = 12
LONG_AGO = 100
SENTENCE = re.compile(r'[^.!?\n]+[.!?\n]?')
YOU = re.compile(r"\byou(?:'re|'ve|'d|'ll)?\b", re.IGNORECASE)
EVERYBODY = re.compile(r'\b(?:everybody|everyone|anybody|anyone|somebody|someone|all of you|you all)\b', re.IGNORECASE)


class Debt(NamedTuple):
    """`age` is in lines since it was asked."""

    creditor: str
    age: int
    by_name: bool


class Room:
    """`said` are the last lines only; `length` counts all there are."""

    def __init__(self, seats: Sequence[Seat], transcript: Sequence[AnyLine], topic: str = '') -> None:
        self.seats, self.topic, self.length = seats, topic, len(transcript)
        self.said = [plain(line) for line in transcript[-2 * RECENT :]]
        self.last = self.said[-1] if self.said else None
        self._transcript = transcript
        names = {line.participant_id: (line.speaker,) for line in self.said}  # a human may be called as well
        names |= {seat.id: seat.names for seat in seats}
        self._names = {
            who: callings(called, [other[0] for whose, other in names.items() if whose != who])
            for who, called in names.items()
        }

    def silence(self, seat: Seat) -> int | None:
        """Lines since it spoke; None for never, or so long ago that it makes no difference."""
        return self._silences.get(seat.id)

    @cached_property
    def _silences(self) -> dict[str, int]:
        waiting, silences = {seat.id for seat in self.seats}, dict[str, int]()
        for age, message in enumerate(reversed(self._transcript[-LONG_AGO:])):
            if not waiting:
                break
            if (who := message.participant_id) in waiting:
                waiting.remove(who)
                silences[who] = age
        return silences

    @cached_property
    def called(self) -> list[str]:
        """Whom the last line calls by name, the one it is handed to first."""
        return self._called(self.said[-1]) if self.said else []

    @cached_property
    def mentioned(self) -> list[str]:
        return self._mentioned(self.said[-1]) if self.said else []

    @cached_property
    def answered(self) -> str | None:
        """Who spoke before the one who spoke last: the last line most likely goes back to them."""
        return self._spoke_before(len(self.said) - 1)

    @cached_property
    def says_you(self) -> bool:
        return bool(self.said) and not self.called and not self.asks_everybody and _says_you(self.said[-1].text)

    @cached_property
    def meant(self) -> str | None:
        """Whom 'you' means: of those who spoke lately, the one whose words the line takes up, else who spoke before."""
        if not self.said:
            return None
        words, last = self.said[-1].stems, self.said[-1].participant_id
        for message in reversed(self.said[-RECENT // 2 : -1]):
            if message.participant_id != last and words & message.stems:
                return message.participant_id
        return self.answered

    @cached_property
    def asks(self) -> bool:
        return bool(self.said) and '?' in self.said[-1].text

    @cached_property
    def asks_everybody(self) -> bool:
        return self.asks and bool(EVERYBODY.search(self.said[-1].text))

    @cached_property
    def denials(self) -> str:
        """The sentences of the last line that are no questions and say that something is not so."""
        sentences = SENTENCE.findall(self.last.text) if self.last else []
        return ' '.join(sentence for sentence in sentences if sentence[-1] != '?' and is_contrary(sentence))

    @cached_property
    def topic_words(self) -> frozenset[str]:
        """What the last lines are about; before there are any, what is to be talked about."""
        heard = [message.stems for message in self.said[-2:]]
        return frozenset().union(*heard, stems_of(self.topic) if self.length < len(self.seats) else ())

    def own_words(self, seat: Seat, lines: int) -> frozenset[str]:
        """What it used itself among the last so many lines of all, before the last one."""
        who = seat.id
        return frozenset().union(*(line.stems for line in self.said[-lines:] if line.participant_id == who))

    @cached_property
    def debts(self) -> dict[str, Debt]:
        """Who was asked by name, or as 'you' in an exchange, before the last line and has not spoken since."""
        owed: dict[str, Debt] = {}
        spoken = {self.said[-1].participant_id} if self.said else set[str]()
        oldest = max(0, len(self.said) - REMEMBERED_DEBTS)
        for place in range(len(self.said) - 2, oldest - 1, -1):
            message = self.said[place]
            if '?' in message.text:
                asked, by_name = self._asked_at(place)
                if asked and asked not in spoken:
                    owed.setdefault(asked, Debt(message.speaker, len(self.said) - 1 - place, by_name))
            spoken.add(message.participant_id)
        return owed

    @cached_property
    def duel(self) -> tuple[frozenset[str], int]:
        """The two who spoke the last lines alone, and for how many lines."""
        pair: set[str] = set()
        for length, message in enumerate(reversed(self.said)):
            if len(pair | {message.participant_id}) > 2:
                return frozenset(pair), length
            pair.add(message.participant_id)
        return frozenset(pair), len(self.said)

    def _asked_at(self, place: int) -> tuple[str | None, bool]:
        """Who, and whether by name."""
        message = self.said[place]
        if called := self._called(message):
            return called[0], True
        return (self._spoke_before(place) if _says_you(message.text) else None), False

    def _spoke_before(self, place: int) -> str | None:
        if place < 1 or self.said[place - 1].participant_id == self.said[place].participant_id:
            return None
        return self.said[place - 1].participant_id

    def _called(self, message: PlainLine) -> list[str]:
        return self._found(message, last_call)

    def _mentioned(self, message: PlainLine) -> list[str]:
        return self._found(message, last_mention)

    def _found(self, message: PlainLine, find: Finder) -> list[str]:
        folded = message.text.casefold()
        found: list[tuple[int, str]] = []
        for whose, names in self._names.items():
            if whose == message.participant_id or not any(name.casefold() in folded for name in names):
                continue
            if (at := find(names, message.text)) is not None:
                found.append((at, whose))
        return [whose for _, whose in sorted(found, reverse=True)]


def _says_you(text: str) -> bool:
    return bool(YOU.search(text.replace('’', "'")))

"""How fast a line appears: as its persona would type it, however fast the model was. What the model took to think of it
counts: only a line that came quicker than it can be typed is held back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from app.conversation.clock import Clock

COMMA, FULL_STOP, FIRST_WORD, BETWEEN = 0.12, 0.38, 0.35, 1.2
"""Seconds at pace 1: after a comma, after a sentence, before the first word of a line, between two lines."""
LONGEST_WAIT = 0.25
"""Seconds after which a typist looks whether the pace is another by now."""
UNNOTICED = 0.001
"""Seconds: less than a clock is sure to move by."""
_WORD = re.compile(r'\s*\S+|\s+\Z')
_SENTENCE_ENDS = re.compile(r'[.?!…][”"*_)]*$')


class Typing:
    """`tempo` is in characters a second at pace 1; `pace` is asked at each word, so it can change in mid-sentence and
    0 is no waiting at all. `seed` makes the rhythm the same for the same turn."""

    def __init__(self, tempo: float, pace: Callable[[], float], clock: Clock, seed: object) -> None:
        self._tempo = tempo
        self._pace = pace
        self._clock = clock
        self._chance = random.Random(f'{seed}:tempo')
        self._ready_in = FIRST_WORD
        self._since = clock.monotonic()

    @property
    def is_instant(self) -> bool:
        return self._pace() <= 0

    async def wait_for(self, word: str) -> None:
        """Until the word would be typed; what was spent waiting for the model is time to type as well."""
        left, seconds = self._ready_in, self._time_to_say(word)
        while (pace := self._pace()) > 0:
            now = self._clock.monotonic()
            left -= (now - self._since) * pace
            self._since = now
            if left <= UNNOTICED:
                break
            await self._clock.sleep(min(left / pace, LONGEST_WAIT))
        self._ready_in = seconds
        self._since = self._clock.monotonic()

    def stand_still(self) -> None:
        """After a hold: the time of it was nobody's typing."""
        self._since = self._clock.monotonic()

    def _time_to_say(self, word: str) -> float:
        seconds = len(word) / self._tempo * self._chance.uniform(0.75, 1.3)
        if _SENTENCE_ENDS.search(word):
            return seconds + FULL_STOP
        return seconds + (COMMA if word[-1] in ',;:—' else 0)


def words_of(speech: str) -> Iterator[str]:
    """In pieces that are typed at once; joined they are what was given."""
    for found in _WORD.finditer(speech):
        yield found.group()

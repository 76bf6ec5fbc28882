"""The purse of the house: what all conversations together may cost a day.

One process, and nothing here waits: whoever asks has an answer before anybody else can ask, so a thousand turns at once
cannot promise the same cent twice. What was spent before this process began is asked of the database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from app.conversation.money import in_words
from app.store.tables import now


class Purse:
    """Money in millionths of a US dollar; a limit of None is none. `held` is promised to turns that have not ended."""

    def __init__(self, limit: int | None = None, spent: int = 0, clock: Callable[[], datetime] = now) -> None:
        self.limit = limit
        self.held = 0
        self._clock = clock
        self._spent = spent
        self._day = clock().date()

    @property
    def spent(self) -> int:
        """Today. A turn that goes on over midnight is paid for on the day it ends."""
        today: date = self._clock().date()
        if today != self._day:
            self._day, self._spent = today, 0
        return self._spent

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.spent - self.held)

    def hold(self, money: int) -> bool:
        """Promise so much to a turn. False where there is not so much left: nothing is promised then."""
        if self.left is not None and money > self.left:
            return False
        self.held += money
        return True

    def settle(self, held: int, spent: int) -> None:
        """A turn has ended: the promise is taken back, and what it really cost is counted."""
        self._spent = self.spent + spent
        self.held -= held

    def refusal(self, wanted: int) -> str:
        assert self.limit is not None
        promised = f', and {in_words(self.held)} are promised to turns that are being taken' if self.held else ''
        return (
            f'This house may spend {in_words(self.limit)} a day. Today {in_words(self.spent)} went{promised}; the next '
            f'turn could cost {in_words(wanted)}. Resume later, or ask the host to raise CHIMERA_MAX_MONEY.'
        )

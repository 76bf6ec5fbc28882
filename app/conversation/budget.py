"""What turns may use: the worst case is set aside before a turn, and what it really used is settled after it.

So a limit of tokens or of money is never passed, however many turns are in flight: the one that is spoken and the one
that is thought of in advance, another variant, and all turns of all other conversations where the house has a purse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.conversation.money import in_words
from app.conversation.prompt import ANSWER_TOKENS, count_tokens
from app.conversation.purse import Purse
from app.conversation.voices import Voices
from app.providers.port import FREE, ModelSettings, Price, Prompt, PromptMessage, Usage
from app.store.tables import Conversation, Status

LEAST_ANSWER = 40
"""Tokens of an answer that is worth asking for."""
THOUGHTS = 3_000
"""Tokens more for a model that thinks before it speaks."""
PER_MESSAGE = 8
"""Tokens that a vendor puts around each message, to be on the safe side."""


class NoRoom(Exception):
    """No turn fits into what is left. `status` is how the conversation stands then; the sentence says why."""

    def __init__(self, status: Status, because: str) -> None:
        super().__init__(because)
        self.status = status


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens in and out together, money in millionths of a US dollar."""

    tokens: int = 0
    money: int = 0

    def __bool__(self) -> bool:
        return bool(self.tokens or self.money)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the next turn could use: with an answer as short as is worth asking for, and at worst. None is unknown:
    there is no price for its model."""

    speaker: str
    model: str
    least: Cost | None
    worst: Cost | None


class Budget:
    """Of one conversation. What it has used stands in its row; here is only what its turns in flight may still use."""

    def __init__(self, conversation: Conversation, voices: Voices, purse: Purse | None = None) -> None:
        self.purse = purse or Purse()
        self.bill = Bill()
        """What was used beside the turns and stands nowhere yet."""
        self._conversation = conversation
        self._voices = voices
        self._open: list[Allowance] = []

    def allow(self, prompt: Prompt, settings: ModelSettings) -> Allowance:
        """Sets the worst case of this turn aside. Raises NoRoom when not even a short answer fits."""
        price = self._voices.price(settings.model)
        asked, most = prompt_tokens(prompt.messages), longest_answer(price, settings)
        cap = self._fitting(price, settings.model, asked, most, already=Cost())
        cost = _cost(price, asked, most if cap is None else cap)
        self.purse.hold(cost.money)  # it fits: that was looked at just now, and nobody came between
        allowance = Allowance(self, settings.model, price, asked, most, cap, cost)
        self._open.append(allowance)
        return allowance

    def forecast(self, speaker: str, prompt: Prompt, settings: ModelSettings) -> Forecast:
        price = self._voices.price(settings.model)
        if price is None:
            return Forecast(speaker, settings.model, None, None)
        asked, most = prompt_tokens(prompt.messages), longest_answer(price, settings)
        least, worst = _cost(price, asked, min(LEAST_ANSWER, most)), _cost(price, asked, most)
        return Forecast(speaker, settings.model, least, worst)

    def abandon(self) -> None:
        """The conversation goes on elsewhere: what its turns cost will not be known here, so the worst is counted."""
        for allowance in list(self._open):
            self.close(allowance, allowance.reserved.money)
        self.bill = Bill()

    def close(self, allowance: Allowance, spent: int) -> None:
        if allowance in self._open:
            self._open.remove(allowance)
            self.purse.settle(allowance.reserved.money, spent)

    def raise_to(self, allowance: Allowance, used: Cost) -> bool:
        """Room for the same question once more, after `used`. False where there is none."""
        try:
            cap = self._fitting(allowance.price, allowance.model, allowance.asked, allowance.most, used, allowance)
        except NoRoom:
            return False
        again = _cost(allowance.price, allowance.asked, allowance.most if cap is None else cap)
        wanted = Cost(used.tokens + again.tokens, used.money + again.money)
        more = wanted.money - allowance.reserved.money
        if not self.purse.hold(max(0, more)):
            return False
        allowance.cap = cap
        allowance.reserved = Cost(
            max(wanted.tokens, allowance.reserved.tokens), allowance.reserved.money + max(0, more)
        )
        return True

    def _fitting(
        self, price: Price | None, model: str, asked: int, most: int, already: Cost, allowance: Allowance | None = None
    ) -> int | None:
        """The longest answer that every limit allows; None where there is no limit."""
        conversation, caps = self._conversation, list[int]()
        others = [each.reserved for each in self._open if each is not allowance]
        if conversation.max_tokens is not None:
            reserved = sum(cost.tokens for cost in others) + already.tokens
            left = conversation.max_tokens - conversation.tokens - reserved
            if left < asked + min(LEAST_ANSWER, most):
                raise NoRoom(Status.ENDED, tokens_refusal(conversation.max_tokens, asked + most))
            caps.append(left - asked)
        if conversation.max_money is not None and not _is_free(price):
            if price is None:
                raise NoRoom(Status.PAUSED, unpriced(model))
            left = conversation.max_money - conversation.money - sum(cost.money for cost in others) - already.money
            if left < price.of(asked, min(LEAST_ANSWER, most)):
                raise NoRoom(Status.ENDED, money_refusal(conversation.max_money, price.of(asked, most)))
            caps.append(_answer(price, left, asked, most))
        if self.purse.left is not None and not _is_free(price):
            if price is None:
                raise NoRoom(Status.PAUSED, unpriced(model, 'This house has a purse'))
            left = self.purse.left + (allowance.reserved.money if allowance else 0) - already.money
            if left < price.of(asked, min(LEAST_ANSWER, most)):
                raise NoRoom(Status.PAUSED, self.purse.refusal(price.of(asked, most)))
            caps.append(_answer(price, left, asked, most))
        return min(most, *caps) if caps else None


class Allowance:
    """What one turn may use. `cap` are the tokens of its answer, thoughts included; None is as many as it likes."""

    def __init__(
        self, budget: Budget, model: str, price: Price | None, asked: int, most: int, cap: int | None, reserved: Cost
    ) -> None:
        self.model = model
        self.price = price
        self.asked = asked
        self.most = most
        self.cap = cap
        self.reserved = reserved
        self._budget = budget

    def again(self, used: Usage) -> bool:
        """May the same be asked once more, after this? Then `cap` is that of the second answer."""
        return self._budget.raise_to(self, self.cost(used))

    def cost(self, used: Usage) -> Cost:
        money = self.price.of(used.prompt_tokens, used.completion_tokens) if self.price else 0
        return Cost(used.prompt_tokens + used.completion_tokens, money)

    def settle(self, used: Usage) -> None:
        """When what was used stands in the conversation's row. Once is enough, twice does no harm."""
        self._budget.close(self, self.cost(used).money)

    def drop(self) -> None:
        """Of a turn that never asked anybody."""
        self._budget.close(self, 0)


class Bill:
    """Answers that are no turns of anybody, until what they cost stands in the conversation's row."""

    def __init__(self, items: Sequence[tuple[Allowance, Usage]] = ()) -> None:
        self._items = list(items)

    def __bool__(self) -> bool:
        return bool(self._items)

    @property
    def cost(self) -> Cost:
        costs = [allowance.cost(used) for allowance, used in self._items]
        return Cost(sum(cost.tokens for cost in costs), sum(cost.money for cost in costs))

    def add(self, allowance: Allowance, used: Usage) -> None:
        self._items.append((allowance, used))

    def so_far(self) -> Bill:
        """As it stands: more may come while it is written down."""
        return Bill(self._items)

    def settle(self, written: Bill) -> None:
        for allowance, used in written._items:
            self._items.remove((allowance, used))
            allowance.settle(used)


def paid(cost: Cost) -> dict[str, int]:
    """What an event says of money: nothing where nothing was paid."""
    return {'money': cost.money} if cost.money else {}


def prompt_tokens(messages: Sequence[PromptMessage]) -> int:
    """More than any vendor is likely to count: the estimate, a quarter on top, and what stands around each message."""
    return sum(count_tokens(message.content) * 5 // 4 + PER_MESSAGE for message in messages) + PER_MESSAGE


def longest_answer(price: Price | None, settings: ModelSettings) -> int:
    """Tokens that a turn is given where there is room."""
    return (settings.max_tokens or ANSWER_TOKENS) + (THOUGHTS if price and price.thinks else 0)


def money_refusal(limit: int, wanted: int) -> str:
    allow = 'allows' if in_words(limit) == '1 cent' else 'allow'
    return f'{in_words(limit)} {allow} no further turn: the next could cost {in_words(wanted)}.'


def tokens_refusal(limit: int, wanted: int) -> str:
    return f'The limit of {limit:,} tokens allows no further turn: the next could take {wanted:,}.'


def unpriced(model: str, why: str = 'There is a limit of money') -> str:
    return (
        f'{why}, and nobody knows here what {model} costs: choose another model, or take the limit of money '
        'away and limit tokens instead.'
    )


def _cost(price: Price | None, asked: int, answer: int) -> Cost:
    return Cost(asked + answer, (price or FREE).of(asked, answer))


def _is_free(price: Price | None) -> bool:
    return price is not None and price.is_free


def _answer(price: Price, money: int, asked: int, most: int) -> int:
    fits = price.answer_for(money, asked)
    return most if fits is None else fits

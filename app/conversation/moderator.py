"""A model that moderates: asked once, with a short prompt and little patience, when two urges are as good as equal.

Whatever comes of it, somebody speaks: what it says counts only if it names one of those who were tied, and its failure,
delay or nonsense leaves the floor to the strongest urge and says so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from app.conversation import floor
from app.conversation.budget import NoRoom
from app.conversation.fence import label_of
from app.conversation.knowledge import spoken
from app.conversation.listening import Count
from app.conversation.plain_line import AnyLine
from app.conversation.plan import World
from app.conversation.prompt import count_tokens
from app.conversation.record import Record
from app.conversation.speaker_order import Choice, Seat, last_mention
from app.conversation.urge import Bid
from app.providers.port import ModelSettings, Prompt, PromptMessage, ProviderError, Usage

PATIENCE = 6.0
"""Seconds after which the room goes on without an answer."""
LINES, LONGEST_LINE, LONGEST_ANSWER = 8, 400, 2_000
MOST_TOKENS = 500
_THOUGHT = re.compile(r'<(think|thinking|reasoning)>.*?(</\1>|\Z)', re.IGNORECASE | re.DOTALL)
_NEXT = re.compile(r'^\W*next\W*[:：]\s*(.+)$', re.IGNORECASE | re.MULTILINE)


class Moderator:
    """What its questions cost is on the bill of the world's budget."""

    def __init__(self, record: Record, world: World) -> None:
        self._record = record
        self._world = world

    async def choose(self, said: Sequence[AnyLine] | None = None) -> Choice:
        """Raises NobodyMaySpeak."""
        choice, tied = floor.next_speaker(self._record, said), floor.tied(self._record, said)
        if len(tied) < 2:
            return choice
        question = question_for(self._record, tied, spoken(self._record.said if said is None else said))
        fault, answer = await self._ask(question)
        seats = [bid.seat for bid in tied]
        if not fault and (seat := verdict(answer, seats)):
            return Choice(seat, f'{_listed(seats)} wanted the floor alike; the moderator chose {_name(seat)}.')
        because = fault or 'The moderator named nobody who was to be chosen from'
        return Choice(choice.seat, f'{choice.because} {because}, so the strongest urge decided.')

    async def _ask(self, prompt: Prompt) -> tuple[str, str]:
        """Why there is no answer, and the answer."""
        asking = asyncio.create_task(self._listen(prompt), name='moderator')
        patience = asyncio.ensure_future(self._world.clock.sleep(PATIENCE))
        try:
            await asyncio.wait({asking, patience}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return 'The moderator took too long', ''
            return '', asking.result()
        except ProviderError:
            return 'The moderator could not be asked', ''
        except NoRoom:
            return 'There was no room for asking the moderator', ''
        finally:
            asking.cancel()
            patience.cancel()
            await asyncio.gather(asking, patience, return_exceptions=True)

    async def _listen(self, prompt: Prompt) -> str:
        voices = self._world.voices
        model = floor.moderated_by(self._record).model or voices.default_model
        settings = ModelSettings(model, temperature=0, max_tokens=MOST_TOKENS)
        allowance = self._world.budget.allow(prompt, settings)
        settings = replace(settings, max_tokens=allowance.cap)
        answer, usage, answered, count = '', Usage(), True, Count()
        try:
            async with aclosing(voices.stream(prompt, settings)) as deltas:  # type: ignore[type-var]
                async for delta in deltas:
                    answer += delta.text
                    usage = delta.usage or usage
                    if len(answer) > LONGEST_ANSWER or count.hear(delta) > (allowance.cap or LONGEST_ANSWER):
                        break
        except ProviderError:
            answered = count.tokens > 0  # who refused to answer is not paid
            raise
        finally:
            if answered and not usage.completion_tokens:
                asked = sum(count_tokens(message.content) for message in prompt.messages)
                usage = Usage(asked, min(count.tokens + 1, allowance.cap or LONGEST_ANSWER), counted=False)
            self._world.budget.bill.add(allowance, usage)
        return answer


def question_for(record: Record, tied: Sequence[Bid], said: Sequence[AnyLine]) -> Prompt:
    """Only what everybody in the room has heard, and why each of them wants to speak."""
    wants = '\n'.join(f'- {_name(bid.seat)} {", ".join(p.why for p in bid.parts if p.weight > 0)}.' for bid in tied)
    heard = [f'{label_of(message.speaker)}: {_short(message.text)}' for message in said[-LINES:]]
    lines = '\n'.join(heard) or '(Nobody yet.)'
    names = ' or '.join(_name(bid.seat) for bid in tied)
    rules = (
        'You moderate a conversation and decide who speaks next. What was said is not addressed to you. Answer with '
        f'one line and nothing else, NEXT: and one of these names: {names}.'
    )
    asked = f'Topic: {record.conversation.topic}\n\nThe last lines:\n{lines}\n\nWho wants to speak:\n{wants}'
    return Prompt((PromptMessage('system', rules), PromptMessage('user', asked)), topic=record.conversation.topic)


def verdict(answer: str, seats: Sequence[Seat]) -> Seat | None:
    """Whom of them the answer names, by `NEXT: Name` or, where it is not so well behaved, as the only one of them."""
    answer = _THOUGHT.sub('', answer)
    if said := _NEXT.findall(answer):
        answer = said[-1]
    named = [seat for seat in seats if last_mention(seat.names, answer) is not None]
    return named[0] if len(named) == 1 else None


def _name(seat: Seat) -> str:
    return seat.participant.name


def _listed(seats: Sequence[Seat]) -> str:
    *others, last = (_name(seat) for seat in seats)
    return f'{", ".join(others)} and {last}'


def _short(text: str) -> str:
    text = ' '.join(text.split())
    return text if len(text) <= LONGEST_LINE else f'{text[: LONGEST_LINE - 1]}…'

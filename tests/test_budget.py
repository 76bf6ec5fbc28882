"""The worst case of a turn, what fits into what is left, and when the topic is done: pure sums."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from app.conversation.budget import Allowance, Budget, NoRoom, longest_answer, prompt_tokens
from app.conversation.guards.finding import Disease, Finding
from app.conversation.guards.topic_done import TURNS, topic_done
from app.conversation.listening import Count
from app.conversation.prompt import count_tokens
from app.conversation.purse import Purse
from app.providers.port import Delta, ModelSettings, Price, Prompt, PromptMessage, Usage
from app.store.tables import Conversation
from tests.fixtures_conversation import Voice

PRICE = Price(1_000_000, 4_000_000)
MODEL = ModelSettings('demo/scripted')
ACTS = ('begin', 'begin', 'begin', 'again', 'end', 'drop')


def room(**limits: int) -> Conversation:
    return Conversation.model_validate(
        {'workspace_id': 'w', 'created_by': 'p', 'title': 't', 'topic': 't', 'status': 'running'} | limits
    )


def asks(words: int) -> Prompt:
    return Prompt((PromptMessage('system', 'word ' * words), PromptMessage('user', 'Go on.')))


def priced(price: Price | None = PRICE) -> Voice:
    voice = Voice()
    voice.usual_price = price
    return voice


@given(
    st.integers(500, 6_000), st.integers(1_000, 12_000), st.integers(1_000, 16_000),
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 200), st.floats(0, 1)), min_size=2, max_size=40),
)  # fmt: skip
def test_what_is_used_and_set_aside_never_passes_any_limit(
    tokens: int, money: int, purse: int, steps: list[tuple[str, int, float]]
) -> None:
    conversation = room(max_tokens=tokens, max_money=money)
    house = Purse(purse)
    budget = Budget(conversation, priced(), house)
    running: list[tuple[Allowance, Usage]] = []
    for what, number, share in steps:
        match what:
            case 'begin':
                with suppress(NoRoom):
                    running.append((budget.allow(asks(number), MODEL), Usage()))
            case 'again' if running:
                allowance, used = running.pop()
                first = honest(allowance, share)
                both = Usage(used.prompt_tokens + first.prompt_tokens, used.completion_tokens + first.completion_tokens)
                if not used.prompt_tokens and allowance.again(both):
                    running.append((allowance, both))
                else:
                    settle(conversation, allowance, both if not used.prompt_tokens else used)
            case 'end' if running:
                allowance, used = running.pop(number % len(running))
                last = honest(allowance, share)
                both = Usage(used.prompt_tokens + last.prompt_tokens, used.completion_tokens + last.completion_tokens)
                settle(conversation, allowance, both)
            case 'drop' if running:
                allowance, used = running.pop()
                settle(conversation, allowance, used)
        aside = [allowance.reserved for allowance, _ in running]
        assert conversation.tokens + sum(cost.tokens for cost in aside) <= tokens
        assert conversation.money + sum(cost.money for cost in aside) <= money
        assert house.spent + house.held <= purse
        assert house.held == sum(cost.money for cost in aside)


def honest(allowance: Allowance, share: float) -> Usage:
    """A vendor that stays within what it was asked for."""
    return Usage(int(allowance.asked * share), int((allowance.cap or 0) * share))


def settle(conversation: Conversation, allowance: Allowance, used: Usage) -> None:
    cost = allowance.cost(used)
    conversation.tokens += cost.tokens
    conversation.money += cost.money
    allowance.settle(used)


def test_a_turn_beside_another_gets_what_the_other_leaves() -> None:
    budget = Budget(room(max_tokens=2_400), priced())
    first = budget.allow(asks(10), MODEL)
    second = budget.allow(asks(10), MODEL)
    assert first.cap == 1_000
    assert second.cap is not None
    assert second.cap < 1_400
    first.settle(Usage(20, 30))
    second.drop()
    assert budget.allow(asks(10), MODEL).cap == 1_000


def test_a_thinking_model_gets_room_for_its_thoughts() -> None:
    assert longest_answer(Price(1, 1, thinks=True), MODEL) == 4_000
    assert longest_answer(Price(1, 1), ModelSettings('demo/scripted', max_tokens=150)) == 150
    assert longest_answer(None, MODEL) == 1_000


def test_the_worst_case_is_worse_than_the_estimate() -> None:
    messages = (PromptMessage('system', 'word ' * 400), PromptMessage('user', 'né à Łódź'))
    assert prompt_tokens(messages) > sum(count_tokens(message.content) for message in messages) * 1.25


@given(st.lists(st.text(max_size=40), max_size=30))
def test_counting_as_it_comes_says_no_more_than_counting_it_all(texts: list[str]) -> None:
    count, heard = Count(), 0
    texts = [text.encode(errors='ignore').decode() for text in texts]
    for text in texts:
        heard = count.hear(Delta(text))
    assert heard <= count_tokens(''.join(texts))


def dry(strength: float) -> tuple[Finding, ...]:
    return (Finding(Disease.SATURATION, strength, 'The talk has run dry.'),)


def test_the_topic_is_done_when_the_talk_has_been_dry_for_long() -> None:
    sentence = 'Hardly anything new has come for 11 turns: the topic seems done.'
    assert topic_done([dry(0.8)] * TURNS) == sentence
    assert topic_done([(), *[dry(0.6)] * TURNS]) == sentence


def test_a_lull_is_not_the_end() -> None:
    loop = (Finding(Disease.LOOP, 1.0, 'It goes round.'),)
    assert topic_done([]) is None
    assert topic_done([dry(0.8)] * (TURNS - 1)) is None
    assert topic_done([dry(0.8), dry(0.8), (), dry(0.8)]) is None
    assert topic_done([dry(0.8), dry(0.1), dry(0.8), dry(0.8)]) is None
    assert topic_done([loop] * TURNS) is None

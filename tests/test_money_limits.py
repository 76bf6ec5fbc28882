"""Limits of money and tokens: set aside before a turn, settled after it, never passed, and said in words."""

from __future__ import annotations

from typing import Any

import pytest

from app.chimera import Chimera
from app.conversation.money import CENT
from app.conversation.refused import Refused
from app.live.ear import Ear
from app.live.runner import Draft
from app.providers.port import FREE, Delta, Price, Usage
from app.store.tables import State, Status
from tests.fixtures_conversation import (
    IRIS,
    MILO,
    NOOR,
    Stage,
    SwiftClock,
    Voice,
    begin,
    begin_many,
    bring_back,
    forget,
)
from tests.test_pacing import asked

DEAR = Price(10_000_000, 40_000_000)
TWENTY = 20 * CENT


async def spent_in(stage: Stage) -> int:
    """By the events, whatever the row of the conversation believes."""
    return sum(event.payload.get('money', 0) for event in await stage.events())


@pytest.mark.parametrize('pace', [0, 1])
async def test_it_ends_before_its_money_could_be_passed(chimera: Chimera, voice: Voice, pace: float) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=None, max_money=TWENTY, pace=pace)
    await stage.ended()
    reason = stage.conversation.stop_reason or ''
    assert reason.startswith('20 cents allow no further turn: the next could cost '), reason
    said = await stage.said()
    assert len(said) > 2
    assert all(line.money == DEAR.of(line.prompt_tokens, line.completion_tokens) > 0 for line in said)
    assert stage.conversation.money == await spent_in(stage) <= TWENTY
    assert chimera.purse.held == 0


async def test_two_hundred_conversations_each_at_the_edge_of_its_own_limit(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    draft = Draft('Who pays?', [IRIS, MILO], max_turns=None, max_money=4 * CENT, pace=0, seed=1)
    all_speak = voice.hold()
    stages = await begin_many(chimera, draft, 200)
    await voice.is_asked_by(200)
    all_speak.set()
    for stage in stages:
        await stage.ended()
        assert 0 < stage.conversation.money <= 4 * CENT
    assert chimera.purse.held == 0


async def test_the_vendor_is_asked_for_no_more_than_is_left(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=None, max_money=TWENTY)
    await stage.ended()
    caps = [settings.max_tokens for settings in voice.asked]
    assert caps[0] == 1_000
    assert None not in caps
    assert caps[-1] is not None
    assert 40 <= caps[-1] < 1_000


async def test_without_a_limit_the_vendor_is_asked_for_nothing_of_that_kind(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    assert {settings.max_tokens for settings in voice.asked} == {None}


async def test_what_costs_nothing_is_not_held_back_by_money(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = FREE
    stage = await begin(chimera, max_turns=3, max_money=CENT)
    await stage.ended()
    assert (stage.conversation.stop_reason, stage.conversation.money) == ('All 3 turns are taken.', 0)


async def test_a_vendor_that_never_ends_is_cut_where_its_room_ends(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    voice.enqueue([f'word{number} and so on, ' for number in range(5_000)])
    stage = await begin(chimera, max_turns=1, max_money=5 * CENT)
    await stage.ended()
    (line,) = await stage.said()
    assert line.state == State.COMPLETE
    assert line.note
    assert line.note.startswith('Cut off here: a limit of this conversation had room for an answer of ')
    assert len(line.text) // 4 <= (voice.asked[0].max_tokens or 0) + 10
    assert stage.conversation.money <= 5 * CENT


async def test_thoughts_without_end_are_cut_as_well(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    voice.enqueue([Delta(reasoning=f'thought{number} and so on, ') for number in range(5_000)])
    stage = await begin(chimera, max_turns=1, max_money=5 * CENT)
    await stage.rests(Status.PAUSED)
    (line,) = await stage.said()
    assert (line.state, line.text) == (State.FAILED, '')
    assert 0 < stage.conversation.money <= 5 * CENT


async def test_who_answers_with_nothing_is_asked_again_only_where_that_is_paid_for(
    chimera: Chimera, voice: Voice
) -> None:
    voice.usual_price = DEAR
    nothing = Delta(usage=Usage(800, 900), finish='stop')
    voice.enqueue([nothing], [nothing])
    stage = await begin(chimera, max_turns=2, max_money=5 * CENT)
    await stage.rests(Status.PAUSED)
    assert len(voice.asked) == 1
    assert 'no limit has room to ask it again' in (stage.conversation.stop_reason or '')
    assert stage.conversation.money == DEAR.of(800, 900) <= 5 * CENT


async def test_the_vendors_own_count_is_what_is_settled(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    voice.enqueue([Delta('Well.'), Delta(usage=Usage(123, 45), finish='stop')])
    stage = await begin(chimera, max_turns=1, max_money=TWENTY)
    await stage.ended()
    assert stage.conversation.money == DEAR.of(123, 45)


async def test_a_turn_thought_of_in_vain_is_paid_for(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=None, max_money=100 * CENT, pace=1)
    await stage.turns(2)
    await stage.orchestrator.speak(chimera.scope, 'And what do you say to that?')
    await stage.turns(4)
    await stage.orchestrator.stop()
    await stage.until(lambda: chimera.purse.held == 0 and not stage.orchestrator.speaking)
    lines = sum(line.money for line in await stage.said())
    vain = sum(e.payload.get('money', 0) for e in await stage.events() if e.kind == 'thought_in_vain')
    assert stage.conversation.money == lines + vain == await spent_in(stage)


async def test_what_a_dropped_turn_had_set_aside_is_there_for_the_next(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    voice.usual_price = DEAR
    clock.frozen = True
    voice.enqueue([Delta('Well.'), Delta(usage=Usage(1_000, 900), finish='stop')])
    voice.enqueue([Delta('No.'), Delta(usage=Usage(1_000, 10), finish='stop')])
    stage = await begin(chimera, max_turns=2, max_money=10 * CENT, pace=1)
    await asked(voice, 2)
    await stage.orchestrator.steering.set_pace(2)
    clock.move()
    await stage.ended()
    assert (stage.conversation.stop_reason, len(voice.asked)) == ('All 2 turns are taken.', 3)
    assert stage.conversation.money == await spent_in(stage) <= 10 * CENT


async def test_another_variant_needs_room_too_and_takes_nothing_away_where_there_is_none(
    chimera: Chimera, voice: Voice
) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=None, max_money=TWENTY)
    await stage.ended()
    first, *_ = before = await stage.said()
    last = before[-1]
    with pytest.raises(Refused, match=r'20 cents allow no further turn: .* Raise the limit first'):
        await stage.orchestrator.regenerate(last.id)
    assert await stage.texts() == [line.text for line in before]
    await stage.orchestrator.steering.set_limits(max_money=60 * CENT)
    await stage.orchestrator.regenerate(first.id)
    await stage.until(lambda: stage.orchestrator.transcript[0].variant == 2 and not stage.orchestrator.speaking)
    assert stage.conversation.money <= 60 * CENT
    assert chimera.purse.held == 0


async def test_twenty_cents_more_and_it_goes_on(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=None, max_money=TWENTY)
    await stage.ended()
    taken = stage.conversation.turns
    with pytest.raises(Refused, match='More turns need more money'):
        await stage.orchestrator.extend(10)
    await stage.orchestrator.extend_money(20)
    await stage.ended()
    assert stage.conversation.max_money == 2 * TWENTY
    assert stage.conversation.turns > taken
    assert (stage.conversation.stop_reason or '').startswith('40 cents allow no further turn')
    await stage.orchestrator.go_on()
    await stage.ended()
    assert stage.conversation.max_money == 3 * TWENTY >= stage.conversation.money


async def test_going_on_after_the_tokens_makes_room_for_turns(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=None, max_tokens=4_000)
    await stage.ended()
    taken = stage.conversation.turns
    await stage.orchestrator.go_on()
    await stage.ended()
    assert stage.conversation.turns > taken + 3
    assert stage.conversation.tokens <= (stage.conversation.max_tokens or 0)


async def test_a_limit_of_money_wants_to_know_every_price(chimera: Chimera, voice: Voice) -> None:
    voice.prices['compatible/secret'] = None
    refusal = 'nobody knows here what compatible/secret costs: choose another model, or take the limit of money away'
    with pytest.raises(Refused, match=refusal):
        await begin(chimera, max_money=TWENTY, models={MILO: 'compatible/secret'})
    assert await begin(chimera, max_money=TWENTY, models={IRIS: 'demo/scripted'}, max_turns=1)

    stage = await begin(chimera, models={NOOR: 'compatible/secret'}, max_turns=1)
    await stage.ended()
    with pytest.raises(Refused, match=refusal):
        await stage.orchestrator.steering.set_limits(max_money=TWENTY)
    assert stage.conversation.max_money is None
    iris, _, noor = stage.orchestrator.participants
    await stage.orchestrator.steering.set_model(noor.id, None)
    await stage.orchestrator.steering.set_limits(max_money=TWENTY)
    with pytest.raises(Refused, match=refusal):
        await stage.orchestrator.steering.set_model(iris.id, 'compatible/secret')
    assert iris.model is None


async def test_a_price_that_is_gone_pauses_before_anybody_is_asked(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1, max_money=TWENTY)
    await stage.ended()
    voice.usual_price = None
    asked = len(voice.asked)
    await stage.orchestrator.steering.set_limits(max_turns=3)
    await stage.orchestrator.go_on()
    await stage.rests(Status.PAUSED)
    assert 'nobody knows here what demo/scripted costs' in (stage.conversation.stop_reason or '')
    assert len(voice.asked) == asked


@pytest.mark.parametrize(
    ('wrong', 'sentence'),
    [
        ({'max_money': 0}, 'The limit of money must be at least 1 cent, or empty for none.'),
        ({'max_money': -TWENTY}, 'The limit of money must be at least 1 cent, or empty for none.'),
        ({'max_money': 10**12}, r'The limit of money can be \$1,000.00 at most, or empty for none.'),
        ({'max_turns': 0}, 'The limit of turns must be at least 1'),
        ({'max_tokens': 10**12}, 'The limit of tokens can be 100,000,000 at most'),
    ],
)
async def test_no_limit_of_nothing_or_of_everything(chimera: Chimera, wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        await begin(chimera, **wrong)
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    before = stage.conversation.model_dump()
    with pytest.raises(Refused, match=sentence):
        await stage.orchestrator.steering.set_limits(**wrong)
    with pytest.raises(Refused, match='at least 1 cent'):
        await stage.orchestrator.extend_money(-100)
    assert stage.conversation.model_dump() == before


async def test_what_was_spent_outlives_the_process(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    stage = await begin(chimera, max_turns=2, max_money=TWENTY)
    await stage.ended()
    spent = stage.conversation.money
    forget(chimera)
    back = await bring_back(chimera, stage.id)
    assert back.conversation.money == spent > 0
    await back.orchestrator.steering.set_limits(max_turns=100)
    await back.orchestrator.go_on()
    await back.ended()
    assert spent < back.conversation.money <= TWENTY


async def test_it_ends_when_the_topic_is_done(chimera: Chimera, voice: Voice) -> None:
    words = 'The river always finds the sea and the sea always finds the shore.'
    voice.enqueue(['The river', ' always finds the sea.'])
    breath = voice.breathe_after('The river')
    stage = await begin(chimera, max_turns=60, until_done=True)
    await breath.taken.wait()
    voice.enqueue(*(f'{words} {"Again." * (number % 2)}' for number in range(60)))
    await stage.orchestrator.steering.set_guards(False)
    breath.go.set()
    await stage.ended()
    assert stage.conversation.stop_reason == 'Hardly anything new has come for 11 turns: the topic seems done.'
    await stage.orchestrator.steering.set_until_done(False)
    assert not stage.conversation.settings.get('until_done')


async def test_the_measures_know_what_a_turn_costs(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = DEAR
    voice.enqueue(*([Delta('Well.'), Delta(usage=Usage(1_000, tokens), finish='stop')] for tokens in (50, 250, 150)))
    stage = await begin(chimera, max_turns=3)
    await stage.ended()
    seats = [(seat, stage.orchestrator.personas[seat.id]) for seat in stage.orchestrator.participants]
    heard = Ear(seats).hear(await stage.said())
    assert heard.reading.service.dollars_per_turn == 0.016
    each = {speaker: by.reading.dollars_per_turn for speaker, by in heard.served.items()}
    assert each == {'Iris': 0.012, 'Milo': 0.02, 'Noor': 0.016}

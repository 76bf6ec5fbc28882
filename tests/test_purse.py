"""The house spends no more than its purse holds, whoever asks and in whatever order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.chimera import Chimera
from app.conversation.money import CENT, in_short, in_words
from app.conversation.purse import Purse
from app.live.runner import Draft
from app.providers.port import Price
from app.settings import load_settings
from app.store.spending import money_since, money_today
from app.store.tables import Status, now
from tests.fixtures_conversation import IRIS, MILO, Stage, SwiftClock, Voice, begin, begin_many

DEAR = Price(10_000_000, 40_000_000)
ROOMS = 200


@given(
    limit=st.integers(1, 1_000),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 400), st.floats(0, 1)), max_size=60),
)
def test_what_was_spent_and_promised_never_passes_the_limit(limit: int, steps: list[tuple[bool, int, float]]) -> None:
    purse, promised = Purse(limit), list[int]()
    for begins, worst, share in steps:
        if begins and purse.hold(worst):
            promised.append(worst)
        elif not begins and promised:
            held = promised.pop(worst % len(promised))
            purse.settle(held, int(held * share))
        assert purse.spent + purse.held <= limit
        assert purse.held == sum(promised)


def test_every_day_has_its_own_purse() -> None:
    today = datetime(2026, 1, 1, 23, 50, tzinfo=UTC)
    purse = Purse(100, 90, clock=lambda: today)
    assert purse.hold(10)
    assert not purse.hold(1)
    today += timedelta(minutes=20)
    assert purse.left == 90, 'what is promised stays promised over midnight'
    purse.settle(10, 5)
    assert purse.left == 95


def test_no_purse_holds_nobody_back() -> None:
    purse = Purse()
    assert purse.hold(10**15)
    assert purse.left is None


async def test_two_hundred_conversations_at_the_edge_of_one_purse_never_overspend(
    database_url: str, tmp_path: Path, voice: Voice, clock: SwiftClock
) -> None:
    voice.usual_price = DEAR
    settings = load_settings(data_dir=tmp_path / 'data', database_url=database_url, discover_local=False, max_money=2)
    chimera = Chimera(settings, voice, clock)
    await chimera.start()
    try:
        draft = Draft('Who pays?', [IRIS, MILO], max_turns=3, pace=0, seed=1, speaker_order='round_robin')
        all_speak = voice.hold()
        stages = await begin_many(chimera, draft, ROOMS)
        for stage in stages:
            await stage.until(lambda it=stage: it.orchestrator.speaking or it.conversation.status == Status.PAUSED)
        assert 10 < sum(stage.orchestrator.speaking is not None for stage in stages) < ROOMS
        assert 190 * CENT < chimera.purse.held <= 200 * CENT
        all_speak.set()
        await all_stand(stages)
        for _ in range(2):  # there is something left: what is set aside is more than what is used
            waiting = [stage for stage in stages if stage.conversation.status == Status.PAUSED]
            await asyncio.gather(*(stage.orchestrator.resume() for stage in waiting))
            await all_stand(stages)
        spent = sum(stage.conversation.money for stage in stages)
        assert chimera.purse.limit == 200 * CENT
        assert 100 * CENT < spent <= 200 * CENT
        assert (chimera.purse.spent, chimera.purse.held) == (spent, 0)
        assert await money_today(chimera.store) == spent
        paused = [
            stage.conversation.stop_reason or '' for stage in stages if stage.conversation.status == Status.PAUSED
        ]
        assert paused
        assert all(reason.startswith('This house may spend $2.00 a day. Today ') for reason in paused)
    finally:
        await chimera.stop()
    # A restart does not fill it again.
    after = Chimera(settings, voice, clock)
    await after.start()
    assert after.purse.spent == spent
    assert await money_since(after.store, now() + timedelta(hours=1)) == 0
    await after.stop()


async def all_stand(stages: list[Stage]) -> None:
    for stage in stages:
        orchestrator = stage.orchestrator
        await stage.until(lambda it=orchestrator: it.status != Status.RUNNING and it.speaking is None)


async def test_who_was_paused_by_the_purse_goes_on_when_there_is_something_in_it(
    chimera: Chimera, voice: Voice
) -> None:
    voice.usual_price = DEAR
    chimera.purse.limit = 1
    stage = await begin(chimera, max_turns=2)
    await stage.rests(Status.PAUSED)
    assert 'ask the host to raise CHIMERA_MAX_MONEY' in (stage.conversation.stop_reason or '')
    assert voice.asked == []
    chimera.purse.limit = 1_000 * CENT
    await stage.orchestrator.resume()
    await stage.ended()
    assert stage.conversation.stop_reason == 'All 2 turns are taken.'


async def test_a_purse_pays_for_nothing_that_has_no_price(chimera: Chimera, voice: Voice) -> None:
    voice.usual_price = None
    chimera.purse.limit = 100 * CENT
    stage = await begin(chimera, max_turns=2)
    await stage.rests(Status.PAUSED)
    assert 'nobody knows here what demo/scripted costs' in (stage.conversation.stop_reason or '')


def test_money_is_read_as_people_say_it() -> None:
    amounts = (0, 3, 400, CENT, 31_000, 20 * CENT, 123_456, 150 * CENT)
    assert [in_words(money) for money in amounts] == [
        '0 cents', 'less than 0.01 cents', '0.04 cents', '1 cent', '3.1 cents', '20 cents', '12.3 cents', '$1.50',
    ]  # fmt: skip
    assert [in_short(money) for money in (31_000, 150 * CENT)] == ['3.1¢', '$1.50']

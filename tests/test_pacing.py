"""A line appears as its persona would type it, and meanwhile the next one is thought of already."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.pacing import BETWEEN, Typing, words_of
from app.store.tables import State, Status
from tests.fixtures_conversation import SwiftClock, Voice, begin

LINE = 'Rain, mostly. It began on Tuesday, and nobody here has found the end of it yet. Have you?'


async def seconds_to_type(pace: float, *, tempo: float = 45, text: str = LINE) -> float:
    clock = SwiftClock()
    typing = Typing(tempo, lambda: pace, clock, seed=3)
    for word in words_of(text):
        await typing.wait_for(word)
    return clock.now - 1000


async def asked(voice: Voice, times: int) -> None:
    async with asyncio.timeout(30):
        while len(voice.asked) < times:  # noqa: ASYNC110 - the voice tells nobody
            await asyncio.sleep(0)


async def test_a_line_takes_the_time_its_persona_would_type_it() -> None:
    for tempo in (15, 45, 120):
        took = await seconds_to_type(1, tempo=tempo)
        assert 0.7 * len(LINE) / tempo < took < 1.5 * len(LINE) / tempo + 3


async def test_twice_the_pace_takes_half_the_time_and_none_takes_none() -> None:
    assert await seconds_to_type(2) == pytest.approx(await seconds_to_type(1) / 2)
    assert await seconds_to_type(0.25) == pytest.approx(await seconds_to_type(1) * 4)
    assert await seconds_to_type(0) == 0


async def test_time_spent_waiting_for_the_model_is_time_to_type() -> None:
    clock = SwiftClock()
    typing = Typing(45, lambda: 1.0, clock, seed=3)
    for word in words_of(LINE):
        clock.now += 5  # a slow model
        await typing.wait_for(word)
    assert clock.slept == []


async def test_the_pace_may_change_in_mid_word() -> None:
    clock = SwiftClock()
    paces = iter([0.1, 0.1, 10])
    typing = Typing(45, lambda: next(paces, 10), clock, seed=3)
    for word in words_of(LINE):
        await typing.wait_for(word)
    assert clock.now - 1000 < 2


def test_words_joined_are_what_was_given() -> None:
    for text in (LINE, '', ' ', '\n\nTwo  spaces \n', 'word', ' a\n'):
        assert ''.join(words_of(text)) == text


async def test_the_next_line_is_thought_of_while_this_one_is_typed(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    voice.enqueue('Time is a river that forgets its bed.', 'Then who fishes?')
    clock.frozen = True
    stage = await begin(chimera, max_turns=2, pace=1)
    await asked(voice, 2)
    assert stage.orchestrator.speaking
    assert stage.speaking.speaker == 'Iris', 'she is still typing'
    assert [line.text for line in voice.history[1].lines] == ['Time is a river that forgets its bed.']
    clock.move()
    await stage.ended()
    assert await stage.texts() == ['Time is a river that forgets its bed.', 'Then who fishes?']
    assert len(voice.asked) == 2, 'what was thought of in advance was said'
    assert (await stage.said())[1].created_at >= (await stage.said())[0].created_at


async def test_what_was_thought_of_in_advance_is_dropped_when_a_human_speaks(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    voice.enqueue('Time is a river that forgets its bed.', 'Then who fishes?', 'Salmon, Alice.')
    clock.frozen = True
    stage = await begin(chimera, max_turns=2, pace=1)
    await asked(voice, 2)
    await stage.orchestrator.speak(chimera.scope, 'What swims in it?')
    clock.move()
    await stage.ended()
    said = await stage.said()
    assert [m.text for m in said] == [
        'Time is a river that forgets its bed.',
        'What swims in it?',
        'Salmon, Alice.',
    ]
    assert [m.state for m in said] == [State.COMPLETE] * 3
    assert [line.text for line in voice.history[2].lines][-1] == 'What swims in it?'
    kept = [event for event in await stage.events() if event.kind == 'thought_in_vain']
    assert len(kept) == 1
    assert stage.conversation.tokens > sum(m.prompt_tokens + m.completion_tokens for m in said), 'it was paid for'
    assert voice.speaking == 0


async def test_what_was_thought_of_in_advance_is_paid_for_when_chimera_stops(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    clock.frozen = True
    stage = await begin(chimera, pace=1)
    await asked(voice, 2)
    await chimera.runner.close()
    kept = [event for event in await stage.events() if event.kind == 'thought_in_vain']
    assert len(kept) == 1
    said = await stage.said()
    in_vain = kept[0].payload['tokens']
    assert stage.conversation.tokens == sum(m.prompt_tokens + m.completion_tokens for m in said) + in_vain
    assert voice.speaking == 0


async def test_nothing_is_thought_of_beyond_the_last_turn(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=3, pace=1)
    await stage.ended()
    assert len(voice.asked) == 3


async def test_nothing_is_thought_of_while_going_step_by_step(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    clock.frozen = True
    stage = await begin(chimera, pace=1)
    await asked(voice, 2)
    await stage.orchestrator.pause()
    clock.move()
    await stage.orchestrator.step()  # the rest of the line that is held
    await stage.rests(Status.PAUSED)
    for number in (3, 4):
        await stage.orchestrator.step()
        await stage.turns(number - 1)
        assert len(voice.asked) == number


async def test_between_two_lines_there_is_a_breath(chimera: Chimera, clock: SwiftClock) -> None:
    stage = await begin(chimera, max_turns=2, pace=2)
    await stage.ended()
    assert BETWEEN / 2 in clock.slept

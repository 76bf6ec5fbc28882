"""Holding a conversation at a word, and going from turn to turn."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.live.channel import Happening, Item
from app.store.tables import State, Status
from tests.fixtures_conversation import Voice, begin, bring_back, forget


async def test_pausing_holds_at_the_word_and_resuming_says_the_next_one(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river', ' that forgets', ' its bed.'])
    breath = voice.breathe_after('a river')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    message = stage.speaking
    await stage.orchestrator.pause()
    assert stage.conversation.stop_reason == 'You paused it.'

    breath.go.set()  # the vendor goes on sending
    await stage.heard('Time is a river')
    assert stage.speaking is message
    assert message.state == State.SPEAKING

    await stage.orchestrator.resume()
    await stage.ended()
    assert await stage.texts() == ['Time is a river that forgets its bed.']
    assert stage.audience.speech(message.id) == 'Time is a river that forgets its bed.'


async def test_pausing_between_two_turns_begins_no_other(chimera: Chimera) -> None:
    stage = await begin(chimera)
    await stage.turns(1)
    await stage.orchestrator.pause()
    held = stage.orchestrator.speaking
    await stage.orchestrator.resume()
    await stage.turns(5)
    await stage.orchestrator.stop()
    said = await stage.said()
    assert [m.number for m in said] == list(range(1, len(said) + 1))
    assert held is None or held.id in {m.id for m in said}


async def test_a_step_is_exactly_one_turn(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Tw', 'o.'])
    breath = voice.breathe_after('Tw')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()

    await stage.orchestrator.step()  # the rest of the sentence that is held
    await stage.rests(Status.PAUSED)
    assert await stage.texts() == ['One.', 'Two.']
    assert stage.conversation.stop_reason == 'Going step by step.'

    for number in (3, 4):
        await stage.orchestrator.step()
        await stage.turns(number)
        assert len(voice.asked) == number
        assert stage.orchestrator.speaking is None

    await stage.orchestrator.resume()
    await stage.turns(6)


async def test_stepping_up_to_the_limit(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One', '.'])
    breath = voice.breathe_after('One')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()
    for number in (1, 2):
        await stage.orchestrator.step()
        await stage.turns(number)
    with pytest.raises(Refused, match=r'All 2 turns are taken. Add turns to go on\.'):
        await stage.orchestrator.step()
    await stage.orchestrator.resume()
    await stage.ended()
    assert len(await stage.said()) == 2


async def test_a_held_sentence_can_be_stopped(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is', ' gone'])
    breath = voice.breathe_after('Time is')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()
    await stage.orchestrator.stop()
    assert [(m.text, m.state) for m in await stage.said()] == [('Time is', State.STOPPED)]


async def test_what_does_not_run_cannot_be_paused_twice(chimera: Chimera) -> None:
    stage = await begin(chimera)
    await stage.orchestrator.pause()
    for command, sentence in (
        (stage.orchestrator.pause, 'Nothing is running that could be paused.'),
        (stage.orchestrator.start, 'This conversation has started already.'),
    ):
        with pytest.raises(Refused) as refused:
            await command()
        assert str(refused.value) == sentence
    await stage.orchestrator.resume()
    for command, sentence in (
        (stage.orchestrator.resume, 'The conversation is not paused.'),
        (stage.orchestrator.step, 'Pause first, then step from turn to turn.'),
    ):
        with pytest.raises(Refused) as refused:
            await command()
        assert str(refused.value) == sentence


async def test_many_commands_at_once_leave_one_driver_and_no_gap(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=30)
    orchestrator = stage.orchestrator
    commands = [orchestrator.pause, orchestrator.resume, orchestrator.step, orchestrator.resume, orchestrator.pause]
    for _ in range(3):
        given = [command() for command in commands * 2]
        spoken = orchestrator.speak(chimera.scope, 'Hear, hear.')
        outcomes = await asyncio.gather(*given, spoken, return_exceptions=True)
        assert all(outcome is None or isinstance(outcome, Refused) for outcome in outcomes), outcomes
    if orchestrator.status == Status.PAUSED:
        await orchestrator.resume()
    await stage.ended()

    said = await stage.said()
    assert [m.number for m in said] == list(range(1, len(said) + 1))
    assert [m.turn for m in said if m.turn] == list(range(1, 31))
    assert {m.state for m in said} == {State.COMPLETE}
    events = await stage.events()
    assert [e.number for e in events] == list(range(1, len(events) + 1))
    turns = [e.kind for e in events if e.kind in ('turn_started', 'turn_ended')]
    assert turns == ['turn_started', 'turn_ended'] * 30
    assert [m.text for m in said].count('Hear, hear.') == 3


async def test_a_step_and_a_stop_at_once_take_no_turn_after_the_end(chimera: Chimera) -> None:
    stage = await begin(chimera)
    await stage.orchestrator.pause()
    if stage.orchestrator.speaking:
        await stage.orchestrator.step()
        await stage.rests(Status.PAUSED)
    await asyncio.gather(stage.orchestrator.step(), stage.orchestrator.stop())
    await stage.rests(Status.ENDED)
    kinds = [event.kind for event in await stage.events()]
    ended = len(kinds) - 1 - kinds[::-1].index('status')
    assert 'turn_started' not in kinds[ended:]


async def test_stopping_wins_over_a_resume_that_came_later(chimera: Chimera) -> None:
    stage = await begin(chimera)
    await stage.orchestrator.pause()
    stopped, resumed = await asyncio.gather(
        stage.orchestrator.stop(), stage.orchestrator.resume(), return_exceptions=True
    )
    assert stopped is None
    assert isinstance(resumed, Refused)
    assert stage.orchestrator.status == Status.ENDED


async def test_a_turn_that_begins_while_pause_is_pressed_is_held_too(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' and three.'])
    two, three = voice.breathe_after('Two'), voice.breathe_after(' and three.')
    stage = await begin(chimera)
    pressed: list[asyncio.Task[None]] = []

    def press(items: list[Item]) -> None:
        begun = [item for item in items if isinstance(item, Happening) and item.kind == 'turn_started']
        if begun and begun[0].rows[0].id != first:
            pressed.append(asyncio.ensure_future(stage.orchestrator.pause()))

    await stage.until(lambda: stage.orchestrator.speaking)
    first = stage.speaking.id
    leave = chimera.channels.listen(stage.id, press)
    await two.taken.wait()
    leave()
    await pressed[0]
    two.go.set()
    for _ in range(50):
        await asyncio.sleep(0)
    assert not three.taken.is_set()
    await stage.orchestrator.stop()
    assert await stage.texts() == ['One.', 'Two']


async def test_a_worker_that_was_frozen_cannot_speak_any_more(chimera: Chimera, voice: Voice) -> None:
    """Somebody else has taken the conversation over meanwhile: what it still says changes nothing."""
    voice.enqueue(['Time', ' is up.'])
    breath = voice.breathe_after('Time')
    frozen = await begin(chimera)
    await breath.taken.wait()
    forget(chimera)
    other = await bring_back(chimera, frozen.id)
    assert other.orchestrator is not frozen.orchestrator
    await other.orchestrator.pause()

    breath.go.set()
    await frozen.rests(Status.PAUSED)
    assert frozen.conversation.stop_reason == 'It goes on elsewhere: load this page again.'
    assert [(m.text, m.state) for m in await frozen.said()] == [('', State.SPEAKING)]
    assert other.conversation.stop_reason == 'You paused it.'
    assert [event.kind for event in await frozen.events()] == ['created', 'status', 'turn_started', 'status']

"""The next prompt is shown before it is sent, and what a director makes of it is sent for just that turn."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.conversation.stepping import NextPrompt
from app.store.tables import Status
from tests.fixtures_conversation import Stage, Voice, begin


async def paused(chimera: Chimera) -> Stage:
    """After a first line."""
    stage = await begin(chimera, speaker_order='human_picks', max_turns=9)
    await stage.rests(Status.PAUSED)
    await stage.orchestrator.steering.set_order('round_robin')
    await stage.orchestrator.step()
    await stage.turns(1)
    await stage.rests(Status.PAUSED)
    return stage


def texts(prompt: NextPrompt) -> list[str]:
    return [message.content for message in prompt.sent]


async def test_what_is_shown_is_what_is_sent(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    number = stage.conversation.event_number
    prompt = stage.orchestrator.next_prompt()
    assert prompt == stage.orchestrator.next_prompt(), 'to look changes nothing'
    assert stage.conversation.event_number == number
    assert prompt.because
    assert prompt.tokens > 100
    before = stage.conversation.turns
    await stage.orchestrator.step(prompt)
    await stage.turns(before + 1)
    await stage.rests(Status.PAUSED)
    assert voice.history[-1].messages == prompt.sent
    said = (await stage.said())[-1]
    assert (said.participant_id, said.because) == (prompt.participant_id, prompt.because)
    started = [event for event in await stage.events() if event.kind == 'turn_started'][-1]
    assert 'edited' not in started.payload


async def test_an_edited_prompt_is_sent_for_exactly_one_turn(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    prompt = stage.orchestrator.next_prompt()
    *before, last = texts(prompt)
    edited = prompt.edited([*before, f'{last}\n\n(Speak of nothing but herons.)'])
    turns = stage.conversation.turns
    await stage.orchestrator.step(edited)
    await stage.turns(turns + 1)
    await stage.rests(Status.PAUSED)
    assert voice.history[-1].messages == edited.sent
    assert (await stage.said())[-1].because == f'{prompt.because} Its prompt was edited by you.'
    started = [event for event in await stage.events() if event.kind == 'turn_started'][-1]
    kept = started.payload['edited']
    assert kept['messages'] == {str(len(before)): edited.sent[-1].content}
    assert len(kept['digest']) == 64
    await stage.orchestrator.step()
    await stage.turns(turns + 2)
    await stage.rests(Status.PAUSED)
    assert 'herons' not in '\n'.join(message.content for message in voice.history[-1].messages)


async def test_what_could_not_be_sent_is_refused(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    prompt = stage.orchestrator.next_prompt()
    *before, _ = texts(prompt)
    with pytest.raises(Refused, match=r'Message \d+ of the prompt is empty'):
        prompt.edited([*before, ' \x00 '])
    with pytest.raises(Refused, match=r'has room for 99,000'):
        prompt.edited([*before, 'heron ' * 80_000])
    with pytest.raises(Refused, match='look again'):
        prompt.edited(before)


async def test_a_prompt_that_something_came_after_is_not_sent(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    prompt = stage.orchestrator.next_prompt()
    await stage.orchestrator.speak(chimera.scope, 'Wait, one thing.')
    asked, number = len(voice.history), stage.conversation.event_number
    with pytest.raises(Refused, match='Something has happened since you looked'):
        await stage.orchestrator.step(prompt)
    assert (len(voice.history), stage.conversation.event_number) == (asked, number)
    await stage.orchestrator.step(stage.orchestrator.next_prompt())
    await stage.rests(Status.PAUSED)


async def test_one_looks_only_where_a_step_can_be_taken(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    with pytest.raises(Refused, match='Pause first'):
        stage.orchestrator.next_prompt()
    await stage.orchestrator.pause()
    with pytest.raises(Refused, match='Iris has not finished'):
        stage.orchestrator.next_prompt()
    breath.go.set()
    await stage.orchestrator.resume()
    await stage.ended()
    with pytest.raises(Refused, match='has ended'):
        stage.orchestrator.next_prompt()

"""Cutting somebody off in mid-sentence: they know it, and the room waits for who cut in."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.store import people
from app.store.tables import State, Status
from tests.fixtures_conversation import Stage, Voice, begin


async def cut_off(chimera: Chimera, voice: Voice) -> Stage:
    """Iris has been interrupted after three words."""
    voice.enqueue(['Time is', ' merely', ' an old habit.'])
    breath = voice.breathe_after(' merely')
    stage = await begin(chimera, max_turns=4)
    await breath.taken.wait()
    await stage.orchestrator.interrupt()
    return stage


async def test_the_line_ends_with_a_dash_and_the_room_waits(chimera: Chimera, voice: Voice) -> None:
    stage = await cut_off(chimera, voice)
    [message] = await stage.said()
    assert (message.text, message.state) == ('Time is merely—', State.INTERRUPTED)
    assert message.note == 'A listener cut in.'
    assert stage.audience.speech(message.id) == message.text, 'who watches sees the dash too'
    assert stage.orchestrator.status == Status.PAUSED
    assert stage.conversation.stop_reason == 'You cut Iris off. Say something, or resume.'
    assert voice.speaking == 0, 'the vendor was told to stop'


async def test_who_cut_in_may_speak_and_it_goes_on(chimera: Chimera, voice: Voice) -> None:
    stage = await cut_off(chimera, voice)
    await stage.orchestrator.speak(chimera.scope, 'And who winds the clock?')
    await stage.ended()
    said = await stage.said()
    assert [m.speaker for m in said[:3]] == ['Iris', 'Guest', 'Milo']
    assert said[1].text == 'And who winds the clock?'


async def test_who_was_cut_off_is_told_so_in_their_next_turn_only(chimera: Chimera, voice: Voice) -> None:
    stage = await cut_off(chimera, voice)
    await people.rename_person(chimera.store, chimera.scope, 'Alice')
    await stage.orchestrator.extend(4)
    await stage.orchestrator.speak(chimera.scope, 'Enough of that.')
    await stage.ended()
    told = [prompt.messages[-1].content for prompt in voice.history]
    assert [p.speaker.name for p in voice.history if p.speaker] == [*['Iris', 'Milo', 'Noor'] * 2, 'Iris', 'Milo']
    assert ['Your last line was cut off in mid-sentence. A listener cut in.' in tail for tail in told] == [
        *[False] * 3, True, *[False] * 4,
    ]  # fmt: skip
    everything = '\n'.join(message.content for message in voice.history[1].messages)
    assert 'Iris: Time is merely—' in everything
    assert 'Alice: Enough of that.' in everything


async def test_one_may_also_just_resume(chimera: Chimera, voice: Voice) -> None:
    stage = await cut_off(chimera, voice)
    await stage.orchestrator.resume()
    await stage.ended()
    assert [m.state for m in await stage.said()] == [State.INTERRUPTED, *[State.COMPLETE] * 3]


async def test_cutting_off_who_has_not_said_a_word_leaves_no_dash(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['', 'Too late.'])
    breath = voice.breathe_after('')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.interrupt('Alice')
    [message] = await stage.said()
    assert (message.text, message.state, message.note) == ('', State.INTERRUPTED, 'Alice cut in.')
    assert stage.conversation.stop_reason == 'Alice cut Iris off. Say something, or resume.'


async def test_a_held_line_can_be_cut_off(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is', ' up'])
    breath = voice.breathe_after('Time is')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()
    await stage.orchestrator.interrupt()
    assert await stage.texts() == ['Time is—']


async def test_nobody_speaks_nobody_is_cut_off(chimera: Chimera, voice: Voice) -> None:
    stage = await cut_off(chimera, voice)
    with pytest.raises(Refused, match='Nobody is speaking'):
        await stage.orchestrator.interrupt()

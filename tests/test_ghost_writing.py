"""A draft for a person: in their own voice or a persona's, counted, and never said by itself."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.providers.port import ProviderError
from app.store.tables import Status
from tests.fixtures_conversation import Stage, Voice, begin


async def after_a_line(chimera: Chimera, voice: Voice, **wanted: object) -> Stage:
    """Paused after one line, and the guest has spoken."""
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, **{'max_turns': 9, **wanted})
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'Crikey, does it flood?')
    await stage.orchestrator.pause()
    breath.go.set()
    await stage.orchestrator.interrupt()
    await stage.rests(Status.PAUSED)
    return stage


async def test_it_drafts_in_ones_own_voice_from_ones_own_lines(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    tokens, said = stage.conversation.tokens, await stage.texts()
    voice.enqueue(['Guest: Crikey, ', 'who builds the dam?'])
    pieces: list[str] = []
    await stage.orchestrator.ghost_write(chimera.scope, pieces.append)
    assert ''.join(pieces) == 'Crikey, who builds the dam?', 'without a name before it'
    asked = '\n'.join(message.content for message in voice.history[-1].messages)
    assert 'Crikey, does it flood?' in asked
    assert 'How Guest has talked so far' in asked
    assert 'Iris: Time is' in asked
    assert await stage.texts() == said, 'nothing was said by it'
    written = (await stage.events())[-1]
    assert written.kind == 'ghost_written'
    assert written.payload['tokens'] > 0
    assert stage.conversation.tokens == tokens + written.payload['tokens']


async def test_it_drafts_as_a_persona_with_what_that_persona_knows(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    milo = stage.orchestrator.participants[1]
    voice.enqueue('Ha.')
    pieces: list[str] = []
    await stage.orchestrator.ghost_write(chimera.scope, pieces.append, milo.id, 'something about ducks')
    assert pieces == ['Ha.']
    tail = voice.history[-1].messages[-1].content
    assert 'You are Milo' in tail
    assert 'something about ducks' in tail
    assert (await stage.events())[-1].payload['participant_id'] == milo.id


async def test_the_demo_voice_drafts_something_too(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    pieces: list[str] = []
    await stage.orchestrator.ghost_write(chimera.scope, pieces.append)
    assert len(''.join(pieces)) > 10


async def test_a_failure_is_a_sentence_and_no_text(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    voice.enqueue(ProviderError('The key was refused.', permanent=True))
    pieces: list[str] = []
    number = stage.conversation.event_number
    with pytest.raises(Refused, match=r'Nothing could be written\. The key was refused\.'):
        await stage.orchestrator.ghost_write(chimera.scope, pieces.append)
    assert pieces == []
    assert stage.conversation.event_number == number


async def test_a_draft_that_is_cancelled_was_paid_for(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    voice.enqueue(['Crikey, ', 'never mind.'])
    breath = voice.breathe_after('Crikey, ')
    pieces: list[str] = []
    tokens = stage.conversation.tokens
    writing = asyncio.create_task(stage.orchestrator.ghost_write(chimera.scope, pieces.append))
    await breath.taken.wait()
    writing.cancel()
    await stage.until(lambda: stage.conversation.tokens > tokens)
    assert pieces == ['Crikey, ']
    assert voice.speaking == 0
    assert (await stage.events())[-1].kind == 'ghost_written'


async def test_no_draft_where_nothing_may_be_said_or_spent(chimera: Chimera, voice: Voice) -> None:
    stage = await after_a_line(chimera, voice)
    orchestrator, asked = stage.orchestrator, len(voice.history)
    with pytest.raises(Refused, match='Nobody of that kind'):
        await orchestrator.ghost_write(chimera.scope, print, 'nobody')
    guest = orchestrator.participants[-1]
    with pytest.raises(Refused, match='is no persona'):
        await orchestrator.ghost_write(chimera.scope, print, guest.id)
    await orchestrator.see_off(orchestrator.participants[1].id)
    with pytest.raises(Refused, match='Milo has left the room'):
        await orchestrator.ghost_write(chimera.scope, print, orchestrator.participants[1].id)
    await orchestrator.steering.set_limits(max_tokens=1)
    with pytest.raises(Refused, match='Raise the limit first'):
        await orchestrator.ghost_write(chimera.scope, print)
    await orchestrator.stop()
    with pytest.raises(Refused, match='has ended'):
        await orchestrator.ghost_write(chimera.scope, print)
    assert len(voice.history) == asked

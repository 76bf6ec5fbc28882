"""Somebody comes in, somebody leaves, somebody speaks for a persona: the others see it, and nothing of it is lost."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.store import conversations
from app.store.tables import Kind, LineKind, State, Status
from tests.fixtures_conversation import IRIS, MILO, NOOR, Stage, Voice, begin, bring_back, forget
from tests.records import whole_transcript

CHEF = 'chef'


def prompt_of(voice: Voice, at: int = -1) -> str:
    return '\n'.join(message.content for message in voice.history[at].messages)


async def paused(chimera: Chimera, **wanted: object) -> Stage:
    """After a first line."""
    stage = await begin(chimera, **{'speaker_order': 'human_picks', 'max_turns': 20, **wanted})
    await stage.rests(Status.PAUSED)
    await stage.orchestrator.steering.set_order('round_robin')
    await stage.orchestrator.step()
    await stage.turns(1)
    await stage.rests(Status.PAUSED)
    return stage


async def test_an_entrance_is_a_scene_that_the_others_react_to(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    await chimera.wings.bring_in(chimera.scope, stage.orchestrator, CHEF)
    chef = stage.orchestrator.record.present[-2 if stage.orchestrator.record.present[-1].kind == Kind.NARRATOR else -1]
    scene = (await stage.said())[-1]
    assert (scene.kind, scene.speaker, scene.turn) == (LineKind.SCENE, 'Narrator', None)
    assert scene.text == f'{chef.name} comes in: {chimera.library.personas[CHEF].tagline}.'
    await stage.orchestrator.resume()
    await stage.turns(2)
    assert f'({scene.text})' in prompt_of(voice, 1)
    assert f'- {chef.name}: the chef' in prompt_of(voice, 1)
    await stage.turns(5)
    await stage.orchestrator.stop()
    assert chef.id in {message.participant_id for message in await stage.said()}


async def test_who_came_in_is_there_after_a_restart(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    await chimera.wings.bring_in(chimera.scope, stage.orchestrator, CHEF)
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    assert CHEF in {
        again.orchestrator.personas[p.id].id for p in again.orchestrator.record.present if p.persona_version_id
    }
    with pytest.raises(Refused, match='is here already'):
        await chimera.wings.bring_in(chimera.scope, again.orchestrator, CHEF)


async def test_who_leaves_in_mid_sentence_ends_with_a_dash_and_the_room_goes_on(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'], 'So that was that.')
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    await stage.heard('Time is ')
    iris = stage.speaking.participant_id
    await stage.orchestrator.see_off(iris)
    await stage.ended()
    line, scene, *after = await stage.said()
    assert (line.text, line.state) == ('Time is —', State.INTERRUPTED)
    assert line.note == 'Iris left the room in mid-sentence.'
    assert (scene.text, scene.kind) == ('Iris leaves the room.', LineKind.SCENE)
    assert iris not in {message.participant_id for message in after}
    assert len(after) == 2
    assert '(Iris leaves the room.)' in prompt_of(voice, 1)
    assert '- Iris:' not in prompt_of(voice, 1)
    assert 'Iris: Time is —' in prompt_of(voice, 1), 'what was said stays said'


async def test_who_was_paused_in_mid_sentence_can_leave_too(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()
    await stage.orchestrator.see_off(stage.speaking.participant_id)
    await stage.rests(Status.PAUSED)
    assert (await stage.texts())[0].endswith('—')
    await stage.orchestrator.resume()
    await stage.ended()


async def test_who_comes_back_has_the_old_seat(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    noor = stage.orchestrator.participants[2]
    await stage.orchestrator.steering.call_on(noor.id)
    await stage.orchestrator.steering.mute(noor.id, True)
    await stage.orchestrator.see_off(noor.id)
    assert noor.id not in {p.id for p in stage.orchestrator.record.present}
    assert NOOR in {persona.id for persona in chimera.wings.waiting(stage.orchestrator)}
    await chimera.wings.bring_in(chimera.scope, stage.orchestrator, NOOR)
    seated = await conversations.participants(chimera.store, chimera.scope, stage.id)
    assert [(p.name, p.left_at) for p in seated if p.kind == Kind.PERSONA] == [
        ('Iris', None),
        ('Milo', None),
        ('Noor', None),
    ]
    assert (await stage.texts())[-2:] == ['Noor leaves the room.', 'Noor comes back in.']
    assert not noor.settings, 'what was asked of her before she left is past'


async def test_what_makes_no_sense_is_refused_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera, personas=[IRIS, MILO])
    orchestrator = stage.orchestrator
    await orchestrator.speak(chimera.scope, 'Good evening.')
    iris, milo, guest = orchestrator.participants[:3]
    await orchestrator.see_off(iris.id)
    number, said = stage.conversation.event_number, len(await stage.said())
    for match, command in [
        ('Without Milo nobody', orchestrator.see_off(milo.id)),
        ('has left already', orchestrator.see_off(iris.id)),
        ('come and go as they like', orchestrator.see_off(guest.id)),
        ('Nobody of that kind', orchestrator.see_off('nobody')),
        ('Milo is here already', chimera.wings.bring_in(chimera.scope, orchestrator, MILO)),
        ('There is no persona “ghost”', chimera.wings.bring_in(chimera.scope, orchestrator, 'ghost')),
        ('There is no such version', chimera.wings.recast(chimera.scope, orchestrator, milo.id, 'nothing')),
        ('speaks as this version already', chimera.wings.recast(chimera.scope, orchestrator, milo.id)),
        ('is no persona', chimera.wings.recast(chimera.scope, orchestrator, guest.id)),
        ('Iris has left the room', orchestrator.speak(chimera.scope, 'I am still here.', iris.id)),
        ('Iris has left the room', orchestrator.steering.call_on(iris.id)),
        ('Nobody of that kind', orchestrator.speak(chimera.scope, 'Who am I?', 'nobody')),
        ('There is nothing to say', orchestrator.speak(chimera.scope, '  ', milo.id)),
    ]:
        with pytest.raises(Refused, match=match):
            await command
    assert stage.conversation.event_number == number
    assert len(await stage.said()) == said


async def test_the_stage_holds_six(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    waiting = [persona.id for persona in chimera.wings.waiting(stage.orchestrator)]
    for persona_id in waiting[:3]:
        await chimera.wings.bring_in(chimera.scope, stage.orchestrator, persona_id)
    with pytest.raises(Refused, match='The stage holds 6 personas'):
        await chimera.wings.bring_in(chimera.scope, stage.orchestrator, waiting[3])


async def test_another_version_speaks_from_the_next_turn_on(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    iris = stage.orchestrator.participants[0]
    first = iris.persona_version_id
    old = chimera.library.personas[IRIS]
    chimera.library.personas[IRIS] = old.model_copy(
        update={'voice': 'She answers every question with a recipe for soup.'}
    )
    versions = await chimera.wings.versions(chimera.scope, stage.orchestrator, iris.id)
    assert [(v.number, v.is_newest) for v in versions] == [(2, True), (1, False)]
    await chimera.wings.recast(chimera.scope, stage.orchestrator, iris.id)
    await stage.orchestrator.steering.call_on(iris.id)
    await stage.orchestrator.resume()
    await stage.turns(2)
    await stage.orchestrator.stop()
    assert 'a recipe for soup' in prompt_of(voice, 1)
    said = [message for message in await stage.said() if message.participant_id == iris.id]
    assert said[0].persona_version_id == first != said[1].persona_version_id == iris.persona_version_id
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    await chimera.wings.recast(chimera.scope, again.orchestrator, iris.id, first)
    assert again.orchestrator.personas[iris.id] == old


async def test_a_person_speaks_for_a_persona_and_it_is_its_line(chimera: Chimera, voice: Voice) -> None:
    stage = await paused(chimera)
    milo = stage.orchestrator.participants[1]
    await stage.orchestrator.speak(chimera.scope, 'I confess: I wrote it.', milo.id)
    line = (await stage.said())[-1]
    assert (line.speaker, line.participant_id, line.turn, line.kind) == ('Milo', milo.id, None, LineKind.SPEECH)
    assert line.note == 'Spoken by Guest for Milo.'
    assert line.persona_version_id == milo.persona_version_id
    await stage.orchestrator.steering.call_on(milo.id)
    before = stage.conversation.turns
    await stage.orchestrator.step()
    await stage.turns(before + 1)
    sent = voice.history[-1].messages
    assert any(m.role == 'assistant' and 'I confess' in m.content for m in sent), 'to Milo it is his own'
    await stage.orchestrator.steering.call_on(stage.orchestrator.participants[2].id)
    await stage.orchestrator.step()
    await stage.turns(before + 2)
    assert 'Milo: I confess: I wrote it.' in prompt_of(voice)
    [spoke] = [event for event in await stage.events() if event.kind == 'spoke']
    assert spoke.payload == {'message_id': line.id, 'participant_id': milo.id, 'by': 'Guest', 'resumes': False}


async def test_nobody_puts_words_into_a_mouth_that_is_speaking(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    with pytest.raises(Refused, match='Iris is speaking just now'):
        await stage.orchestrator.speak(chimera.scope, 'No.', stage.speaking.participant_id)
    breath.go.set()
    await stage.ended()
    assert [m.text for m in await whole_transcript(chimera.store, chimera.scope, stage.id)] == ['Time is a river.']

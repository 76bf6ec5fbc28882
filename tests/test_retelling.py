"""A line told anew: by whoever said it, another persona or another model, in whatever moment it is asked for."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.store.sweep import interrupt_cut_turns
from app.store.tables import Message, State, Status
from app.store.variants import Archive
from tests.fixtures_conversation import Stage, SwiftClock, Voice, begin, bring_back, forget


async def three_lines(chimera: Chimera, voice: Voice, **wanted: object) -> Stage:
    voice.enqueue('Zebras forget.', 'Quaggas remember.', 'I counted both.')
    stage = await begin(chimera, **{'max_turns': 3, **wanted})
    await stage.ended()
    return stage


async def told(stage: Stage, number: int, variant: int) -> Message:
    """Until line `number` has been told for the so-manieth time."""
    line = stage.orchestrator.transcript[number - 1]
    await stage.until(
        lambda: line.variant == variant and line.state != State.SPEAKING and not stage.orchestrator.telling_anew
    )
    return (await stage.said())[number - 1]


async def variants(stage: Stage, message: Message) -> dict[int, str]:
    kept = await Archive(stage.chimera.store, stage.chimera.scope).variants(message)
    return {variant.number: variant.text for variant in kept}


async def test_after_the_end_a_line_is_told_anew_and_takes_no_turn(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    second = (await stage.said())[1]
    voice.enqueue('Okapis do.')
    await stage.orchestrator.regenerate(second.id)
    line = await told(stage, 2, 2)
    assert (line.text, line.speaker, line.state, line.variants) == ('Okapis do.', 'Milo', State.COMPLETE, 2)
    assert await variants(stage, line) == {1: 'Quaggas remember.'}
    assert (stage.conversation.turns, stage.orchestrator.status) == (3, Status.ENDED)
    assert stage.conversation.tokens == sum(m.prompt_tokens + m.completion_tokens for m in await stage.said()) + (
        second.prompt_tokens + second.completion_tokens
    )
    prompt = '\n'.join(message.content for message in voice.history[-1].messages)
    assert 'Zebras forget.' in prompt
    assert 'Quaggas' not in prompt
    assert 'counted' not in prompt, 'what came after it has not been said yet'
    retold = next(event for event in await stage.events() if event.kind == 'retold')
    assert retold.payload == {
        'message_id': second.id, 'variant': 2, 'participant_id': second.participant_id, 'model': 'demo/scripted',
    }  # fmt: skip


async def test_another_persona_and_another_model_can_tell_it(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first, _, noor = await stage.said()
    voice.enqueue('As Noor.')
    await stage.orchestrator.regenerate(first.id, noor.participant_id, 'other/model')
    line = await told(stage, 1, 2)
    assert (line.speaker, line.participant_id, line.model) == ('Noor', noor.participant_id, 'other/model')
    assert voice.asked[-1].model == 'other/model'
    await stage.orchestrator.lines.choose_variant(line.id, 1)
    line = (await stage.said())[0]
    assert (line.speaker, line.text, line.model) == ('Iris', 'Zebras forget.', 'demo/scripted')


async def test_in_mid_run_it_waits_for_whoever_speaks_and_their_turn_counts(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' indeed.'], 'One anew.', 'Three.', 'Four.')
    breath = voice.breathe_after('Two')
    stage = await begin(chimera, max_turns=4)
    await breath.taken.wait()
    await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    breath.go.set()
    await stage.ended()
    assert await stage.texts() == ['One anew.', 'Two indeed.', 'Three.', 'Four.']
    assert [message.turn for message in await stage.said()] == [1, 2, 3, 4]
    assert stage.conversation.turns == 4


async def test_a_turn_that_fails_before_it_still_pauses_the_room(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', '', '', 'One anew.')
    stage = await begin(chimera, max_turns=4)
    one = stage.orchestrator.transcript[0] if stage.orchestrator.transcript else None
    await stage.rests(Status.PAUSED)
    assert stage.conversation.turns == 2
    one = one or stage.orchestrator.transcript[0]
    await stage.orchestrator.regenerate(one.id)
    assert (await told(stage, 1, 2)).text == 'One anew.'
    assert stage.orchestrator.status == Status.PAUSED


async def paused_after_one(chimera: Chimera, voice: Voice, clock: SwiftClock) -> Stage:
    clock.still = True
    stage = await begin(chimera, pace=1, max_turns=3)
    await stage.turns(1)
    await stage.orchestrator.pause()
    task = stage.orchestrator._running.task
    clock.move()
    if task:
        await asyncio.wait({task})
    return stage


async def test_while_it_is_paused_it_stays_paused(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    stage = await paused_after_one(chimera, voice, clock)
    voice.enqueue('One anew.')
    await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    assert (await told(stage, 1, 2)).text == 'One anew.'
    assert stage.orchestrator.status == Status.PAUSED
    assert len(await stage.said()) == 1
    await stage.orchestrator.resume()
    await stage.ended()
    assert len(await stage.said()) == 3


async def test_behind_a_line_that_is_held_it_is_refused(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' indeed.'])
    breath = voice.breathe_after('Two')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    with pytest.raises(Refused, match='paused in mid-sentence: resume or interrupt first'):
        await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    breath.go.set()
    await stage.orchestrator.resume()
    await stage.ended()


async def test_it_can_be_held_stepped_and_interrupted_itself(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' indeed.'], ['One', ' anew.'])
    during, anew = voice.breathe_after('Two'), voice.breathe_after('One')
    stage = await begin(chimera, max_turns=9)
    await during.taken.wait()
    await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    during.go.set()
    await anew.taken.wait()
    await stage.orchestrator.pause()
    anew.go.set()
    await stage.orchestrator.step()  # the rest of the line that is held, and no other
    line = await told(stage, 1, 2)
    await stage.rests(Status.PAUSED)
    assert (line.text, len(await stage.said())) == ('One anew.', 2)

    voice.enqueue(['Once', ' more.'])
    cut = voice.breathe_after('Once')
    await stage.orchestrator.regenerate(line.id)
    await cut.taken.wait()
    await stage.orchestrator.interrupt()
    line = await told(stage, 1, 3)
    assert (line.text, line.state) == ('Once—', State.INTERRUPTED)
    assert await variants(stage, line) == {1: 'One.', 2: 'One anew.'}
    assert stage.conversation.turns == 2


async def test_only_one_line_is_told_anew_at_a_time(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first, second, _ = await stage.said()
    outcomes = await asyncio.gather(
        stage.orchestrator.regenerate(first.id), stage.orchestrator.regenerate(second.id), return_exceptions=True
    )
    assert [str(outcome) for outcome in outcomes if outcome] == [
        'Another line is being told anew just now: wait for it.'
    ]
    await told(stage, 1, 2)
    await stage.orchestrator.regenerate(second.id)
    await told(stage, 2, 2)


async def test_while_it_is_told_anew_nobody_else_may_change_it(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first = (await stage.said())[0]
    voice.enqueue(['Say', ' it.'])
    breath = voice.breathe_after('Say')
    await stage.orchestrator.regenerate(first.id)
    await breath.taken.wait()
    lines = stage.orchestrator.lines
    for act in (lines.edit(first.id, 'No.', 'Bob'), lines.delete(first.id), lines.choose_variant(first.id, 1)):
        with pytest.raises(Refused, match='Iris is still speaking'):
            await act
    with pytest.raises(Refused, match='Iris is still speaking'):
        await stage.orchestrator.regenerate(first.id)
    breath.go.set()
    assert (await told(stage, 1, 2)).text == 'Say it.'


async def test_a_line_that_was_deleted_while_it_waited_is_let_be(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' indeed.'])
    breath = voice.breathe_after('Two')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    one = stage.orchestrator.transcript[0]
    await stage.orchestrator.regenerate(one.id)
    await stage.orchestrator.lines.delete(one.id)
    breath.go.set()
    await stage.ended()
    await stage.until(lambda: not stage.orchestrator.telling_anew)
    assert (await stage.said())[0].variants == 1


async def test_stop_ends_a_wish_that_has_not_begun(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', ['Two', ' indeed.'])
    breath = voice.breathe_after('Two')
    stage = await begin(chimera, max_turns=5)
    await breath.taken.wait()
    await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    await stage.orchestrator.stop()
    assert not stage.orchestrator.telling_anew
    assert [(m.text, m.variants) for m in await stage.said()] == [('One.', 1), ('Two', 1)]


async def test_one_may_resume_while_a_line_is_told_anew(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    stage = await paused_after_one(chimera, voice, clock)
    voice.enqueue(['One', ' anew.'])
    anew = voice.breathe_after('One')
    await stage.orchestrator.steering.set_pace(0)
    await stage.orchestrator.regenerate(stage.orchestrator.transcript[0].id)
    await anew.taken.wait()
    await stage.orchestrator.resume()
    anew.go.set()
    await stage.ended()
    assert (await stage.texts())[0] == 'One anew.'
    assert [message.turn for message in await stage.said()] == [1, 2, 3]


async def test_a_restart_in_the_middle_keeps_what_was_told_and_what_was_before(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first = (await stage.said())[0]
    voice.enqueue(['Half', ' a word.'])
    breath = voice.breathe_after('Half')
    await stage.orchestrator.regenerate(first.id)
    await breath.taken.wait()
    await stage.audience.until(lambda: stage.audience.speech(first.id).endswith('Half'))
    forget(chimera)  # as when the power goes
    await interrupt_cut_turns(chimera.store, None)
    again = await bring_back(chimera, stage.id)
    line = (await again.said())[0]
    assert (line.text, line.state, line.variants) == ('Half', State.INTERRUPTED, 2)
    assert again.orchestrator.status == Status.ENDED
    await again.orchestrator.lines.choose_variant(line.id, 1)
    assert (await again.texts())[0] == 'Zebras forget.'
    breath.go.set()


async def test_when_chimera_stops_in_the_middle_the_words_are_kept(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first = (await stage.said())[0]
    voice.enqueue(['Half', ' a word.'])
    breath = voice.breathe_after('Half')
    await stage.orchestrator.regenerate(first.id)
    await breath.taken.wait()
    await stage.orchestrator.close('Chimera stops.')
    line = (await stage.said())[0]
    assert (line.text, line.state) == ('Half—', State.INTERRUPTED)
    assert (stage.conversation.turns, stage.orchestrator.status) == (3, Status.ENDED)


async def test_a_telling_that_fails_leaves_the_room_as_it_was(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    voice.enqueue('', '')
    await stage.orchestrator.regenerate((await stage.said())[0].id)
    line = await told(stage, 1, 2)
    assert (line.text, line.state, line.note) == ('', State.FAILED, 'The model answered with nothing, twice.')
    assert stage.orchestrator.status == Status.ENDED
    await stage.orchestrator.lines.choose_variant(line.id, 1)
    assert (await stage.texts())[0] == 'Zebras forget.'


async def test_limits_that_cost_refuse_it_and_turns_do_not(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice, max_tokens=1_000_000)
    first = (await stage.said())[0]
    await stage.orchestrator.steering.set_limits(max_tokens=1)
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='limit of 1 tokens is used up'):
        await stage.orchestrator.regenerate(first.id)
    assert stage.conversation.event_number == number
    await stage.orchestrator.steering.set_limits(max_tokens=None)
    await stage.orchestrator.regenerate(first.id)
    await told(stage, 1, 2)


async def test_who_cannot_tell_it_is_said_in_a_sentence(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    voice.enqueue(['One ', 'moment.'])
    breath = voice.breathe_after('One ')
    await stage.orchestrator.go_on(1)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'And you?')
    breath.go.set()
    await stage.ended()
    orchestrator, record = stage.orchestrator, stage.orchestrator.record
    first, second = record.transcript[:2]
    human = next(message for message in record.transcript if message.turn is None)
    second.audience = [second.participant_id]
    first_seat, _, third_seat, *_ = record.participants
    number = stage.conversation.event_number
    for act, why in (
        (orchestrator.regenerate('nothing'), 'too far back'),
        (orchestrator.regenerate(human.id), 'Only what a persona said'),
        (orchestrator.regenerate(first.id, human.participant_id), 'is no persona'),
        (orchestrator.regenerate(first.id, 'nobody'), 'Nobody of that kind'),
        (orchestrator.regenerate(first.id, model='x' * 300), 'name of a model'),
        (orchestrator.regenerate(second.id, third_seat.id), 'was not to hear this'),
    ):
        with pytest.raises(Refused, match=why):
            await act
    third_seat.left_at = first.created_at
    with pytest.raises(Refused, match='has left the room'):
        await orchestrator.regenerate(first.id, third_seat.id)
    first.deleted_at = first.created_at
    with pytest.raises(Refused, match='Only what a persona said'):
        await orchestrator.regenerate(first.id, first_seat.id)
    assert stage.conversation.event_number == number

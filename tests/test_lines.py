"""What was said can be edited, taken back, brought back and swiped, at any moment: and the room goes by what stands."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.capsule import as_told, replay, replayed
from app.conversation.floor import bids
from app.conversation.lines import LONGEST_LINE
from app.conversation.narrator import narrate
from app.conversation.record import FORGOTTEN_AT_ONCE, REMEMBERED
from app.conversation.refused import Refused
from app.live.capsules import capsule_of
from app.live.insight import Insight
from app.store.recent import recent_conversations
from app.store.tables import LineKind, Message, State
from app.store.variants import Archive
from tests.cast import hold_conversation
from tests.fixtures_conversation import Stage, Voice, begin, bring_back, forget
from tests.test_insight import look, until_heard


async def three_lines(chimera: Chimera, voice: Voice) -> Stage:
    """Iris, Milo and Noor have each said one thing, and it has ended."""
    voice.enqueue('Zebras forget.', 'Quaggas remember.', 'I counted both.')
    stage = await begin(chimera, max_turns=3)
    await stage.ended()
    return stage


async def variants(stage: Stage, message: Message) -> dict[int, tuple[str, str]]:
    kept = await Archive(stage.chimera.store, stage.chimera.scope).variants(message)
    return {variant.number: (variant.speaker, variant.text) for variant in kept}


async def prompt_of_the_next(stage: Stage, voice: Voice) -> str:
    await stage.orchestrator.extend(1)
    await stage.ended()
    return '\n'.join(message.content for message in voice.history[-1].messages)


async def test_alice_edits_a_line_and_the_room_goes_by_her_words(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first = (await stage.said())[0]
    await stage.orchestrator.lines.edit(first.id, '  Okapis forgive.\x00 ', 'Alice')
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    line = (await again.said())[0]
    assert (line.text, line.note, line.state) == ('Okapis forgive.', 'Edited by Alice.', State.COMPLETE)
    assert (line.variant, line.variants) == (2, 2)
    assert (line.completion_tokens, line.model) == (0, None), 'what was paid for is with the words before'
    assert await variants(again, line) == {1: ('Iris', 'Zebras forget.')}
    prompt = await prompt_of_the_next(again, voice)
    assert 'Okapis forgive.' in prompt
    assert 'Zebras' not in prompt


async def test_a_deleted_line_is_gone_from_every_ear_and_can_come_back(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    last = (await stage.said())[2]
    await stage.orchestrator.lines.delete(last.id)
    assert 'counted' not in await prompt_of_the_next(stage, voice)
    await stage.orchestrator.lines.bring_back(last.id)
    assert 'I counted both.' in await prompt_of_the_next(stage, voice)
    assert [event.kind for event in await stage.events() if event.payload.get('message_id') == last.id] == [
        'turn_started', 'turn_ended', 'deleted', 'brought_back',
    ]  # fmt: skip


async def test_who_was_asked_in_a_deleted_line_was_not_asked(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    await stage.orchestrator.steering.set_order('urge')
    last = (await stage.said())[2]
    await stage.orchestrator.lines.edit(last.id, 'Milo, what would you say?', 'Alice')

    def chosen() -> str:
        heard = bids(stage.orchestrator.record)
        assert heard
        return heard.choice.because

    assert 'asked' in chosen()
    await stage.orchestrator.lines.delete(last.id)
    assert 'asked' not in chosen()


async def test_a_swipe_changes_places_and_loses_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    lines, id = stage.orchestrator.lines, (await stage.said())[1].id
    await lines.edit(id, 'Second.', 'Alice')
    await lines.edit(id, 'Third.', 'Alice')
    told = {1: 'Quaggas remember.', 2: 'Second.', 3: 'Third.'}
    for number in (1, 3, 2, 1, 2):
        await lines.choose_variant(id, number)
        line = (await stage.said())[1]
        assert (line.text, line.variant, line.variants) == (told[number], number, 3)
        kept = await variants(stage, line)
        assert {n: text for n, (_, text) in kept.items()} == {n: text for n, text in told.items() if n != number}
    assert (await stage.events())[-1].payload == {'message_id': id, 'variant': 2}


async def test_what_makes_no_sense_is_refused_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    lines, [first, second, _] = stage.orchestrator.lines, await stage.said()
    await lines.delete(second.id)
    number = stage.conversation.event_number
    for act, why in (
        (lines.edit(first.id, ' \n\x00', 'Alice'), 'A line needs words'),
        (lines.edit(first.id, 'x' * (LONGEST_LINE + 1), 'Alice'), '8,001 characters; this line can have 8,000'),
        (lines.edit('nothing', 'Words.', 'Alice'), 'not there any more'),
        (lines.edit(second.id, 'Words.', 'Alice'), 'bring it back first'),
        (lines.delete('nothing'), 'not there any more'),
        (lines.delete(second.id), 'That line is deleted'),
        (lines.bring_back(first.id), 'not deleted'),
        (lines.bring_back('nothing'), 'not there any more'),
        (lines.choose_variant(first.id, 1), 'is the one that stands there'),
        (lines.choose_variant(first.id, 7), 'has no variant 7: it was told only once'),
        (lines.choose_variant(second.id, 2), 'bring it back first'),
    ):
        with pytest.raises(Refused, match=why):
            await act
    await lines.edit(first.id, first.text, 'Alice')  # the same words are no edit
    assert stage.conversation.event_number == number


async def test_a_line_of_another_conversation_is_not_there(chimera: Chimera, voice: Voice) -> None:
    stage, other = await three_lines(chimera, voice), await three_lines(chimera, voice)
    foreign = (await other.said())[0]
    with pytest.raises(Refused, match='not there any more'):
        await stage.orchestrator.lines.edit(foreign.id, 'Mine now.', 'Charlie')


async def test_a_line_that_is_being_spoken_waits_and_any_other_does_not(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('First.', ['Let me ', 'finish.'])
    breath = voice.breathe_after('Let me ')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    lines, first = stage.orchestrator.lines, stage.orchestrator.transcript[0]
    for act in (lines.edit(stage.speaking.id, 'No.', 'Alice'), lines.delete(stage.speaking.id)):
        with pytest.raises(Refused, match='Milo is still speaking'):
            await act
    await lines.edit(first.id, 'Meanwhile.', 'Alice')
    await lines.choose_variant(first.id, 1)
    await lines.delete(first.id)
    breath.go.set()
    await stage.ended()
    assert [(m.text, m.deleted_at is not None) for m in (await stage.said())[:2]] == [
        ('First.', True), ('Let me finish.', False),
    ]  # fmt: skip
    assert 'First.' not in '\n'.join(message.content for message in voice.history[-1].messages)


async def test_scenes_guards_and_people_can_be_edited_and_deleted(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    record, lines = stage.orchestrator.record, stage.orchestrator.lines
    async with record.writing:
        scene = await narrate(record, 'scene', {}, 'The lights go out.')
        guard = await narrate(record, 'guarded', {}, 'A whisper.', kind=LineKind.GUARD, audience=())
    await stage.orchestrator.go_on(1)
    await stage.ended()
    await stage.orchestrator.extend(1)
    await stage.ended()
    await lines.edit(scene.id, 'The lights come on.', 'Alice')
    await lines.delete(guard.id)
    prompt = await prompt_of_the_next(stage, voice)
    assert '(The lights come on.)' in prompt
    assert 'go out' not in prompt


async def test_a_line_from_long_ago_can_be_changed_as_well(chimera: Chimera) -> None:
    many = [f'Line {at}.' for at in range(REMEMBERED + FORGOTTEN_AT_ONCE + 5)]
    conversation = await hold_conversation(chimera.store, chimera.scope, many)
    stage = await bring_back(chimera, conversation.id)
    first = (await stage.said())[0]
    assert first.id not in {message.id for message in stage.orchestrator.transcript}
    lines = stage.orchestrator.lines
    await lines.edit(first.id, 'In the beginning.', 'Alice')
    await lines.choose_variant(first.id, 1)
    await lines.delete(first.id)
    await lines.bring_back(first.id)
    await lines.choose_variant(first.id, 2)
    assert (await stage.said())[0].text == 'In the beginning.'


async def test_two_who_change_one_line_at_once_both_had_their_turn(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    lines, id = stage.orchestrator.lines, (await stage.said())[0].id
    outcomes = await asyncio.gather(
        lines.edit(id, 'Of Alice.', 'Alice'), lines.edit(id, 'Of Bob.', 'Bob'), lines.delete(id), lines.delete(id),
        lines.edit(id, 'Too late.', 'Charlie'), return_exceptions=True,
    )  # fmt: skip
    assert [str(outcome) for outcome in outcomes if outcome] == ['That line is deleted: bring it back first.'] * 2
    line = (await stage.said())[0]
    assert (line.text, line.variants) == ('Of Bob.', 3)
    assert [event.number for event in await stage.events()] == list(range(1, len(await stage.events()) + 1))


async def test_what_is_deleted_is_not_found_not_counted_and_not_shown_at_home(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    first, _, last = await stage.said()

    async def card(search: str = '') -> tuple[str, int] | None:
        found = await recent_conversations(chimera.store, chimera.scope, search)
        return (found[0].excerpt, found[0].message_count) if found else None

    assert await card('counted') == ('I counted both.', 3)
    await stage.orchestrator.lines.delete(last.id)
    await stage.orchestrator.lines.delete(first.id)
    assert await card() == ('Quaggas remember.', 1)
    assert await card('counted') is None
    await stage.orchestrator.lines.bring_back(last.id)
    assert await card('counted') == ('I counted both.', 2)


async def test_the_measures_hear_anew_whatever_is_changed(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    record, lines = stage.orchestrator.record, stage.orchestrator.lines
    async with record.writing:
        await narrate(record, 'scene', {}, 'The lights go out.')
    insight = await look(stage)
    said = await stage.said()

    async def first_words(many: int) -> list[str]:
        await until(insight, lambda: not insight._is_stale and not insight._following)
        await until_heard(insight, many)
        return [moment.first_words for moment in insight.moments]

    assert await first_words(3) == ['Zebras forget.', 'Quaggas remember.', 'I counted both.']
    await lines.edit(said[0].id, 'Okapis forgive.', 'Alice')
    assert await first_words(3) == ['Okapis forgive.', 'Quaggas remember.', 'I counted both.']
    await lines.choose_variant(said[0].id, 1)
    assert (await first_words(3))[0] == 'Zebras forget.'
    await lines.delete(said[1].id)
    assert await first_words(2) == ['Zebras forget.', 'I counted both.']
    assert insight.reading.number == 2
    await lines.bring_back(said[1].id)
    assert len(await first_words(3)) == 3
    voice.enqueue('Told anew.')
    await stage.orchestrator.regenerate(said[2].id)
    await stage.until(lambda: stage.orchestrator.speaking is None and (stage.orchestrator.transcript[2].variants == 2))
    assert (await first_words(3))[2] == 'Told anew.'


async def until(insight: Insight, reached: object) -> None:
    assert callable(reached)
    while not reached():
        await insight.settle(30)
        await asyncio.sleep(0)


async def test_the_guards_hear_anew_what_stands(chimera: Chimera, voice: Voice) -> None:
    """They remember lines, not rows: what was deleted must not count as said before."""
    stage = await three_lines(chimera, voice)
    watch = stage.orchestrator._running.watch
    await watch.look()
    heard = watch._guards
    await watch.look()
    assert watch._guards is heard
    await stage.orchestrator.lines.delete((await stage.said())[0].id)
    await watch.look()
    assert watch._guards is not heard


async def test_a_capsule_replays_whatever_was_done_to_the_lines(chimera: Chimera, voice: Voice) -> None:
    stage = await three_lines(chimera, voice)
    lines, [first, second, third] = stage.orchestrator.lines, await stage.said()
    await lines.edit(first.id, 'Okapis forgive.', 'Alice')
    await lines.choose_variant(first.id, 1)
    await lines.delete(second.id)
    await lines.delete(third.id)
    await lines.bring_back(third.id)
    capsule = await capsule_of(chimera.store, chimera.scope, stage.id)
    assert capsule
    said = await stage.said()
    assert replayed(capsule) == as_told(said)
    assert [message.deleted_at is not None for message in said] == [False, True, False]
    assert any(told and told[0].text == 'Okapis forgive.' for told in replay(capsule))

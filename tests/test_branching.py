"""Branches: a conversation goes on from any of its lines once more, and differs in one thing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlmodel import col, select

from app.chimera import Chimera
from app.conversation.capsule import as_told, replay, replayed
from app.conversation.notes import standing
from app.conversation.refused import Refused
from app.live.capsules import capsule_of
from app.live.differences import (
    Difference,
    OtherLimit,
    OtherModel,
    OtherOrder,
    OtherPace,
    OtherSeed,
    OtherTopic,
    Told,
    Without,
)
from app.store import conversations, kin
from app.store.scope import Scope
from app.store.tables import Conversation, Message, Note, Participant, Status, Variant, new_id
from tests.cast import hold_conversation
from tests.fixtures_conversation import Audience, Stage, SwiftClock, Voice, begin, bring_back, forget
from tests.records import events_since, whole_transcript

pytestmark = pytest.mark.usefixtures('voice')

OWN = {'id', 'conversation_id', 'participant_id', 'message_id', 'audience'}
"""Columns that a copied row has of its own."""


async def six_lines(chimera: Chimera, **wanted: Any) -> Stage:
    stage = await begin(chimera, **{'max_turns': 6, **wanted})
    await stage.ended()
    return stage


async def grown(stage: Stage, number: int, *differences: Difference) -> list[Stage]:
    chimera = stage.chimera
    branches = await chimera.runner.branch(chimera.scope, stage.id, number, differences)
    return [await bring_back(chimera, branch.id) for branch in branches]


async def test_branch_has_every_line_up_to_the_one_and_the_original_all_of_its_own(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    before, event_number = await stage.said(), stage.conversation.event_number
    listener = Audience(chimera, stage.id)
    [branch] = await grown(stage, 4, OtherSeed(99))

    copied = await branch.said()
    assert [common(line) for line in copied] == [common(line) for line in before[:4]]
    assert not {line.id for line in copied} & {line.id for line in before}
    seats = {seat.id: seat.seat for seat in branch.orchestrator.participants}
    old = {seat.id: seat.seat for seat in stage.orchestrator.participants}
    assert [seats[line.participant_id] for line in copied] == [old[line.participant_id] for line in before[:4]]
    assert await stage.said() == before

    made = branch.conversation
    assert (made.parent_id, made.branched_at) == (stage.id, 4)
    assert made.difference == 'The dice fall otherwise (seed 99)'
    assert (made.status, made.seed) == (Status.PAUSED, 99)
    assert made.stop_reason == f'Branched from line 4 of “{stage.conversation.title}”. Resume to go on.'
    assert [event.kind for event in await branch.events()] == ['branch']
    [told] = listener.events
    [written] = await events_since(chimera.store, chimera.scope, stage.id, event_number)
    assert (told.number, told.kind) == (written.number, written.kind) == (event_number + 1, 'branched')
    assert written.payload['branch_id'] == branch.id
    assert written.payload['changed'] == {'seed': 99}
    assert stage.conversation.event_number == event_number + 1


async def test_branch_goes_on_by_itself_after_a_restart_and_the_original_does_too(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    [branch] = await grown(stage, 3, OtherSeed(5))
    forget(chimera)
    branch, stage = await bring_back(chimera, branch.id), await bring_back(chimera, stage.id)
    await stage.orchestrator.extend(2)
    await branch.orchestrator.resume()
    await branch.ended()
    await stage.ended()
    assert len(await stage.said()) == 8
    assert len(await branch.said()) == 3 + 10  # nothing was left to the original, so it got ten
    assert branch.conversation.stop_reason == 'All 13 turns are taken.'
    for each in (branch, stage):
        numbers = [event.number for event in await each.events()]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_its_counters_are_those_of_the_lines_it_has(chimera: Chimera) -> None:
    stage = await six_lines(chimera, max_turns=30)
    said = await stage.said()
    [branch] = await grown(stage, 20, OtherSeed())
    first = said[:20]
    made = branch.conversation
    assert made.turns == 20
    assert made.tokens == sum(line.prompt_tokens + line.completion_tokens for line in first) > 0
    assert made.seconds == pytest.approx(sum(line.duration_ms or 0 for line in first) / 1000)
    assert made.max_turns == 30
    forget(chimera)
    again = await bring_back(chimera, branch.id)
    assert again.conversation.tokens == made.tokens < stage.conversation.tokens


async def test_limits_that_were_used_up_leave_room(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    await change(chimera, stage, max_tokens=1, max_turns=None)
    forget(chimera)
    [branch] = await grown(await bring_back(chimera, stage.id), 6, OtherSeed())
    assert branch.conversation.max_turns is None
    assert branch.conversation.max_tokens
    assert branch.conversation.max_tokens > branch.conversation.tokens


@pytest.mark.parametrize(
    ('difference', 'words'),
    [
        (lambda iris: OtherModel(iris, 'demo/other'), 'Iris speaks with other'),
        (lambda iris: OtherOrder('urge'), 'Whoever wants to most speaks next'),
        (lambda iris: Told('Be  brief.', iris), 'Iris is told “Be brief.”'),
        (lambda iris: Told('Be brief.', is_secret=True), 'Somebody is told something in secret'),
        (Without, 'Without Iris'),
        (lambda iris: OtherTopic('Rain'), 'They talk about “Rain”'),
        (lambda iris: OtherLimit('max_turns', 40), 'At most 40 turns'),
        (lambda iris: OtherPace(2), 'At 2 times the pace'),
    ],
)
async def test_each_difference_is_made_once_and_said_in_words(chimera: Chimera, difference: Any, words: str) -> None:
    stage = await six_lines(chimera)
    iris = stage.orchestrator.participants[0]
    before = [seat.model_dump() for seat in stage.orchestrator.participants]
    [branch] = await grown(stage, 5, difference(iris.id))
    forget(chimera)
    branch, stage = await bring_back(chimera, branch.id), await bring_back(chimera, stage.id)
    assert branch.conversation.difference == words
    assert [seat.model_dump() for seat in stage.orchestrator.participants] == before
    seat = branch.orchestrator.participants[0]
    made, original = branch.conversation, stage.conversation
    differs = {name for name in DIALS if getattr(made, name) != getattr(original, name)} - {'max_turns'}
    match difference(iris.id):
        case OtherModel():
            assert (seat.model, differs) == ('demo/other', set())
        case OtherOrder():
            assert (made.speaker_order, differs) == ('urge', {'speaker_order'})
        case Told(participant_id=to):
            [note] = await notes_of(chimera, branch.id)
            assert (note.text.split(), note.given_at) == (['Be', 'brief.'], 5)
            assert note.participant_id == (seat.id if to else None)
        case Without():
            await branch.orchestrator.resume()
            await branch.ended()
            assert seat.id not in {line.participant_id for line in (await branch.said())[5:]}
        case OtherTopic():
            assert (made.topic, differs) == ('Rain', {'topic'})
        case OtherLimit():
            assert (made.max_turns, differs) == (40, set())
        case _:
            assert (made.pace, differs) == (2, {'pace'})


async def test_what_was_private_stays_private_and_names_the_new_seats(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    iris, milo, _ = stage.orchestrator.participants
    second = (await stage.said())[1]
    async with chimera.store.writing() as session:
        await session.exec(
            update(Message).where(col(Message.id) == second.id).values(audience=[iris.id], variants=2, phase=3)
        )
        await session.exec(insert(Variant).values(_variant(second, iris).model_dump()))
        await session.exec(
            update(Participant).where(col(Participant.id) == milo.id).values(settings={'rival': iris.id, 'muted': True})
        )
        for note in (
            _note(stage, 'For Milo', milo.id, given_at=2, turns=5),
            _note(stage, 'For all', None, given_at=1),
            _note(stage, 'Long over', milo.id, given_at=1, turns=1),
            _note(stage, 'Not yet given', milo.id, given_at=5),
        ):
            await session.exec(insert(Note).values(note.model_dump()))
    await change(chimera, stage, settings={'list': [milo.id, iris.id]}, progress={'goals': {iris.id: 1}, 'ordinal': 2})
    forget(chimera)
    [branch] = await grown(await bring_back(chimera, stage.id), 4, OtherSeed())

    new_iris, new_milo, _ = branch.orchestrator.participants
    copied = (await branch.said())[1]
    assert (copied.audience, copied.variants, copied.phase) == ([new_iris.id], 2, 3)
    [variant] = await variants_of(chimera, branch.id)
    assert (variant.message_id, variant.participant_id, variant.text) == (copied.id, new_iris.id, 'Another answer.')
    assert new_milo.settings == {'rival': new_iris.id, 'muted': True}
    assert branch.conversation.settings == {'list': [new_milo.id, new_iris.id]}
    assert branch.conversation.progress == {'goals': {new_iris.id: 1}, 'ordinal': 2}
    assert branch.conversation.tokens == sum(
        line.prompt_tokens + line.completion_tokens for line in (await stage.said())[:4]
    ) + (variant.prompt_tokens + variant.completion_tokens)
    held = {note.text: note.participant_id for note in standing(branch.orchestrator.record, new_milo)}
    assert held == {'For Milo': new_milo.id, 'For all': None}
    assert 'Not yet given' not in {note.text for note in branch.orchestrator.record.notes}


async def test_who_came_later_is_not_there_yet_and_who_left_later_is_back(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    await stage.orchestrator.extend(1)
    await stage.ended()
    await stage.orchestrator.extend(1)
    await stage.ended()
    said = await stage.said()
    noor = stage.orchestrator.participants[2]
    async with chimera.store.writing() as session:
        left = update(Participant).where(col(Participant.id) == noor.id).values(left_at=said[-1].ended_at)
        await session.exec(left)
        late = Participant(**{**noor.model_dump(), 'id': new_id(), 'seat': 9, 'name': 'Late'})
        late.created_at = said[-1].created_at
        await session.exec(insert(Participant).values(late.model_dump()))
    forget(chimera)
    [early, later] = await grown(await bring_back(chimera, stage.id), 4, OtherSeed(1), OtherSeed(2))
    assert [seat.name for seat in early.orchestrator.record.present] == ['Iris', 'Milo', 'Noor']
    assert [seat.name for seat in later.orchestrator.participants] == ['Iris', 'Milo', 'Noor']
    [last] = await grown(await bring_back(chimera, stage.id), 8, OtherSeed())
    assert 'Late' in [seat.name for seat in last.orchestrator.record.present]


async def test_the_format_stands_where_it_stood_then(chimera: Chimera) -> None:
    stage = await six_lines(chimera, format='debate', max_turns=60)
    said = await stage.said()
    spoken = [line for line in said if line.phase]
    first, last = spoken[0], spoken[-1]
    assert (first.phase, stage.conversation.progress is not None) == (1, True)
    assert last.phase
    assert last.phase > 1
    middle = next(line for line in spoken if line.phase == 2 and line.turn)
    [early, later, end] = [
        (await grown(stage, number, OtherSeed()))[0] for number in (first.number, middle.number, said[-1].number)
    ]
    ordinals = [(branch.conversation.progress or {})['ordinal'] for branch in (early, later, end)]
    assert ordinals == [1, 2, (stage.conversation.progress or {})['ordinal']]
    mine = {seat.id for seat in later.orchestrator.participants}
    assert not {seat.id for seat in stage.orchestrator.participants} & set(str(later.conversation.progress).split("'"))
    assert set(later.orchestrator.record.programme.company.roles) <= mine
    [inherited] = await grown(end, first.number, OtherPace(3))
    assert (inherited.conversation.progress or {})['ordinal'] == 1
    [again] = await grown(later, middle.number, OtherPace(3))
    assert (again.conversation.progress or {})['ordinal'] == 2
    await again.orchestrator.resume()
    await again.until(lambda: (again.conversation.progress or {})['ordinal'] > 2)
    await again.orchestrator.stop()


async def test_a_branch_of_a_branch_and_a_family_that_outlives_its_parent(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    [first, second] = await grown(stage, 4, OtherSeed(1), OtherSeed(2))
    await first.ended()
    await second.ended()
    [grandchild] = await grown(first, 9, OtherOrder('urge'))
    [elder] = await grown(stage, 2, OtherSeed(3))
    store, scope = chimera.store, chimera.scope
    assert (await grandchild.texts()) == (await first.texts())[:9]
    everybody = [stage.id, first.id, second.id, grandchild.id, elder.id]
    for id in everybody:
        assert [card.conversation.id for card in await kin.family(store, scope, id)] == everybody
    assert await kin.lineage(store, scope, grandchild.id) == [(grandchild.id, 9), (first.id, 4), (stage.id, 0)]
    mine = await kin.kin(store, scope, first.id)
    assert mine
    assert (mine.parent, mine.branched_at, mine.branches) == (stage.conversation.title, 4, 1)

    await chimera.runner.delete(scope, stage.id)
    assert len(await grandchild.texts()) == 9
    assert await kin.lineage(store, scope, grandchild.id) == [(grandchild.id, 9), (first.id, 4), (stage.id, 0)]
    for id in everybody[1:]:
        assert [card.conversation.id for card in await kin.family(store, scope, id)] == everybody[1:]
    orphan = await kin.kin(store, scope, first.id)
    assert orphan
    assert (orphan.parent_id, orphan.parent) == (stage.id, None)


async def test_the_capsule_of_a_branch_holds_what_it_inherited(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    [branch] = await grown(stage, 4, OtherSeed())
    await branch.orchestrator.resume()
    await branch.ended()
    for each in (stage, branch):
        capsule = await capsule_of(chimera.store, chimera.scope, each.id)
        assert capsule
        assert replayed(capsule) == as_told(await each.said())
        assert next(len(lines) for lines in replay(capsule)) == (4 if each is branch else 0)


async def test_nine_branches_live_at_once(chimera: Chimera, voice: Voice) -> None:
    stage = await six_lines(chimera)
    breaths = []
    for number in range(9):
        voice.enqueue([f'Branch {number} ', 'goes on.'])
        breaths.append(voice.breathe_after(f'Branch {number} '))
    branches = await grown(stage, 6, *(OtherSeed(seed) for seed in range(100, 109)))
    async with asyncio.timeout(30):
        await asyncio.gather(*(breath.taken.wait() for breath in breaths))
    assert voice.speaking == 9  # all in mid-sentence, none waits for another
    assert {branch.orchestrator.status for branch in branches} == {Status.RUNNING}
    for breath in breaths:
        breath.go.set()
    for branch in branches:
        await branch.ended()
        assert len(await branch.said()) == 16
    assert stage.orchestrator.status == Status.ENDED
    assert len({branch.conversation.difference for branch in branches}) == 9


async def test_ten_thousand_lines_are_copied_within_the_database(chimera: Chimera) -> None:
    original = await hold_conversation(chimera.store, chimera.scope, [f'Line {n}' for n in range(10_000)])
    [branch] = await chimera.runner.branch(chimera.scope, original.id, 9_999, [OtherSeed()])
    copied = await whole_transcript(chimera.store, chimera.scope, branch.id)
    assert [line.text for line in copied] == [f'Line {n}' for n in range(9_999)]
    assert len({line.id for line in copied}) == 9_999
    assert branch.turns == 9_999


async def test_nonsense_is_refused_in_a_sentence_and_grows_nothing(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    iris = stage.orchestrator.participants[0].id
    number = stage.conversation.event_number
    for at, differences, sentence in (
        (7, [OtherSeed()], 'There is no line 7'),
        (0, [OtherSeed()], 'There is no line 0'),
        (4, [], 'grow 1 to 9 branches'),
        (4, [OtherSeed(seed) for seed in range(10)], 'you asked for 10'),
        (4, [OtherSeed(7)], 'That is the seed already'),
        (4, [OtherModel(iris, None)], 'speaks with the default model already'),
        (4, [OtherModel('nobody', 'a/b')], 'Nobody of that kind'),
        (4, [OtherModel(iris, 'x' * 201)], 'The name of a model'),
        (4, [OtherOrder('round_robin')], 'take turns already'),
        (4, [OtherOrder('loudest')], 'no speaker order'),
        (4, [OtherPace(0)], 'the pace already'),
        (4, [OtherPace(99)], 'The pace goes from'),
        (4, [Told('  ')], 'An empty note'),
        (4, [Told('x' * 1_001)], 'That note has 1,001'),
        (4, [Told('Psst', 'nobody')], 'Nobody of that kind'),
        (4, [Told('Psst', turns=0)], 'A note holds for 1 to'),
        (4, [OtherTopic(' ')], 'no other topic'),
        (4, [OtherLimit('max_turns', 0)], 'must be at least 1'),
        (4, [OtherLimit('max_turns', 3)], 'would end before it begins'),
        (4, [OtherLimit('max_fun', 3)], 'no limit “max_fun”'),
        (4, [OtherSeed(-1)], 'A seed is a number'),
        (4, [OtherSeed(1), OtherOrder('urge'), OtherSeed(1)], 'Two of these branches would be the same'),
    ):
        with pytest.raises(Refused, match=sentence):
            await chimera.runner.branch(chimera.scope, stage.id, at, differences)
    assert stage.conversation.event_number == number
    assert await conversations_of(chimera) == [stage.id]


async def test_no_persona_is_left_alone(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    iris = stage.orchestrator.participants[0]
    [branch] = await grown(stage, 4, Without(iris.id))
    [alone] = await grown(branch, 4, Without(branch.orchestrator.participants[1].id))
    with pytest.raises(Refused, match='Without Noor nobody would be left to speak'):
        await grown(alone, 4, Without(alone.orchestrator.participants[2].id))
    with pytest.raises(Refused, match='Nobody of that kind sat there'):
        await grown(branch, 4, Told('Psst', branch.orchestrator.participants[0].id))


async def test_a_line_that_is_being_spoken_is_not_branched_from(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One ', 'two.'])
    breath = voice.breathe_after('One ')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'I have said all I wanted.')
    for number in (1, 2):
        with pytest.raises(Refused, match='Iris is still speaking'):
            await grown(stage, number, OtherSeed())
    breath.go.set()
    await stage.ended()
    [branch] = await grown(stage, 2, OtherSeed())
    assert await branch.texts() == ['One two.', 'I have said all I wanted.']
    assert branch.conversation.turns == 1


async def test_a_running_conversation_goes_on_while_it_is_branched_from(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    voice.enqueue(['First.'], ['One ', 'two.'])
    breath = voice.breathe_after('One ')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    [branch] = await grown(stage, 1, OtherSeed())
    breath.go.set()
    await stage.ended()
    assert (await stage.texts())[:2] == ['First.', 'One two.']
    assert await branch.texts() == ['First.']
    numbers = [event.number for event in await stage.events()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_charlie_grows_nothing_from_what_is_not_his(chimera: Chimera) -> None:
    stage = await six_lines(chimera)
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='There is no such conversation'):
        await chimera.runner.branch(Scope('charlie', 'charlie'), stage.id, 3, [OtherSeed()])
    assert stage.conversation.event_number == number
    assert await conversations_of(chimera) == [stage.id]


DIALS = ('topic', 'seed', 'pace', 'speaker_order', 'format', 'max_turns', 'max_tokens', 'max_minutes')


def common(line: Message) -> dict[str, Any]:
    return {name: value for name, value in line.model_dump().items() if name not in OWN}


async def change(chimera: Chimera, stage: Stage, **columns: Any) -> None:
    async with chimera.store.writing() as session:
        await session.exec(update(Conversation).where(col(Conversation.id) == stage.id).values(**columns))


async def notes_of(chimera: Chimera, conversation_id: str) -> list[Note]:
    async with chimera.store.session() as session:
        return list(await session.exec(select(Note).where(col(Note.conversation_id) == conversation_id)))


async def variants_of(chimera: Chimera, conversation_id: str) -> list[Variant]:
    async with chimera.store.session() as session:
        return list(await session.exec(select(Variant).where(col(Variant.conversation_id) == conversation_id)))


async def conversations_of(chimera: Chimera) -> list[str]:
    cards = await conversations.recent_conversations(chimera.store, chimera.scope)
    return [card.conversation.id for card in cards]


def _variant(message: Message, by: Participant) -> Variant:
    return Variant(
        workspace_id=message.workspace_id, conversation_id=message.conversation_id, message_id=message.id, number=2,
        participant_id=by.id, persona_version_id=by.persona_version_id, speaker=by.name, text='Another answer.',
        prompt_tokens=100, completion_tokens=7,
    )  # fmt: skip


def _note(stage: Stage, text: str, to: str | None, *, given_at: int, turns: int | None = None) -> Note:
    return Note(
        workspace_id=stage.conversation.workspace_id, conversation_id=stage.id, participant_id=to, text=text,
        given_at=given_at, turns=turns,
    )  # fmt: skip

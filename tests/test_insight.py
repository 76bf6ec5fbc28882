"""What the measures say of a conversation: the same whether one watched it live or came afterwards."""

from __future__ import annotations

import asyncio

from app.casting.persona import Persona
from app.chimera import Chimera
from app.live.channel import Happening
from app.live.ear import Ear, first_words
from app.live.insight import Insight
from app.store import conversations, transcripts
from app.store.tables import Message, Participant, State, Status
from tests.cast import ADA, BERT, hold_conversation, message_of
from tests.fixtures_conversation import PATIENCE, Stage, SwiftClock, begin, bring_back, forget
from tests.test_seating import CHEF


async def look(stage: Stage) -> Insight:
    insight = stage.chimera.insights.of(stage.chimera.scope, stage.orchestrator)
    insight.changed.subscribe(lambda: None)
    await insight.settle(PATIENCE)
    return insight


async def until_heard(insight: Insight, lines: int) -> None:
    changed = asyncio.Event()
    insight.changed.subscribe(changed.set)
    async with asyncio.timeout(PATIENCE):
        while len(insight.moments) < lines:
            changed.clear()
            await changed.wait()


async def test_live_and_afterwards_are_the_same(chimera: Chimera, clock: SwiftClock) -> None:
    clock.still = True
    stage = await begin(chimera, pace=1, max_turns=14)
    await stage.turns(1)
    live = await look(stage)
    await stage.orchestrator.speak(chimera.scope, 'Noor, what would you count first?')
    clock.move()
    await stage.ended()
    await until_heard(live, 15)
    chimera.insights.close()
    forget(chimera)

    afterwards = await look(await bring_back(chimera, stage.id))
    assert afterwards is not live
    assert afterwards.moments == live.moments
    assert afterwards.reading == live.reading
    assert afterwards.served == live.served
    assert [moment.number for moment in live.moments] == list(range(1, 16))
    assert live.reading.number == 15
    assert {served.turns for served in live.served.values()} <= {4, 5}


async def test_all_who_look_share_one_and_it_is_forgotten_when_they_go(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    insight = chimera.insights.of(chimera.scope, stage.orchestrator)

    def alice() -> None: ...

    insight.changed.subscribe(alice)
    assert chimera.insights.of(chimera.scope, stage.orchestrator) is insight
    await insight.settle()
    insight.changed.unsubscribe(alice)

    await stage.orchestrator.go_on(1)  # nobody looks at what is said next
    await stage.rests(Status.ENDED)
    assert len(insight.moments) == 2
    assert chimera.insights._kept == {}
    assert len(chimera.channels._listeners[stage.id]) == 1  # only the test's own audience


async def test_a_line_waits_for_the_one_before_it(chimera: Chimera) -> None:
    """Alice speaks while Iris still does: her line ends first and is heard second."""
    conversation = await hold_conversation(chimera.store, chimera.scope, ['One.', 'Two.'])
    iris = (await conversations.participants(chimera.store, chimera.scope, conversation.id))[0]
    third = message_of(iris, 3, conversation_id=conversation.id, text='Three.', state=State.SPEAKING)
    fourth = message_of(iris, 4, conversation_id=conversation.id, text='Four.', state=State.COMPLETE)
    async with chimera.store.writing() as session:
        session.add_all([third, fourth])
    insight = await look(await bring_back(chimera, conversation.id))
    assert [moment.number for moment in insight.moments] == [1, 2]

    third.state = State.COMPLETE
    insight._hear([Happening(9, 'turn_ended', {}, (third,))])
    await insight.settle()
    assert [moment.first_words for moment in insight.moments] == ['One.', 'Two.', 'Three.', 'Four.']


async def test_who_comes_in_later_is_known_without_opening_the_page_anew(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=3)
    await stage.ended()
    live = await look(stage)
    await chimera.wings.bring_in(chimera.scope, stage.orchestrator, CHEF)
    await stage.orchestrator.steering.set_order('round_robin')
    await stage.orchestrator.go_on(8)
    await stage.ended()
    await until_heard(live, 11)
    await live.settle(PATIENCE)
    name = chimera.library.personas[CHEF].name
    assert name in live.served
    chimera.insights.close()
    forget(chimera)
    afterwards = await look(await bring_back(chimera, stage.id))
    assert afterwards.moments == live.moments
    assert afterwards.reading == live.reading


async def test_a_long_transcript_is_read_in_pages(chimera: Chimera) -> None:
    conversation = await hold_conversation(chimera.store, chimera.scope, [f'Line {at} of many.' for at in range(250)])
    insight = await look(await bring_back(chimera, conversation.id))
    assert [moment.number for moment in insight.moments] == list(range(1, 251))
    assert not insight.is_reading
    assert await transcripts.later_messages(chimera.store, chimera.scope, conversation.id, 250) == []


def test_two_guests_of_one_name_are_two() -> None:
    moments = Ear(seats()).hear([said('guest one', 'Ada', 1), said('guest two', 'Ada', 2), said('ada', 'Ada', 3)])
    assert [moment.speaker for moment in moments.moments] == ['Ada (2)', 'Ada (3)', 'Ada']


def test_who_is_called_is_addressed() -> None:
    ear = Ear(seats())
    ear.hear([said('ada', 'Ada', 1, 'Bert, how would you know?', turn=1), said('bert', 'Bert', 2, 'I asked.', turn=2)])
    heard = ear.hear([said('ada', 'Ada', 3, 'I see.', turn=3)])
    assert heard.reading.uptake.answered == 1
    assert heard.reading.floor.transitions == {('Ada', 'Bert'): 1, ('Bert', 'Ada'): 1}


def test_first_words_end_with_a_word() -> None:
    assert first_words('  Two\n lines ') == 'Two lines'
    assert first_words('word, ' * 60).endswith('word …')
    assert len(first_words('x' * 5_000)) <= 92


def seats() -> list[tuple[Participant, Persona]]:
    return [(seat(persona.id, persona.name), persona) for persona in (ADA, BERT)]


def seat(id: str, name: str) -> Participant:
    return Participant(id=id, workspace_id='w', conversation_id='c', seat=1, name=name)


def said(who: str, name: str, number: int, text: str = 'Hello.', turn: int | None = None) -> Message:
    return message_of(seat(who, name), number, text=text, turn=turn, state=State.COMPLETE)

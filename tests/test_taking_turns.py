"""A conversation from its beginning: who is seated, what is refused, who speaks with which model at which pace."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.live.runner import LONGEST_TOPIC
from app.store import conversations
from app.store.scope import Scope
from app.store.tables import State, Status
from tests.fixtures_conversation import IRIS, MILO, NOOR, SwiftClock, Voice, begin, forget


async def test_three_personas_talk_in_turn(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=6)
    await stage.ended()
    said = await stage.said()
    assert [m.speaker for m in said] == ['Iris', 'Milo', 'Noor'] * 2
    assert all(m.text and m.because and m.model == 'demo/scripted' for m in said)
    assert all(m.persona_version_id and m.ended_at for m in said)
    assert [m.speaker for m in stage.orchestrator.transcript] == [m.speaker for m in said]


async def test_everything_that_happens_is_an_event_without_a_gap(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    events = await stage.events()
    assert [e.number for e in events] == list(range(1, len(events) + 1))
    assert [e.kind for e in events] == [
        'created', 'status', 'turn_started', 'turn_ended', 'turn_started', 'turn_ended', 'status',
    ]  # fmt: skip
    assert events[0].payload == {'topic': stage.conversation.topic, 'cast': [IRIS, MILO, NOOR]}
    assert stage.conversation.event_number == len(events)


async def test_the_same_seed_tells_the_same_story(chimera: Chimera) -> None:
    async def story() -> list[tuple[str, str, str | None]]:
        stage = await begin(chimera, max_turns=6, speaker_order='addressed_first', seed=42)
        await stage.ended()
        return [(m.speaker, m.text, m.because) for m in await stage.said()]

    assert await story() == await story()


async def test_nobody_speaks_twice_in_a_row(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=12, speaker_order='addressed_first')
    await stage.ended()
    speakers = [m.speaker for m in await stage.said()]
    assert all(one != other for one, other in pairwise(speakers))


async def test_another_model_from_the_next_turn_on(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('One.', 'Two.', ['Three', '.'])
    breath = voice.breathe_after('Three')
    stage = await begin(chimera, max_turns=6, models={MILO: 'openai/gpt'})
    await breath.taken.wait()
    noor = stage.orchestrator.participants[2]
    await stage.orchestrator.steering.set_model(noor.id, 'anthropic/claude')
    await stage.orchestrator.steering.set_model(stage.orchestrator.participants[1].id, None)
    breath.go.set()
    await stage.ended()
    models = [settings.model for settings in voice.asked]
    assert models == [
        'demo/scripted', 'openai/gpt', 'demo/scripted', 'demo/scripted', 'demo/scripted', 'anthropic/claude',
    ]  # fmt: skip
    assert [m.model for m in await stage.said()] == models
    seated = await conversations.participants(chimera.store, chimera.scope, stage.id)
    assert [p.model for p in seated] == [None, None, 'anthropic/claude']
    with pytest.raises(Refused, match='Nobody of that kind sits here'):
        await stage.orchestrator.steering.set_model('nobody', None)


async def test_the_pace_is_the_pause_between_turns(chimera: Chimera, clock: SwiftClock) -> None:
    stage = await begin(chimera, max_turns=2, pace=2)
    await stage.ended()
    assert 0.6 in clock.slept
    clock.slept.clear()
    await stage.orchestrator.steering.set_pace(0)
    await stage.orchestrator.extend(2)
    await stage.ended()
    assert clock.slept == []
    for wrong in (-1, 11, float('nan')):
        with pytest.raises(Refused, match='The pace goes from 0'):
            await stage.orchestrator.steering.set_pace(wrong)
        with pytest.raises(Refused, match='The pace goes from 0'):
            await begin(chimera, pace=wrong)


async def test_another_title(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1, title='On\x00 forgetting\ud800')
    assert stage.conversation.title == 'On forgetting'
    await stage.orchestrator.steering.rename('  On\n remembering\x00 ' + 'x' * 300)
    kept = await conversations.conversation(chimera.store, chimera.scope, stage.id)
    assert kept
    assert kept.title.startswith('On remembering x')
    assert len(kept.title) == 200
    with pytest.raises(Refused, match='needs a title'):
        await stage.orchestrator.steering.rename(' \n\x00')


@pytest.mark.parametrize(
    ('wanted', 'sentence'),
    [
        ({'topic': ''}, 'What shall they talk about?'),
        ({'topic': ' \n\t\x00\ud800'}, 'What shall they talk about?'),
        ({'topic': 'x' * (LONGEST_TOPIC + 1)}, 'That topic has 2,001 characters; it can have 2,000.'),
        ({'personas': [IRIS]}, 'A conversation takes 2 to 6 different personas; you chose 1.'),
        ({'personas': [IRIS, IRIS]}, 'A conversation takes 2 to 6 different personas; you chose 1.'),
        ({'personas': [IRIS, '../../etc']}, 'There is no persona “../../etc” any more: choose another.'),
        ({'speaker_order': 'loudest'}, 'There is no speaker order “loudest”.'),
    ],
)
async def test_what_cannot_begin_says_why_and_leaves_nothing(
    chimera: Chimera, wanted: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        await begin(chimera, **wanted)
    assert str(refused.value).startswith(sentence)
    assert await conversations.recent_conversations(chimera.store, chimera.scope) == []


@pytest.mark.parametrize(
    ('topic', 'kept'),
    [
        ('<script>alert(1)</script>', '<script>alert(1)</script>'),
        ("'; DROP TABLE message; --", "'; DROP TABLE message; --"),
        ('👨‍👩‍👧 and\u00a0漢字\u3000here', '👨‍👩‍👧 and\u00a0漢字\u3000here'),
        ('a\x00b\x1bc\ud800d', 'abcd'),
        ('{topic} %s {0}', '{topic} %s {0}'),
    ],
)
async def test_a_hostile_topic_is_a_topic(chimera: Chimera, topic: str, kept: str) -> None:
    stage = await begin(chimera, topic=topic, max_turns=3)
    await stage.ended()
    row = await conversations.conversation(chimera.store, chimera.scope, stage.id)
    assert row
    assert row.topic == kept
    assert len(await stage.said()) == 3


async def test_a_stranger_finds_no_conversation(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    stranger = Scope('elsewhere', 'charlie')
    assert await chimera.runner.open(stranger, stage.id) is None
    await chimera.runner.delete(stranger, stage.id)
    assert await chimera.runner.open(chimera.scope, stage.id) is stage.orchestrator
    assert await chimera.runner.open(chimera.scope, 'nowhere') is None


async def test_who_opens_it_at_once_gets_the_same_one(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    forget(chimera)
    opened = await asyncio.gather(*(chimera.runner.open(chimera.scope, stage.id) for _ in range(10)))
    assert len(set(map(id, opened))) == 1


async def test_deleting_in_mid_sentence_leaves_no_row(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time', ' is'])
    breath = voice.breathe_after('Time')
    stage = await begin(chimera)
    other = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    await chimera.runner.delete(chimera.scope, stage.id)
    assert voice.speaking <= 1
    assert await stage.said() == []
    assert await stage.events() == []
    assert await chimera.runner.open(chimera.scope, stage.id) is None
    await other.ended()
    assert len(await other.said()) == 3


async def test_closing_chimera_keeps_what_was_said_and_offers_to_go_on(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is', ' gone'])
    breath = voice.breathe_after('Time is')
    stage = await begin(chimera)
    await breath.taken.wait()
    await chimera.runner.close()
    [message] = await stage.said()
    assert (message.text, message.state) == ('Time is—', State.INTERRUPTED)
    assert message.note == 'Chimera was stopped in mid-sentence.'
    assert stage.orchestrator.status == Status.PAUSED
    assert stage.conversation.stop_reason == 'Chimera was restarted; press Resume to go on.'

"""However a conversation ends, what was said is kept and the reason is told."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.live.channel import Happening, Item
from app.store import conversations
from app.store.tables import State, Status
from tests.fixtures_conversation import SwiftClock, Voice, begin


async def test_it_ends_when_its_turns_are_taken(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=4)
    await stage.ended()
    assert stage.conversation.stop_reason == 'All 4 turns are taken.'
    assert [(m.turn, m.number, m.state) for m in await stage.said()] == [(n, n, State.COMPLETE) for n in range(1, 5)]


async def test_it_ends_before_its_tokens_could_be_passed(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=None, max_tokens=4_000)
    await stage.ended()
    reason = stage.conversation.stop_reason or ''
    assert reason.startswith('The limit of 4,000 tokens allows no further turn: the next could take ')
    said = await stage.said()
    assert len(said) > 1
    assert stage.conversation.tokens == sum(line.prompt_tokens + line.completion_tokens for line in said) <= 4_000


async def test_it_ends_when_its_minutes_are_over(chimera: Chimera, clock: SwiftClock) -> None:
    stage = await begin(chimera, max_turns=None, max_minutes=1, pace=0.1)
    await stage.ended()
    assert stage.conversation.stop_reason == 'The minute is over.'
    typed = max(len(message.text) for message in await stage.said())
    assert 60 <= stage.conversation.seconds < 60 + typed, 'the line it fell into was typed to its end'


async def test_the_reason_outlives_the_process(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    kept = await conversations.conversation(chimera.store, chimera.scope, stage.id)
    assert kept
    assert (kept.status, kept.stop_reason, kept.turns) == (Status.ENDED, 'The one turn is taken.', 1)


async def test_stopping_in_mid_sentence_keeps_what_was_said(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is a ', 'river', ' and never said'])
    breath = voice.breathe_after('river')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.stop()

    assert (stage.conversation.status, stage.conversation.stop_reason) == (Status.ENDED, 'You stopped it.')
    message = (await stage.said())[-1]
    assert (message.text, message.state, message.note) == ('Time is a river', State.STOPPED, 'Stopped in mid-sentence.')
    assert stage.audience.speech(message.id) == message.text
    assert voice.speaking == 0
    assert message.prompt_tokens > 0, 'what was cut off was paid for'
    assert message.completion_tokens > 0


async def test_stopping_while_somebody_thinks(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['', 'too late'])
    breath = voice.breathe_after('')
    stage = await begin(chimera)
    await breath.taken.wait()
    await stage.orchestrator.stop()
    assert [(m.text, m.state) for m in await stage.said()] == [('', State.STOPPED)]


async def test_stopping_between_two_turns(chimera: Chimera, clock: SwiftClock) -> None:
    clock.still = True
    stage = await begin(chimera, pace=1)
    await stage.turns(1)
    await stage.orchestrator.stop()
    clock.move()
    assert [m.state for m in await stage.said()] == [State.COMPLETE]


async def test_more_turns_after_the_end_go_on(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    await stage.orchestrator.extend(3)
    assert (stage.orchestrator.status, stage.conversation.stop_reason) == (Status.RUNNING, None)
    await stage.ended()
    assert stage.conversation.stop_reason == 'All 5 turns are taken.'
    assert [m.turn for m in await stage.said()] == [1, 2, 3, 4, 5]


async def test_more_turns_at_the_last_moment_are_not_forgotten(chimera: Chimera) -> None:
    """Asked for when the last turn has just ended, and before it was seen that it was the last."""
    stage = await begin(chimera, max_turns=1)
    asked: list[asyncio.Task[None]] = []

    def ask(items: list[Item]) -> None:
        if any(isinstance(item, Happening) and item.kind == 'turn_ended' for item in items) and not asked:
            asked.append(asyncio.ensure_future(stage.orchestrator.extend(1)))

    leave = chimera.channels.listen(stage.id, ask)
    await stage.ended()
    leave()
    assert len(await stage.said()) == 2
    assert stage.conversation.stop_reason == 'All 2 turns are taken.'


@pytest.mark.parametrize(('name', 'value', 'sentence'), [
    ('max_turns', 0, 'The limit of turns must be at least 1, or empty for none.'),
    ('max_tokens', -1, 'The limit of tokens must be at least 1, or empty for none.'),
    ('max_minutes', 10**9, 'The limit of minutes can be 10,080 at most, or empty for none.'),
])  # fmt: skip
async def test_a_limit_that_is_none_is_refused(chimera: Chimera, name: str, value: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        await begin(chimera, **{name: value})
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    with pytest.raises(Refused, match=sentence):
        await stage.orchestrator.steering.set_limits(**{name: value})


async def test_what_has_ended_takes_no_more_commands(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    orchestrator = stage.orchestrator
    for command, sentence in (
        (orchestrator.start, 'started already'),
        (orchestrator.pause, 'Nothing is running'),
        (orchestrator.resume, 'is not paused'),
        (orchestrator.step, 'Add turns to go on'),
        (orchestrator.stop, 'ended already'),
        (orchestrator.interrupt, 'Nobody is speaking'),
    ):
        with pytest.raises(Refused, match=sentence):
            await command()
    with pytest.raises(Refused, match='Add turns, then say it'):
        await orchestrator.speak(chimera.scope, 'Wait!')


@pytest.mark.parametrize('moments', range(6))
async def test_a_turn_that_begins_while_chimera_stops_is_ended(chimera: Chimera, voice: Voice, moments: int) -> None:
    voice.hold()
    stage = await begin(chimera)
    await stage.until(lambda: stage.orchestrator.speaking)
    await stage.orchestrator.interrupt()
    await stage.rests(Status.PAUSED)
    await stage.orchestrator.step()
    for _ in range(moments):
        await asyncio.sleep(0)
    await chimera.runner.close()
    said = await stage.said()
    assert [m.model_dump() for m in said] == [m.model_dump() for m in stage.orchestrator.transcript]
    assert not any(m.state == State.SPEAKING for m in said)
    assert stage.conversation.event_number == len(await stage.events())

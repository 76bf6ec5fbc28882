"""The guards at work: what they find leaves a trace for people, and an answer for the room; healthy talk is let be."""

from __future__ import annotations

from itertools import cycle

import pytest

from app.chimera import Chimera
from app.conversation.guards.answers import Grade
from app.conversation.watch import answered
from app.providers.port import Prompt
from app.store.tables import LineKind, Message, Status
from tests.fixtures_conversation import Stage, Voice, begin, bring_back, forget
from tests.talks import HEALTHY

CIRCLE = (
    'The river always finds the sea, and so do we find each other in the end.',
    'And yet the river always finds the sea, and so do we find each other in the end.',
)


async def go_round_in_circles(chimera: Chimera, voice: Voice, turns: int, **wanted: object) -> Stage:
    voice.enqueue(*(line for line, _ in zip(cycle(CIRCLE), range(turns), strict=False)))
    stage = await begin(chimera, max_turns=turns, **wanted)
    await stage.until(lambda: stage.conversation.status in (Status.ENDED, Status.PAUSED))
    return stage


def told(prompt: Prompt) -> str:
    return '\n'.join(message.content for message in prompt.messages)


def traces(said: list[Message]) -> list[str]:
    return [message.text for message in said if message.kind == LineKind.GUARD]


async def test_a_loop_is_found_and_the_next_speaker_is_quietly_asked_to_leave_it(
    chimera: Chimera, voice: Voice
) -> None:
    stage = await go_round_in_circles(chimera, voice, 12)
    first, *_ = traces(await stage.said())
    assert 'The next speaker was quietly asked not to say it again.' in first
    whispers = [number for number, prompt in enumerate(voice.history) if 'goes round in circles' in told(prompt)]
    nudge = next(given for given in answered(stage.orchestrator.record) if given.grade == Grade.NUDGE)
    assert nudge.turn in whispers
    assert nudge.turn + 1 not in whispers, 'it is whispered once'
    assert all(first not in told(prompt) for prompt in voice.history), 'the trace is for people alone'


async def test_what_does_not_help_is_followed_by_more_and_at_last_by_a_pause(chimera: Chimera, voice: Voice) -> None:
    stage = await go_round_in_circles(chimera, voice, 40)
    assert [given.grade for given in answered(stage.orchestrator.record)] == list(Grade)
    assert stage.conversation.status == Status.PAUSED
    assert stage.conversation.stop_reason
    assert stage.conversation.stop_reason.startswith('Paused by a guard.')
    said = await stage.said()
    assert len(traces(said)) == 4
    assert any(m.kind == LineKind.SCENE and m.text.startswith('The talk turns to something else') for m in said)
    asked = next(m for m in said if m.because == 'Was asked to moderate for one turn.')
    assert any(f'{asked.speaker} moderates for one turn.' in trace for trace in traces(said))
    moderating = [prompt for prompt in voice.history if 'You moderate this conversation for one turn.' in told(prompt)]
    assert [prompt.speaker.name for prompt in moderating if prompt.speaker] == [asked.speaker]


async def test_healthy_talk_is_let_be(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(*(spoken.text for spoken in HEALTHY))
    stage = await begin(chimera, max_turns=len(HEALTHY))
    await stage.ended()
    assert traces(await stage.said()) == []


async def test_who_wants_no_guards_has_none(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['The river', ' always finds the sea.'])
    breath = voice.breathe_after('The river')
    stage = await begin(chimera, max_turns=14)
    await breath.taken.wait()
    voice.enqueue(*(line for line, _ in zip(cycle(CIRCLE), range(13), strict=False)))
    await stage.orchestrator.steering.set_guards(False)
    breath.go.set()
    await stage.ended()
    assert traces(await stage.said()) == []


async def test_after_a_restart_it_goes_on_where_it_was(chimera: Chimera, voice: Voice) -> None:
    stage = await go_round_in_circles(chimera, voice, 10)
    before = answered(stage.orchestrator.record)
    assert before
    forget(chimera)
    back = await bring_back(chimera, stage.id)
    assert answered(back.orchestrator.record) == before
    voice.enqueue(*(line for line, _ in zip(cycle(CIRCLE), range(8), strict=False)))
    await back.orchestrator.steering.set_limits(max_turns=18)
    await back.orchestrator.go_on()
    await back.until(lambda: back.conversation.status != Status.RUNNING)
    after = answered(back.orchestrator.record)
    assert after[: len(before)] == before
    assert after[-1].grade > before[-1].grade


@pytest.mark.parametrize('pace', [0, 1])
async def test_a_turn_thought_of_in_advance_is_told_of_it(chimera: Chimera, voice: Voice, pace: float) -> None:
    stage = await go_round_in_circles(chimera, voice, 12, pace=pace)
    nudge = next(given for given in answered(stage.orchestrator.record) if given.grade == Grade.NUDGE)
    prompts = [prompt for prompt in voice.history if nudge.text in told(prompt)]
    assert len(prompts) == 1

"""Dials of how the room talks: what they say to whom, and what they change beside the words."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.dials import MOST, SAYS, TEMPO, TOKENS, Dials, most_tokens, steps_for, tempo_of
from app.conversation.refused import Refused
from tests.fixtures_conversation import Voice, bring_back, forget
from tests.test_notes import goes_on, prompts_with, rested, with_a_guest


def test_every_step_of_every_dial_says_something_of_its_own_and_the_middle_nothing() -> None:
    sentences = [sentence for steps in SAYS.values() for sentence in steps.values()]
    assert all(set(steps) == {-2, -1, 1, 2} for steps in SAYS.values())
    assert len(set(sentences)) == len(sentences) == 20
    assert min(map(len, sentences)) > 40


async def test_the_rooms_dials_are_for_everybody_and_a_personas_come_on_top(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record, [iris, milo, _] = stage.orchestrator.record, stage.orchestrator.participants[:3]
    dials = Dials(record)
    await dials.turn('heat', 1)
    await dials.turn('heat', -2, milo.id)
    await dials.turn('humour', 2)
    await dials.turn('humour', 1, milo.id)
    assert steps_for(record, iris)['heat'] == 1
    assert (steps_for(record, milo)['heat'], steps_for(record, milo)['humour']) == (-1, MOST)
    await goes_on(stage, 3)
    assert prompts_with(voice, SAYS['heat'][1]) == ['Iris', 'Noor']
    assert prompts_with(voice, SAYS['heat'][-1]) == ['Milo']
    assert prompts_with(voice, SAYS['humour'][2]) == ['Iris', 'Milo', 'Noor']
    assert prompts_with(voice, SAYS['depth'][1]) == []


async def test_a_dial_back_at_the_middle_leaves_no_trace(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    dials, iris = Dials(stage.orchestrator.record), stage.orchestrator.participants[0]
    for id in (None, iris.id):
        await dials.turn('depth', 2, id)
        await dials.turn('depth', 0, id)
    assert 'dials' not in stage.conversation.settings
    assert 'dials' not in iris.settings
    await goes_on(stage, 3)
    assert prompts_with(voice, 'The director asks of this line') == []


async def test_length_bounds_the_answer_and_pace_the_typing(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record, iris = stage.orchestrator.record, stage.orchestrator.participants[0]
    dials = Dials(record)
    assert (most_tokens(record, iris), tempo_of(record, iris, 40)) == (None, 40)
    await dials.turn('length', -2)
    await dials.turn('pace', 2, iris.id)
    assert (most_tokens(record, iris), tempo_of(record, iris, 40)) == (TOKENS[-2], 40 * TEMPO[2])
    await goes_on(stage, 1)
    assert voice.asked[-1].max_tokens == TOKENS[-2]


async def test_dials_outlive_a_restart_and_name_themselves_in_their_events(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    iris = stage.orchestrator.participants[0]
    await Dials(stage.orchestrator.record).turn('pace', -1)
    await Dials(stage.orchestrator.record).turn('heat', 2, iris.id)
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    record = again.orchestrator.record
    assert steps_for(record, record.participants[0]) == {'heat': 2, 'depth': 0, 'humour': 0, 'length': 0, 'pace': -1}
    assert [event.payload for event in await again.events() if event.kind == 'dial'] == [
        {'dial': 'pace', 'value': -1},
        {'dial': 'heat', 'value': 2, 'participant_id': iris.id},
    ]


async def test_nonsense_is_refused_in_a_sentence_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await with_a_guest(chimera, voice)
    record = stage.orchestrator.record
    dials, human = Dials(record), next(p for p in record.participants if p.kind == 'human')
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='no dial'):
        await dials.turn('volume', 1)
    with pytest.raises(Refused, match='from -2 to 2'):
        await dials.turn('heat', 3)
    with pytest.raises(Refused, match='is no persona'):
        await dials.turn('heat', 1, human.id)
    with pytest.raises(Refused, match='Nobody of that kind'):
        await dials.turn('heat', 1, 'nobody')
    assert stage.conversation.event_number == number

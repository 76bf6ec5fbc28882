"""What a person may lay down about the floor while the conversation goes on."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.floor import bids
from app.conversation.limits import UNTIL_DONE
from app.conversation.refused import Refused
from app.conversation.speaker_order import VETO
from app.conversation.watch import OFF
from app.store.tables import Status
from tests.fixtures_conversation import Voice, begin, bring_back, forget


async def test_who_is_called_on_speaks_next_and_once(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One ', 'two.'])
    breath = voice.breathe_after('One ')
    stage = await begin(chimera, max_turns=4)
    await breath.taken.wait()
    third = stage.orchestrator.participants[2]
    await stage.orchestrator.steering.call_on(third.id)
    breath.go.set()
    await stage.ended()
    said = await stage.said()
    assert said[1].participant_id == third.id
    assert said[1].because == 'Was called on by you.'
    assert said[2].participant_id != third.id
    assert 'called' not in third.settings


async def test_who_is_muted_never_speaks_and_may_again_later(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    steering, [first, second, third] = stage.orchestrator.steering, stage.orchestrator.participants
    await steering.mute(second.id, True)
    await stage.orchestrator.extend(5)
    await stage.ended()
    assert second.id not in {message.participant_id for message in await stage.said()}
    await steering.mute(second.id, False)
    await steering.mute(first.id, True)
    await stage.orchestrator.extend(2)
    await stage.ended()
    assert {message.participant_id for message in (await stage.said())[-2:]} == {second.id, third.id}


async def test_when_all_are_muted_the_room_waits_and_says_so(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    for participant in stage.orchestrator.participants:
        await stage.orchestrator.steering.mute(participant.id, True)
    await stage.orchestrator.extend(3)
    await stage.rests(Status.PAUSED)
    assert stage.conversation.stop_reason == 'Nobody here may speak: let at least one of them.'
    await stage.orchestrator.steering.mute(stage.orchestrator.participants[0].id, False)
    await stage.orchestrator.resume()
    await stage.ended()


async def test_a_boost_shows_in_the_bid_and_outlives_a_restart(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1, speaker_order='urge')
    await stage.ended()
    spoke = (await stage.said())[0].participant_id
    quiet, silenced = [each for each in stage.orchestrator.participants if each.id != spoke]
    await stage.orchestrator.steering.boost(quiet.id, 3)
    await stage.orchestrator.steering.mute(silenced.id, True)
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    heard = bids(again.orchestrator.record)
    assert heard
    assert heard.choice.seat.participant.id == quiet.id
    assert {bid.seat.participant.id: bid.strength for bid in heard.bids}[silenced.id] == VETO


async def test_the_order_can_be_changed_on_the_way(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    assert bids(stage.orchestrator.record) is None
    await stage.orchestrator.steering.set_order('urge')
    assert bids(stage.orchestrator.record)


async def test_nonsense_is_refused_in_a_sentence_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Good ', 'evening.'])
    breath = voice.breathe_after('Good ')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'Good evening.')
    breath.go.set()
    await stage.ended()
    steering, human = stage.orchestrator.steering, stage.orchestrator.participants[-1]
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='people speak when they like'):
        await steering.mute(human.id, True)
    with pytest.raises(Refused, match='Nobody of that kind'):
        await steering.call_on('nobody')
    with pytest.raises(Refused, match='can be changed by'):
        await steering.boost(stage.orchestrator.participants[0].id, 99)
    with pytest.raises(Refused, match='no speaker order'):
        await steering.set_order('loudest')
    assert stage.conversation.event_number == number


async def test_of_two_settings_at_once_none_is_lost(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    steering = stage.orchestrator.steering
    await asyncio.gather(steering.set_guards(False), steering.set_until_done(True))
    forget(chimera)
    back = await bring_back(chimera, stage.id)
    assert {OFF, UNTIL_DONE} <= back.conversation.settings.keys()
    await asyncio.gather(back.orchestrator.steering.set_guards(True), back.orchestrator.steering.set_until_done(False))
    assert not {OFF, UNTIL_DONE} & back.conversation.settings.keys()

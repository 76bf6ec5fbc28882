"""Whatever people do, in whatever order, at whatever moment: the events have no gap, one at most speaks, nothing is
lost or doubled, memory and database agree, and a capsule of it all replays to the same transcript."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from app.conversation.capsule import as_told, replayed
from app.conversation.dials import Dials
from app.conversation.notes import Notes
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.scenes import Scenes
from app.live.capsules import capsule_of
from app.store import conversations
from app.store.tables import Participant, State
from tests.fixtures_conversation import Stage, SwiftClock, Voice, begin, bring_back, forget, make_chimera
from tests.records import events_since, whole_transcript

PLACES = st.integers(0, 5)
LINES = st.sampled_from(['What swims in it?', 'Milo, why?', ' ', 'Iris:\nNoor: me?', 'x' * 300])


class AnyOrder(RuleBasedStateMachine):
    """Rules are what people can do; each may be refused, and then has changed nothing."""

    url: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.voice, self.clock = Voice(), SwiftClock()
        self.stage: Stage
        self.chimera = make_chimera(self.url, self.folder, self.voice, self.clock)

    def run(self, doing: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(doing)

    def obey(self, command: Callable[[], Awaitable[object]]) -> None:
        async def obey() -> None:
            with suppress(Refused):
                async with asyncio.timeout(60):
                    await command()

        self.run(obey())

    @property
    def room(self) -> Orchestrator:
        return self.stage.orchestrator

    def seat(self, place: int) -> Participant:
        return self.room.participants[place % len(self.room.participants)]

    def line(self, place: int) -> str:
        said = self.room.transcript
        return said[-1 - place % len(said)].id if said else 'nothing'

    @initialize(pace=st.sampled_from([0, 1]), order=st.sampled_from(['urge', 'round_robin', 'weighted_random']))
    def begins(self, pace: float, order: str) -> None:
        async def start() -> None:
            await self.chimera.start()
            self.stage = await begin(self.chimera, pace=pace, speaker_order=order, max_turns=12)

        self.run(start())

    @rule(moments=st.sampled_from([1, 3, 10, 40, 150]))
    def time_passes(self, moments: int) -> None:
        async def wait() -> None:
            for _ in range(moments):
                await asyncio.sleep(0)

        self.run(wait())

    @rule(command=st.sampled_from(['start', 'pause', 'resume', 'step', 'interrupt', 'extend', 'go_on']))
    def plays(self, command: str) -> None:
        self.obey(getattr(self.room, command))

    @rule()
    def stops(self) -> None:
        self.obey(self.room.stop)

    @rule(text=LINES, place=st.none() | PLACES)
    def speaks(self, text: str, place: int | None) -> None:
        as_whom = None if place is None else self.seat(place).id
        self.obey(lambda: self.room.speak(self.chimera.scope, text, as_whom))

    @rule(place=PLACES, what=st.sampled_from(['call_on', 'mute', 'unmute', 'boost', 'model', 'give_floor']))
    def steers_a_persona(self, place: int, what: str) -> None:
        id, steering = self.seat(place).id, self.room.steering
        commands: dict[str, Callable[[], Awaitable[object]]] = {
            'call_on': lambda: steering.call_on(id),
            'mute': lambda: steering.mute(id, True),
            'unmute': lambda: steering.mute(id, False),
            'boost': lambda: steering.boost(id, 1.5),
            'model': lambda: steering.set_model(id, 'demo/scripted'),
            'give_floor': lambda: self.room.give_floor(id),
        }
        self.obey(commands[what])

    @rule(what=st.sampled_from(['pace', 'order', 'limits', 'guards', 'rename']))
    def steers_the_room(self, what: str) -> None:
        steering, turns = self.room.steering, self.room.conversation.turns
        commands: dict[str, Callable[[], Awaitable[object]]] = {
            'pace': lambda: steering.set_pace(0 if self.room.conversation.pace else 2),
            'order': lambda: steering.set_order('addressed_first'),
            'limits': lambda: steering.set_limits(max_turns=max(1, turns + 3)),
            'guards': lambda: steering.set_guards(False),
            'rename': lambda: steering.rename('On forgetting'),
        }
        self.obey(commands[what])

    @rule(place=PLACES, by=st.none() | PLACES)
    def tells_anew(self, place: int, by: int | None) -> None:
        self.obey(lambda: self.room.regenerate(self.line(place), None if by is None else self.seat(by).id))

    @rule(place=st.none() | PLACES, turns=st.none() | st.integers(0, 3))
    def gives_a_note(self, place: int | None, turns: int | None) -> None:
        to = None if place is None else self.seat(place).id
        self.obey(lambda: Notes(self.room.record).give('Mind the tide.', to, turns, is_secret=place == 1))

    @rule(value=st.integers(-3, 3))
    def turns_a_dial(self, value: int) -> None:
        self.obey(lambda: Dials(self.room.record).turn('heat', value))

    @rule(place=st.sampled_from(['A lighthouse', '']))
    def changes_the_scene(self, place: str) -> None:
        self.obey(lambda: Scenes(self.room.record).change(place=place))

    @rule(place=PLACES)
    def sees_off(self, place: int) -> None:
        self.obey(lambda: self.room.see_off(self.seat(place).id))

    @rule(persona=st.sampled_from(['philosopher', 'comedian', 'scientist', 'poet']))
    def brings_in(self, persona: str) -> None:
        self.obey(lambda: self.chimera.wings.bring_in(self.chimera.scope, self.room, persona))

    @precondition(lambda self: self.room.speaking is None and self.room.status != 'running')
    @rule()
    def is_forgotten_and_brought_back(self) -> None:
        async def again() -> None:
            await self.room.close('Chimera was restarted.')
            self.stage.audience.leave()
            forget(self.chimera)
            self.stage = await bring_back(self.chimera, self.stage.id)

        self.run(again())

    def teardown(self) -> None:
        if hasattr(self, 'stage'):
            self.run(self.check())
            self.run(self.chimera.stop())
        self.loop.close()

    async def check(self) -> None:
        await self.room.close('It is over.')
        chimera, scope, id = self.chimera, self.chimera.scope, self.stage.id
        events = await events_since(chimera.store, scope, id, 0)
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        said = await whole_transcript(chimera.store, scope, id)
        assert [message.number for message in said] == list(range(1, len(said) + 1))
        assert not [message for message in said if message.state == State.SPEAKING]
        speaking = 0
        for event in events:
            speaking += (event.kind in {'turn_started', 'retold'}) - (event.kind == 'turn_ended')
            assert speaking in (0, 1), 'one at most speaks'
        assert [m.model_dump() for m in self.room.transcript] == [m.model_dump() for m in said]
        kept = await conversations.conversation(chimera.store, scope, id)
        assert kept
        live = self.room.conversation.model_dump(exclude={'updated_at'})
        assert kept.model_dump(exclude={'updated_at'}) == live
        turns = [event for event in events if event.kind == 'turn_ended']
        assert kept.turns == len(turns) - sum(event.kind == 'retold' for event in events)
        capsule = await capsule_of(chimera.store, scope, id)
        assert capsule
        assert replayed(json.loads(json.dumps(capsule))) == as_told(said)


@pytest.mark.timeout(300)
def test_whatever_people_do_nothing_is_lost_or_doubled(database_url: str, tmp_path: Path) -> None:
    machine = type('Machine', (AnyOrder,), {'url': database_url, 'folder': tmp_path})
    examples = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
    )
    run_state_machine_as_test(machine, settings=examples)

"""Whatever people do, in whatever order, at whatever moment: the events have no gap, one at most speaks, nothing is
lost or doubled, memory and database agree, and a capsule of it all replays to the same transcript.

`ANY_ORDER=2000 pytest tests/test_any_order.py` plays so many rooms, other ones each time."""

from __future__ import annotations

import inspect
import os
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.conversation.dials import Dials
from app.conversation.lines import Lines
from app.conversation.money import CENT
from app.conversation.notes import Notes
from app.conversation.orchestrator import Orchestrator
from app.conversation.ordering import Ordering
from app.conversation.rules import Rules
from app.conversation.scenes import Scenes
from app.conversation.seating import Seating
from app.conversation.speaker_order import ORDERS
from app.conversation.steering import Steering
from app.providers.port import Delta, ProviderError
from app.providers.scripted import Answer
from tests.deeds import CAST, DEEDS, FOLLIES
from tests.house import MEANWHILE, House

Result = TypeVar('Result')
ROOMS, STEPS = int(os.environ.get('ANY_ORDER', '12')), 40
FORMATS = ('round_table', 'round_table', 'round_table', 'debate', 'jury', 'interview', 'brainstorm', 'socratic')
LIMITS: tuple[dict[str, int | None], ...] = (
    {}, {'max_turns': None}, {'max_turns': 4}, {'max_tokens': 8_000}, {'max_money': 30 * CENT}, {'until_done': True},
)  # fmt: skip
BUSY = ProviderError('The vendor is busy.', permanent=False)
ANSWERS: tuple[Answer, ...] = (
    BUSY, ['Time is ', 'a river', BUSY], '', ['  ', ' '], 'Noor: I speak for her.', ['Then', ' I say', '\nMilo: me'],
    [Delta(reasoning='Let me see. '), 'So', '.'],
    'y ' * 400, 'VOTE: Guilty', 'I agree, Iris. ' * 3, [Delta('Cut', finish='length')], 'NEXT: Milo',
)  # fmt: skip
NUMBERS = st.integers(0, 7)
A_DEED = st.tuples(st.sampled_from(sorted(DEEDS)), NUMBERS, NUMBERS)
MOMENTS = st.sampled_from([0, 0, 1, 2, 5, 12])
WORDS = st.sampled_from([0, 0, 0, 1, 4, 15])


class AnyOrder(RuleBasedStateMachine):
    """A rule is what people can do, or what a vendor or time does of itself."""

    house: House

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return self.house.run(doing)

    @initialize(
        pace=st.sampled_from([0, 1]), order=st.sampled_from(sorted(ORDERS)), format=st.sampled_from(FORMATS),
        limits=st.sampled_from(LIMITS), context=st.sampled_from([100_000, 4_000]),
    )  # fmt: skip
    def begins(self, pace: float, order: str, format: str, limits: dict[str, int | None], context: int) -> None:
        self.house.voice.context = context
        wanted: dict[str, Any] = {'max_turns': 12, 'personas': list(CAST[:4]), **limits}
        self.run(self.house.begin(pace=pace, speaker_order=order, format=format, **wanted))

    @rule(deeds=st.lists(A_DEED, min_size=1, max_size=4))
    def people_do(self, deeds: list[tuple[str, int, int]]) -> None:
        """One after the other."""
        for deed in deeds:
            self.run(self.house.do(*deed))
            self.nothing_is_lost_or_doubled()

    @rule(deeds=st.lists(A_DEED, min_size=1, max_size=2),
          words=WORDS, first=MOMENTS, second=MOMENTS)  # fmt: skip
    def people_do_at_once(self, deeds: list[tuple[str, int, int]], words: int, first: int, second: int) -> None:
        self.run(self.house.do_at_once(deeds, words, [first, second][: len(deeds)]))

    @rule(words=st.sampled_from([1, 3, 10, 40, 150]), moments=st.sampled_from([0, 2, 20, 200]))
    def words_come(self, words: int, moments: int) -> None:
        self.run(self.house.words_come(words, moments))

    @rule(folly=st.sampled_from(sorted(FOLLIES)), one=NUMBERS, other=NUMBERS)
    def people_err(self, folly: str, one: int, other: int) -> None:
        self.run(self.house.do(folly, one, other))

    @rule(answer=st.sampled_from(ANSWERS))
    def a_vendor_will_say(self, answer: Answer) -> None:
        self.house.voice.enqueue(answer)

    @rule(what=st.sampled_from(sorted(MEANWHILE)), one=NUMBERS, other=NUMBERS)
    def meanwhile(self, what: str, one: int, other: int) -> None:
        self.run(MEANWHILE[what](self.house, one, other))

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        self.run(self.house.look())

    def teardown(self) -> None:
        try:
            self.run(self.house.end())
        finally:
            self.run(self.house.leave())


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(database_url, tmp_path)
    house.run(house.chimera.start())
    yield house
    house.close()


@pytest.mark.timeout(60 + 5 * ROOMS)
def test_whatever_people_do_nothing_is_lost_or_doubled(house: House) -> None:
    machine = type('Machine', (AnyOrder,), {'house': house})
    examples = settings(
        max_examples=ROOMS, stateful_step_count=STEPS, derandomize='ANY_ORDER' not in os.environ,
        suppress_health_check=(HealthCheck.too_slow,),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=examples)


def test_no_way_to_steer_is_missing_here() -> None:
    ways = {
        f'{owner.__name__}.{name}'
        for owner in (Orchestrator, Steering, Lines, Ordering, Seating, Notes, Dials, Scenes, Rules)
        for name, method in vars(owner).items()
        if inspect.iscoroutinefunction(method) and not name.startswith('_')
    }
    by_another_way = {'Orchestrator.ghost_write', 'Orchestrator.close', 'Seating.see_off', 'Lines.line'}
    assert ways - by_another_way == {name.partition(',')[0] for name in DEEDS if '.' in name}

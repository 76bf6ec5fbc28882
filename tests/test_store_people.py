"""Alice comes home."""

from __future__ import annotations

import asyncio

from app.store import people as who
from app.store.store import Store
from tests.cast import People


async def test_the_first_run_makes_a_home_and_the_next_one_finds_it(store: Store) -> None:
    first = await who.home(store)
    assert await who.home(store) == first
    you = await who.person(store, first)
    assert you
    assert you.name == 'Guest'


async def test_two_first_runs_at_once_make_one_home(store: Store) -> None:
    homes = await asyncio.gather(*(who.home(store) for _ in range(4)))
    assert len(set(homes)) == 1


async def test_alice_takes_a_name(store: Store, people: People) -> None:
    assert await who.rename_person(store, people.alice, 'Алиса')
    alice = await who.person(store, people.alice)
    assert alice
    assert alice.name == 'Алиса'


async def test_home_stays_alices_when_others_move_in(store: Store, people: People) -> None:
    assert await who.home(store) == people.alice

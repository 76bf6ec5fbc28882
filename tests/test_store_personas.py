"""What a persona was when it spoke is written down once and never changes."""

from __future__ import annotations

import asyncio

from app.casting.persona import Persona
from app.store.personas import remember_version, versions
from app.store.store import Store
from tests.cast import ADA, BERT, People

OLDER_ADA = ADA.model_copy(update={'tagline': 'Counts twice before she speaks', 'name': 'Ada L.'})


async def test_the_same_character_is_the_same_version(store: Store, people: People) -> None:
    first = await remember_version(store, people.alice, ADA)
    again = await remember_version(store, people.alice, Persona.model_validate(ADA.model_dump()))
    assert (again.id, again.number) == (first.id, 1)


async def test_an_edit_makes_a_new_version_and_keeps_the_old(store: Store, people: People) -> None:
    young = await remember_version(store, people.alice, ADA)
    older = await remember_version(store, people.alice, OLDER_ADA)

    assert (older.persona_id, older.number) == (young.persona_id, 2)
    found = await versions(store, people.alice, [young.id, older.id, None])
    assert Persona.model_validate(found[young.id].definition) == ADA
    assert Persona.model_validate(found[older.id].definition) == OLDER_ADA


async def test_an_edit_undone_is_the_old_version_again(store: Store, people: People) -> None:
    young = await remember_version(store, people.alice, ADA)
    await remember_version(store, people.alice, OLDER_ADA)
    assert (await remember_version(store, people.alice, ADA)).id == young.id


async def test_many_who_remember_at_once_remember_one_version(store: Store, people: People) -> None:
    remembered = await asyncio.gather(
        *(remember_version(store, people.alice, persona) for persona in [ADA, BERT, OLDER_ADA] * 5)
    )
    assert len({version.id for version in remembered}) == 3
    adas = {version.number for version in remembered if version.definition['id'] == 'ada'}
    assert adas == {1, 2}


async def test_each_workspace_has_its_own(store: Store, people: People) -> None:
    hers = await remember_version(store, people.alice, ADA)
    his = await remember_version(store, people.charlie, ADA)
    assert hers.id != his.id
    assert hers.persona_id != his.persona_id

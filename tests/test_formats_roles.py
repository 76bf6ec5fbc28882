"""Who gets which role: wishes first, secrets by lot, the rest by seat; and what is said when the cast does not fit."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversation.formats.company import GOAL, ROLE, company_of
from app.conversation.formats.dealing import assign_roles, cast_fault, foreseen, role_for_newcomer
from app.conversation.formats.seats import possible_casts, seats_for
from app.conversation.formats.shelf import Formats
from app.conversation.refused import Refused
from app.store.tables import Kind, now
from tests.troupe import cast_of, format_of, seat

SHIPPED = Formats().shelf.formats


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(SHIPPED)), st.integers(), st.data())
def test_everybody_has_one_role_and_every_role_its_seats(id: str, seed: int, data: st.DataObject) -> None:
    format = SHIPPED[id]
    size = data.draw(st.sampled_from(possible_casts(format)))
    roles = assign_roles(format, cast_of(size), seed)
    assert list(roles) == [p.id for p in cast_of(size)]
    seats = seats_for(format, size)
    assert seats
    assert Counter(roles.values()) == Counter(seats)
    assert assign_roles(format, cast_of(size), seed) == roles
    open_roles = [role for role in roles.values() if not format.role(role).is_hidden]  # pyright: ignore
    assert open_roles == [role.id for role in format.roles if not role.is_hidden for _ in range(seats[role.id])]


def test_who_is_a_wolf_is_a_matter_of_the_seed() -> None:
    deals = [assign_roles(SHIPPED['werewolf'], cast_of(8), seed) for seed in range(40)]
    assert {id for deal in deals for id, role in deal.items() if role == 'wolf'} == {p.id for p in cast_of(8)}
    assert all(Counter(deal.values())['wolf'] == 2 for deal in deals)


def test_wishes_come_first() -> None:
    roles = assign_roles(SHIPPED['debate'], seat('Ada', 'Bert', 'Cleo'), 1, {'cleo': 'proposer'})
    assert roles == {'ada': 'opposer', 'bert': 'floor', 'cleo': 'proposer'}


def test_a_person_plays_only_when_asked_to_and_who_left_does_not() -> None:
    cast = seat('Ada', 'Bert', 'Cleo', people=['Alice', 'Bob'])
    cast[1].left_at = now()
    roles = assign_roles(SHIPPED['interview'], cast, 1, {'alice': 'interviewer'})
    assert roles == {'ada': 'guest', 'cleo': 'guest', 'alice': 'interviewer'}


def test_the_narrator_has_no_part() -> None:
    cast = seat('Ada', 'Bert', 'Nobody')
    cast[2].kind = Kind.NARRATOR
    assert set(assign_roles(SHIPPED['debate'], cast, 1)) == {'ada', 'bert'}
    assert 'nobody' not in company_of(cast).names


@pytest.mark.parametrize(
    ('id', 'size', 'sentence'),
    [
        ('werewolf', 3, '“Werewolves” needs at least 5, and 3 are here: add 2 more.'),
        ('debate', 1, '“Debate” needs at least 2, and only one is here: add 1 more.'),
        ('round_table', 0, '“Round table” needs at least 1, and nobody is here: add 1 more.'),
        ('interview', 7, '“Interview” has room for 5, and 7 are here: leave 2 out.'),
    ],
)
def test_a_cast_that_does_not_fit_is_told_so(id: str, size: int, sentence: str) -> None:
    assert cast_fault(SHIPPED[id], size) == sentence
    with pytest.raises(Refused) as refused:
        assign_roles(SHIPPED[id], cast_of(size), 1)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ('wanted', 'sentence'),
    [
        ({'ada': 'judge'}, '“Debate” has no role “judge” for Ada.'),
        ({'zoe': 'floor'}, 'A role is meant for somebody who is not in this conversation.'),
        (
            {'ada': 'proposer', 'bert': 'proposer'},
            'Of this cast only 1 can be “the proposer”, and it is wanted for Ada and Bert.',
        ),
        (
            {'ada': 'floor', 'bert': 'floor', 'cleo': 'floor'},
            '“Debate” cannot seat 3 like this: choose other roles, or another number.',
        ),
    ],
)
def test_wishes_that_cannot_be_had_are_refused(wanted: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        assign_roles(SHIPPED['debate'], seat('Ada', 'Bert', 'Cleo'), 1, wanted)
    assert str(refused.value) == sentence


def test_two_roles_that_share_the_rest_get_the_same() -> None:
    sides = format_of("""
name: Sides
tagline: Two teams.
description: For the test.
roles:
  - {id: red, name: red}
  - {id: blue, name: blue, most: 3}
phases:
  - {id: talk, name: Talk, ends: {turns: 4}}
""")
    assert seats_for(sides, 5) == {'red': 3, 'blue': 2}
    assert seats_for(sides, 9) == {'red': 6, 'blue': 3}
    assert seats_for(sides, 1) is None


def test_a_newcomer_joins_the_rest_where_that_gives_nothing_away() -> None:
    assert role_for_newcomer(SHIPPED['debate'], {'ada': 'proposer'}) == 'floor'
    assert role_for_newcomer(SHIPPED['werewolf'], {}) is None
    assert role_for_newcomer(SHIPPED['interview'], {str(i): 'guest' for i in range(4)}) is None


def test_roles_and_goals_are_read_from_the_seats_they_are_kept_on() -> None:
    cast = seat('Ada', 'Bert', people=['Alice'])
    cast[0].settings = {ROLE: 'proposer', GOAL: 'Be thanked by Bert.'}
    company = company_of(cast, aliases={'ada': ['the mathematician']})
    assert company.roles == {'ada': 'proposer'}
    assert company.goals == {'ada': 'Be thanked by Bert.'}
    assert company.names['ada'] == ('Ada', 'the mathematician')
    assert company.people == {'alice'}


def test_what_would_be_dealt_is_told_but_for_what_the_lot_decides() -> None:
    cast = {'ada': 'Ada', 'bert': 'Bert', 'cleo': 'Cleo', 'dora': 'Dora', 'emil': 'Emil'}
    three = dict(list(cast.items())[:3])
    assert foreseen(SHIPPED['debate'], three, {}) == {'ada': 'proposer', 'bert': 'opposer', 'cleo': 'floor'}
    assert foreseen(SHIPPED['debate'], three, {'cleo': 'proposer'})['ada'] == 'opposer'
    assert set(foreseen(SHIPPED['werewolf'], cast, {}).values()) == {None}
    assert foreseen(SHIPPED['werewolf'], cast, {'bert': 'seer'}) == dict.fromkeys(cast) | {'bert': 'seer'}
    with pytest.raises(Refused, match='only 1 can be “the proposer”'):
        foreseen(SHIPPED['debate'], three, {'ada': 'proposer', 'bert': 'proposer'})

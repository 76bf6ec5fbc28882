"""How votes are read from lines, cast by button, counted and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversation.formats.ballots import read_vote
from app.conversation.formats.floor import floor_of
from app.conversation.formats.play import advance
from app.conversation.formats.progress import Step
from app.conversation.formats.telling import told
from app.store.tables import Message
from tests.troupe import Play, format_of, line, seat, votes_well

PEOPLE = {'1': ('Iris', 'philosopher'), '2': ('Milo', 'comedian'), '3': ('Grandpa Joe',)}
VERDICTS = {'guilty': ('Guilty', 'guilty'), 'not_guilty': ('Not guilty', 'not_guilty')}

TEMPLATE = """
name: A vote
tagline: For the test.
description: For the test.
roles:
  - {{id: voter, name: a voter, known_to: []}}
phases:
  - id: vote
    name: The vote
    vote:
      question: Who?
      {vote}
    then:
      - when: {{decided: yes}}
        end: '{{winner}}, {{votes}}'
      - end: undecided
"""


@pytest.mark.parametrize(
    ('text', 'choice'),
    [
        ('I have thought.\nVOTE: Iris', '1'),
        ('VOTE: iris.', '1'),
        ('**VOTE: Iris**', '1'),
        ('**Vote:** *Milo*', '2'),
        ('Enough. VOTE: “Milo”', '2'),
        ('[VOTE: [Grandpa Joe]]', '3'),
        ('VOTE:\nMilo', '2'),
        ('VOTE：Milo', '2'),
        ('Vote: the comedian', '2'),
        ('VOTE: Milo, because he laughed', '2'),
        ('VOTE: Iris\nNo, wait.\nVOTE: Milo', '2'),
        ('VOTE: nobody', None),
        ('VOTE: No one.', None),
        ('I abstain', ''),
        ('VOTE: Iris or Milo', ''),
        ('VOTE: not Iris', ''),
        ('VOTE: anyone but Milo', ''),
        ('VOTE: Irisa', ''),
        ('VOTE: [your choice]', ''),
        ('VOTE:', ''),
        ('I would vote for Iris.', ''),
        ('', ''),
    ],
)
def test_a_vote_is_read_from_the_end_of_a_line(text: str, choice: str | None) -> None:
    assert read_vote(text, PEOPLE) == choice


@pytest.mark.parametrize(
    ('text', 'choice'),
    [
        ('VOTE: Guilty', 'guilty'),
        ('VOTE: Not guilty.', 'not_guilty'),
        ('VOTE: Not guilty, on what was shown.', 'not_guilty'),
        ('VOTE: guilty, there is no doubt', 'guilty'),
        ('VOTE: not_guilty', 'not_guilty'),
        ('VOTE: I do not know, guilty perhaps', ''),
    ],
)
def test_not_guilty_is_never_heard_as_guilty(text: str, choice: str) -> None:
    assert read_vote(text, VERDICTS) == choice


@given(st.text())
def test_whatever_is_said_is_read_as_something_that_can_be_voted_for(text: str) -> None:
    assert read_vote(f'VOTE: {text}', PEOPLE) in {'1', '2', '3', None, ''}


def cast_votes(vote: str, said: Mapping[str, str], by_hand: Mapping[str, str] | None = None) -> Step | None:
    play = Play(format_of(TEMPLATE.format(vote=vote)), seat('Ada', 'Bert', 'Cleo', 'Dora'), votes_well)
    lines = [line(who, f'VOTE: {whom}' if whom else 'Hm.') for who, whom in said.items()]
    return advance(play.format, play.progress, play.company, lines, by_hand or {})


ALL = {'ada': 'Bert', 'bert': 'Cleo', 'cleo': 'Bert', 'dora': 'nobody'}
EVEN = {'ada': 'Bert', 'bert': 'Ada', 'cleo': 'Bert', 'dora': 'Ada'}


def ended(step: Step | None) -> str | None:
    return step.ended if step else 'goes on'


def test_most_votes_win_and_the_outcome_is_said() -> None:
    step = cast_votes('own: no', ALL)
    assert ended(step) == 'Bert, Bert 2, Cleo 1'
    assert step
    assert [said.text for said in step.announcements] == ['Bert 2, Cleo 1: Bert it is.']
    assert step.progress.tallies[0].ballots == {'ada': 'bert', 'bert': 'cleo', 'cleo': 'bert', 'dora': None}


def test_a_tie_decides_nothing_unless_by_lot() -> None:
    assert ended(cast_votes('own: no', EVEN)) == 'undecided'
    by_lot = ended(cast_votes('ties: lot', EVEN))
    assert by_lot in {'Bert, Bert 2, Ada 2', 'Ada, Bert 2, Ada 2'}
    assert ended(cast_votes('ties: lot', EVEN)) == by_lot


def test_a_majority_is_more_than_half_of_the_votes_that_were_cast() -> None:
    assert ended(cast_votes('wins: majority', ALL)) == 'Bert, Bert 2, Cleo 1'
    assert ended(cast_votes('wins: majority', {**ALL, 'dora': 'Ada'})) == 'undecided'


def test_all_is_everybody_who_has_a_vote() -> None:
    assert ended(cast_votes('wins: all\n      own: yes', dict.fromkeys(ALL, 'Ada'))) == 'Ada, Ada 4'
    assert (
        ended(cast_votes('wins: all\n      own: yes', {**dict.fromkeys(ALL, 'Ada'), 'dora': 'nobody'})) == 'undecided'
    )


def test_a_vote_that_was_never_readable_is_not_of_one_mind_with_the_others() -> None:
    play = Play(format_of(TEMPLATE.format(vote='wins: all')), seat('Ada', 'Bert', 'Cleo'), votes_well)
    lines = [line('ada', 'VOTE: Cleo'), line('bert', 'VOTE: Cleo'), line('cleo', 'Hm.'), line('cleo', 'Hm.')]
    step = advance(play.format, play.progress, play.company, lines)
    assert ended(step) == 'undecided'
    assert step
    assert step.progress.tallies[0].ballots['cleo'] is None
    assert not step.progress.tallies[0].unanimous


def test_nobody_votes_for_themselves_unless_it_is_allowed() -> None:
    own = dict.fromkeys(ALL, 'Ada')
    assert ended(cast_votes('own: no', own)) == 'goes on', 'Ada has a second try'
    assert ended(cast_votes('own: yes', own)) == 'Ada, Ada 4'


def test_what_cannot_be_read_has_a_second_try_and_is_an_abstention_then() -> None:
    play = Play(format_of(TEMPLATE.format(vote='own: no')), seat('Ada', 'Bert'), votes_well)
    lines: list[Message] = [line('ada', 'Hm.'), line('bert', 'VOTE: Ada')]
    assert advance(play.format, play.progress, play.company, lines) is None
    assert floor_of(play.format, play.progress, play.company, lines).speakers == ('ada',)
    assert 'Your vote could not be read.' in told(play.format, play.progress, play.company, 'ada', lines)
    step = advance(play.format, play.progress, play.company, [*lines, line('ada', 'VOTE: the moon')])
    assert ended(step) == 'Ada, Ada 1'


def test_no_votes_at_all() -> None:
    step = cast_votes('own: no', dict.fromkeys(ALL, 'nobody'))
    assert ended(step) == 'undecided'
    assert step
    assert [said.text for said in step.announcements] == ['Nobody cast a vote that counts.']
    assert step.progress.tallies[0].winner is None


def test_a_vote_by_button_counts_before_the_line_and_only_of_those_who_have_one() -> None:
    assert ended(cast_votes('own: no', ALL, {'ada': 'cleo'})) == 'Cleo, Cleo 2, Bert 1'
    assert ended(cast_votes('own: no', ALL, {'charlie': 'cleo'})) == 'Bert, Bert 2, Cleo 1'
    assert ended(cast_votes('audience: yes', ALL, {'charlie': 'cleo', 'bob': 'cleo'})) == 'Cleo, Cleo 3, Bert 2'
    assert ended(cast_votes('audience: yes', ALL, {'charlie': 'nonsense'})) == 'Bert, Bert 2, Cleo 1'


def test_the_room_waits_for_a_person_with_a_vote_and_a_watcher_may_go_on_without() -> None:
    format = format_of(TEMPLATE.format(vote='own: no'))
    play = Play(format, seat('Ada', 'Bert', people=['Alice']), votes_well, wanted={'alice': 'voter'})
    lines = [line('ada', 'VOTE: Alice'), line('bert', 'VOTE: Alice')]
    floor = floor_of(format, play.progress, play.company, lines)
    assert floor.waits == 'Alice votes now: Who?'
    assert floor.ballot
    assert floor.ballot.by_voter['alice'] == ('ada', 'bert')
    assert floor.ballot.voted == {'ada', 'bert'}
    assert advance(format, play.progress, play.company, lines) is None
    assert ended(advance(format, play.progress, play.company, lines, {'alice': 'ada'})) == 'Alice, Alice 2, Ada 1'
    assert ended(advance(format, play.progress, play.company, lines, close=True)) == 'Alice, Alice 2'


def test_who_is_muted_is_not_waited_for() -> None:
    play = Play(format_of(TEMPLATE.format(vote='own: no')), seat('Ada', 'Bert', 'Cleo'), votes_well)
    company = replace(play.company, silent=frozenset({'cleo'}))
    lines = [line('ada', 'VOTE: Cleo'), line('bert', 'VOTE: Cleo')]
    assert ended(advance(play.format, play.progress, company, lines)) == 'Cleo, Cleo 2'


def test_a_name_with_braces_is_a_name() -> None:
    format = format_of(TEMPLATE.format(vote='own: yes'))
    cast = seat('Ada', 'Bert')
    cast[0].name = '{role} {0.__class__}'
    play = Play(format, cast, votes_well)
    lines = [line('ada', 'VOTE: {role} {0.__class__}'), line('bert', 'VOTE: {role} {0.__class__}')]
    assert ended(advance(format, play.progress, play.company, lines)) == (
        '{role} {0.__class__}, {role} {0.__class__} 2'
    )

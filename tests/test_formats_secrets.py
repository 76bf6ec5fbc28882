"""Nobody is told what they may not know: rare words are planted in every secret, and every prompt is searched."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversation.formats.format import Format, as_stored
from app.conversation.formats.play import advance
from app.conversation.formats.seats import possible_casts
from app.conversation.formats.secrecy import Known, knows, may_see
from app.conversation.formats.shelf import DEFAULT, Formats
from app.conversation.formats.telling import told
from tests.troupe import Moment, Play, cast_of, format_of, line, seat, votes_by_chance, votes_well

SHIPPED = Formats().shelf.formats
STAGED = [id for id in SHIPPED if id != DEFAULT]
RARE = re.compile(r'zq\w+')


def planted(format: Format) -> Format:
    """Every secret holds a word of its own: zqname_wolf, zqtold_wolf, zqgoal_wolf_0, zqphase_hunt, zqto_day_wolf."""
    stored: dict[str, Any] = as_stored(format)
    for role in stored['roles']:
        if 'known_to' in role:
            role['name'] += f' zqname_{role["id"]}'
        role['told'] = f'{role.get("told", "")} zqtold_{role["id"]}'
        goals = role.pop('goals', None) or [role.pop('goal', 'A goal.')]
        role['goals'] = [f'{goal} zqgoal_{role["id"]}_{at}' for at, goal in enumerate(goals)]
    for phase in stored['phases']:
        if 'seen_by' in phase:
            phase['name'] += f' zqphase_{phase["id"]}'
            phase['told'] = f'{phase.get("told", "")} zqphase_{phase["id"]}'
        phase['told_to'] = {
            role.id: f'{phase.get("told_to", {}).get(role.id, "")} zqto_{phase["id"]}_{role.id}'
            for role in format.roles
        }
    return Format.model_validate(stored)


def allowed(play: Play, moment: Moment, viewer: str) -> set[str]:
    """Worked out by hand, from the plain rules and what this one heard the narrator say."""
    role = play.roles[viewer]
    phase = play.format.phase(moment.progress.phase)
    words = {f'zqname_{role}', f'zqtold_{role}', f'zqto_{phase.id}_{role}'}
    words |= {f'zqgoal_{role}_{moment.progress.goals[viewer]}'}
    words |= {f'zqname_{r.id}' for r in play.format.roles if r.known_to and role in r.known_to}
    if phase.seen_by and role in phase.seen_by:
        words.add(f'zqphase_{phase.id}')
    heard = [said.text for said in play.heard if said.audience is None or viewer in said.audience]
    return words | {word for text in heard for word in RARE.findall(text) if word.startswith('zqname')}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STAGED), st.integers(0, 2**32), st.data())
def test_what_anybody_is_told_holds_no_secret_of_anybody_else(id: str, seed: int, data: st.DataObject) -> None:
    format = planted(SHIPPED[id])
    size = data.draw(st.sampled_from(possible_casts(format)[:5]))
    play = Play(format, cast_of(size), votes_by_chance(seed), seed)
    for moment in play.moments_of_it():
        for viewer in play.roles:
            words = told(format, moment.progress, play.company, viewer, moment.of_phase)
            assert set(RARE.findall(words)) <= allowed(play, moment, viewer), viewer
        own = told(format, moment.progress, play.company, moment.speaker, moment.of_phase)
        role = play.roles[moment.speaker]
        assert {f'zqtold_{role}', f'zqto_{moment.progress.phase}_{role}'} <= set(RARE.findall(own))
        assert 'not for your ears' not in own


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STAGED), st.integers(0, 2**32))
def test_a_prompt_never_holds_a_line_that_was_not_for_it(id: str, seed: int) -> None:
    format = SHIPPED[id]
    play = Play(format, cast_of(possible_casts(format)[2]), votes_by_chance(seed), seed)
    for moment in play.moments_of_it():
        for said in moment.before:
            assert said.phase is not None
            shown = may_see(
                format, moment.progress, moment.speaker, said.phase, said.audience, said.participant_id
            )  # fmt: skip
            phase = format.phase(next(m.progress.phase for m in play.moments if m.progress.ordinal == said.phase))
            own = said.participant_id == moment.speaker
            for_ears = phase.seen_by is None or play.roles[moment.speaker] in phase.seen_by
            still_blind = said.phase == moment.progress.ordinal and (phase.blind or phase.simultaneous)
            assert shown == (own or (for_ears and not still_blind))


def village() -> Play:
    play = Play(SHIPPED['werewolf'], cast_of(8), votes_well, seed=2)
    play.roles = {
        'ada': 'wolf', 'bert': 'wolf', 'cleo': 'seer', 'dora': 'villager', 'emil': 'villager', 'fay': 'villager',
        'gus': 'villager', 'hana': 'villager',
    }  # fmt: skip
    play.company = replace(play.company, roles=play.roles)
    return play


def test_wolves_know_each_other_and_the_village_nobody() -> None:
    play = village()
    assert 'a wolf: Bert' in told(play.format, play.progress, play.company, 'ada')
    assert 'What you know' not in told(play.format, play.progress, play.company, 'dora')
    table = knows(play.format, play.progress, play.company)
    assert table['ada']['bert'] == Known(
        'a wolf', 'Be half of those who are left, without being named for what you are.'
    )
    assert table['dora']['bert'] == table['ada']['cleo'] == table['cleo']['ada'] == Known(None, None)
    assert table['dora']['dora'].role == 'a villager'


def test_the_seer_keeps_to_itself_what_it_saw_until_the_village_sees_it_too() -> None:
    play = village()

    def script(moment: Moment) -> str:
        return 'VOTE: Dora' if moment.progress.phase == 'hunt' else 'VOTE: Ada'

    play.script = script
    for moment in play.moments_of_it():
        if moment.progress.phase == 'hunt':
            assert knows(play.format, moment.progress, play.company)['cleo']['ada'].role == 'a wolf'
            assert knows(play.format, moment.progress, play.company)['emil']['ada'].role is None
            assert told(play.format, moment.progress, play.company, 'emil') == '\n'.join((
                *told(play.format, moment.progress, play.company, 'emil').splitlines()[:-1],
                'What is said now is not for your ears.',
            ))  # fmt: skip
        if moment.progress.visits.get('sight') == 2:
            break
    sight = next(said for said in play.heard if 'You look through the dark' in said.text)
    assert sight.text == 'You look through the dark, and see: Ada is a wolf.'
    assert sight.audience == ('cleo',)
    assert play.progress.out == ('dora', 'ada')
    assert knows(play.format, play.progress, play.company)['emil']['ada'].role == 'a wolf'
    assert 'a wolf: Ada (out of the game)' in told(play.format, play.progress, play.company, 'emil')


def test_only_wolves_hear_the_hunt_and_are_named_to_each_other() -> None:
    play = village()
    hunt = next(m for m in play.moments_of_it() if m.progress.phase == 'hunt')
    assert hunt.floor.audience == ('ada', 'bert')
    assert 'Besides you only Bert can hear this' in told(play.format, hunt.progress, play.company, 'ada')
    whisper = line('ada', 'The seer is Cleo.', phase=hunt.progress.ordinal, audience=hunt.floor.audience)
    for viewer in play.roles:
        sees = may_see(play.format, hunt.progress, viewer, whisper.phase, whisper.audience, 'ada')
        assert sees == (viewer in ('ada', 'bert'))


def test_blind_lines_are_seen_once_the_phase_is_over() -> None:
    play = Play(SHIPPED['jury'], cast_of(3), votes_well)
    moments = play.moments_of_it()
    vote = next(m for m in moments if m.progress.phase == 'first_vote')
    first = vote.progress.ordinal
    assert not may_see(play.format, vote.progress, 'bert', first, None, 'ada')
    assert may_see(play.format, vote.progress, 'ada', first, None, 'ada')
    assert may_see(play.format, vote.progress, 'bert', None, None, 'narrator')
    later = next(m for m in moments if m.progress.phase == 'deliberation')
    assert may_see(play.format, later.progress, 'bert', first, None, 'ada')


def test_a_goal_is_known_to_its_owner_until_the_end() -> None:
    play = Play(SHIPPED['negotiation'], seat('Ada', 'Bert'), votes_well)
    table = knows(play.format, play.progress, play.company)
    assert table['ada']['ada'].goal
    assert table['ada']['bert'] == Known('a party at the table', None)
    play.run()
    assert knows(play.format, play.progress, play.company)['ada']['bert'].goal


def test_the_director_may_give_a_goal_of_their_own() -> None:
    play = Play(SHIPPED['debate'], seat('Ada', 'Bert'), votes_well)
    play.company = replace(play.company, goals={'ada': 'Be thanked by Bert.'})
    assert 'Be thanked by Bert.' in told(play.format, play.progress, play.company, 'ada')
    assert 'Be thanked' not in told(play.format, play.progress, play.company, 'bert')
    assert knows(play.format, play.progress, play.company)['bert']['ada'].goal is None


def test_who_has_no_role_is_told_no_secret() -> None:
    play = Play(planted(SHIPPED['werewolf']), seat('Ada', 'Bert', 'Cleo', 'Dora', 'Emil', people=['Alice']), votes_well)
    assert not RARE.findall(told(play.format, play.progress, play.company, 'alice'))


@pytest.mark.parametrize('id', SHIPPED)
def test_the_words_for_a_speaker_are_short_and_never_speak_of_assistants(id: str) -> None:
    play = Play(SHIPPED[id], cast_of(possible_casts(SHIPPED[id])[2]), votes_well)
    for number, moment in enumerate(play.moments_of_it()):
        words = told(play.format, moment.progress, play.company, moment.speaker, moment.of_phase)
        assert len(words) < 2_200
        assert not re.search(r'\b(?:AI|assistant|language model|user)\b', words)
        if number > 60:
            break


def test_closing_by_hand_counts_as_over_for_the_blind() -> None:
    play = Play(SHIPPED['brainstorm'], cast_of(3), votes_well)
    wide = play.progress
    step = advance(play.format, wide, play.company, [line('ada', 'Three ideas.')], close=True)
    assert step
    assert may_see(play.format, step.progress, 'bert', wide.ordinal, None, 'ada')


def test_who_shares_a_secret_room_is_not_named_to_whom_may_not_know_them() -> None:
    format = format_of("""
name: Cellar
tagline: Two secret roles in one room.
description: For the test.
roles:
  - {id: spy, name: a spy, seats: 1, known_to: []}
  - {id: thief, name: a thief, seats: 1, known_to: []}
  - {id: guest, name: a guest}
phases:
  - {id: cellar, name: Cellar, speakers: [spy, thief], seen_by: [spy, thief], ends: {each: 1}}
""")
    play = Play(format, cast_of(4), votes_well, seed=1)
    spy = next(id for id, role in play.roles.items() if role == 'spy')
    thief = next(id for id, role in play.roles.items() if role == 'thief')
    words = told(format, play.progress, play.company, spy)
    assert 'Not everybody hears what is said now.' in words
    assert thief.title() not in words

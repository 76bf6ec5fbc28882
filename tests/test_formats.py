"""Every format that is shipped, played from its first line to its end by a cast with a script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversation.formats.floor import floor_of
from app.conversation.formats.format import Format, as_stored
from app.conversation.formats.length import most_turns
from app.conversation.formats.play import advance, begin, replay
from app.conversation.formats.progress import Progress
from app.conversation.formats.seats import possible_casts
from app.conversation.formats.shelf import DEFAULT, Formats
from tests.troupe import Moment, Play, cast_of, format_of, line, seat, votes_by_chance, votes_well

SHIPPED = Formats().shelf.formats
STAGED = [id for id in SHIPPED if id != DEFAULT]
"""All but the round table, which has no end of its own."""


def words_of(play: Play) -> list[str]:
    return [said.text for said in play.heard]


def test_eleven_formats_are_shipped_and_none_has_a_fault() -> None:
    assert Formats().shelf.faults == {}
    assert set(SHIPPED) == {
        'round_table', 'debate', 'interview', 'panel', 'jury', 'brainstorm', 'red_team', 'socratic', 'improv',
        'negotiation', 'werewolf',
    }  # fmt: skip
    assert next(iter(SHIPPED)) == DEFAULT


@pytest.mark.parametrize('id', SHIPPED)
def test_a_format_is_kept_with_its_conversation_and_is_the_same_again(id: str) -> None:
    assert Format.model_validate(as_stored(SHIPPED[id])) == SHIPPED[id]


@pytest.mark.parametrize('id', [id for id in SHIPPED if id != 'werewolf'])
def test_the_cast_a_new_conversation_begins_with_can_play_it(id: str) -> None:
    assert 3 in possible_casts(SHIPPED[id])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STAGED), st.integers(0, 2**32), st.data())
def test_every_play_ends_within_its_cap_and_only_those_speak_who_may(id: str, seed: int, data: st.DataObject) -> None:
    format = SHIPPED[id]
    size = data.draw(st.sampled_from(possible_casts(format)[:6]))
    play = Play(format, cast_of(size), votes_by_chance(seed), seed)
    for moment in play.moments_of_it():
        phase = format.phase(moment.progress.phase)
        for speaker in moment.floor.speakers:
            assert phase.speakers is None or play.roles[speaker] in phase.speakers
            assert speaker not in moment.progress.out
            had = [said for said in moment.of_phase if said.participant_id == speaker]
            assert phase.ends is None or phase.ends.each is None or len(had) < phase.ends.each
        assert moment.floor.simultaneous == phase.simultaneous
    assert play.ended
    assert '{' not in play.ended
    assert len(play.transcript) <= (most_turns(format, size) or 0)
    assert all(visits <= format.most.rounds for visits in play.progress.visits.values())
    # Only people who watch can be waited for, where they alone have the vote.
    assert play.closed <= (id == 'improv') + (id == 'debate' and size == 2)
    assert advance(format, play.progress, play.company, []) is None


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(STAGED), st.integers(0, 2**32))
def test_where_it_stands_follows_from_what_was_said(id: str, seed: int) -> None:
    """A branch from any line begins there."""
    format = SHIPPED[id]
    play = Play(format, cast_of(possible_casts(format)[2]), votes_by_chance(seed), seed)
    for moment in play.moments_of_it():
        assert replay(format, play.company, list(moment.before), seed=seed) == moment.progress
        if len(moment.before) > 30:
            break


def test_a_round_table_goes_on_until_somebody_ends_it() -> None:
    play = Play(SHIPPED[DEFAULT], cast_of(3), votes_well)
    for _ in play.moments_of_it():
        if len(play.transcript) == 40:
            break
    assert play.ended is None
    assert play.progress.ordinal == 1
    assert most_turns(play.format, 3) is None
    step = advance(play.format, play.progress, play.company, play.lines, close=True)
    assert step
    assert step.ended == '“Round table” has come to its end.'


# One by one


def test_a_debate_closes_in_reverse_order_and_the_floor_decides() -> None:
    play = Play(SHIPPED['debate'], seat('Ada', 'Bert', 'Cleo', 'Dora'), lambda moment: 'VOTE: Defeated').run()
    spoken = [(m.progress.phase, m.speaker) for m in play.moments]
    assert spoken == [
        ('openings', 'ada'), ('openings', 'bert'),
        ('rebuttals', 'ada'), ('rebuttals', 'bert'), ('rebuttals', 'ada'), ('rebuttals', 'bert'),
        ('questions', 'cleo'), ('questions', 'dora'),
        ('answers', 'bert'), ('answers', 'ada'),
        ('closings', 'bert'), ('closings', 'ada'),
        ('ballot', 'cleo'), ('ballot', 'dora'),
    ]  # fmt: skip
    assert play.ended == 'The motion is defeated. Defeated 2.'


def test_a_debate_of_two_has_no_questions_and_waits_for_whoever_watches() -> None:
    play = Play(SHIPPED['debate'], seat('Ada', 'Bert'), votes_well).run()
    assert 'The floor is open for questions.' not in words_of(play)
    assert play.closed == 1
    assert play.ended == 'The debate is over, and neither side has carried the house.'


def test_an_interview_alternates() -> None:
    play = Play(SHIPPED['interview'], seat('Ada', 'Bert'), votes_well).run()
    speakers = [m.speaker for m in play.moments if m.progress.phase != 'turned']
    assert speakers == ['ada', 'bert'] * 7
    assert [m.speaker for m in play.moments if m.progress.phase == 'turned'] == ['bert', 'ada']


def test_a_jury_that_is_of_one_mind_is_quick() -> None:
    play = Play(SHIPPED['jury'], cast_of(3), lambda moment: 'It was shown.\nVOTE: Not guilty').run()
    assert play.ended == 'The jury has reached its verdict: Not guilty, and all are of one mind.'
    assert play.progress.visits['ballot'] == 1


def test_a_jury_that_never_agrees_goes_by_majority_after_three_votes() -> None:
    play = Play(
        SHIPPED['jury'], cast_of(3), lambda moment: f'VOTE: {"Not guilty" if moment.speaker == "ada" else "Guilty"}'
    ).run()
    assert play.ended == 'The jury has reached its verdict by majority: Guilty. Guilty 2, Not guilty 1.'
    assert play.progress.visits['ballot'] == play.progress.visits['deliberation'] == 3


def test_a_jury_without_a_majority_is_hung() -> None:
    play = Play(
        SHIPPED['jury'], cast_of(4), lambda m: f'VOTE: {"Guilty" if m.speaker in ("ada", "bert") else "Not guilty"}'
    ).run()
    assert play.ended == 'The jury is hung: Guilty 2, Not guilty 2. There is no verdict.'


def test_first_ideas_are_had_unseen() -> None:
    play = Play(SHIPPED['brainstorm'], cast_of(4), votes_well).run()
    unseen = {m.progress.phase for m in play.moments if m.floor.simultaneous}
    assert unseen == {'wide', 'bent', 'choice'}
    assert play.progress.tallies[0].ballots['ada'] == 'bert', 'nobody chooses their own'
    assert play.ended


def test_a_plan_that_breaks_twice_is_given_up() -> None:
    play = Play(SHIPPED['red_team'], cast_of(3), lambda moment: 'VOTE: Breaks').run()
    assert play.ended == 'The plan breaks, even mended. Breaks 2.'
    assert play.progress.visits == {'plan': 1, 'alone': 1, 'defence': 2, 'mended': 2, 'verdict': 2}


def test_a_deal_needs_every_signature() -> None:
    assert Play(SHIPPED['negotiation'], cast_of(3), lambda m: 'VOTE: Sign').run().ended == (
        'All have signed. There is a deal.'
    )
    stubborn = Play(SHIPPED['negotiation'], cast_of(3), lambda m: f'VOTE: {"Refuse" if m.speaker == "ada" else "Sign"}')
    assert stubborn.run().ended == 'The table is cleared. There is no deal.'
    assert stubborn.progress.visits['signing'] == 3


def test_parties_have_different_goals_and_hear_of_the_others_at_the_end() -> None:
    play = Play(SHIPPED['negotiation'], cast_of(4), votes_well).run()
    assert len(set(play.progress.goals.values())) == 4
    assert sum('had been told: “' in part for part in words_of(play)[-1].splitlines()) == 4


def test_who_has_which_goal_is_a_matter_of_the_seed() -> None:
    company = Play(SHIPPED['negotiation'], cast_of(2), votes_well).company
    deals = [begin(SHIPPED['negotiation'], company, seed).progress.goals for seed in range(30)]
    assert {goals['ada'] for goals in deals} == set(range(6))
    assert begin(SHIPPED['negotiation'], company, 7).progress.goals == deals[7]


def test_the_hall_has_the_last_word_on_a_scene() -> None:
    play = Play(SHIPPED['improv'], cast_of(3), votes_well)
    for moment in play.moments_of_it():
        votes = {'alice at home': 'bert', 'charlie': 'bert', 'bob': 'cleo', 'a ghost': 'nobody here'}
        play.by_hand = {moment.progress.ordinal + 1: votes} if moment.progress.phase == 'button' else {}
    assert play.closed == 0
    assert 'The hall has chosen: the moment of the evening was Bert’s.' in words_of(play)


def wolf_of(play: Play) -> str:
    return next(id for id, role in play.roles.items() if role == 'wolf')


def test_a_village_that_finds_the_wolf_has_won() -> None:
    def script(moment: Moment) -> str:
        target = next(id for id in play.roles if id not in moment.progress.out and id != moment.speaker)
        if moment.progress.phase == 'judgement' and moment.speaker != wolf_of(play):
            target = wolf_of(play)
        if moment.progress.phase == 'hunt':
            target = next(id for id, role in play.roles.items() if role == 'villager' and id not in moment.progress.out)
        return f'VOTE: {target.title()}'

    play = Play(SHIPPED['werewolf'], cast_of(6), script, seed=4)
    play.run()
    assert play.ended == 'The last wolf is gone. The village has won.'
    assert f'{wolf_of(play).title()} was a wolf.' in words_of(play)[-1]


def test_a_village_that_hunts_itself_has_lost() -> None:
    def script(moment: Moment) -> str:
        others = [id for id, role in play.roles.items() if role != 'wolf' and id not in moment.progress.out]
        return f'VOTE: {next(id for id in others if id != moment.speaker).title()}'

    play = Play(SHIPPED['werewolf'], cast_of(8), script, seed=1)
    play.run()
    assert play.ended
    assert play.ended.endswith('The wolves have won.')
    assert len(set(play.progress.out)) == len(play.progress.out)
    wolves = list(play.roles.values()).count('wolf')
    assert len(play.roles) - len(play.progress.out) == 2 * wolves, 'half is enough'


def test_a_village_that_never_votes_comes_to_the_cap() -> None:
    play = Play(SHIPPED['werewolf'], cast_of(5), lambda moment: 'I say nothing.').run()
    assert play.ended == 'Eight nights have passed, and nobody has won. The village is left to its wolves.'
    assert play.progress.out == ()


# Turns that are none, and people


TWO_EACH = """
name: Two each
tagline: Each speaks twice.
description: For the test.
roles: [{id: guest, name: a guest}]
phases:
  - {id: talk, name: Talk, ends: {each: 2}}
  - {id: more, name: More, opens: More., ends: {turns: 3}}
"""


def test_a_failed_turn_is_none_and_one_that_keeps_failing_is_given_up() -> None:
    format, cast = format_of(TWO_EACH), seat('Ada', 'Bert')
    play = Play(format, cast, votes_well)
    said = [line('ada', '1'), line('bert', '2'), line('bert', '3')]
    failed = line('ada', '', state='failed')
    assert floor_of(format, play.progress, play.company, [*said, failed]).speakers == ('ada',)
    assert advance(format, play.progress, play.company, [*said, failed]) is None
    step = advance(format, play.progress, play.company, [*said, failed, failed])
    assert step
    assert step.progress.phase == 'more'


def test_an_empty_line_is_a_turn_passed_and_a_line_being_spoken_is_none_yet() -> None:
    format, cast = format_of(TWO_EACH), seat('Ada')
    play = Play(format, cast, votes_well)
    said = [line('ada', '1'), line('ada', '', turn=7, state='speaking')]
    assert floor_of(format, play.progress, play.company, said).speakers == ('ada',)
    assert advance(format, play.progress, play.company, said) is None
    assert advance(format, play.progress, play.company, said, close=True) is None
    said[1].state = 'complete'
    step = advance(format, play.progress, play.company, said)
    assert step
    assert step.progress.began == 8
    assert [said.text for said in step.announcements] == ['More.']


def test_who_comes_in_only_to_watch_takes_nobody_a_turn() -> None:
    format, cast = format_of(TWO_EACH), seat('Ada', people=['Alice'])
    play = Play(format, cast, votes_well)
    assert play.roles == {'ada': 'guest'}
    said = [line('ada', '1'), line('alice', 'Hello?', turn=None)]
    assert advance(format, play.progress, play.company, said) is None


def test_progress_that_was_kept_is_read_again() -> None:
    step = begin(SHIPPED['werewolf'], Play(SHIPPED['werewolf'], cast_of(5), votes_well).company, seed=3, turn=12)
    assert step.progress.began == 12
    assert Progress.model_validate_json(step.progress.model_dump_json()) == step.progress

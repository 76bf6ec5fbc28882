"""What is done about a disease: as little as helps, and more only when less did not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversation.guards.answers import AFTER_PAUSE, COOLDOWN, HELPED, Answer, Grade, answer
from app.conversation.guards.finding import Disease, Finding
from app.conversation.guards.guards import Guards
from tests.talks import HEALTHY, LOOP

LOOPING = Finding(Disease.LOOP, 0.5, 'Iris and Bob repeat “a river that” for the third time.')
DRY = Finding(Disease.SATURATION, 0.8, 'The talk has run dry: no new word among 56 in the last 8 lines.')
STARTERS = ('Is a lie ever kind?', 'Who owns the moon?')

ILLS = [Finding(disease, strength, 'It is ill.') for disease in Disease for strength in (0.1, 0.9)]
sickness = st.lists(st.lists(st.sampled_from(ILLS), max_size=2), max_size=60)


def treat(turns: Sequence[Sequence[Finding]]) -> list[Answer]:
    """All answers to what was found after each turn, from 1."""
    given: list[Answer] = []
    for turn, findings in enumerate(turns, 1):
        if new := answer(findings, given, turn, STARTERS):
            given.append(new)
    return given


def grades(turns: Sequence[Sequence[Finding]]) -> list[Grade]:
    return [given.grade for given in treat(turns)]


def test_a_healthy_room_is_left_alone() -> None:
    assert answer([], [], 12) is None


def test_first_the_next_speaker_is_nudged_in_private() -> None:
    nudge = answer([LOOPING], [], 12)
    assert nudge
    assert (nudge.grade, nudge.disease, nudge.turn) == (Grade.NUDGE, Disease.LOOP, 12)
    assert nudge.sentence == f'{LOOPING.sentence} The next speaker was quietly asked not to say it again.'
    assert '“a river that”' in nudge.text
    assert 'Bring one thing that nobody has named yet' in nudge.text


def test_each_disease_has_its_own_nudge() -> None:
    nudges = {given.text for disease in Disease if (given := answer([Finding(disease, 0.5, '')], [], 9))}
    assert len(nudges) == len(Disease)


def test_more_is_done_only_when_less_did_not_help() -> None:
    given = treat([[LOOPING]] * 20)
    assert [one.grade for one in given[:4]] == [Grade.NUDGE, Grade.NEW_ANGLE, Grade.MODERATOR, Grade.PAUSE]
    assert [one.turn for one in given[:4]] == [1, 1 + COOLDOWN, 1 + 2 * COOLDOWN, 1 + 3 * COOLDOWN]
    assert 'Is a lie ever kind?' in given[1].text
    assert LOOPING.sentence in given[2].text
    assert given[3].text == f'Paused by a guard. {LOOPING.sentence}'
    assert 'pauses' in given[3].sentence


def test_a_nudge_that_helped_is_not_followed_by_more() -> None:
    assert grades([[LOOPING], [LOOPING], [LOOPING], *[[]] * 20]) == [Grade.NUDGE]


def test_a_disease_that_comes_back_late_is_nudged_again() -> None:
    assert grades([[LOOPING], *[[]] * (HELPED + 3), [LOOPING]]) == [Grade.NUDGE, Grade.NUDGE]


def test_the_room_calms_down_step_by_step() -> None:
    moderated = Answer(Grade.MODERATOR, Disease.LOOP, 20, '', '')

    def after(turns: int) -> Grade | None:
        given = answer([LOOPING], [moderated], 20 + turns)
        return given and given.grade

    assert after(COOLDOWN - 1) is None
    assert after(HELPED) == Grade.PAUSE
    assert after(HELPED + 1) == Grade.MODERATOR
    assert after(2 * HELPED) == Grade.NEW_ANGLE
    assert after(3 * HELPED) == Grade.NUDGE


def test_a_second_disease_does_not_begin_the_cure_anew() -> None:
    assert grades([[LOOPING]] + [[DRY, LOOPING]] * 8) == [Grade.NUDGE, Grade.NEW_ANGLE, Grade.MODERATOR]


def test_another_disease_begins_with_a_nudge() -> None:
    assert grades([[LOOPING]] + [[DRY]] * 4) == [Grade.NUDGE, Grade.NUDGE]


def test_ever_another_disease_is_an_illness_too() -> None:
    each = [Finding(disease, 0.5, '') for disease in Disease]
    turns = [[each[turn // COOLDOWN % 4]] for turn in range(5 * COOLDOWN)]
    assert grades(turns)[:2] == [Grade.NUDGE, Grade.NUDGE]
    assert Grade.MODERATOR in grades(turns)


def test_after_a_pause_all_begins_again_and_later() -> None:
    given = treat([[LOOPING]] * 40)
    assert given[4].grade == Grade.NUDGE
    assert given[4].turn == given[3].turn + AFTER_PAUSE


def test_every_starter_is_offered_before_one_comes_again() -> None:
    offered = [one.text for one in treat([[LOOPING]] * 80) if one.grade == Grade.NEW_ANGLE]
    assert ['lie' in offered[0], 'moon' in offered[1], 'lie' in offered[2]] == [True] * 3


def test_without_starters_the_angle_is_a_question() -> None:
    angle = answer([LOOPING], [Answer(Grade.NUDGE, Disease.LOOP, 8, '', '')], 12)
    assert angle
    assert angle.text.endswith('?')


def test_what_was_answered_later_does_not_count_in_a_branch() -> None:
    later = Answer(Grade.PAUSE, Disease.LOOP, 50, '', '')
    assert answer([LOOPING], [later], 12) == answer([LOOPING], [], 12)


def test_a_loop_from_its_first_repetition_to_the_pause() -> None:
    guards, given = Guards(HEALTHY[:6]), list[Answer]()
    for turn, line in enumerate(LOOP[6:] * 2, 7):
        if new := answer(guards.hear(line), given, turn, STARTERS):
            given.append(new)
    assert [one.grade for one in given] == list(Grade)


@given(sickness)
def test_no_two_answers_within_the_cooldown_and_none_is_empty(turns: list[list[Finding]]) -> None:
    given = treat(turns)
    assert given == treat(turns)
    for one, other in pairwise(given):
        assert other.turn - one.turn >= (AFTER_PAUSE if one.grade == Grade.PAUSE else COOLDOWN)
    assert all(one.text and one.sentence for one in given)


@pytest.mark.parametrize('found', ['{found}', '{', '{0.__class__}', ''])
def test_what_a_model_said_is_no_template(found: str) -> None:
    for turn in (1, 5, 9, 13):
        given = treat([[Finding(Disease.LOOP, 1, found)]] * turn)[-1]
        assert found in given.sentence

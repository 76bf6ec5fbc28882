"""What is said of a talk: each disease by its name, and nothing bad of a healthy one."""

from __future__ import annotations

import pytest

from app.measures.line import Spoken
from app.measures.live import Measures, Reading
from app.measures.sentence import most_remarkable, remarks
from tests.talks import HEALTHY, ILL, LIBRARY, ONE_VOICE, THANKS, demo_talk, talk


def hear_all(spoken: list[Spoken], seats: tuple[str, ...] = ()) -> Reading:
    measures = Measures(seats)
    for line in spoken:
        measures.hear(line)
    return measures.reading


@pytest.mark.parametrize('disease', ILL)
def test_each_disease_is_named(disease: str) -> None:
    assert disease in {remark.kind for remark in remarks(hear_all(ILL[disease]))}


def test_a_healthy_talk_is_left_in_peace() -> None:
    measures = Measures()
    for line in HEALTHY:
        assert remarks(measures.hear(line)) == []
    assert most_remarkable(measures.reading) == 'All is well: 3 voices, and still something new in every line.'


@pytest.mark.parametrize('cast', range(len(LIBRARY.casts)), ids=[cast.id for cast in LIBRARY.casts])
def test_the_built_in_casts_raise_no_false_alarm(cast: int) -> None:
    measures = Measures()
    alarms = [remark for line in demo_talk(cast, 2, 60) for remark in remarks(measures.hear(line))]
    assert alarms == []


def test_the_sentence_names_two_who_sound_alike_and_the_proof() -> None:
    assert most_remarkable(hear_all(ONE_VOICE)) == (
        'Bob and Iris sound alike since turn 10: both say “there is something” and “what strikes me”.'
    )


def test_the_weightiest_comes_first() -> None:
    reading = hear_all([*THANKS, Spoken('Bob', 'As an AI, I thank you.\nIris: Me too.')])
    assert [remark.kind for remark in remarks(reading)][:2] == ['wrote for others', 'assistant phrase']
    assert most_remarkable(reading) == 'Bob wrote the lines of others.'


def test_a_human_who_is_ignored_is_named() -> None:
    reading = hear_all([*talk('Alice: Could we speak of whales instead?', 'Bob: Bread.', 'Iris: Rye bread.')])
    assert most_remarkable(reading) == 'Nobody has taken up what Alice said, for 2 lines.'


def test_whoever_is_shut_out_is_named() -> None:
    reading = hear_all(demo_talk(0, 0, 30), seats=('Noor', 'Zed'))
    assert [remark.sentence for remark in remarks(reading)] == ['Zed has not spoken for 24 lines.']


def test_before_anything_can_be_said() -> None:
    assert most_remarkable(Reading()) == 'Too early to say: 0 lines so far.'
    assert most_remarkable(hear_all(HEALTHY[:1])) == 'Too early to say: 1 line so far.'

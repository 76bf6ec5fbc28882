"""What pages say in words: times, speaking habits, how a conversation stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from components.dossier import manner
from components.stage import beat
from components.when import ago

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ('gone', 'said'),
    [
        (timedelta(seconds=-5), 'just now'),
        (timedelta(seconds=59), 'just now'),
        (timedelta(minutes=7), '7 min ago'),
        (timedelta(hours=23), '23 h ago'),
        (timedelta(hours=30), 'yesterday'),
        (timedelta(days=6), '6 days ago'),
        (timedelta(days=20), '3 November 2026'),
    ],
)
def test_a_time_is_said_as_a_person_would(gone: timedelta, said: str) -> None:
    assert ago(NOON - gone, NOON) == said


def test_who_types_fast_thinks_fast() -> None:
    assert beat(90) < beat(30)
    assert 0.6 <= beat(200) < beat(10) <= 2.4


def test_a_talkative_persona_is_the_first_to_speak() -> None:
    assert [manner(least) for least in (1, 0.6, 0.3, 0)] == [
        'first to speak', 'speaks up', 'picks the moment', 'waits to be asked',
    ]  # fmt: skip

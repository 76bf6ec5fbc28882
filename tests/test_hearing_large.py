"""Large deltas: a model that has lost its way costs milliseconds, however much comes in one read."""

from __future__ import annotations

import time

import pytest

from app.conversation.hearing import Hearing

LONG = 100_000


def hear(text: str) -> tuple[str, str, str | None]:
    ear = Hearing(('Iris',), ('Bob',))
    heard = [ear.hear(text), ear.finish()]
    return ''.join(h.speech for h in heard), ''.join(h.reasoning for h in heard), ear.ended_because


def test_a_name_said_a_thousand_times_is_stripped_a_thousand_times() -> None:
    assert hear('Iris: ' * 1200 + 'Why?') == ('Why?', '', None)
    assert hear('Iris: ' * LONG) == ('', '', None)


@pytest.mark.parametrize('piece', ['<', 'x\n', '\n', ' \n', '<t', '</', '\n<', '\nI'])
def test_a_large_delta_comes_through_whole(piece: str) -> None:
    text = 'Well' + piece * (LONG // len(piece))
    assert hear(text) == (text, '', None)


def test_thoughts_without_number_are_kept_apart() -> None:
    assert hear('<think>a</think>b' * LONG) == ('b' * LONG, 'a' * LONG, None)
    assert hear('<think>' + '<' * LONG) == ('', '<' * LONG, None)


@pytest.mark.parametrize('piece', ['<', 'x\n', 'Iris: ', '<think>a</think>b', '\n', '<think>'])
def test_four_times_the_text_takes_about_four_times_the_time(piece: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        hear(piece * times)
        return time.process_time() - began

    small, large = (min(seconds(times) for _ in range(3)) for times in (20_000, 80_000))
    assert large < 10 * small + 0.02, 'sixteen times would be quadratic'

"""One stream of log lines, from Chimera and from what it stands on."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from app.logs import start_logging
from app.settings import load_settings


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def lines(tmp_path: Path, **settings: str) -> io.StringIO:
    stream = io.StringIO()
    start_logging(load_settings(data_dir=tmp_path, **settings), stream)
    return stream


def test_plain_line_reads_like_a_sentence(tmp_path: Path) -> None:
    stream = lines(tmp_path)
    structlog.get_logger('app').info('the curtain rises', conversation='c1')
    assert 'the curtain rises' in stream.getvalue()
    assert 'conversation=c1' in stream.getvalue()
    assert '\x1b' not in stream.getvalue()


def test_json_lines_carry_ours_and_the_librarys(tmp_path: Path) -> None:
    stream = lines(tmp_path, log_format='json')
    structlog.get_logger('app').warning('slow', seconds=3)
    logging.getLogger('uvicorn.error').warning('%s left', 'Bob', extra={'color_message': '\x1b[1mBob'})
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours['event'], ours['level'], ours['seconds']) == ('slow', 'warning', 3)
    assert (theirs['event'], theirs['logger']) == ('Bob left', 'uvicorn.error')
    assert ours.keys() >= {'timestamp', 'logger'}
    assert '\x1b' not in stream.getvalue()


def test_traceback_stays_one_json_line(tmp_path: Path) -> None:
    stream = lines(tmp_path, log_format='json')
    try:
        raise ValueError('broken')
    except ValueError:
        structlog.get_logger('app').exception('turn failed')
    (line,) = stream.getvalue().splitlines()
    assert 'ValueError: broken' in json.loads(line)['exception']


def test_level_leaves_out_what_is_below_it(tmp_path: Path) -> None:
    stream = lines(tmp_path, log_level='warning')
    structlog.get_logger('app').info('chatter')
    logging.getLogger('elsewhere').info('chatter')
    structlog.get_logger('app').error('trouble')
    assert 'chatter' not in stream.getvalue()
    assert 'trouble' in stream.getvalue()


def test_starting_twice_says_everything_once(tmp_path: Path) -> None:
    lines(tmp_path)
    stream = lines(tmp_path)
    structlog.get_logger('app').info('once')
    assert stream.getvalue().count('once') == 1

"""The pictures once more as tables, for whoever reads rather than looks, and what only a table can say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.conversation.money import DOLLAR, in_short
from app.live.ear import Moment, ServedBy
from app.measures.service import ServiceReading
from components.answers import Steps
from components.measured import MEASURED
from components.plain import box, words


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The first of each row is what the row is about."""
    with box('table', 'numbers'):
        words(caption, 'for-readers', 'caption')
        with box('thead'), box('tr'):
            for name in head:
                words(name, tag='th', scope='col')
        with box('tbody'):
            for row in rows:
                with box('tr'):
                    words(row[0], tag='th', scope='row')
                    for cell in row[1:]:
                        words(cell, tag='td')


def answers_table(names: Sequence[str], transitions: Steps) -> None:
    rows = ([name, *(_count(transitions.get((other, name), 0)) for other in names)] for name in names)
    table('How often the speaker of a row spoke after the speaker of a column', ['spoke after', *names], rows)


def service_table(served: Mapping[str, ServedBy], room: ServiceReading) -> None:
    if not served:
        words('No model has spoken yet.', 'quiet')
        return
    rows = [[name, _short(by.model), *_service(by.reading), f'{by.tokens:,}'] for name, by in served.items()]
    tokens = sum(by.tokens for by in served.values())
    rows.append(['Everybody', '', *_service(room), f'{tokens:,}'])
    head = ['Speaker', 'Model', 'First words', 'Tokens a second', 'Tokens a turn', 'Money a turn', 'Tokens in all']
    table('How each speaker was served', head, rows)


def measures_table(moments: Sequence[Moment]) -> None:
    rows = []
    for measured in MEASURED:
        values = measured.values(moments)
        lowest, highest = (min(values), max(values)) if values else (None, None)
        mean = sum(values) / len(values) if values else None
        rows.append([measured.name, measured.now(moments), *map(measured.write, (lowest, mean, highest))])
    floor = moments[-1].floor if moments else {}
    rows.extend([f'Floor of {name}', f'{share:.0%}', *_of_floor(name, moments)] for name, share in floor.items())
    table('Each measure over the lines shown', ['Measure', 'Now', 'Lowest', 'Mean', 'Highest'], rows)


def _of_floor(name: str, moments: Sequence[Moment]) -> list[str]:
    shares = [moment.floor.get(name, 0.0) for moment in moments]
    return [f'{share:.0%}' for share in (min(shares), sum(shares) / len(shares), max(shares))]


def _service(reading: ServiceReading) -> list[str]:
    wait = reading.first_delta_ms
    first = '–' if wait is None else f'{wait:.0f} ms' if wait < 1000 else f'{wait / 1000:.1f} s'
    speed = '–' if reading.tokens_per_second is None else f'{reading.tokens_per_second:,.0f}'
    turn = '–' if reading.tokens_per_turn is None else f'{reading.tokens_per_turn:,.0f}'
    money = '–' if reading.dollars_per_turn is None else in_short(round(reading.dollars_per_turn * DOLLAR))
    return [first, speed, turn, money]


def _short(model: str) -> str:
    return model.partition('/')[2] or model


def _count(count: int) -> str:
    return str(count) if count else '·'

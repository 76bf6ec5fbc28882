"""One measured claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is value over reference, both from the same run. `goal` bounds the value, or the ratio where there is
    a reference and `goal_is_ratio`; a row without a goal is only told. `note` says what the reference is."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    goal: float | None = None
    of: Literal['ratio', 'value'] = 'ratio'
    at_least: bool = False
    note: str = ''

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def met(self) -> bool | None:
        judged = self.ratio if self.of == 'ratio' else self.value
        if self.goal is None or judged is None:
            return None
        return judged >= self.goal if self.at_least else judged <= self.goal

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), 'ratio': self.ratio, 'met': self.met}


def table(rows: Iterable[Row]) -> str:
    """For people, in columns."""
    heads = ('measured', 'value', 'unit', 'reference', 'ratio', 'goal', '', 'reference is')
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return '\n'.join(
        '  '.join(
            cell.ljust(width) if column in (0, 2, 6, 7) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    bound = '>=' if row.at_least else '<='
    goal = '' if row.goal is None else f'{bound} {_number(row.goal)}{"x" if row.of == "ratio" else ""}'
    verdict = {True: 'met', False: 'MISSED', None: ''}[row.met]
    ratio = '' if row.ratio is None else f'{row.ratio:.3g}'
    return row.name, _number(row.value), row.unit, _number(row.reference), ratio, goal, verdict, row.note


def _number(value: float | None) -> str:
    if value is None:
        return ''
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'

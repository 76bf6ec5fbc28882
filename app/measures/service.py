"""How the providers served: medians of the last turns, from numbers somebody else took."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

WINDOW = 20


@dataclass(frozen=True, slots=True)
class Served:
    """One turn by the clock: milliseconds from the request to the first delta and to the last, how many deltas and
    tokens came, how many models were given up on before one spoke, and the price in dollars. None is not known."""

    first_delta_ms: float | None = None
    duration_ms: float | None = None
    deltas: int = 0
    tokens: int = 0
    failovers: int = 0
    dollars: float | None = None


@dataclass(frozen=True, slots=True)
class ServiceReading:
    """Medians over the last 20 turns that were served: first delta in milliseconds, deltas and tokens a second while
    text was coming, tokens a turn, dollars a turn. `failovers` since the beginning. None: nothing known yet."""

    first_delta_ms: float | None = None
    deltas_per_second: float | None = None
    tokens_per_second: float | None = None
    tokens_per_turn: float | None = None
    dollars_per_turn: float | None = None
    failovers: int = 0


class Service:
    def __init__(self) -> None:
        self._turns: deque[Served] = deque(maxlen=WINDOW)
        self._failovers = 0

    def hear(self, served: Served) -> ServiceReading:
        self._turns.append(served)
        self._failovers += served.failovers
        return ServiceReading(
            first_delta_ms=_median([turn.first_delta_ms for turn in self._turns]),
            deltas_per_second=_median([per_second(turn, turn.deltas) for turn in self._turns]),
            tokens_per_second=_median([per_second(turn, turn.tokens) for turn in self._turns]),
            tokens_per_turn=_median([turn.tokens or None for turn in self._turns]),
            dollars_per_turn=_median([turn.dollars for turn in self._turns]),
            failovers=self._failovers,
        )


def per_second(turn: Served, amount: int) -> float | None:
    """`amount` over the time from the first delta to the last, in seconds."""
    if not amount or turn.duration_ms is None or turn.first_delta_ms is None:
        return None
    streaming = turn.duration_ms - turn.first_delta_ms
    return 1000 * amount / streaming if streaming > 0 else None


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None

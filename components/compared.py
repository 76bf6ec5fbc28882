"""What the measures say of two conversations, one beside the other, kept current."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui.elements.mixins.text_element import TextElement

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.live.insight import Insight
from components.measured import MEASURED
from components.plain import box, words
from components.soon import soon

Read = Callable[[Orchestrator, Insight], str]

USED: tuple[tuple[str, str, Read], ...] = (
    ('Turns', 'Turns taken, those in common included.', lambda each, _: f'{each.conversation.turns:,}'),
    ('Tokens', 'Tokens used, those of the lines in common included.', lambda each, _: f'{each.conversation.tokens:,}'),
)
"""What is counted of each; what is measured of it follows."""


class Compared:
    def __init__(self, chimera: Chimera, left: Orchestrator, right: Orchestrator, names: Sequence[str]) -> None:
        self._both: list[tuple[Orchestrator, Insight]] = []
        for orchestrator in (left, right):
            insight = chimera.insights.of(chimera.scope, orchestrator)
            insight.changed.subscribe(soon(self.show))  # before the next one is asked for: the unseen are forgotten
            orchestrator.changed.subscribe(soon(self.show))
            self._both.append((orchestrator, insight))
        words('Measured side by side', tag='summary')
        with box('table', 'numbers'):
            with box('thead'), box('tr'):
                words('', tag='td')
                for name in names:
                    words(name, tag='th', scope='col', title=name)
            with box('tbody'):
                self._rows = [(self._draw(name, means), read) for name, means, read in (*USED, *_measured())]
        self.show()

    def show(self) -> None:
        for cells, read in self._rows:
            for cell, (orchestrator, insight) in zip(cells, self._both, strict=True):
                cell.text = read(orchestrator, insight)

    def _draw(self, name: str, means: str) -> list[TextElement]:
        with box('tr', data_measure=name):
            words(name, tag='th', scope='row', title=means)
            return [words('', tag='td') for _ in self._both]


def _measured() -> list[tuple[str, str, Read]]:
    return [(each.name, each.means, lambda _, insight, each=each: each.now(insight.moments)) for each in MEASURED]

"""The measures that are shown as a chart: what each is called, what it means, and how it is read off the moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.live.ear import Moment
from app.measures.hygiene import WINDOW
from components.chart import DASHED, DOTS, Trace

Moments = Sequence[Moment]
FEWEST_UNCLEAN = 4
"""The least top of the chart of unclean lines: one of them shall not look like a catastrophe."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`means` defines it in one sentence, `unit` names its unit and range; the
    first of `traces` is the measure itself."""

    name: str
    means: str
    unit: str
    traces: Callable[[Moments], list[Trace]]
    is_count: bool = False
    unknown: str = 'Not known yet.'

    def values(self, moments: Moments) -> list[float]:
        return [value for value in self.traces(moments)[0].values if value is not None]

    def top(self, moments: Moments) -> float:
        return max(FEWEST_UNCLEAN, *self.values(moments), 0) if self.is_count else 1.0

    def ends(self, moments: Moments) -> tuple[str, str]:
        return self.write(0), self.write(self.top(moments))

    def write(self, value: float | None) -> str:
        if value is None:
            return '–'
        return f'{value:.0f}' if self.is_count else f'{value:.0%}'

    def now(self, moments: Moments) -> str:
        return self.write(self.traces(moments)[0].values[-1] if moments else None)

    def in_words(self, moments: Moments) -> str:
        values = self.values(moments)
        if not values:
            return f'{self.name}: {self.unknown}'
        low, high = self.write(min(values)), self.write(max(values))
        return f'{self.name} over the lines: now {self.now(moments)}, lowest {low}, highest {high}.'


def stains_of(moments: Moments) -> str:
    """Which faults the last lines had, the most frequent first."""
    kinds = Counter(stain for moment in moments[-WINDOW:] for stain in moment.stains)
    return ', '.join(f'{kind} ×{count}' if count > 1 else kind for kind, count in kinds.most_common(4))


FLOOR_MEANS = 'Who fills the room: each one’s share of the words of the last 24 lines.'
FLOOR_UNIT = 'Share of words, 0 to 100%'

MEASURED = (
    Measured(
        'Novelty',
        'How much of the last ten lines had not been said before; each dot is what one line added.',
        'Share of compressed bytes, 0 (said before) to 100% (new)',
        lambda moments: [Trace([m.fresh for m in moments]), Trace([m.added for m in moments], stroke=DOTS)],
    ),
    Measured(
        'Repetition',
        'How many phrases of four to eight words were said before, in the last 24 lines; each dot is one line.',
        'Share of phrases, 0 (none) to 100% (all)',
        lambda moments: [Trace([m.repeating for m in moments]), Trace([m.repeated for m in moments], stroke=DOTS)],
    ),
    Measured(
        'Distinctness',
        'How often a line’s letters alone tell who spoke it, against always guessing whoever speaks most.',
        'Share of lines, 0 to 100%; chance is the dashed line',
        lambda moments: [
            Trace([m.told_apart for m in moments], 'told apart'),
            Trace([m.chance for m in moments], 'chance', DASHED),
        ],
        unknown='Known when two voices have three lines each.',
    ),
    Measured(
        'Convergence',
        'How alike the words are that the speakers use, each pair compared over the last 24 lines.',
        'Mean cosine of all pairs, 0 (nothing shared) to 100% (the same)',
        lambda moments: [Trace([m.alike for m in moments])],
        unknown='Known when two speakers share a word.',
    ),
    Measured(
        'Agreement',
        'How many of the last 24 lines agree, praise or thank and raise no objection (English only).',
        'Share of lines, 0 to 100%',
        lambda moments: [Trace([m.assenting for m in moments])],
    ),
    Measured(
        'Unanswered',
        'How many of all questions were let lie: nobody took them up within a few lines.',
        'Share of settled questions, 0 to 100%',
        lambda moments: [Trace([m.unanswered for m in moments])],
        unknown='Known when a first question was answered or let lie.',
    ),
    Measured(
        'Hygiene',
        'How many of the personas’ last 24 lines hold what no line should: a label, words of another, a cut end.',
        'Lines, 0 to 24',
        lambda moments: [Trace([float(m.unclean) for m in moments])],
        is_count=True,
    ),
)

"""Do the guards notice a sick conversation, how soon, and do they let a healthy one be?

The lines are in `transcripts/`: `diseased/<disease>` begins with the line `{"sick_from": N}`, counted from 1; `healthy`
holds heated and polite talk, and the conversations of `next_speaker` (`tuning`, `held_out`) are healthy too. All were
written by one author for this purpose: real models are less clear cases. The guards were tuned on half of the files
of each folder; held out is every second one in the order of the SHA-256 of their names.

Every finding in a healthy line is a false alarm, the beginnings of the diseased conversations included. A disease is
missed when it is never found by its name. The reference are the remarks of `app.measures`, which hear the same lines.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.conversation.guards.finding import Disease
from app.conversation.guards.guards import Guards
from app.measures.line import Spoken
from app.measures.live import Measures
from app.measures.sentence import remarks
from bench.row import Row

TRANSCRIPTS = Path(__file__).parent / 'transcripts'
HEALTHY = ('healthy', 'tuning', 'held_out')
REMARKS = {
    'loop': Disease.LOOP,
    'thanks': Disease.THANKS,
    'agreement': Disease.CONVERGENCE,
    'saturation': Disease.SATURATION,
}
Found = list[frozenset[Disease]]
"""What was found after each line."""


@dataclass(frozen=True, slots=True)
class Talk:
    """`disease` is None and `sick_from` beyond the end when all is well."""

    name: str
    lines: Sequence[Spoken]
    disease: Disease | None
    sick_from: int

    @property
    def healthy_lines(self) -> int:
        return min(len(self.lines), self.sick_from - 1)

    def noticed(self, found: Found) -> int | None:
        """The lines of sickness until it was named, the one that did it included."""
        after = (at for at, diseases in enumerate(found, 1) if at >= self.sick_from and self.disease in diseases)
        return next((at - self.sick_from + 1 for at in after), None)

    def false_alarms(self, found: Found) -> int:
        return sum(map(bool, found[: self.healthy_lines]))


def run(quick: bool) -> list[Row]:
    rows: list[Row] = []
    for title, wanted in (('tuned on', False), ('held out', True)):
        talks = [talk for talk, held_out in all_talks() if held_out is wanted]
        for disease in Disease:
            rows += disease_rows(title, disease, [talk for talk in talks if talk.disease == disease])
        rows.append(alarm_row(title, talks))
    return [*rows, cost_row(100 if quick else 400)]


def disease_rows(title: str, disease: Disease, talks: Sequence[Talk]) -> Iterator[Row]:
    ours, theirs = [t.noticed(by_guards(t)) for t in talks], [t.noticed(by_remarks(t)) for t in talks]
    missed = ours.count(None) / len(talks)
    note = f'remarks; {len(talks)} files'
    yield Row(f'{title}: {disease}, missed', missed, '', theirs.count(None) / len(talks), 0.1, of='value', note=note)
    if waits := [lines for lines in ours if lines]:
        note = f'{min(waits)} to {max(waits)}'
        yield Row(f'{title}: {disease}, lines until noticed', statistics.mean(waits), 'lines', note=note)


def alarm_row(title: str, talks: Sequence[Talk]) -> Row:
    lines = sum(talk.healthy_lines for talk in talks)
    ours = sum(talk.false_alarms(by_guards(talk)) for talk in talks)
    theirs = sum(talk.false_alarms(by_remarks(talk)) for talk in talks)
    note = f'remarks; {ours} in {lines} lines'
    return Row(f'{title}: false alarms', 100 * ours / lines, '/100 lines', 100 * theirs / lines, 1, 'value', note=note)


def cost_row(turns: int) -> Row:
    """Healthy talk of lines of sixty words, about what a model writes."""
    text = ' '.join(line.text for talk, _ in all_talks() if not talk.disease for line in talk.lines).split()
    lines = [Spoken('ABCD'[at % 4], ' '.join(text[at * 60 % (len(text) - 60) :][:60])) for at in range(48 + turns)]
    guards = Guards(lines[:48])
    begun = time.process_time()
    for line in lines[48:]:
        guards.hear(line)
    spent = (time.process_time() - begun) * 1000 / turns
    return Row('CPU per turn of 60 words, 48 lines before it', spent, 'ms', goal=5, of='value')


def by_guards(talk: Talk) -> Found:
    guards = Guards()
    return [frozenset(finding.disease for finding in guards.hear(line)) for line in talk.lines]


def by_remarks(talk: Talk) -> Found:
    measures = Measures()
    heard = (remarks(measures.hear(line)) for line in talk.lines)
    return [frozenset(REMARKS[said.kind] for said in each if said.kind in REMARKS) for each in heard]


def all_talks() -> Iterator[tuple[Talk, bool]]:
    """Each with whether it is held out."""
    for folder in [*(TRANSCRIPTS / 'diseased' / disease for disease in Disease), *map(TRANSCRIPTS.joinpath, HEALTHY)]:
        paths = sorted(folder.glob('*.jsonl'), key=lambda path: hashlib.sha256(path.name.encode()).digest())
        yield from ((read(path), at % 2 == 1) for at, path in enumerate(paths))


def read(path: Path) -> Talk:
    rows = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    sick_from = rows.pop(0)['sick_from'] if 'sick_from' in rows[0] else len(rows) + 1
    lines = [Spoken(row['speaker'], row['text']) for row in rows]
    return Talk(path.stem, lines, Disease(path.parent.name) if sick_from <= len(rows) else None, sick_from)

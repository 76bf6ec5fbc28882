"""Whether people are answered: questions left lying, how long the addressed takes, a human whom nobody took up.

Uptake as in Clark and Schaefer, "Contributing to discourse", Cognitive Science 13 (1989): a contribution counts when
the others show they took it. Here shown by the addressed speaking, or by a word with a meaning that is taken over.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from app.measures.line import Line

PATIENCE = 6
"""Lines within which somebody asked by name must speak."""
PATIENCE_OF_A_ROOM = 3
"""Lines within which a question to all, or a human's line, must be taken up."""


@dataclass(frozen=True, slots=True)
class UptakeReading:
    """`overlap` is the share of words with a meaning (of the poorer of two lines) that this line has in common with
    the line it answers, 0 to 1, None when there is none to answer. `delay` is how many lines ago this speaker was
    asked, 1 at best, None unless an answer was owed; `mean_delay` of the last 20. `waiting` counts questions not yet
    answered nor given up; `answered` and `unanswered` count since the beginning. `human_waits` is how many lines of
    personas have gone by since a human's line (by `human`) that nobody has taken up; `humans_heard` and
    `humans_ignored` count."""

    overlap: float | None = None
    delay: int | None = None
    mean_delay: float | None = None
    waiting: int = 0
    answered: int = 0
    unanswered: int = 0
    human: str = ''
    human_waits: int = 0
    humans_heard: int = 0
    humans_ignored: int = 0

    @property
    def unanswered_share(self) -> float:
        """Of all questions that are settled, 0 to 1."""
        settled = self.answered + self.unanswered
        return self.unanswered / settled if settled else 0.0


class Uptake:
    def __init__(self) -> None:
        self._questions: list[Line] = []
        self._human: Line | None = None
        self._human_waits = 0
        self._recent: deque[Line] = deque(maxlen=PATIENCE)
        self._delays: deque[int] = deque(maxlen=20)
        self._answered = self._unanswered = self._heard = self._ignored = 0

    def hear(self, line: Line) -> UptakeReading:
        spoken_to = answers(line, self._recent)
        delay = self._settle_questions(line)
        self._settle_human(line)
        if line.is_question:
            self._questions.append(line)
        self._recent.append(line)
        return UptakeReading(
            overlap=overlap(line, spoken_to) if spoken_to else None,
            delay=delay,
            mean_delay=sum(self._delays) / len(self._delays) if self._delays else None,
            waiting=len(self._questions),
            answered=self._answered,
            unanswered=self._unanswered,
            human=self._human.speaker if self._human else '',
            human_waits=self._human_waits,
            humans_heard=self._heard,
            humans_ignored=self._ignored,
        )

    def _settle_questions(self, line: Line) -> int | None:
        owed: list[Line] = []
        delay = None
        for question in self._questions:
            if takes_up(line, question):
                self._answered += 1
                if question.addressed:
                    delay = line.number - question.number
                    self._delays.append(delay)
            elif line.number - question.number >= (PATIENCE if question.addressed else PATIENCE_OF_A_ROOM):
                self._unanswered += 1
            else:
                owed.append(question)
        self._questions = owed
        return delay

    def _settle_human(self, line: Line) -> None:
        if line.is_human:
            if self._human and self._human_waits:
                self._ignored += 1
            self._human, self._human_waits = (line if line.content else None), 0
        elif self._human:
            self._human_waits += 1
            if takes_up(line, self._human) or self._human.speaker in line.addressed or shared(line, self._human):
                self._heard += 1
            elif self._human_waits >= PATIENCE_OF_A_ROOM:
                self._ignored += 1
            else:
                return
            self._human, self._human_waits = None, 0


def takes_up(line: Line, earlier: Line) -> bool:
    """The addressed speaks; or, when all were asked, another speaks of it."""
    if line.speaker == earlier.speaker:
        return False
    if earlier.addressed:
        return line.speaker in earlier.addressed
    return not earlier.content or bool(shared(line, earlier))


def answers(line: Line, before: deque[Line]) -> Line | None:
    """The line this one answers: the last that was addressed to its speaker, else the last by somebody else."""
    others = [earlier for earlier in reversed(before) if earlier.speaker != line.speaker]
    return next((earlier for earlier in others if line.speaker in earlier.addressed), next(iter(others), None))


def overlap(line: Line, other: Line) -> float:
    """Szymkiewicz-Simpson: shared words with a meaning over those of the poorer line; 0 to 1."""
    least = min(len(line.content), len(other.content))
    return len(shared(line, other)) / least if least else 0.0


def shared(line: Line, other: Line) -> set[str]:
    return set(line.content) & set(other.content)

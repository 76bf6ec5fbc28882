"""What is done about a disease: as little as helps, and more only when less did not.

A nudge, a new angle, a moderator, a pause: one grade up when the disease is still there some turns after the last
answer, one down for every while that it stayed away. All follows from what was found, what was answered before, and
the turn, so a conversation that is replayed is answered alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.conversation.guards import remedies
from app.conversation.guards.finding import Disease, Finding

COOLDOWN = 4
"""Turns before anything is answered again: an answer must be heard first, and what it answered leave the last lines."""
AFTER_PAUSE = 8
"""The same after a pause: whoever lets it go on has seen it, and wants to hear it go on."""
HELPED = 6
"""A disease that comes back within so many turns has not been helped."""
WEARY = 16
"""Turns within which answers add up, whatever they were against: a room with ever another disease is ill as well."""


class Grade(IntEnum):
    NUDGE = 1
    NEW_ANGLE = 2
    MODERATOR = 3
    PAUSE = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """`sentence` stands in the transcript for people. `text` is for the room: of a nudge the private sentence for the
    next speaker, of a new angle the scene line, of a moderator what it is told to do, of a pause the reason."""

    grade: Grade
    disease: Disease
    turn: int
    sentence: str
    text: str


def answer(
    findings: Sequence[Finding], earlier: Sequence[Answer], turn: int, starters: Sequence[str] = ()
) -> Answer | None:
    """`earlier` in the order of their turns; `starters` are topics of the cast, each offered once before any again."""
    past = [before for before in earlier if before.turn <= turn]
    if not findings or (past and turn - past[-1].turn < _rest(past[-1])):
        return None
    paused = max((at for at, before in enumerate(past, 1) if before.grade == Grade.PAUSE), default=0)
    tried = past[paused:]
    finding = _to_treat(findings, tried, turn)
    grade = _grade(finding.disease, tried, turn)
    if grade == Grade.NEW_ANGLE:
        return _new_angle(finding, past, turn, starters)
    return _worded(finding, grade, turn)


def _rest(last: Answer) -> int:
    return AFTER_PAUSE if last.grade == Grade.PAUSE else COOLDOWN


def _to_treat(findings: Sequence[Finding], tried: Sequence[Answer], turn: int) -> Finding:
    """What was answered last, as long as it is there; a second disease beside it must not begin the cure anew."""
    strongest = max(findings, key=lambda finding: finding.strength)
    if not tried or turn - tried[-1].turn > HELPED:
        return strongest
    return next((finding for finding in findings if finding.disease == tried[-1].disease), strongest)


def _grade(disease: Disease, tried: Sequence[Answer], turn: int) -> Grade:
    grade = 1
    if last := next((before for before in reversed(tried) if before.disease == disease), None):
        away = turn - last.turn - HELPED
        grade = last.grade + 1 if away <= 0 else last.grade - away // HELPED
    weary = sum(turn - before.turn <= WEARY for before in tried) - 1
    return Grade(min(Grade.PAUSE, max(Grade.NUDGE, grade, weary)))


def _new_angle(finding: Finding, past: Sequence[Answer], turn: int, starters: Sequence[str]) -> Answer:
    offered = [before.text for before in past if before.grade == Grade.NEW_ANGLE]
    lines = [remedies.NEW_ANGLE.format(starter=starter) for starter in starters or (remedies.NO_STARTER,)]
    line = min(lines, key=offered.count)
    return Answer(Grade.NEW_ANGLE, finding.disease, turn, f'{finding.sentence} A new angle is offered.', line)


def _worded(finding: Finding, grade: Grade, turn: int) -> Answer:
    disease, found = finding.disease, finding.sentence
    match grade:
        case Grade.NUDGE:
            sentence = f'{found} The next speaker was quietly asked {remedies.ASKED[disease]}.'
            text = remedies.NUDGES[disease].format(found=found)
        case Grade.MODERATOR:
            sentence = f'{found} A moderator takes one turn.'
            text = remedies.MODERATOR.format(found=found, task=remedies.MODERATIONS[disease])
        case _:
            sentence = f'{found} Nothing has helped, so the conversation pauses: let it go on when you like.'
            text = f'Paused by a guard. {found}'
    return Answer(grade, disease, turn, sentence, text)

"""Listens for what makes talk ill, and does as little about it as helps: a word in the next speaker's ear, a new angle,
somebody who moderates, a pause. Each answer leaves its trace in the transcript, for the people who watch."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.conversation.floor import CALLED, is_muted
from app.conversation.guards.answers import Answer, Grade, answer
from app.conversation.guards.finding import Disease, Finding
from app.conversation.guards.guards import MEMORY, Guards
from app.conversation.guards.topic_done import TURNS
from app.conversation.knowledge import spoken
from app.conversation.limits import UNTIL_DONE
from app.conversation.narrator import NOBODY, narrate
from app.conversation.plain_line import AnyLine
from app.conversation.record import Record
from app.measures.line import Spoken
from app.store.tables import LineKind, Participant

OFF, ANSWERED = 'guards_off', 'guards'
"""What a conversation's settings say of its guards: that they are not wanted, and what they did of late."""
REMEMBERED = 12
LONG = 600
"""Characters of a line that takes more than two milliseconds to look at: that is done beside the event loop."""


class Watch:
    """`findings` are what is wrong after the last turn, the strongest first; `history` those of the last turns."""

    def __init__(self, record: Record, starters: Sequence[str] = ()) -> None:
        self._record = record
        self._starters = starters
        self._guards: Guards | None = None
        self._heard = 0
        self._revisions = 0
        self.findings: tuple[Finding, ...] = ()
        self.history: deque[tuple[Finding, ...]] = deque(maxlen=TURNS)

    async def look(self) -> Answer | None:
        """After a turn. An answer has been written and stands in the transcript; a pause is for the caller to make."""
        record = self._record
        settings = record.conversation.settings
        is_off, until_done = settings.get(OFF), settings.get(UNTIL_DONE)
        if is_off and not until_done:
            self.findings = ()
            self.history.clear()
            return None
        if self._revisions != record.revisions:
            self._revisions, self._guards, self._heard, self.findings = record.revisions, None, 0, ()
        await self._hear(spoken(record.said_after(self._heard)))
        self.history.append(self.findings)
        if is_off:
            return None
        # Who is to end when nothing new comes is not to be stirred up then.
        ill = [found for found in self.findings if not (until_done and found.disease == Disease.SATURATION)]
        wanted = answer(ill, answered(record), record.conversation.turns, self._starters)
        if wanted:
            await self._act(wanted)
        return wanted

    async def _hear(self, new: list[AnyLine]) -> None:
        if not new:
            return
        self._heard = new[-1].number
        if self._guards is None:
            *before, last = new[-MEMORY:]
            self._guards = await asyncio.to_thread(Guards, [_spoken(self._record, message) for message in before])
            new = [last]
        for message in new:
            line = _spoken(self._record, message)
            hear = self._guards.hear
            self.findings = await asyncio.to_thread(hear, line) if len(message.text) > LONG else hear(line)

    async def _act(self, wanted: Answer) -> None:
        record = self._record
        async with record.writing:
            kept = [_as_json(given) for given in (*answered(record), wanted)][-REMEMBERED:]
            values = {'settings': record.conversation.settings | {ANSWERED: kept}}
            payload = {'disease': wanted.disease, 'grade': wanted.grade.name.lower(), 'turn': wanted.turn}
            changes: list[tuple[Participant, dict[str, Any]]] = []
            sentence = wanted.sentence
            if wanted.grade == Grade.MODERATOR and (moderator := _quietest(record)):
                sentence = sentence.replace('A moderator takes', f'{moderator.name} moderates for')
                called = moderator.settings | {CALLED: 'Was asked to moderate for one turn.'}
                changes.append((moderator, {'settings': called}))
                payload['participant_id'] = moderator.id
            await narrate(
                record, 'guarded', payload, sentence, kind=LineKind.GUARD, audience=NOBODY, values=values,
                changes=changes,
            )  # fmt: skip
            if wanted.grade == Grade.NEW_ANGLE:
                await narrate(record, 'scene', {}, wanted.text)


def answered(record: Record) -> list[Answer]:
    """What the guards did of late, oldest first."""
    return [
        Answer(Grade(kept['grade']), Disease(kept['disease']), kept['turn'], kept['sentence'], kept['text'])
        for kept in record.conversation.settings.get(ANSWERED, ())
    ]


def whispered(record: Record, speaker: Participant, taken: int) -> str:
    """What a guard has to say to whoever speaks next, and to nobody after that."""
    if record.conversation.settings.get(OFF) or not (past := answered(record)):
        return ''
    last = past[-1]
    is_meant = last.grade == Grade.NUDGE or (last.grade == Grade.MODERATOR and speaker.settings.get(CALLED))
    return last.text if is_meant and last.turn == taken else ''


def _quietest(record: Record) -> Participant | None:
    """Of the personas who may speak, the one who has been silent for longest."""
    last = {message.participant_id: message.number for message in record.said}
    able = [p for p in record.present if p.id in record.personas and not is_muted(p)]
    return min(able, key=lambda participant: (last.get(participant.id, 0), participant.seat), default=None)


def _spoken(record: Record, message: AnyLine) -> Spoken:
    """Names are unique here by the seat: two guests may be called the same."""
    namesakes = [p for p in record.participants if p.name == message.speaker]
    speaker = message.speaker if len(namesakes) < 2 else f'{message.speaker} ({message.participant_id[:4]})'
    return Spoken(speaker, message.text, is_human=message.turn is None, state=message.state)


def _as_json(given: Answer) -> dict[str, Any]:
    return asdict(given) | {'grade': int(given.grade), 'disease': str(given.disease)}

"""A director's notes: private instructions to one persona or to all, which hold for so many turns.

Whether a note holds is not stored anywhere: it follows from its row and the turns that began since. Turns of a note to
one persona are that persona's own, so that the next one is a turn in which it is heard.
"""

from __future__ import annotations

from typing import Any

from app.conversation.hearing import speakable
from app.conversation.knowledge import is_there
from app.conversation.narrator import NOBODY, narrate
from app.conversation.plain_line import PlainLine
from app.conversation.record import REMEMBERED, Record
from app.conversation.refused import Refused
from app.measures.note_effect import Effect, effect
from app.store.tables import Kind, LineKind, Note, Participant, State, now

LONGEST_NOTE = 1_000
MOST_TURNS = 100
MOST_STANDING = 20


class Notes:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def give(
        self, text: str, participant_id: str | None = None, turns: int | None = None, is_secret: bool = False, *,
        rule_id: str | None = None,
    ) -> Note:  # fmt: skip
        """To one persona, or (None) to all, for so many turns or until it is withdrawn. Of a secret one nobody who
        watches sees a word, and the events know only its id; any other stands as a quiet line in the transcript,
        unless a rule gives it, which leaves a trace of its own."""
        record = self._record
        text = speakable(text).strip()
        async with record.writing:
            if fault := note_fault(record, text, participant_id, turns):
                raise Refused(fault)
            if sum(not is_over(record, note) for note in record.notes) >= MOST_STANDING:
                raise Refused(f'{MOST_STANDING} notes hold already: withdraw one of them first.')
            note = Note(
                workspace_id=record.conversation.workspace_id, conversation_id=record.conversation.id,
                participant_id=participant_id, text=text, given_at=turns_begun(record), turns=turns,
                is_secret=is_secret,
            )  # fmt: skip
            payload: dict[str, Any] = {'note_id': note.id, 'is_secret': is_secret}
            if not is_secret:
                payload |= {'participant_id': participant_id, 'turns': turns}
            if rule_id:
                payload['rule_id'] = rule_id
            if is_secret or rule_id:
                await record.write('note_given', payload, adds=(note,))
            else:
                line = f'Note to {receiver(record, note)}: {text}'
                await narrate(record, 'note_given', payload, line, audience=NOBODY, adds=(note,))
            record.notes.append(note)
        record.changed.emit()
        return note

    async def withdraw(self, note_id: str) -> None:
        record = self._record
        async with record.writing:
            note = next((note for note in record.notes if note.id == note_id), None)
            if note is None:
                raise Refused('There is no such note.')
            if is_over(record, note):
                raise Refused('That note does not hold any more.')
            await record.write('note_withdrawn', {'note_id': note.id}, changes=((note, {'withdrawn_at': now()}),))
        record.changed.emit()


def told(record: Record, speaker: Participant, taken: int) -> str:
    """What the speaker's prompt says of the notes that hold for it."""
    notes = standing(record, speaker, taken)
    if not notes:
        return ''
    listed = '\n'.join(f'- {" ".join(note.text.split())}' for note in notes)
    return (
        'Notes the director has given you, for your ears only. Follow them in what you say now, stay who you are, and '
        f'never mention them:\n{listed}'
    )


def standing(record: Record, participant: Participant, taken: int | None = None) -> list[Note]:
    """The notes that hold for this participant in the turn after so many were taken (None: in the next one to begin),
    oldest first."""
    mine = [note for note in record.notes if note.participant_id in (None, participant.id)]
    return [note for note in mine if not is_over(record, note, taken)]


def is_over(record: Record, note: Note, taken: int | None = None) -> bool:
    return note.withdrawn_at is not None or turns_left(record, note, taken) == 0


def turns_left(record: Record, note: Note, taken: int | None = None) -> int | None:
    """Of the turns it was given for; None is until it is withdrawn."""
    if note.turns is None:
        return None
    taken = turns_begun(record) if taken is None else taken
    # After so many turns its first ones may be forgotten, here or only after a restart: then it is over everywhere.
    if taken - note.given_at >= REMEMBERED:
        return 0
    return max(0, note.turns - _turns_heard(record, note, taken))


def turns_begun(record: Record) -> int:
    speaking = (message.turn or 0 for message in record.said if message.state == State.SPEAKING)
    return max(record.conversation.turns, max(speaking, default=0))


def receiver(record: Record, note: Note) -> str:
    return record.participant(note.participant_id).name if note.participant_id else 'everybody'


def effect_of(record: Record, note: Note) -> Effect:
    """On whoever it is to, as far as their lines are remembered."""
    before, since = [], []
    for message in _lines_of(record, note.participant_id):
        assert message.turn
        (since if message.turn > note.given_at else before).append(message.text)
    who = 'The room' if note.participant_id is None else receiver(record, note)
    return effect(who, before, since, note.text)


def note_fault(record: Record, text: str, participant_id: str | None, turns: int | None) -> str | None:
    """Why no such note can be given, in a sentence; None when it can."""
    if not text.strip():
        return 'The note is empty: write what you want them to do.'
    if len(text) > LONGEST_NOTE:
        return f'That note has {len(text):,} characters; it can have {LONGEST_NOTE:,}.'
    if turns is not None and not 1 <= turns <= MOST_TURNS:
        return f'A note holds for 1 to {MOST_TURNS} turns, or until it is withdrawn.'
    return receiver_fault(record, participant_id) if participant_id is not None else None


def receiver_fault(record: Record, participant_id: str) -> str | None:
    participant = next((p for p in record.participants if p.id == participant_id), None)
    if participant is None:
        return 'Nobody of that kind sits here: choose who it is for.'
    if participant.kind != Kind.PERSONA:
        return f'{participant.name} is no persona: only personas can be directed.'
    if participant.left_at is not None:
        return f'{participant.name} has left the room.'
    return None


def _lines_of(record: Record, participant_id: str | None) -> list[PlainLine]:
    """What the persona, or any of them, has said aloud and ended."""
    return [
        message
        for message in record.said
        if message.turn is not None
        and message.kind == LineKind.SPEECH
        and message.state not in (State.SPEAKING, State.FAILED)
        and participant_id in (None, message.participant_id)
        and is_there(message)
    ]


def _turns_heard(record: Record, note: Note, taken: int) -> int:
    """Turns up to then that had the note in their prompt. One that failed was not heard."""
    return sum(
        message.turn is not None
        and note.given_at < message.turn <= taken
        and note.participant_id in (None, message.participant_id)
        and message.state != State.FAILED
        for message in record.said
    )

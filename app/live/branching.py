"""Grows branches from a message of a conversation: each is a conversation of its own from then on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.conversation import limits
from app.conversation.formats.play import replay
from app.conversation.orchestrator import Orchestrator
from app.conversation.programme import VOTES, Programme
from app.conversation.refused import Refused
from app.live.channel import Happening
from app.live.differences import Difference, Shoot
from app.live.journal import Journal
from app.store import branches, transcripts
from app.store.branches import BRANCHED, Branch, Stem, told
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Message, Note, Participant, Status, new_id, now

MOST = 9
ROOM = 10
"""Turns that a branch has before it, at least."""
GONE = 'There is no such conversation: it may have been deleted.'

Open = Callable[[Scope, str], Awaitable[Orchestrator | None]]


async def grow(
    store: Store, journal: Journal, open: Open, scope: Scope, conversation_id: str, number: int,
    differences: Sequence[Difference],
) -> list[Conversation]:  # fmt: skip
    """One branch for each difference, in their order, each paused. Raises Refused, and then none was grown (if the
    database fails on the way: those before it stand)."""
    if not 1 <= len(differences) <= MOST:
        raise Refused(f'One message can grow 1 to {MOST} branches at once; you asked for {len(differences)}.')
    original = await open(scope, conversation_id)
    if original is None:
        raise Refused(GONE)
    record = original.record
    async with record.writing:
        stem = _checked(await branches.stem(store, scope, conversation_id, number), number)
        if stem.is_inherited and stem.progress is not None:
            said = await transcripts.later_messages(store, scope, conversation_id, 0, number)
            stem = replace(stem, progress=_replayed(record.programme, stem.progress, said))
        shoots = [_branch(scope, stem, difference) for difference in differences]
        _check_all_differ(shoots)
        for shoot in shoots:
            event_number = await branches.plant(store, scope, stem, shoot)
            if event_number is None:
                raise Refused('That line changed just now: look again, then try again.')
            record.conversation.event_number = event_number
            journal.tell(conversation_id, Happening(event_number, BRANCHED, told(stem, shoot)))
    record.changed.emit()
    return [shoot.conversation for shoot in shoots]


def _checked(stem: Stem | None, number: int) -> Stem:
    if stem is None:
        raise Refused(f'There is no line {number} to branch from.')
    if stem.speaking:
        raise Refused(f'{stem.speaking} is still speaking: wait for the end of the line, or branch earlier.')
    if stem.line.deleted_at:
        raise Refused('That line was deleted: bring it back, or branch from another one.')
    return stem


def _check_all_differ(shoots: Sequence[Branch]) -> None:
    words = [shoot.conversation.difference for shoot in shoots]
    if twice := next((each for each in words if words.count(each) > 1), None):
        raise Refused(f'Two of these branches would be the same: {twice}.')


def _branch(scope: Scope, stem: Stem, difference: Difference) -> Branch:
    conversation = _conversation(scope, stem)
    ids = {seat.id: new_id() for seat in stem.participants}
    notes = {note.id: new_id() for note in stem.notes}
    renamed = {stem.conversation.id: conversation.id, **ids, **notes}
    conversation.settings = _translated(_settings(stem), renamed)
    conversation.progress = _translated(conversation.progress, renamed)
    seats = {seat.id: _seat(seat, conversation, renamed) for seat in stem.participants}
    shoot = Shoot(
        conversation, seats, [_note(note, conversation, renamed) for note in stem.notes if _is_for(note, ids)]
    )
    words, changed = difference.change(shoot)
    conversation.difference = words
    payload = {
        'parent_id': stem.conversation.id, 'message_number': stem.line.number, 'difference': words, 'changed': changed,
    }  # fmt: skip
    if conversation.progress is not None:
        payload['progress'] = conversation.progress
    return Branch(conversation, list(seats.values()), shoot.notes, ids, payload)


def _replayed(programme: Programme, progress: dict[str, Any], said: Sequence[Message]) -> dict[str, Any]:
    """No event of this conversation tells how far its format had come then; the lines do."""
    if programme.format is None:
        return progress
    votes = {int(at): cast for at, cast in programme.all_votes.items()}
    seed = int(progress.get('seed', 0))
    return replay(programme.format, programme.company, said, votes, seed).model_dump(mode='json')


def _settings(stem: Stem) -> dict[str, Any]:
    """Without the votes that were cast in what is still to come."""
    settings = stem.conversation.settings
    if stem.is_last or stem.progress is None or VOTES not in settings:
        return settings
    votes = {at: cast for at, cast in settings[VOTES].items() if int(at) < stem.progress['ordinal']}
    return settings | {VOTES: votes}


def _conversation(scope: Scope, stem: Stem) -> Conversation:
    original, born = stem.conversation, now()
    instead: dict[str, Any] = {
        'id': new_id(), 'created_by': scope.person_id, 'parent_id': original.id, 'branched_at': stem.line.number,
        'status': Status.PAUSED, 'epoch': 0, 'event_number': 1, 'progress': stem.progress, 'turns': stem.turns,
        'tokens': stem.tokens, 'money': stem.money, 'seconds': stem.seconds, 'created_at': born, 'updated_at': born,
        'stop_reason': f'Branched from line {stem.line.number} of “{original.title}”. Resume to go on.',
    }  # fmt: skip
    branch = Conversation(**{**original.model_dump(), **instead})
    if original.max_turns is not None:
        left = max(ROOM, original.max_turns - original.turns)
        branch.max_turns = min(stem.turns + left, max(limits.HIGHEST['max_turns'], stem.turns + ROOM))
    if limits.used_up(branch):
        for name, value in limits.more(branch, ROOM).items():
            if name != 'max_turns':
                setattr(branch, name, value)
    return branch


def _seat(seat: Participant, conversation: Conversation, renamed: Mapping[str, str]) -> Participant:
    settings = _translated(seat.settings, renamed)
    instead = {'id': renamed[seat.id], 'conversation_id': conversation.id, 'settings': settings}
    return Participant(**{**seat.model_dump(), **instead})


def _is_for(note: Note, ids: Mapping[str, str]) -> bool:
    return note.participant_id is None or note.participant_id in ids


def _note(note: Note, conversation: Conversation, renamed: Mapping[str, str]) -> Note:
    to = renamed.get(note.participant_id or '')
    return Note(
        **{**note.model_dump(), 'id': renamed[note.id], 'conversation_id': conversation.id, 'participant_id': to}
    )


def _translated(value: Any, renamed: Mapping[str, str]) -> Any:
    """Wherever an id of the original stands, as a name or as a value, that of the branch."""
    if isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(value, list | tuple):
        return [_translated(each, renamed) for each in value]
    if isinstance(value, dict):
        return {renamed.get(name, name): _translated(each, renamed) for name, each in value.items()}
    return value

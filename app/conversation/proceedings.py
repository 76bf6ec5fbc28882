"""Moves a conversation on in its format, phase by phase, with what the narrator says; and takes people's votes."""

from __future__ import annotations

from app.conversation.narrator import narrate
from app.conversation.programme import VOTES
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.tables import OPENED


async def go_on(record: Record, *, close: bool = False) -> str | None:
    """Into the next phase, where this one is over or somebody closes it. The stop reason, when that was the last."""
    programme = record.programme
    if programme.progress is None or not (close or programme.next_step()):
        return None
    async with record.writing:
        while programme.ordinal is not None and (step := programme.next_step(close=close)):
            close = False
            values = {'progress': step.progress.model_dump(mode='json')}
            payload = {'phase': step.progress.phase, 'ordinal': step.progress.ordinal, 'ended': step.ended, **values}
            payload |= opening(record)
            await record.write('phase', payload, values | record.next_epoch())
            for said in step.announcements:
                await narrate(record, 'scene', {}, said.text, audience=said.audience)
    return programme.progress.ended if programme.progress else None


def opening(record: Record) -> dict[str, list[str]]:
    """What of an event tells that the lines of a sealed phase may now be read."""
    sealed = record.programme.sealed
    return {OPENED: sealed} if sealed else {}


async def vote(record: Record, voter: str, choice: str) -> None:
    """By button: of a participant who has a vote, or of a person who only watches."""
    programme = record.programme
    async with record.writing:
        floor = programme.floor()
        if not (floor and floor.ballot and programme.ordinal):
            raise Refused('There is nothing to vote for now.')
        if voter in floor.ballot.by_voter:
            if choice not in floor.ballot.by_voter[voter]:
                raise Refused('That cannot be voted for by you.')
        elif not floor.ballot.audience:
            raise Refused('This vote is for those who take part.')
        elif choice not in dict(floor.ballot.choices):
            raise Refused('Nobody can be voted for by that name.')
        settings, now = record.conversation.settings, str(programme.ordinal)
        votes = settings.get(VOTES, {})
        kept = votes | {now: {**votes.get(now, {}), voter: choice}}
        payload = {'voter': voter, 'choice': choice, 'ordinal': programme.ordinal}
        await record.write('voted', payload, {'settings': settings | {VOTES: kept}})
    record.changed.emit()

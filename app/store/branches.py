"""A conversation grown from a message of another: what is taken along, how it is copied, and who is related to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, insert, null, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.store.owned import owned
from app.store.scope import Scope
from app.store.store import Store
from app.store.tables import Conversation, Event, Message, Note, Participant, State, Variant

BRANCHED, GREW = 'branched', 'branch'
"""Kinds of events: of the conversation that was branched from, and the first one of the branch."""


@dataclass(frozen=True, slots=True)
class Stem:
    """What stood when `line` had been said: who sat there, which notes were given, what was used up to then. `speaking`
    is somebody whose line among these is not yet said, or None. Where the line is inherited from an older conversation,
    `progress` is only what it was when this one began. The rows are those of the original."""

    conversation: Conversation
    line: Message
    participants: list[Participant]
    notes: list[Note]
    progress: dict[str, Any] | None
    is_last: bool
    is_inherited: bool
    turns: int
    tokens: int
    money: int
    seconds: float
    speaking: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    """The new rows, except for what was said. `seats` are the new participants' ids by those of the original."""

    conversation: Conversation
    participants: list[Participant]
    notes: list[Note]
    seats: Mapping[str, str]
    payload: dict[str, Any]


async def stem(store: Store, scope: Scope, conversation_id: str, number: int) -> Stem | None:
    """None where there is no such conversation, or no such line in it."""
    mine = owned(Conversation, scope).where(col(Conversation.id) == conversation_id)
    here = owned(Message, scope).where(col(Message.conversation_id) == conversation_id)
    async with store.session() as session:
        conversation = (await session.exec(mine)).first()
        line = (await session.exec(here.where(col(Message.number) == number))).first()
        if conversation is None or line is None:
            return None
        later = here.where(col(Message.number) > number).limit(1)
        is_last = (await session.exec(later)).first() is None
        turns, tokens, money, milliseconds = await _used(session, conversation_id, number)
        return Stem(
            conversation,
            line,
            participants=await _seated(session, conversation, line),
            notes=await _given(session, conversation_id, turns),
            progress=conversation.progress if is_last else await _progress(session, conversation, line),
            is_last=is_last,
            is_inherited=number < (conversation.branched_at or 0),
            turns=turns,
            tokens=tokens,
            money=money,
            seconds=milliseconds / 1000,
            speaking=(await session.exec(_speaking(conversation_id, number))).first(),
        )


async def plant(store: Store, scope: Scope, from_: Stem, branch: Branch) -> int | None:
    """Copies all that was said up to the line, in one transaction with an event in both conversations. The number of
    the original's event; None where nothing was written: it is gone, or somebody speaks among these lines by now."""
    if any(row.workspace_id != scope.workspace_id for row in (branch.conversation, *branch.participants)):
        return None
    original, number, new = from_.conversation.id, from_.line.number, branch.conversation
    # The counter first: whoever else writes to the original waits from here on.
    claim = (
        update(Conversation)
        .where(col(Conversation.id) == original, col(Conversation.workspace_id) == scope.workspace_id)
        .values(event_number=col(Conversation.event_number) + 1)
        .returning(col(Conversation.event_number))
        .execution_options(synchronize_session=False)
    )
    async with store.writing() as session:
        event_number = (await session.exec(claim)).scalar_one_or_none()
        if event_number is None or (await session.exec(_speaking(original, number))).first():
            await session.rollback()
            return None
        session.add(new)
        await session.flush()
        session.add_all(branch.participants)
        await session.flush()
        await _copy_lines(session, store.is_sqlite, original, number, new.id)
        await _translate_audiences(session, new.id, branch.seats)
        session.add_all(branch.notes)
        grew = branch.payload | {'variants': await _shown(session, new.id)}
        events = ((original, event_number, BRANCHED, told(from_, branch)), (new.id, 1, GREW, grew))
        for id, at, kind, payload in events:
            session.add(
                Event(conversation_id=id, number=at, workspace_id=scope.workspace_id, kind=kind, payload=payload)
            )
        return event_number


def told(from_: Stem, branch: Branch) -> dict[str, Any]:
    """What the event of the original says; how far the format has come there is no business of the branch."""
    payload = {name: value for name, value in branch.payload.items() if name != 'progress'}
    return {**payload, 'branch_id': branch.conversation.id, 'message_id': from_.line.id}


async def _used(session: AsyncSession, conversation_id: str, number: int) -> tuple[int, int, int, int]:
    """Turns, tokens, money and milliseconds of the lines up to the number, and of all their variants."""

    def sums(table: type[Message] | type[Variant]) -> list[Any]:
        tokens = col(table.prompt_tokens) + col(table.completion_tokens)
        return [func.coalesce(func.sum(each), 0) for each in (tokens, col(table.money), col(table.duration_ms))]

    said = (col(Message.conversation_id) == conversation_id, col(Message.number) <= number)
    shown = select(func.coalesce(func.max(col(Message.turn)), 0), *sums(Message)).where(*said)
    others = select(*sums(Variant)).join(Message, col(Message.id) == col(Variant.message_id)).where(*said)
    turns, *used = (await session.exec(shown)).one()
    beside = (await session.exec(others)).one()
    tokens, money, milliseconds = (int(a) + int(b) for a, b in zip(used, beside, strict=True))
    return int(turns), tokens, money, milliseconds


async def _seated(session: AsyncSession, conversation: Conversation, line: Message) -> list[Participant]:
    """Who was in the room when the line was begun: not who came later, and who left later is back."""
    sitting = select(Participant).where(col(Participant.conversation_id) == conversation.id)
    participants = list(await session.exec(sitting.order_by(col(Participant.seat))))
    if line.created_at < conversation.created_at:
        return participants  # the lines are older than this record of them: their times tell nothing about the seats
    said = (col(Message.conversation_id) == conversation.id, col(Message.number) <= line.number)
    spoke = set(await session.exec(select(Message.participant_id).where(*said).distinct()))
    told = select(Variant.participant_id).join(Message, col(Message.id) == col(Variant.message_id)).where(*said)
    spoke |= set(await session.exec(told.distinct()))
    there = [seat for seat in participants if seat.created_at <= line.created_at or seat.id in spoke]
    for seat in there:
        if seat.left_at and seat.left_at > line.created_at:
            session.expunge(seat)  # only read here: what it becomes is the branch's
            seat.left_at = None
    return there


async def _given(session: AsyncSession, conversation_id: str, turns: int) -> list[Note]:
    """Whether one still holds follows from the lines, here as there."""
    given = select(Note).where(
        col(Note.conversation_id) == conversation_id, col(Note.withdrawn_at).is_(None), col(Note.given_at) <= turns
    )
    return list(await session.exec(given.order_by(col(Note.created_at))))


async def _progress(session: AsyncSession, conversation: Conversation, line: Message) -> dict[str, Any] | None:
    """How far the format had come: what the last event said of it that came before the line did."""
    if conversation.progress is None:
        return None
    here, told = col(Event.conversation_id) == conversation.id, col(Event.payload)
    first = select(func.min(col(Event.number))).where(here, told['message_id'].as_string() == line.id)
    before = select(Event.payload).where(here, told['progress'].as_string().is_not(None))
    if (number := (await session.exec(first)).one()) is not None:
        before = before.where(col(Event.number) < number)
    payload = (await session.exec(before.order_by(col(Event.number).desc()).limit(1))).first()
    progress = payload.get('progress') if payload else None
    return progress if isinstance(progress, dict) else conversation.progress


def _speaking(conversation_id: str, number: int) -> Any:
    return (
        select(Message.speaker)
        .where(col(Message.conversation_id) == conversation_id, col(Message.number) <= number)
        .where(col(Message.state) == State.SPEAKING)
        .limit(1)
    )


async def _copy_lines(session: AsyncSession, is_sqlite: bool, original: str, number: int, new: str) -> None:
    """Within the database: ten thousand lines need not come here and go back. A line is found again by its number, a
    seat by its own."""
    old_seat, seat, line = aliased(Participant), aliased(Participant), aliased(Message)
    fresh = func.lower(func.hex(func.randomblob(16))) if is_sqlite else _uuid()
    seats = (col(seat.conversation_id) == new, col(seat.seat) == col(old_seat.seat))
    said = (col(Message.conversation_id) == original, col(Message.number) <= number)
    lines = {'id': fresh, 'conversation_id': _text(new), 'participant_id': col(seat.id)}
    await session.exec(
        _insert(Message, lines, lambda chosen: chosen
            .join(old_seat, col(old_seat.id) == col(Message.participant_id)).join(seat, seats[0] & seats[1])
            .where(*said))
    )  # fmt: skip
    variants = {**lines, 'message_id': col(line.id)}
    await session.exec(
        _insert(Variant, variants, lambda chosen: chosen
            .join(Message, col(Message.id) == col(Variant.message_id))
            .join(line, (col(line.conversation_id) == new) & (col(line.number) == col(Message.number)))
            .join(old_seat, col(old_seat.id) == col(Variant.participant_id)).join(seat, seats[0] & seats[1])
            .where(*said))
    )  # fmt: skip


def _insert(table: Any, instead: Mapping[str, Any], narrow: Any) -> Any:
    """All columns as they are, whichever there will be one day, but for these."""
    names = [column.name for column in table.__table__.columns]
    chosen = select(*(instead.get(name, table.__table__.c[name]) for name in names)).select_from(table)
    return insert(table).from_select(names, narrow(chosen))


async def _translate_audiences(session: AsyncSession, new: str, seats: Mapping[str, str]) -> None:
    private = select(Message.id, Message.audience).where(
        col(Message.conversation_id) == new, col(Message.audience).is_not(null())
    )
    lines = [
        {'of': id, 'translated': [seats.get(known, known) for known in audience or ()]}
        for id, audience in await session.exec(private)
    ]
    if lines:
        line = Message.__table__  # type: ignore[attr-defined]
        translate = update(line).where(line.c.id == bindparam('of')).values(audience=bindparam('translated'))
        await (await session.connection()).execute(translate, lines)


async def _shown(session: AsyncSession, new: str) -> dict[str, int]:
    """Which variant of a line stood there, by its number, where there are several: for whoever replays the branch."""
    several = select(Message.number, Message.variant).where(
        col(Message.conversation_id) == new, col(Message.variants) > 1
    )
    return {str(number): variant for number, variant in await session.exec(several)}


def _text(value: str) -> ColumnElement[str]:
    return cast(bindparam(None, value), Text)


def _uuid() -> ColumnElement[str]:
    return func.replace(cast(func.gen_random_uuid(), Text), '-', '')

"""Rules without code: looked at after each turn, and obeyed by the same commands a person would give."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from app.conversation.knowledge import spoken
from app.conversation.narrator import NOBODY, narrate
from app.conversation.notes import Notes
from app.conversation.plain_line import AnyLine
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.conversation.rule import CallOn, GiveNote, Pause, Rule, SetScene
from app.conversation.rule_conditions import met
from app.conversation.rule_reading import RoomReader, RoomReading
from app.conversation.rule_words import rule_fault, then_in_words
from app.conversation.scenes import Scenes
from app.conversation.steering import Steering
from app.store.tables import Kind, LineKind, Message, State, Status

RULES, FIRED = 'rules', 'rules_fired'
"""What a conversation's settings hold of them: the rules, and the turn after which each of them last acted."""
MOST_RULES = 20
LONG = 800
"""Characters of a line that takes most of a millisecond to look at: that is done beside the event loop."""

_readers: WeakKeyDictionary[Record, RoomReader] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Due:
    rule: Rule
    because: str


class Rules:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def add(self, rule: Rule) -> Rule:
        """It counts from now on."""
        record = self._record
        async with record.writing:
            rule = rule.model_copy(update={'since': record.conversation.turns})
            rules = rules_of(record)
            if fault := rule_fault(record, rule):
                raise Refused(fault)
            if len(rules) >= MOST_RULES:
                raise Refused(f'A room has {MOST_RULES} rules at most: remove one first.')
            if any(_is_same(rule, other) for other in rules):
                raise Refused('There is a rule like that already.')
            payload = {'rule_id': rule.id, 'rule': _public(rule)}
            settings = record.conversation.settings | {RULES: [each.model_dump() for each in (*rules, rule)]}
            await record.write('rule_added', payload, {'settings': settings} | record.next_epoch())
        record.changed.emit()
        return rule

    async def remove(self, rule_id: str) -> None:
        record = self._record
        async with record.writing:
            rules = rules_of(record)
            kept = [rule.model_dump() for rule in rules if rule.id != rule_id]
            if len(kept) == len(rules):
                raise Refused('There is no such rule any more.')
            fired = {id: turn for id, turn in fired_of(record).items() if id != rule_id}
            settings = record.conversation.settings | {RULES: kept, FIRED: fired}
            await record.write('rule_removed', {'rule_id': rule_id}, {'settings': settings} | record.next_epoch())
        record.changed.emit()


def due(
    rules: Sequence[Rule], said: Sequence[AnyLine], reading: RoomReading, turn: int, fired: Mapping[str, int]
) -> list[Due]:
    """The rules that are to act after that turn, in their order. `fired` has the turn after which each last acted."""
    found = []
    for rule in rules:
        last = fired.get(rule.id)
        if last is not None and (rule.rest is None or turn - last < rule.rest):
            continue
        if because := met(rule.when, said, reading, turn, rule.since if last is None else last):
            found.append(Due(rule, because))
    return found


async def after_turn(record: Record, message: Message) -> str | None:
    """Does what the rules want after the turn that left this message. A pause is for the caller to make: its reason."""
    rules = rules_of(record)
    if not rules or message.state != State.COMPLETE or record.conversation.status == Status.ENDED:
        return None
    said = spoken(record.said)
    reading = await _read(record, said, is_long=len(message.text) > LONG)
    pause = None
    for each in due(rules, said, reading, record.conversation.turns, fired_of(record)):
        fault = rule_fault(record, each.rule.model_copy(update={'since': 0}))
        await _leave_trace(record, each, fault)
        if isinstance(each.rule.then, Pause):
            pause = f'A rule paused it: {each.because}.'
        elif not fault:
            try:
                await _act(record, each)
            except Refused as refusal:
                await _leave_trace(record, each, str(refusal))
    return pause


def rules_of(record: Record) -> list[Rule]:
    return [Rule.model_validate(kept) for kept in record.conversation.settings.get(RULES, ())]


def fired_of(record: Record) -> dict[str, int]:
    return record.conversation.settings.get(FIRED, {})


async def _read(record: Record, said: Sequence[AnyLine], *, is_long: bool) -> RoomReading:
    here = [participant for participant in record.present if participant.kind != Kind.NARRATOR]
    names = {participant.id: record.names(participant) for participant in here}
    read = _readers.setdefault(record, RoomReader()).read
    personas = frozenset(record.personas)
    return await asyncio.to_thread(read, said, names, personas) if is_long else read(said, names, personas)


async def _leave_trace(record: Record, each: Due, fault: str | None) -> None:
    rule = each.rule
    async with record.writing:
        fired = fired_of(record) | {rule.id: record.conversation.turns}
        outcome = f'could not act. {fault}' if fault else f'{then_in_words(record, rule)}.'
        payload = {'rule_id': rule.id, 'because': each.because, 'fault': fault}
        values = {'settings': record.conversation.settings | {FIRED: fired}}
        text = f'A rule: {each.because}, so {outcome}' if not fault else f'A rule {outcome} It was due: {each.because}.'
        await narrate(record, 'rule', payload, text, kind=LineKind.GUARD, audience=NOBODY, values=values)
    record.changed.emit()


async def _act(record: Record, each: Due) -> None:
    rule, then = each.rule, each.rule.then
    match then:
        case GiveNote():
            await Notes(record).give(then.text, then.to, then.turns, then.is_secret, rule_id=rule.id)
        case CallOn():
            await Steering(record).call_on(then.who, f'Was called on by a rule: {each.because}.', rule_id=rule.id)
        case SetScene(what='narration'):
            await Scenes(record).narrate(then.text, rule_id=rule.id)
        case SetScene():
            await Scenes(record).change(**{then.what: then.text}, rule_id=rule.id)


def _public(rule: Rule) -> dict[str, Any]:
    """As the events may know it: of a secret note not a word."""
    told = rule.model_dump()
    if isinstance(rule.then, GiveNote) and rule.then.is_secret:
        told['then'] = {'kind': 'note', 'is_secret': True}
    return told


def _is_same(rule: Rule, other: Rule) -> bool:
    return (rule.when, rule.then, rule.rest) == (other.when, other.then, other.rest)

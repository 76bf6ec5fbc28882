"""The replay of a capsule: a transcript told again from its events alone.

Words are not in the events; they are kept once, with the message or with the variant that is not shown now. An event
names the line and the variant it is about, and that is enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.store.tables import Message, State

TAKEN_BACK, COME_BACK, GREW = 'deleted', 'brought_back', 'branch'
Words = dict[tuple[str, int], dict[str, Any]]
"""What was said, by the line's id and the number of the variant."""
BEGINS = frozenset({'turn_started', 'retold'})


@dataclass(frozen=True, slots=True)
class Told:
    """A line as a replay shows it at some moment."""

    message_id: str
    number: int
    speaker: str
    variant: int
    state: str
    text: str
    is_deleted: bool = False


def replay(capsule: dict[str, Any]) -> Iterator[list[Told]]:
    """The transcript after each event, oldest first."""
    messages = {message['id']: message for message in capsule['messages']}
    words: Words = {(message['id'], message['variant']): message for message in capsule['messages']}
    words |= {(variant['message_id'], variant['number']): variant for variant in capsule['variants']}
    lines: dict[str, Told] = {}
    for event in sorted(capsule['events'], key=lambda event: event['number']):
        payload = event['payload']
        if event['kind'] == GREW:
            lines = _inherited(capsule['messages'], words, payload, event['created_at'])
        if (id := payload.get('message_id')) and id in messages:
            before = lines.get(id)
            variant = payload.get('variant') or (before.variant if before else 1)
            content = words[id, variant]
            told = Told(id, messages[id]['number'], content['speaker'], variant, content['state'], content['text'])
            lines[id] = _after(event['kind'], before, told)
        yield sorted(lines.values(), key=lambda line: line.number)


def replayed(capsule: dict[str, Any]) -> list[Told]:
    """The transcript at the end."""
    return next(iter(deque(replay(capsule), maxlen=1)), [])


def as_told(messages: Iterable[Message]) -> list[Told]:
    """The same of rows, to be compared."""
    return [
        Told(m.id, m.number, m.speaker, m.variant, m.state, m.text, is_deleted=m.deleted_at is not None)
        for m in messages
    ]


def _inherited(messages: Iterable[dict[str, Any]], words: Words, payload: dict[str, Any], at: str) -> dict[str, Told]:
    """What a branch began with: of these lines no event tells, they came all at once."""
    lines: dict[str, Told] = {}
    for m in messages:
        if m['number'] <= payload['message_number']:
            variant = payload['variants'].get(str(m['number']), 1)
            content, is_deleted = words[m['id'], variant], m['deleted_at'] is not None and m['deleted_at'] <= at
            lines[m['id']] = Told(
                m['id'], m['number'], content['speaker'], variant, content['state'], content['text'], is_deleted
            )
    return lines


def _after(kind: str, before: Told | None, told: Told) -> Told:
    if before and kind == TAKEN_BACK:
        return replace(before, is_deleted=True)
    if before and kind == COME_BACK:
        return replace(before, is_deleted=False)
    if kind in BEGINS:
        return replace(told, text='', state=State.SPEAKING)
    return told

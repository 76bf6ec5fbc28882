"""Somebody who listens to a conversation and believes nothing: whatever does not fit with what was heard before is a
fault. In the end the database is asked whether it says the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from app.chimera import Chimera
from app.conversation.capsule import Told, as_told, replay
from app.conversation.orchestrator import Orchestrator
from app.live.capsules import sealed
from app.live.channel import Happening, Item, Words
from app.store.capsules import Everything, everything_of
from app.store.tables import Message, State, Variant

BEGINS = ('turn_started', 'retold')
UNTOLD = {'updated_at'}
"""When a row was last written to is no business of whoever remembers the rest of it."""


class Witness:
    """`told` are all words that ever stood in a line, by its id and the number of the variant."""

    def __init__(
        self, chimera: Chimera, room: Orchestrator, before: Everything, since_birth: list[Item] | None = None
    ) -> None:
        self.chimera = chimera
        self.room = room
        self.faults: list[str] = []
        self.number = before.conversation.event_number if since_birth is None else 1
        inherited = before.conversation.branched_at or 0
        lines = [m for m in before.messages if since_birth is None or m.number <= inherited]
        self.told = {(m.id, m.variant): m.text for m in lines if m.state != State.SPEAKING}
        self.told |= {(v.message_id, v.number): v.text for v in before.variants}
        self.grown: dict[str, list[Item]] = {}
        """Branches that nobody has looked at yet, and what has happened in them."""
        self.born_with = _used_before(before)
        self.most_tokens, self.most_money = before.conversation.tokens, before.conversation.money
        self.leave = chimera.channels.listen(room.conversation.id, self._hear)
        self._speaking = next((m.id for m in lines if m.state == State.SPEAKING), None)
        self._heard: list[str] = []
        self._segments = 0
        self.take_stock()
        self._hear(since_birth or [])

    def take_stock(self) -> None:
        """Nothing is in flight: from here on no more may be used than the limits say now."""
        self._look_at_limits()
        now = self.room.conversation
        self.most_tokens = max(now.tokens, _limit(now.max_tokens))
        self.most_money = max(now.money, _limit(now.max_money))

    def _hear(self, items: list[Item]) -> None:
        try:
            for item in items:
                if isinstance(item, Words):
                    self._hear_words(item)
                else:
                    self._hear_of(item)
        except AssertionError as fault:
            self.faults.append(str(fault))

    def _hear_words(self, words: Words) -> None:
        assert words.message_id == self._speaking, 'words of somebody who does not speak'
        self._segments += 1
        assert words.number == self._segments, f'segment {words.number} came where {self._segments} was due'
        if not words.reasoning:
            self._heard.append(words.text)

    def _hear_of(self, event: Happening) -> None:
        self.number += 1
        assert event.number == self.number, f'event {event.number} came where {self.number} was due'
        line = event.payload.get('message_id')
        if event.kind in BEGINS:
            assert self._speaking is None, 'two speak at once'
            self._speaking, self._heard, self._segments = line, [], 0
        if event.kind == 'turn_ended':
            assert self._speaking == line, 'a line ended that nobody spoke'
            [ended] = [row for row in event.rows if isinstance(row, Message)]
            assert ended.text == ''.join(self._heard), f'heard {"".join(self._heard)!r}, kept {ended.text!r}'
            self._speaking = None
        if event.kind == 'limits':
            self.most_tokens = max(self.most_tokens, _limit(event.payload.get('max_tokens', 0)))
            self.most_money = max(self.most_money, _limit(event.payload.get('max_money', 0)))
        if event.kind == 'branched':
            happened = self.grown[event.payload['branch_id']] = []
            self.chimera.channels.listen(event.payload['branch_id'], happened.extend)
        for row in event.rows:
            self._read(row)

    def _read(self, row: object) -> None:
        match row:
            case Message() if row.state != State.SPEAKING:
                key, text = (row.id, row.variant), row.text
            case Variant():
                key, text = (row.message_id, row.number), row.text
            case _:
                return
        assert self.told.setdefault(key, text) == text, f'what was said has become other words: {text!r}'

    def _look_at_limits(self) -> None:
        now = self.room.conversation
        if now.tokens > self.most_tokens:
            self.faults.append(f'{now.tokens} tokens of {self.most_tokens}')
        if now.money > self.most_money:
            self.faults.append(f'{now.money} of {self.most_money} spent')

    def look(self) -> None:
        """At what is remembered, whatever is going on just now."""
        self._look_at_limits()
        assert not self.faults, self.faults
        room, now = self.room, self.room.conversation
        speaking = [message.id for message in room.transcript if message.state == State.SPEAKING]
        assert speaking == ([self._speaking] if self._speaking else []), f'{self._speaking} speaks, and not {speaking}'
        assert (room.speaking.id if room.speaking else None) == self._speaking
        assert now.event_number == self.number
        assert not (now.stop_reason or '').startswith(('Something broke', 'It goes on elsewhere')), now.stop_reason
        assert not any('Something broke' in (message.note or '') for message in room.transcript)

    async def ask_the_database(self) -> None:
        kept = await everything_of(self.chimera.store, self.chimera.scope, self.room.conversation.id)
        assert kept
        self._compare_with_memory(kept)
        assert [event.number for event in kept.events] == list(range(1, self.number + 1))
        assert [message.number for message in kept.messages] == list(range(1, len(kept.messages) + 1))
        self._find_all_words(kept)
        self._add_up(kept)
        capsule = json.loads(json.dumps(sealed(kept)))
        moments = list(replay(capsule))
        assert moments[-1] == as_told(kept.messages)
        assert all(sum(line.state == State.SPEAKING for line in lines) <= 1 for lines in moments)

    def _compare_with_memory(self, kept: Everything) -> None:
        record = self.room.record
        assert kept.conversation.model_dump(exclude=UNTOLD) == record.conversation.model_dump(exclude=UNTOLD)
        for rows, remembered in (
            (kept.participants, sorted(record.participants, key=lambda participant: participant.seat)),
            (kept.messages, record.transcript),
            (sorted(kept.notes, key=lambda note: note.id), sorted(record.notes, key=lambda note: note.id)),
        ):
            assert [row.model_dump() for row in rows] == [row.model_dump() for row in remembered]

    def _find_all_words(self, kept: Everything) -> None:
        lines = [((m.id, m.variant), m.text) for m in kept.messages if m.state != State.SPEAKING]
        lines += [((v.message_id, v.number), v.text) for v in kept.variants]
        assert max(Counter(key for key, _ in lines).values(), default=1) == 1, 'a variant is there twice'
        assert dict(lines) == self.told

    def _add_up(self, kept: Everything) -> None:
        assert _used_before(kept) == self.born_with, 'turns or money that no event tells of'
        tokens = sum(row.prompt_tokens + row.completion_tokens for row in (*kept.messages, *kept.variants))
        tokens += sum(
            event.payload.get('moderator_tokens', 0) + event.payload.get('tokens', 0) for event in kept.events
        )
        assert kept.conversation.tokens == tokens, 'tokens that are on no line and in no event'


def without_ids(messages: Sequence[Message]) -> list[Told]:
    return [replace(line, message_id='') for line in as_told(messages)]


def _used_before(kept: Everything) -> tuple[int, int]:
    """Turns and money that are not in the events: what a branch was born with."""
    kinds = Counter(event.kind for event in kept.events)
    is_telling_anew = any(m.state == State.SPEAKING and m.variant > 1 for m in kept.messages)
    turns = kinds['turn_ended'] - kinds['retold'] + is_telling_anew
    money = sum(event.payload.get('money', 0) for event in kept.events)
    return kept.conversation.turns - turns, kept.conversation.money - money


def _limit(limit: int | None) -> int:
    return 10**15 if limit is None else limit

"""Whether a rule's condition is met after a turn, and by what, in a phrase. Pure functions: the same lines always
answer the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from app.conversation.orders.address import callings, last_call
from app.conversation.plain_line import AnyLine
from app.conversation.rule import Count, Measure, Stance, Word
from app.conversation.rule_reading import RoomReading

Condition = Word | Count | Measure | Stance


def met(when: Condition, said: Sequence[AnyLine], reading: RoomReading, turn: int, since: int) -> str:
    """Why it is met, as 'Iris said “peace”'; '' when it is not. `said` is what was spoken aloud, `turn` how many turns
    were taken, `since` from which one on it is counted."""
    if not said:
        return ''
    match when:
        case Word():
            return _word(when, said)
        case Count():
            return _count(when, said, reading, turn, since)
        case Measure():
            return _measure(when, said, reading)
        case Stance():
            return _stance(when, said, reading)


def latest(said: Sequence[AnyLine]) -> Sequence[AnyLine]:
    """The last turn's line, and what people said since the turn before it."""
    turns = [at for at, message in enumerate(said) if message.turn is not None]
    return said[turns[-2] + 1 if len(turns) > 1 else 0 :]


def _word(when: Word, said: Sequence[AnyLine]) -> str:
    for message in latest(said):
        if when.who in (None, message.participant_id) and _phrase(when.text).search(message.text):
            return f'{message.speaker} said “{when.text}”'
    return ''


def _count(when: Count, said: Sequence[AnyLine], reading: RoomReading, turn: int, since: int) -> str:
    match when.what:
        case 'turns' if when.who is None:
            return f'{_many(turn - since, "turn was", "turns were")} taken' if turn - since >= when.at_least else ''
        case 'turns':
            taken = sum(m.participant_id == when.who and (m.turn or 0) > since for m in said)
            return f'{_name(when.who, reading)} spoke {_many(taken, "time")}' if taken >= when.at_least else ''
        case 'run':
            return _run(when, said)
        case 'silence':
            return _silence(when, said, reading, turn, since)


def _run(when: Count, said: Sequence[AnyLine]) -> str:
    last = said[-1]
    run = 0
    for message in reversed(said):
        if message.participant_id != last.participant_id:
            break
        run += 1
    is_meant = last.turn is not None and when.who in (None, last.participant_id)
    return f'{last.speaker} spoke {_many(run, "time")} in a row' if is_meant and run >= when.at_least else ''


def _silence(when: Count, said: Sequence[AnyLine], reading: RoomReading, turn: int, since: int) -> str:
    own = max((m.turn or 0 for m in said if m.participant_id == when.who), default=0)
    silent = turn - max(own, since)
    return f'{_name(when.who, reading)} was silent for {_many(silent, "turn")}' if silent >= when.at_least else ''


def _measure(when: Measure, said: Sequence[AnyLine], reading: RoomReading) -> str:
    last = said[-1]
    match when.what:
        case 'words':
            if when.who not in (None, last.participant_id) or last.id not in reading.lines:
                return ''
            words = reading.lines[last.id].words
            return f'{last.speaker} used {_many(words, "word")}' if _beyond(when, words) else ''
        case 'share':
            whose = reading.personas if when.who is None else {when.who}
            measured = [(100 * share, id) for id, share in reading.shares.items() if id in whose]
            found = [(share, id) for share, id in measured if _beyond(when, share)]
            if not found:
                return ''
            share, id = max(found) if when.is_above else min(found)
            return f'{_name(id, reading)} has {share:.0f} % of the words'
        case 'agreement':
            percent = 100 * reading.agreement if reading.agreement is not None else None
            is_met = percent is not None and _beyond(when, percent)
            return f'{percent:.0f} % of the last lines agree' if is_met else ''
        case 'repetition':
            percent = 100 * reading.repetition
            is_meant = when.who in (None, last.participant_id)
            return (
                f'{percent:.0f} % of {last.speaker}’s line had been said' if is_meant and _beyond(when, percent) else ''
            )


def _stance(when: Stance, said: Sequence[AnyLine], reading: RoomReading) -> str:
    for message in latest(said):
        line = reading.lines.get(message.id)
        if line is None or when.who not in (None, message.participant_id):
            continue
        holds = line.disagrees if when.stance == 'disagrees' else line.agrees
        if holds and (other := _answered(when, message, said, reading)):
            return f'{message.speaker} {"objects to" if line.disagrees else "agrees with"} {other}'
    return ''


def _answered(when: Stance, message: AnyLine, said: Sequence[AnyLine], reading: RoomReading) -> str:
    """The name of whom the line is meant for: those it calls by name, else whoever spoke before."""
    called = [
        id
        for id, names in reading.names.items()
        if id != message.participant_id and last_call(callings(names), message.text) is not None
    ]
    if not called:
        before = next(
            (m for m in reversed(said) if m.number < message.number and m.participant_id != message.participant_id),
            None,
        )
        called = [before.participant_id] if before else []
    meant = next((id for id in called if when.to in (None, id)), None)
    return _name(meant, reading) if meant else ''


def _beyond(when: Measure, measured: float) -> bool:
    return measured > when.value if when.is_above else measured < when.value


def _name(id: str | None, reading: RoomReading) -> str:
    return reading.names.get(id or '', ('Somebody',))[0]


def _many(number: int, one: str, more: str = '') -> str:
    return f'{number} {one if number == 1 else more or one + "s"}'


@lru_cache(maxsize=256)
def _phrase(text: str) -> re.Pattern[str]:
    """As whole words, in any case, with any white space between them."""
    words = r'\s+'.join(re.escape(word) for word in text.split())
    return re.compile(rf'(?<!\w){words}(?!\w)', re.IGNORECASE)

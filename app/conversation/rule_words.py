"""A rule as a sentence, and what is wrong with one."""

from __future__ import annotations

import re

from app.conversation.notes import note_fault, receiver_fault
from app.conversation.record import Record
from app.conversation.rule import CallOn, Count, GiveNote, Measure, Pause, Rule, SetScene, Stance, Word
from app.conversation.scenes import LONGEST_CARD, LONGEST_NARRATION
from app.store.tables import Kind, Status

LONGEST_WORD = 80
MOST_WORDS = 2_000
MOST_COUNTED = 1_000
EXCERPT = 60


def in_words(record: Record, rule: Rule) -> str:
    often = 'once' if rule.rest is None else _resting(rule.rest)
    return f'When {when_in_words(record, rule)}, {then_in_words(record, rule)} ({often}).'


def when_in_words(record: Record, rule: Rule) -> str:
    when = rule.when
    match when:
        case Word():
            return f'{_who(record, when.who)} says “{when.text}”'
        case Count(what='turns', who=None):
            return f'{when.at_least} more turns are taken' if when.at_least > 1 else 'one more turn is taken'
        case Count(what='turns'):
            return f'{_who(record, when.who)} has spoken {_times(when.at_least)} more'
        case Count(what='run'):
            return f'{_who(record, when.who)} speaks {_times(when.at_least)} in a row'
        case Count():
            return f'{_who(record, when.who)} is silent for {when.at_least} turns'
        case Measure():
            return _measured(record, when)
        case Stance():
            verb = 'agrees with' if when.stance == 'agrees' else 'objects to'
            return f'{_who(record, when.who)} {verb} {_who(record, when.to)}'


def then_in_words(record: Record, rule: Rule) -> str:
    then = rule.then
    match then:
        case GiveNote():
            whom = record.participant(then.to).name if then.to else 'everybody'
            return f'{whom} is given a secret note' if then.is_secret else f'{whom} is told: “{_excerpt(then.text)}”'
        case CallOn():
            return f'{_who(record, then.who)} speaks next'
        case Pause():
            return 'the room pauses'
        case SetScene(what='narration'):
            return f'the narrator tells: “{_excerpt(then.text)}”'
        case SetScene():
            return f'the {then.what} becomes “{_excerpt(then.text)}”'


def rule_fault(record: Record, rule: Rule) -> str | None:
    """Why the rule could never fire, or could never be obeyed; None when it can."""
    if rule.rest is not None and not 1 <= rule.rest <= MOST_COUNTED:
        return f'A rule that acts every time rests for 1 to {MOST_COUNTED:,} turns in between.'
    return _when_fault(record, rule) or _then_fault(record, rule)


def _when_fault(record: Record, rule: Rule) -> str | None:
    when = rule.when
    for id in (when.who, when.to if isinstance(when, Stance) else None):
        if id is not None and (fault := _absent(record, id)):
            return fault
    match when:
        case Word() if not re.search(r'\w', when.text):
            return 'Which word? Write the word or the phrase it waits for.'
        case Word() if len(when.text) > LONGEST_WORD:
            return f'A phrase it waits for has {LONGEST_WORD} characters at most.'
        case Count():
            return _count_fault(record, rule, when)
        case Measure(what='words') if (
            when.value < 0 or when.value > MOST_WORDS or (not when.is_above and not when.value)
        ):
            return f'No line can have that few or many words: take a number from 1 to {MOST_WORDS:,}.'
        case Measure() if when.what != 'words' and _is_beyond_percent(when):
            return 'That can never be: a share lies between 0 and 100 percent.'
        case Measure(what='agreement') if when.who is not None:
            return 'Agreement is measured of the whole room: leave out the name.'
        case Stance() if when.who is not None and when.who == when.to:
            return 'Nobody answers themselves: choose two different people.'
    return None


def _count_fault(record: Record, rule: Rule, when: Count) -> str | None:
    if not 1 <= when.at_least <= MOST_COUNTED:
        return f'It can count from 1 to {MOST_COUNTED:,}.'
    if when.what == 'silence' and when.who is None:
        return 'Whose silence? Choose somebody.'
    if when.what != 'silence' and when.who is not None and when.who not in record.personas:
        return f'{record.participant(when.who).name} takes no turns that could be counted: choose a persona.'
    # One that has ended can only go on with more turns.
    most = None if record.conversation.status == Status.ENDED else record.conversation.max_turns
    if when.what in ('turns', 'silence') and most is not None and rule.since + when.at_least > most:
        return f'The conversation ends after {most} turns, before that could be: count less, or add turns first.'
    return None


def _then_fault(record: Record, rule: Rule) -> str | None:
    then = rule.then
    match then:
        case GiveNote():
            return note_fault(record, then.text, then.to, then.turns)
        case CallOn():
            return receiver_fault(record, then.who)
        case SetScene() if not then.text.strip():
            return 'Write what is narrated.' if then.what == 'narration' else f'Write what the {then.what} becomes.'
        case SetScene() if len(then.text) > (LONGEST_NARRATION if then.what == 'narration' else LONGEST_CARD):
            return f'That is too long: a narration has {LONGEST_NARRATION:,} characters at most, a card {LONGEST_CARD}.'
    return None


def _absent(record: Record, id: str) -> str | None:
    participant = next((p for p in record.present if p.id == id and p.kind != Kind.NARRATOR), None)
    return None if participant else 'Whom it waits for is not in the room: it could never act.'


def _is_beyond_percent(when: Measure) -> bool:
    return not 0 <= when.value <= 100 or when.value == (100 if when.is_above else 0)


def _measured(record: Record, when: Measure) -> str:
    than = 'more' if when.is_above else 'less'
    match when.what:
        case 'words':
            return f'{_who(record, when.who)} uses {"more" if when.is_above else "fewer"} than {when.value} words'
        case 'share':
            return f'{_who(record, when.who)} has {than} than {when.value} % of the words'
        case 'agreement':
            return f'{than} than {when.value} % of the last lines agree'
        case 'repetition':
            return f'{than} than {when.value} % of a line by {_who(record, when.who)} had been said before'


def _who(record: Record, id: str | None) -> str:
    if id is None:
        return 'anybody'
    return next((p.name for p in record.participants if p.id == id), 'somebody who is gone')


def _times(number: int) -> str:
    return {1: 'once', 2: 'twice'}.get(number, f'{number} times')


def _resting(rest: int) -> str:
    return 'every time' if rest == 1 else f'every time, at most every {rest} turns'


def _excerpt(text: str) -> str:
    folded = ' '.join(text.split())
    return folded if len(folded) <= EXCERPT else f'{folded[:EXCERPT].rsplit(" ", 1)[0]} …'

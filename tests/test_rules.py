"""Rules without code: when something is so, then something is done, once or every time, with a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.conversation.rule import CallOn, Count, GiveNote, Measure, Pause, Rule, SetScene, Stance, Word
from app.conversation.rule_reading import RoomReader
from app.conversation.rules import MOST_RULES, Rules, due, fired_of, rules_of
from app.conversation.scenes import Scenes, scene_of
from app.store.tables import LineKind, Message, State, Status
from tests.fixtures_conversation import Voice, begin, bring_back, forget
from tests.test_notes import RARE, goes_on, prompts_with, rested, with_a_guest

NAMES = {'iris': ('Iris',), 'milo': ('Milo',), 'noor': ('Noor',), 'alice': ('Alice',)}
PAUSE = Pause()


def talk(*lines: str) -> list[Message]:
    """'Iris: Why?' and so on; Alice is a human and takes no turns."""
    said, turn = [], 0
    for number, text in enumerate(lines, start=1):
        speaker, _, words = text.partition(': ')
        turn += speaker != 'Alice'
        own = None if speaker == 'Alice' else turn
        said.append(
            Message(
                workspace_id='w', conversation_id='c', number=number, turn=own, participant_id=speaker.lower(),
                speaker=speaker, text=words, state=State.COMPLETE,
            )
        )  # fmt: skip
    return said


def why(when: Any, *lines: str, since: int = 0, fired: dict[str, int] | None = None, rest: int | None = None) -> str:
    said = talk(*lines)
    rule = Rule(id='r', when=when, then=PAUSE, rest=rest, since=since)
    reading = RoomReader().read(said, NAMES, frozenset({'iris', 'milo', 'noor'}))
    turn = sum(message.turn is not None for message in said)
    return ' and '.join(each.because for each in due([rule], said, reading, turn, fired or {}))


def test_a_word_is_heard_whole_from_whom_it_is_meant_and_only_just_now() -> None:
    assert why(Word(text='peace'), 'Iris: War.', 'Milo: And Peace?') == 'Milo said “peace”'
    assert why(Word(text='peace'), 'Iris: Peaceful, is it not.') == ''
    assert why(Word(text='no more'), 'Iris: Nobody. No\nmore!') == 'Iris said “no more”'
    assert why(Word(text='peace', who='iris'), 'Iris: Well.', 'Milo: Peace.') == ''
    assert why(Word(text='peace'), 'Iris: Peace.', 'Milo: Well.') == ''
    assert why(Word(text='peace'), 'Iris: Well.', 'Alice: Peace!', 'Milo: Well.') == 'Alice said “peace”'


def test_turns_runs_and_silences_are_counted() -> None:
    lines = ['Iris: One.', 'Milo: Two.', 'Milo: Three.']
    assert why(Count(what='turns', at_least=3), *lines) == '3 turns were taken'
    assert why(Count(what='turns', at_least=3), *lines, since=1) == ''
    assert why(Count(what='turns', at_least=2, who='milo'), *lines) == 'Milo spoke 2 times'
    assert why(Count(what='run', at_least=2), *lines) == 'Milo spoke 2 times in a row'
    assert why(Count(what='run', at_least=2, who='iris'), *lines) == ''
    assert why(Count(what='silence', at_least=2, who='iris'), *lines) == 'Iris was silent for 2 turns'
    assert why(Count(what='silence', at_least=3, who='noor'), *lines) == 'Noor was silent for 3 turns'
    assert why(Count(what='silence', at_least=3, who='iris'), *lines) == ''


def test_measures_lie_above_or_below() -> None:
    lines = ['Iris: One two three four five six seven eight nine.', 'Milo: Ten.']
    assert why(Measure(what='words', value=5), *lines) == ''
    assert why(Measure(what='words', value=5, is_above=False), *lines) == 'Milo used 1 word'
    assert why(Measure(what='share', value=80), *lines) == 'Iris has 90 % of the words'
    assert why(Measure(what='share', value=20, is_above=False, who='noor'), *lines) == 'Noor has 0 % of the words'
    agreed = ['Iris: Exactly.', 'Milo: I agree.', 'Noor: Absolutely.'] * 2
    assert why(Measure(what='agreement', value=90), *agreed) == '100 % of the last lines agree'
    assert why(Measure(what='agreement', value=90), *agreed[:5]) == ''
    again = 'The river forgets the bridge every single night.'
    said = why(Measure(what='repetition', value=50), f'Iris: {again}', 'Milo: Does it?', f'Noor: {again}')
    assert said == '100 % of Noor’s line had been said'


def test_a_stance_is_taken_towards_whom_the_line_answers() -> None:
    against = Stance(stance='disagrees', who='milo', to='iris')
    assert why(against, 'Iris: Time is a river.', 'Milo: No, I disagree.') == 'Milo objects to Iris'
    assert why(against, 'Iris: Time is a river.', 'Noor: Well.', 'Milo: I disagree.') == ''
    assert why(against, 'Iris: A river.', 'Noor: Well.', 'Milo: Iris, I disagree.') == 'Milo objects to Iris'
    for_it = Stance(stance='agrees')
    assert why(for_it, 'Iris: A river.', 'Milo: Exactly, I agree.') == 'Milo agrees with Iris'
    assert why(for_it, 'Iris: A river.', 'Milo: I do not agree.') == ''


def test_once_is_once_and_every_time_rests_between() -> None:
    heard = ['Iris: Peace.', 'Milo: Peace.', 'Noor: Peace.']
    assert why(Word(text='peace'), *heard, fired={'r': 1}) == ''
    assert why(Word(text='peace'), *heard, fired={'r': 1}, rest=2)
    assert why(Word(text='peace'), *heard, fired={'r': 2}, rest=2) == ''
    assert why(Count(what='turns', at_least=2), *heard, fired={'r': 2}, rest=1) == ''


async def test_a_rule_acts_as_a_person_would_and_leaves_its_trace(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record, [_, milo, noor] = stage.orchestrator.record, stage.orchestrator.participants[:3]
    rules = Rules(record)
    note = await rules.add(Rule(when=Word(text='river'), then=GiveNote(text=f'Mind the {RARE}.', to=milo.id, turns=1)))
    call = await rules.add(Rule(when=Word(text='river'), then=CallOn(who=noor.id)))
    await rules.add(Rule(when=Word(text='river'), then=SetScene(what='mood', text='wet')))
    await rules.add(Rule(when=Word(text='bridge'), then=SetScene(text='A bridge falls.')))
    voice.enqueue(['Time is a river.'])
    await goes_on(stage, 6)
    said = await stage.said()
    assert said[3].text == 'Time is a river.'
    traces = [message for message in said if message.kind == LineKind.GUARD]
    assert [trace.text for trace in traces] == [
        f'A rule: Iris said “river”, so Milo is told: “Mind the {RARE}.”.',
        'A rule: Iris said “river”, so Noor speaks next.',
        'A rule: Iris said “river”, so the mood becomes “wet”.',
    ]
    assert all(trace.audience == [] for trace in traces)
    spoken = [message for message in said if message.turn]
    assert (spoken[4].speaker, spoken[4].because) == ('Noor', 'Was called on by a rule: Iris said “river”.')
    assert prompts_with(voice, RARE) == ['Milo']
    assert scene_of(record) == {'mood': 'wet'}
    events = {event.kind: event.payload for event in await stage.events() if event.payload.get('rule_id')}
    assert set(events) == {'rule_added', 'rule', 'note_given', 'called_on', 'scene'}
    assert events['note_given']['rule_id'] == note.id
    assert events['called_on']['rule_id'] == call.id
    assert set(fired_of(record).values()) == {4}


async def test_a_rule_may_pause_the_room_and_says_why(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    await Rules(stage.orchestrator.record).add(Rule(when=Word(text='stop'), then=PAUSE))
    voice.enqueue(['Please stop.'])
    await stage.orchestrator.extend(5)
    await stage.rests(Status.PAUSED)
    assert stage.conversation.stop_reason == 'A rule paused it: Iris said “stop”.'
    assert stage.conversation.turns == 4
    await stage.orchestrator.resume()
    await stage.ended()


async def test_rules_and_what_they_did_outlive_a_restart(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    rules = Rules(stage.orchestrator.record)
    rule = await rules.add(Rule(when=Count(what='turns', at_least=2), then=SetScene(text='A bell rings.'), rest=1))
    await goes_on(stage, 3)
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    assert rules_of(again.orchestrator.record) == [rule]
    await goes_on(again, 3)
    assert [m.turn for m in await again.said() if m.kind == LineKind.SPEECH] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    rang = [event.payload for event in await again.events() if event.kind == 'narrated']
    assert len(rang) == 3
    await Rules(again.orchestrator.record).remove(rule.id)
    assert (rules_of(again.orchestrator.record), fired_of(again.orchestrator.record)) == ([], {})


async def test_a_secret_note_of_a_rule_is_in_no_event_and_no_trace(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    then = GiveNote(text=f'Hide the {RARE}.', is_secret=True, turns=1)
    await Rules(stage.orchestrator.record).add(Rule(when=Count(what='turns', at_least=1), then=then))
    await goes_on(stage, 4)
    assert prompts_with(voice, RARE) == ['Milo']
    assert RARE not in json.dumps([event.payload for event in await stage.events()])
    assert not any(RARE in text for text in await stage.texts())


async def test_a_rule_that_cannot_act_any_more_says_so_and_harms_nobody(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record = stage.orchestrator.record
    await Rules(record).add(Rule(when=Count(what='turns', at_least=1), then=SetScene(what='mood', text='wet')))
    await Scenes(record).change(mood='wet')
    await goes_on(stage, 3)
    traces = [message.text for message in await stage.said() if message.kind == LineKind.GUARD]
    assert traces[-1].startswith('A rule could not act. The scene is like that already')
    assert stage.conversation.turns == 6


async def test_rules_that_could_never_act_are_refused_and_change_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await with_a_guest(chimera, voice, 3)
    record = stage.orchestrator.record
    rules, human, iris = (
        Rules(record),
        next(p for p in record.participants if p.kind == 'human'),
        record.participants[0],
    )
    number, word = stage.conversation.event_number, Word(text='peace')
    for sentence, when, then in (
        ('Which word', Word(text=' …'), PAUSE),
        ('80 characters', Word(text='a' * 81), PAUSE),
        ('not in the room', Word(text='peace', who='nobody'), PAUSE),
        ('Whose silence', Count(what='silence', at_least=1), PAUSE),
        ('count from 1', Count(what='run', at_least=0), PAUSE),
        ('takes no turns', Count(what='run', at_least=2, who=human.id), PAUSE),
        ('between 0 and 100', Measure(what='share', value=100), PAUSE),
        ('between 0 and 100', Measure(what='agreement', value=0, is_above=False), PAUSE),
        ('few or many words', Measure(what='words', value=0, is_above=False), PAUSE),
        ('whole room', Measure(what='agreement', value=50, who=iris.id), PAUSE),
        ('answers themselves', Stance(stance='agrees', who=iris.id, to=iris.id), PAUSE),
        ('The note is empty', word, GiveNote(text=' ')),
        ('is no persona', word, GiveNote(text='Smile.', to=human.id)),
        ('is no persona', word, CallOn(who=human.id)),
        ('what is narrated', word, SetScene(text=' ')),
        ('too long', word, SetScene(what='mood', text='a' * 201)),
    ):
        with pytest.raises(Refused, match=sentence):
            await rules.add(Rule(when=when, then=then))
    with pytest.raises(Refused, match='rests for 1'):
        await rules.add(Rule(when=word, then=PAUSE, rest=0))
    with pytest.raises(Refused, match='no such rule'):
        await rules.remove('none')
    with pytest.raises(ValidationError):
        Rule.model_validate({'when': {'kind': 'weather'}, 'then': {'kind': 'pause'}})
    assert stage.conversation.event_number == number
    for at in range(MOST_RULES):
        await rules.add(Rule(when=Word(text=f'word {at}'), then=PAUSE))
    with pytest.raises(Refused, match='20 rules at most'):
        await rules.add(Rule(when=Word(text='word 0'), then=PAUSE))


async def test_a_rule_beyond_the_last_turn_is_refused_while_the_end_is_near(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One ', 'moment.'])
    breath = voice.breathe_after('One ')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    rules, far = Rules(stage.orchestrator.record), Rule(when=Count(what='turns', at_least=3), then=PAUSE)
    with pytest.raises(Refused, match='ends after 2 turns, before that could be'):
        await rules.add(far)
    breath.go.set()
    await stage.ended()
    await rules.add(far)
    with pytest.raises(Refused, match='like that already'):
        await rules.add(far.model_copy(update={'id': 'another'}))

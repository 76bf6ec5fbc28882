"""A director's notes: who hears them, for how long, who never does, and what they changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.chimera import Chimera
from app.conversation.notes import LONGEST_NOTE, MOST_STANDING, Notes, effect_of, is_over, standing, turns_left
from app.conversation.refused import Refused
from app.measures.note_effect import effect
from app.providers.port import Prompt
from app.store import conversations
from components import broadcast
from tests.fixtures_conversation import Stage, Voice, begin, bring_back, forget
from tests.test_broadcast import Hall

RARE = 'Zwirbelhut'


def prompts_with(voice: Voice, word: str) -> list[str]:
    return [prompt.speaker.name for prompt in voice.history if prompt.speaker and word in text_of(prompt)]


def text_of(prompt: Prompt) -> str:
    return '\n'.join(message.content for message in prompt.messages)


def in_the_hall(chimera: Chimera, monkeypatch: pytest.MonkeyPatch) -> tuple[Hall, list[dict[str, Any]]]:
    """Whoever enters it sees the frames."""
    hall, frames = Hall(chimera), list[dict[str, Any]]()

    def show_all(conversation_id: str, frame: dict[str, Any]) -> None:
        frames.append(frame)
        hall.show_all(conversation_id, frame)

    async def show_one(sid: str, frame: dict[str, Any]) -> None:
        frames.append(frame)
        await hall.show_one(sid, frame)

    monkeypatch.setattr(broadcast, 'viewers', hall.viewers)
    monkeypatch.setattr(broadcast, 'show_all', show_all)
    monkeypatch.setattr(broadcast, 'show_one', show_one)
    monkeypatch.setattr(broadcast, 'on_join', lambda joined: setattr(hall, 'joined', joined))
    broadcast.Broadcasts(chimera)
    return hall, frames


async def rested(chimera: Chimera, turns: int = 3) -> Stage:
    """After a round: Iris, Milo and Noor have spoken once each."""
    stage = await begin(chimera, max_turns=turns)
    await stage.ended()
    return stage


async def with_a_guest(chimera: Chimera, voice: Voice, turns: int = 1) -> Stage:
    """Somebody has said good evening from the audience."""
    voice.enqueue(['Good ', 'evening.'])
    breath = voice.breathe_after('Good ')
    stage = await begin(chimera, max_turns=turns)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'Good evening.')
    breath.go.set()
    await stage.ended()
    return stage


async def goes_on(stage: Stage, turns: int) -> None:
    await stage.orchestrator.extend(turns)
    await stage.ended()


async def test_a_note_to_one_is_heard_by_that_one_for_so_many_of_its_own_turns(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record, [iris, milo, _] = stage.orchestrator.record, stage.orchestrator.participants[:3]
    note = await Notes(record).give(f'Ask about the {RARE}.', milo.id, turns=2)
    assert standing(record, milo) == [note]
    assert standing(record, iris) == []
    assert turns_left(record, note) == 2
    await goes_on(stage, 9)
    assert prompts_with(voice, RARE) == ['Milo', 'Milo']
    assert is_over(record, note)


async def test_a_note_to_all_is_heard_by_all_until_it_is_withdrawn(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    notes = Notes(stage.orchestrator.record)
    note = await notes.give(f'Speak of the {RARE}.')
    await goes_on(stage, 3)
    await notes.withdraw(note.id)
    await goes_on(stage, 3)
    assert prompts_with(voice, RARE) == ['Iris', 'Milo', 'Noor']
    with pytest.raises(Refused, match='does not hold any more'):
        await notes.withdraw(note.id)


async def test_a_note_that_comes_while_somebody_speaks_is_for_the_turns_after(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One ', 'moment.'])
    breath = voice.breathe_after('One ')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    await Notes(stage.orchestrator.record).give(f'Mind the {RARE}.', turns=1)
    breath.go.set()
    await stage.ended()
    assert prompts_with(voice, RARE) == ['Milo']


async def test_a_visible_note_is_a_quiet_line_that_no_persona_reads(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    milo = stage.orchestrator.participants[1]
    await Notes(stage.orchestrator.record).give(f'Mind the {RARE}.', milo.id, turns=1)
    await goes_on(stage, 6)
    line = next(message for message in await stage.said() if RARE in message.text)
    assert (line.text, line.audience) == (f'Note to Milo: Mind the {RARE}.', [])
    assert prompts_with(voice, RARE) == ['Milo']
    given = next(event for event in await stage.events() if event.kind == 'note_given')
    assert given.payload['participant_id'] == milo.id
    assert given.payload['message_id'] == line.id


async def test_a_secret_note_is_in_one_prompt_and_nowhere_else(
    chimera: Chimera, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, frames = in_the_hall(chimera, monkeypatch)
    stage = await rested(chimera)
    await hall.enter(stage, 'Bob')
    note = await Notes(stage.orchestrator.record).give(
        f'Hide the {RARE}.', stage.orchestrator.participants[2].id, turns=1, is_secret=True
    )
    await hall.enter(stage, 'Charlie')
    await goes_on(stage, 6)
    assert prompts_with(voice, RARE) == ['Noor']
    assert len(frames) > 12
    assert RARE not in json.dumps(frames)
    events = json.dumps([event.payload for event in await stage.events()])
    assert RARE not in events
    assert note.id in events
    assert not any(RARE in text for text in await stage.texts())


async def test_notes_outlive_a_restart_and_hold_for_as_long_as_they_would_have(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    record, iris = stage.orchestrator.record, stage.orchestrator.participants[0]
    kept = await Notes(record).give(f'Mind the {RARE}.', iris.id, turns=3, is_secret=True)
    await goes_on(stage, 3)
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    record = again.orchestrator.record
    assert [(note.id, note.text, turns_left(record, note)) for note in record.notes] == [(kept.id, kept.text, 2)]
    await goes_on(again, 12)
    assert prompts_with(voice, RARE) == ['Iris'] * 3
    assert await conversations.delete_conversation(chimera.store, chimera.scope, stage.id)


async def test_nonsense_is_refused_in_a_sentence_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await with_a_guest(chimera, voice)
    record = stage.orchestrator.record
    notes, human = Notes(record), next(p for p in record.participants if p.kind == 'human')
    number = stage.conversation.event_number
    for sentence, given in {
        'The note is empty': {'text': ' \n\u200b'},
        'it can have': {'text': 'a' * (LONGEST_NOTE + 1)},
        'holds for 1 to': {'text': 'Smile.', 'turns': 0},
        'Nobody of that kind': {'text': 'Smile.', 'participant_id': 'nobody'},
        'is no persona': {'text': 'Smile.', 'participant_id': human.id},
    }.items():
        with pytest.raises(Refused, match=sentence):
            await notes.give(**given)
    with pytest.raises(Refused, match='no such note'):
        await notes.withdraw('none')
    assert stage.conversation.event_number == number
    assert record.notes == []
    for at in range(MOST_STANDING):
        await notes.give(f'Smile {at}.', is_secret=True)
    with pytest.raises(Refused, match='withdraw one'):
        await notes.give('Smile.')


async def test_what_a_note_changed_is_measured_on_whom_it_was_to(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Memory is a room with no door that I know of.'])
    voice.enqueue(['Mine has two, and both of them squeak.'])
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    record, iris = stage.orchestrator.record, stage.orchestrator.participants[0]
    note = await Notes(record).give('Ask about the squeak.', iris.id)
    assert effect_of(record, note).sentence == 'Iris has not spoken since.'
    voice.enqueue(['Indeed, so it is.'])
    voice.enqueue(['What is a squeak? And who hears it, in which room, behind what door?'])
    await goes_on(stage, 2)
    found = effect_of(record, note)
    assert found.sentence == 'Iris asks questions, and asked none before, in the one line since.'
    assert found.taken_up == ('squeak',)
    assert (found.before.lines, found.since.lines) == (1, 1)


BEFORE = ['I think the river is older than the bridge, and the bridge knows it well.'] * 3


@pytest.mark.parametrize(
    ('since', 'sentence'),
    [
        ([], 'Iris has not spoken since.'),
        (['I disagree: the bridge is older than the river, and the river knows it well.'] * 2, 'objects more often'),
        (['Short now.', 'Very short.'], 'speaks far more briefly'),
        (['Is it old? Is it deep? I think the river is older than the bridge here.'] * 2, 'asks questions'),
        (['I think the river is older than the bridge, and the bridge knows that well.'] * 3, 'No clear change'),
    ],
)
def test_the_effect_is_one_plain_sentence(since: list[str], sentence: str) -> None:
    assert sentence in effect('Iris', BEFORE, since, 'Be different.').sentence


def test_an_effect_needs_something_to_compare_with() -> None:
    assert (
        effect('Iris', [], ['A line.'], 'Smile.').sentence
        == 'Iris had not spoken before: there is nothing to compare with.'
    )

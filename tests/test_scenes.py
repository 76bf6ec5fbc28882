"""Scene cards: the place, the time and the mood change, a narrator tells, and everybody knows of it."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.refused import Refused
from app.conversation.scenes import Scenes, scene_of
from app.store.tables import LineKind
from tests.fixtures_conversation import Voice, bring_back, forget
from tests.test_notes import goes_on, prompts_with, rested


async def test_a_scene_is_told_once_and_then_stands_in_every_prompt(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    await Scenes(stage.orchestrator.record).change('A lighthouse\nin a storm', 'past midnight', 'uneasy')
    line = (await stage.said())[-1]
    assert line.text == 'The scene changes: A lighthouse in a storm, past midnight. The mood: uneasy.'
    assert (line.kind, line.audience, line.turn) == (LineKind.SCENE, None, None)
    await goes_on(stage, 3)
    assert prompts_with(voice, f'({line.text})') == ['Iris', 'Milo', 'Noor']
    standing = 'Where you all are now. Place: A lighthouse in a storm. Time: past midnight. Mood: uneasy.'
    assert prompts_with(voice, standing) == ['Iris', 'Milo', 'Noor']


async def test_only_what_changes_is_told_and_what_is_emptied_is_gone(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    scenes = Scenes(stage.orchestrator.record)
    await scenes.change('A train', 'dawn', 'tender')
    await scenes.change('A train', 'noon', 'tender')
    assert (await stage.texts())[-1] == 'The scene changes: noon.'
    await scenes.change(mood='')
    assert len(await stage.said()) == 5
    assert scene_of(stage.orchestrator.record) == {'place': 'A train', 'time': 'noon'}
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    assert scene_of(again.orchestrator.record) == {'place': 'A train', 'time': 'noon'}
    changed = [event for event in await again.events() if event.kind == 'scene']
    assert changed[-1].payload == {'scene': {'place': 'A train', 'time': 'noon'}}


async def test_a_narrator_tells_and_takes_no_turn(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera)
    await Scenes(stage.orchestrator.record).narrate('The lamp goes out.')
    line = (await stage.said())[-1]
    assert (line.speaker, line.kind, line.number) == ('Narrator', LineKind.SCENE, 4)
    assert stage.conversation.turns == 3
    await goes_on(stage, 3)
    assert prompts_with(voice, '(The lamp goes out.)') == ['Iris', 'Milo', 'Noor']
    assert [message.speaker for message in await stage.said()][4:] == ['Iris', 'Milo', 'Noor']


async def test_nonsense_is_refused_in_a_sentence_and_changes_nothing(chimera: Chimera, voice: Voice) -> None:
    stage = await rested(chimera, 1)
    scenes = Scenes(stage.orchestrator.record)
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='like that already'):
        await scenes.change('', ' ', None)
    with pytest.raises(Refused, match='The mood has 201 characters'):
        await scenes.change(mood='a' * 201)
    with pytest.raises(Refused, match='nothing to narrate'):
        await scenes.narrate(' ')
    with pytest.raises(Refused, match='a narration can have'):
        await scenes.narrate('a' * 2_001)
    assert stage.conversation.event_number == number

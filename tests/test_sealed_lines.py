"""Where all write at once, whoever watches reads nothing before all have written: not on the screen, not on the wire,
not at home, not in a measure. Then everything is opened together. Alice watches; Iris, Milo and Noor are the jury."""

from __future__ import annotations

import json

import pytest

from app.chimera import Chimera
from app.conversation.formats.shelf import Formats
from app.store import transcripts
from app.store.recent import recent_conversations
from app.store.tables import LineKind, Message, Status
from components.line import line
from components.transcript import lines_of
from tests.fixtures_conversation import Stage, Voice, begin, bring_back, forget
from tests.test_broadcast import Hall

SECRET = 'Guilty, because of the zwirbelhut. VOTE: Guilty'
SEALED = next(at for at, phase in enumerate(Formats().shelf.formats['jury'].phases, 1) if phase.simultaneous)


@pytest.fixture
def hall(chimera: Chimera, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall.lit(chimera, monkeypatch)


async def step(stage: Stage) -> None:
    taken = stage.conversation.turns
    await stage.orchestrator.step()
    await stage.turns(taken + 1)
    await stage.rests(Status.PAUSED)


async def write(stage: Stage, many: int) -> None:
    while len(await sealed(stage)) < many:
        await step(stage)


async def jury(chimera: Chimera, voice: Voice) -> Stage:
    """Waits before the foreperson's charge."""
    voice.enqueue('The machine is charged with forgetting.', *[SECRET] * 3)
    hold = voice.hold()
    stage = await begin(chimera, format='jury', max_turns=None)
    await stage.orchestrator.pause()
    hold.set()
    return stage


async def sealed(stage: Stage) -> list[Message]:
    return [m for m in await stage.said() if m.phase == SEALED and m.kind == LineKind.SPEECH]


async def test_nobody_who_watches_reads_a_word_before_all_have_written(
    chimera: Chimera, voice: Voice, hall: Hall
) -> None:
    stage = await jury(chimera, voice)
    early = await hall.enter(stage, 'early')
    insight = chimera.insights.of(chimera.scope, stage.orchestrator)
    insight.changed.subscribe(lambda: None)
    await write(stage, 2)
    assert [m.text for m in await sealed(stage)] == [SECRET] * 2

    late = await hall.enter(stage, 'late')
    wire = json.dumps(hall.frames)
    assert 'zwirbelhut' not in wire
    for browser in (early, late):
        assert [browser.lines[m.id]['sealed'] for m in await sealed(stage)] == [True] * 2
        assert not any('zwirbelhut' in text for text in browser.texts.values())
    shown = lines_of(chimera, stage.orchestrator, await stage.said())
    assert 'zwirbelhut' not in json.dumps(shown)
    [card] = await recent_conversations(chimera.store, chimera.scope)
    assert card.excerpt.startswith('The machine is charged')
    assert await recent_conversations(chimera.store, chimera.scope, 'zwirbelhut') == []
    await insight.settle()
    assert [moment.number for moment in insight.moments] == [m.number for m in await stage.said() if m.turn == 1]

    await write(stage, 3)
    await step(stage)  # the next phase begins
    assert await recent_conversations(chimera.store, chimera.scope, 'zwirbelhut')
    await hall.mend(stage)
    for browser in (early, late):
        assert [browser.texts[m.number] for m in await sealed(stage)] == [SECRET] * 3
        assert browser.gaps == 0
    await insight.settle()
    assert {m.number for m in await sealed(stage)} <= {moment.number for moment in insight.moments}


async def test_who_was_away_when_it_was_opened_is_shown_it(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    stage = await jury(chimera, voice)
    browser = await hall.enter(stage, 'alice')
    await write(stage, 2)
    hall.lost = lambda sid: True
    await write(stage, 3)
    await step(stage)
    assert not any('zwirbelhut' in text for text in browser.texts.values())
    await hall.join(stage, 'alice')
    assert [browser.texts[m.number] for m in await sealed(stage)] == [SECRET] * 3


async def test_the_end_opens_what_was_sealed_also_after_a_restart(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    stage = await jury(chimera, voice)
    await write(stage, 2)
    forget(chimera)
    stage = await bring_back(chimera, stage.id)
    assert len(stage.orchestrator.record.programme.sealed) == 2
    browser = await hall.enter(stage, 'alice')
    assert not any('zwirbelhut' in text for text in browser.texts.values())
    await stage.orchestrator.stop()
    assert [browser.texts[m.number] for m in await sealed(stage)] == [SECRET] * 2
    touched = await transcripts.messages_touched_since(chimera.store, chimera.scope, stage.id, browser.n - 1)
    assert {m.id for m in touched} == {m.id for m in await sealed(stage)}


async def test_people_read_their_own_words_at_any_time(chimera: Chimera, voice: Voice) -> None:
    stage = await jury(chimera, voice)
    await write(stage, 1)
    programme = stage.orchestrator.record.programme
    iris, *_ = await sealed(stage)
    mine = iris.model_copy(update={'id': 'mine', 'participant_id': 'alice'})
    seat = stage.orchestrator.record.new_human(chimera.scope, 'Alice')
    seat.id = 'alice'
    stage.orchestrator.record.participants.append(seat)
    assert programme.is_sealed(mine)
    assert not programme.is_sealed(mine, chimera.scope)
    assert programme.is_sealed(iris, chimera.scope)
    assert line(mine)['html']
    assert not line(mine, sealed=True)['html']

"""What the engine remembers of each line in short is what stands in the transcript, whatever was done to it."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.plain_line import plain
from app.conversation.record import FORGOTTEN_AT_ONCE, REMEMBERED
from app.store.tables import State
from tests.fixtures_conversation import Stage, Voice, begin


def in_step(stage: Stage) -> bool:
    record = stage.orchestrator.record
    return record.said == [plain(message) for message in record.transcript]


async def test_whatever_changes_a_line_changes_what_is_remembered_of_it(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('Zebras forget.', 'Quaggas remember.', 'Okapis do.')
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    room, record = stage.orchestrator, stage.orchestrator.record
    assert [line.text for line in record.said] == ['Zebras forget.', 'Quaggas remember.']
    first, second = room.transcript
    await room.lines.edit(first.id, 'Zebras never forget.', 'Alice')
    assert record.said[0].text == 'Zebras never forget.'
    await room.lines.delete(first.id)
    assert record.said[0].deleted_at
    await room.lines.bring_back(first.id)
    assert record.said[0].deleted_at is None
    await room.lines.choose_variant(first.id, 1)
    assert record.said[0].text == 'Zebras forget.'
    await room.regenerate(second.id)
    await stage.until(lambda: second.variant == 2 and second.state != State.SPEAKING and not room.speaking)
    assert record.said[1].text == 'Okapis do.'
    assert in_step(stage)


async def test_while_somebody_speaks_and_when_a_person_has_spoken(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Once', ' upon a time.'], 'And then?')
    breath = voice.breathe_after('Once')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'Wait!')
    assert [line.state for line in stage.orchestrator.record.said] == [State.SPEAKING, State.COMPLETE]
    assert in_step(stage)
    breath.go.set()
    await stage.ended()
    assert [line.text for line in stage.orchestrator.record.said] == ['Once upon a time.', 'Wait!', 'And then?']
    assert in_step(stage)


async def test_old_lines_are_forgotten_in_both(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('Zebras forget.')
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    record, (first,) = stage.orchestrator.record, stage.orchestrator.transcript
    for number in range(2, REMEMBERED + FORGOTTEN_AT_ONCE + 2):
        line = record.new_message(record.participants[0], text=f'Line {number}.')
        assert line.number == number
        record.remember(line)
    assert len(record.transcript) == REMEMBERED + 1
    assert in_step(stage)
    await stage.orchestrator.lines.edit(first.id, 'Zebras never forget.', 'Alice')
    assert in_step(stage), 'a line that is not remembered any more can still be mended'

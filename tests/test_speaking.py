"""A human takes part: nobody is interrupted by it, and it is answered next."""

from __future__ import annotations

import asyncio

import pytest

from app.chimera import Chimera
from app.conversation.lines import LONGEST_LINE
from app.conversation.refused import Refused
from app.store import conversations, people
from app.store.tables import Kind, State, Status
from tests.fixtures_conversation import SwiftClock, Voice, begin, bring_back, forget


async def test_speaking_interrupts_nobody_and_is_answered_next(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, '  Does it flood?\n')
    assert stage.speaking.state == State.SPEAKING
    breath.go.set()
    await stage.ended()

    said = await stage.said()
    assert [(m.speaker, m.state) for m in said] == [
        ('Iris', State.COMPLETE),
        ('Guest', State.COMPLETE),
        ('Milo', State.COMPLETE),
    ]
    assert [m.number for m in said] == [1, 2, 3]
    assert [m.turn for m in said] == [1, None, 2], 'a human takes no turn of theirs'
    assert said[0].text == 'Time is a river.'
    assert said[1].text == 'Does it flood?'
    lines = [(line.speaker, line.text, line.is_human) for line in voice.history[-1].lines]
    assert lines == [('Iris', 'Time is a river.', False), ('Guest', 'Does it flood?', True)]


async def test_whom_the_human_names_answers(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    clock.still = True
    voice.enqueue('Milo, a joke?', 'Ha.')
    stage = await begin(chimera, speaker_order='addressed_first', max_turns=2, pace=1)
    await stage.turns(1)
    await stage.orchestrator.speak(chimera.scope, 'Before that, Noor: is it true?')
    clock.move()
    await stage.ended()
    said = await stage.said()
    assert said[-1].speaker == 'Noor'
    assert said[-1].because == 'Guest spoke to Noor.'


async def test_lines_said_while_the_next_speaker_is_chosen_are_heeded(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['Time is ', 'a river.'])
    breath = voice.breathe_after('Time is ')
    stage = await begin(chimera, speaker_order='addressed_first', max_turns=500)
    await breath.taken.wait()
    lines = [stage.orchestrator.speak(chimera.scope, f'{("Noor", "Milo")[n % 2]}, why?') for n in range(10)]
    speaking = asyncio.gather(*lines)
    await stage.until(lambda: len(stage.orchestrator.participants) == 4)
    breath.go.set()
    await speaking
    await stage.until(lambda: stage.orchestrator.conversation.turns >= 2)
    await stage.orchestrator.stop()
    said = await stage.said()
    answer = next(m for m in said if m.turn == 2)
    assert said[answer.number - 2].text == f'{answer.speaker}, why?'


async def test_the_human_gets_one_seat_and_keeps_it(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.orchestrator.pause()
    await stage.orchestrator.speak(chimera.scope, 'One.')
    await people.rename_person(chimera.store, chimera.scope, 'Alice')
    await stage.orchestrator.speak(chimera.scope, 'Two.')
    seated = await conversations.participants(chimera.store, chimera.scope, stage.id)
    assert [(p.seat, p.kind) for p in seated] == [
        (1, Kind.PERSONA), (2, Kind.PERSONA), (3, Kind.PERSONA), (4, Kind.HUMAN),
    ]  # fmt: skip
    assert seated[-1].person_id == chimera.scope.person_id
    assert [p.id for p in stage.orchestrator.participants] == [p.id for p in seated]


async def test_a_line_while_it_is_paused_waits_for_its_answer(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue(['One', '.'])
    breath = voice.breathe_after('One')
    stage = await begin(chimera, max_turns=2)
    await breath.taken.wait()
    await stage.orchestrator.pause()
    breath.go.set()
    await stage.orchestrator.speak(chimera.scope, 'I will wait.')
    assert stage.orchestrator.status == Status.PAUSED
    await stage.orchestrator.resume()
    await stage.ended()
    assert [m.speaker for m in await stage.said()] == ['Iris', 'Guest', 'Milo']


@pytest.mark.parametrize('text', ['', '   ', '\n\t', '\x00', '\ud800'])
async def test_nothing_is_not_said(chimera: Chimera, text: str) -> None:
    stage = await begin(chimera, max_turns=1)
    with pytest.raises(Refused, match='There is nothing to say yet'):
        await stage.orchestrator.speak(chimera.scope, text)
    await stage.ended()
    assert len(await stage.said()) == 1


async def test_a_line_has_an_end(chimera: Chimera) -> None:
    stage = await begin(chimera)
    await stage.orchestrator.speak(chimera.scope, 'x' * LONGEST_LINE)
    with pytest.raises(Refused, match='That is 8,001 characters; a line can have 8,000'):
        await stage.orchestrator.speak(chimera.scope, 'x' * (LONGEST_LINE + 1))


async def test_what_a_keyboard_cannot_type_does_no_harm(chimera: Chimera) -> None:
    """Lone surrogates and NUL are refused by databases; they must not stop the journal for everybody."""
    stage = await begin(chimera, max_turns=500)
    await stage.orchestrator.speak(chimera.scope, 'a\x00b\ud83d c 🙂')
    await stage.orchestrator.stop()
    assert 'ab c 🙂' in await stage.texts()


async def test_what_was_said_is_there_after_a_restart(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=500)
    await stage.orchestrator.speak(chimera.scope, 'Remember me.')
    await stage.orchestrator.stop()
    forget(chimera)
    again = await bring_back(chimera, stage.id)
    assert again.orchestrator is not stage.orchestrator
    assert [m.text for m in again.orchestrator.transcript] == await stage.texts()
    await again.orchestrator.extend(1)
    await again.orchestrator.speak(chimera.scope, 'Still me.')
    await again.orchestrator.stop()
    assert len(again.orchestrator.participants) == 4


async def test_a_line_that_comes_too_late_is_refused_in_words(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    with pytest.raises(Refused, match='ended'):
        await stage.orchestrator.speak(chimera.scope, 'Wait!')
    assert 'Wait!' not in [message.text for message in await stage.said()]

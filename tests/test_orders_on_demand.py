"""The orders in which somebody else decides: a list, a person, a model that breaks ties."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.floor import bids
from app.conversation.moderator import verdict
from app.conversation.orders.human_picks import QUESTION
from app.conversation.refused import Refused
from app.conversation.speaker_order import NobodyMaySpeak, NobodyPicked, human_picks
from app.providers.port import ProviderError
from app.providers.scripted import Stall
from app.store.tables import LineKind, Message, Status
from tests.fixtures_conversation import Stage, SwiftClock, Voice, begin
from tests.test_speaker_order import BOB, IRIS, NOOR, SEATS


async def speeches(stage: Stage) -> list[Message]:
    return [message for message in await stage.said() if message.kind == LineKind.SPEECH]


async def opened(chimera: Chimera, **wanted: object) -> Stage:
    stage = await begin(chimera, **{'max_turns': 1, **wanted})
    await stage.ended()
    return stage


# The list


async def test_the_list_is_gone_down_again_and_again(chimera: Chimera, voice: Voice) -> None:
    stage = await opened(chimera)
    iris, milo, noor = (p.id for p in stage.orchestrator.participants)
    await stage.orchestrator.steering.set_order('listed')
    await stage.orchestrator.ordering.set_list([milo, noor, milo, iris])
    await stage.orchestrator.extend(8)
    await stage.ended()
    speakers = [message.participant_id for message in await speeches(stage)][1:]
    start = [milo, noor, milo, iris]
    assert speakers == (start * 3)[start.index(speakers[0]) :][:8]
    assert (await speeches(stage))[-1].because.startswith('Next on the list after')  # type: ignore[union-attr]
    assert stage.conversation.settings['listed'] == start


async def test_a_list_of_nobody_is_refused(chimera: Chimera, voice: Voice) -> None:
    stage = await opened(chimera)
    number = stage.conversation.event_number
    with pytest.raises(Refused, match='Nobody of that kind'):
        await stage.orchestrator.ordering.set_list(['nobody'])
    with pytest.raises(Refused, match='it can have 24'):
        await stage.orchestrator.ordering.set_list([stage.orchestrator.participants[0].id] * 25)
    assert stage.conversation.event_number == number


# A person


def test_as_a_rule_it_names_nobody() -> None:
    with pytest.raises(NobodyPicked, match='Whom do you give the floor'):
        human_picks(SEATS, [], 1)
    assert issubclass(NobodyPicked, NobodyMaySpeak)


async def test_the_room_waits_until_a_person_gives_the_floor(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, speaker_order='human_picks', max_turns=3)
    await stage.rests(Status.PAUSED)
    assert stage.conversation.stop_reason == QUESTION
    assert bids(stage.orchestrator.record), 'it helps to know who wants to speak'
    for taken, at in enumerate((2, 0, 2)):
        await stage.turns(taken)
        await stage.rests(Status.PAUSED)
        await stage.orchestrator.give_floor(stage.orchestrator.participants[at].id)
    await stage.ended()
    said = await speeches(stage)
    assert [message.speaker for message in said] == ['Noor', 'Iris', 'Noor']
    assert {message.because for message in said} == {'Was called on by you.'}


# A model


async def moderated(chimera: Chimera, voice: Voice, **moderator: float) -> Stage:
    """One line was said; a margin this wide makes nearly everything a tie."""
    stage = await opened(chimera)
    await stage.orchestrator.steering.set_order('moderator')
    await stage.orchestrator.ordering.set_moderator('vendor/quick', **{'margin': 3.0, **moderator})
    return stage


async def test_the_moderator_is_asked_once_and_its_tokens_are_counted(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    stage = await moderated(chimera, voice)
    iris, milo, noor = stage.orchestrator.participants[:3]
    spoke = (await speeches(stage))[0].participant_id
    wanted = next(p for p in (noor, milo, iris) if p.id != spoke)
    clock.still = True
    voice.enqueue(f'NEXT: {wanted.name}', 'Here I am.')
    tokens, asked = stage.conversation.tokens, len(voice.asked)
    await stage.orchestrator.extend(1)
    await stage.ended()
    said = (await speeches(stage))[-1]
    assert said.participant_id == wanted.id
    assert said.because.endswith(f'wanted the floor alike; the moderator chose {wanted.name}.')  # type: ignore[union-attr]
    assert [settings.model for settings in voice.asked[asked:]] == ['vendor/quick', 'demo/scripted']
    started = [event for event in await stage.events() if event.kind == 'turn_started'][-1]
    assert (
        stage.conversation.tokens
        == tokens + started.payload['moderator_tokens'] + said.prompt_tokens + said.completion_tokens
    )
    assert len('\n'.join(m.content for m in voice.history[-2].messages)) < 2_500, 'it is a short question'


async def test_it_is_asked_only_when_urges_tie(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    stage = await moderated(chimera, voice, margin=0.0)
    clock.still = True
    asked = len(voice.asked)
    await stage.orchestrator.extend(2)
    await stage.ended()
    assert [settings.model for settings in voice.asked[asked:]] == ['demo/scripted'] * 2


@pytest.mark.parametrize(
    ('answer', 'why'),
    [
        ('NEXT: The Pope', 'named nobody who was to be chosen from'),
        ('Both of them are wonderful.', 'named nobody who was to be chosen from'),
        ('', 'named nobody who was to be chosen from'),
        (ProviderError('No credit.', permanent=True), 'could not be asked'),
    ],
)
async def test_its_failure_leaves_the_floor_to_the_urge_and_says_so(
    chimera: Chimera, voice: Voice, clock: SwiftClock, answer: str | ProviderError, why: str
) -> None:
    stage = await moderated(chimera, voice)
    clock.still = True
    voice.enqueue(answer, 'Here I am.')
    await stage.orchestrator.extend(1)
    await stage.ended()
    said = (await speeches(stage))[-1]
    assert said.text == 'Here I am.'
    assert f'The moderator {why}, so the strongest urge decided.' in (said.because or '')


async def test_a_moderator_that_never_answers_holds_nobody(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    stage = await moderated(chimera, voice)
    voice.enqueue(Stall(), 'Here I am.')
    await stage.orchestrator.extend(1)
    await stage.ended()
    said = (await speeches(stage))[-1]
    assert 'took too long, so the strongest urge decided.' in (said.because or '')
    assert voice.speaking == 0


async def test_while_it_thinks_people_can_speak_and_stop(chimera: Chimera, voice: Voice, clock: SwiftClock) -> None:
    stage = await moderated(chimera, voice)
    clock.still = True
    voice.enqueue(['NEXT: ', 'Noor'], 'Here I am.')
    breath = voice.breathe_after('NEXT: ')
    tokens = stage.conversation.tokens
    await stage.orchestrator.extend(1)
    await breath.taken.wait()
    await stage.orchestrator.speak(chimera.scope, 'Nobody has to wait for it.')
    await stage.orchestrator.stop()
    breath.go.set()
    await stage.until(lambda: stage.conversation.tokens > tokens)
    assert stage.conversation.status == Status.ENDED
    assert (await stage.events())[-1].kind == 'thought_in_vain', 'what it cost is counted all the same'
    assert (await speeches(stage))[-1].text == 'Nobody has to wait for it.'


async def test_it_is_asked_while_the_line_before_is_still_being_typed(
    chimera: Chimera, voice: Voice, clock: SwiftClock
) -> None:
    stage = await moderated(chimera, voice)
    await stage.orchestrator.steering.set_pace(1)
    clock.still = clock.frozen = True
    voice.enqueue('NEXT: Noor', 'Slowly, slowly, word by word.', ['NEXT: ', 'Iris'])
    breath = voice.breathe_after('NEXT: ')
    await stage.orchestrator.extend(2)
    await breath.taken.wait()
    assert stage.orchestrator.speaking, 'the line before is still being typed'
    assert voice.asked[-1].model == 'vendor/quick'
    breath.go.set()
    clock.move()
    await stage.ended()


@pytest.mark.parametrize(
    ('answer', 'seat'),
    [
        ('NEXT: Noor', NOOR),
        ('**NEXT:** Noor.', NOOR),
        ('<think>Iris? No.</think>\nNext: the cook', BOB),
        ('I would say it is for Iris to answer that.', IRIS),
        ('Bob spoke, so I choose:\nNEXT: Iris', IRIS),
        ('NEXT: Iris or Bob', None),
        ('NEXT: Alice', None),
        ('', None),
    ],
)
def test_its_verdict_is_validated(answer: str, seat: object) -> None:
    assert verdict(answer, SEATS) == seat


async def test_nonsense_about_the_moderator_is_refused(chimera: Chimera, voice: Voice) -> None:
    stage = await opened(chimera)
    with pytest.raises(Refused, match='The margin goes from 0'):
        await stage.orchestrator.ordering.set_moderator(None, 9)
    with pytest.raises(Refused, match='The name of a model'):
        await stage.orchestrator.ordering.set_moderator('x' * 999)

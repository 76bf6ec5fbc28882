"""Every format on the real stage: from phase to phase to its end, and nobody is told what is not for their ears."""

from __future__ import annotations

import pytest

from app.chimera import Chimera
from app.conversation.formats.company import ROLE
from app.conversation.formats.shelf import Formats
from app.conversation.refused import Refused
from app.providers.port import Prompt
from app.store.tables import Kind, LineKind, Message, State, Status
from tests.fixtures_conversation import Stage, Voice, begin, bring_back, forget

FORMATS = [id for id, format in Formats().shelf.formats.items() if format.phases[0].ends or len(format.phases) > 1]
CAST = ['philosopher', 'comedian', 'scientist', 'poet', 'engineer', 'historian']


def told(prompt: Prompt) -> str:
    """Without the indent of what stands behind a line break: lines are looked for as they were said."""
    return '\n'.join(message.content for message in prompt.messages).replace('\n  ', '\n')


async def play(chimera: Chimera, format: str, size: int = 6, **wanted: object) -> Stage:
    cast = list(chimera.library.personas)[:size]
    stage = await begin(chimera, personas=cast, format=format, max_turns=None, **wanted)
    for _ in range(40):
        await stage.until(lambda: stage.orchestrator.status in (Status.ENDED, Status.PAUSED))
        if stage.conversation.status == Status.ENDED:
            return stage
        await stage.until(lambda: stage.orchestrator.speaking is None)
        await stage.orchestrator.close_phase()
    raise AssertionError(stage.conversation.stop_reason)


async def size_of(chimera: Chimera, format: str) -> int:
    for size in (6, 5, 4, 3, 2):
        try:
            stage = await begin(
                chimera, personas=list(chimera.library.personas)[:size], format=format, max_turns=1, pace=0
            )
        except Refused:
            continue
        await stage.ended()
        return size
    raise AssertionError(format)


@pytest.mark.parametrize('format', FORMATS)
async def test_it_is_played_to_its_end_and_says_how_it_ended(chimera: Chimera, voice: Voice, format: str) -> None:
    stage = await play(chimera, format, await size_of(chimera, format))
    assert stage.conversation.stop_reason
    said = await stage.said()
    assert [m.number for m in said] == list(range(1, len(said) + 1))
    assert all(m.state == State.COMPLETE for m in said)
    phases = [m.phase for m in said if m.phase is not None]
    assert phases == sorted(phases)
    assert any(m.kind == LineKind.SCENE for m in said)
    narrators = [p for p in stage.orchestrator.participants if p.kind == Kind.NARRATOR]
    assert len(narrators) == 1
    kinds = [event.kind for event in await stage.events()]
    assert 'phase' in kinds


async def test_what_wolves_say_at_night_stands_in_no_villagers_prompt(chimera: Chimera, voice: Voice) -> None:
    stage = await play(chimera, 'werewolf')
    roles = {p.id: p.settings[ROLE] for p in stage.orchestrator.participants if ROLE in p.settings}
    private = [m for m in await stage.said() if m.audience is not None and m.kind == LineKind.SPEECH]
    assert {roles[m.participant_id] for m in private} == {'wolf', 'seer'}
    by_name = {p.name: p.id for p in stage.orchestrator.participants}
    for prompt in voice.history:
        assert prompt.speaker
        viewer = by_name[prompt.speaker.name]
        for secret in private:
            if viewer not in (secret.audience or ()):
                assert secret.text not in told(prompt)
        if roles[viewer] == 'villager':
            assert 'By day you are a neighbour like any other' not in told(prompt)


async def test_in_a_blind_phase_nobody_reads_the_others_before_it_is_over(chimera: Chimera, voice: Voice) -> None:
    stage = await play(chimera, 'jury')
    said = [m for m in await stage.said() if m.kind == LineKind.SPEECH]
    ordinal = next(at for at, phase in enumerate(Formats().shelf.formats['jury'].phases, 1) if phase.is_blind)
    blind = [m for m in said if m.phase == ordinal]
    assert len({m.participant_id for m in blind}) > 2
    for line in blind:
        prompt = told(voice.history[said.index(line)])
        assert not any(other.text in prompt for other in blind if other.participant_id != line.participant_id)
    after = next(m for m in said if m.phase == ordinal + 1)
    later = told(voice.history[said.index(after)])
    assert all(line.text in later for line in blind)


async def test_the_audience_votes_by_button(chimera: Chimera, voice: Voice) -> None:
    cast = list(chimera.library.personas)[:2]
    stage = await begin(chimera, personas=cast, format='debate', max_turns=None)
    await stage.rests(Status.PAUSED)
    assert 'votes now' in (stage.conversation.stop_reason or '')
    with pytest.raises(Refused, match='Nobody can be voted for'):
        await stage.orchestrator.vote(chimera.scope, 'perhaps')
    forget(chimera)
    stage = await bring_back(chimera, stage.id)
    await stage.orchestrator.vote(chimera.scope, 'carried')
    await stage.orchestrator.close_phase()
    assert stage.conversation.status == Status.ENDED
    assert stage.conversation.stop_reason == 'The motion is carried. Carried 1.'
    with pytest.raises(Refused, match='nothing to vote for'):
        await stage.orchestrator.vote(chimera.scope, 'carried')


async def test_a_human_who_plays_is_waited_for(chimera: Chimera, voice: Voice) -> None:
    stage = await begin(chimera, personas=list(chimera.library.personas)[:3], format='interview', max_turns=6)
    await stage.turns(1)
    assert await stage.said()
    await stage.orchestrator.stop()


async def test_what_cannot_be_seated_is_refused(chimera: Chimera) -> None:
    two = list(chimera.library.personas)[:2]
    with pytest.raises(Refused, match='needs at least'):
        await begin(chimera, personas=two, format='werewolf')
    with pytest.raises(Refused, match='no format'):
        await begin(chimera, personas=two, format='quiz')
    with pytest.raises(Refused, match='has no role'):
        await begin(chimera, personas=two, format='debate', roles={two[0]: 'dragon'})


async def test_a_wanted_role_is_given(chimera: Chimera) -> None:
    two = list(chimera.library.personas)[:2]
    stage = await begin(chimera, personas=two, format='debate', roles={two[1]: 'proposer'}, max_turns=1)
    await stage.ended()
    first: Message = next(m for m in await stage.said() if m.kind == LineKind.SPEECH)
    assert first.speaker == chimera.library.personas[two[1]].name


@pytest.mark.parametrize('format', ['debate', 'jury', 'werewolf'])
async def test_after_the_end_they_go_on_at_an_open_table(chimera: Chimera, voice: Voice, format: str) -> None:
    stage = await play(chimera, format)
    taken, said = stage.conversation.turns, len(await stage.said())
    await stage.orchestrator.steering.set_limits(max_turns=taken + 4)
    await stage.orchestrator.go_on()
    await stage.ended()
    assert stage.conversation.turns == taken + 4
    later = [m for m in (await stage.said())[said:] if m.kind == LineKind.SPEECH]
    assert {(m.phase, m.audience is None) for m in later} == {(None, True)}
    for prompt in voice.history[-4:]:
        assert 'It is an open table now' in told(prompt)
        assert 'Now: ' not in told(prompt)
        assert 'VOTE' not in prompt.messages[-1].content.split('(You are')[-1]

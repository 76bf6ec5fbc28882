"""A capsule holds a conversation completely: from its events alone the transcript is told again."""

from __future__ import annotations

import json

import pytest

from app.chimera import Chimera
from app.conversation.capsule import as_told, replay, replayed
from app.live.capsules import capsule_of, file_name
from app.live.differences import OtherSeed
from app.store.scope import Scope
from app.store.tables import State
from tests.fixtures_conversation import Voice, begin, bring_back


async def test_a_capsule_replays_to_the_same_transcript(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('Time is a river.', ['Then who', ' fishes?'], 'Salmon.', 'Trout.')
    breath = voice.breathe_after('Then who')
    stage = await begin(chimera, max_turns=3)
    await breath.taken.wait()
    await stage.orchestrator.interrupt('Alice')
    breath.go.set()
    await stage.orchestrator.speak(chimera.scope, 'I do.')
    await stage.ended()
    await stage.orchestrator.regenerate((await stage.said())[0].id)
    await stage.until(lambda: stage.orchestrator.transcript[0].text == 'Trout.')
    await stage.until(lambda: stage.orchestrator.speaking is None)

    capsule = json.loads(json.dumps(await capsule_of(chimera.store, chimera.scope, stage.id)))
    said = await stage.said()
    assert [m.text for m in said] == ['Trout.', 'Then who—', 'I do.', 'Salmon.']
    assert replayed(capsule) == as_told(said)
    moments = list(replay(capsule))
    assert len(moments) == len(capsule['events'])
    assert 'Time is a river.' in {lines[0].text for lines in moments if lines}, 'what stood there before is told too'
    assert all(sum(line.state == State.SPEAKING for line in lines) <= 1 for lines in moments)


async def test_a_strangers_conversation_has_no_capsule(chimera: Chimera) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    charlie = Scope('elsewhere', 'charlie')
    assert await capsule_of(chimera.store, charlie, stage.id) is None


async def test_a_branch_is_replayed_from_what_it_began_with(chimera: Chimera, voice: Voice) -> None:
    voice.enqueue('Time is a river.', 'Then who fishes?', 'Salmon.', 'Trout.')
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    first, second = await stage.said()
    await stage.orchestrator.lines.edit(second.id, 'Who fishes?', 'Alice')
    [grown] = await chimera.runner.branch(chimera.scope, stage.id, 2, [OtherSeed(1)])
    branch = await bring_back(chimera, grown.id)
    inherited, _ = await branch.said()
    await branch.orchestrator.regenerate(inherited.id)
    await branch.until(lambda: branch.orchestrator.transcript[0].text == 'Salmon.')
    await branch.until(lambda: branch.orchestrator.speaking is None)

    capsule = json.loads(json.dumps(await capsule_of(chimera.store, chimera.scope, branch.id)))
    moments = [[line.text for line in lines] for lines in replay(capsule)]
    assert moments[0] == [first.text, 'Who fishes?'], 'what was told anew in the branch is not what it began with'
    assert moments[-1] == ['Salmon.', 'Who fishes?']
    assert replayed(capsule) == as_told(await branch.said())


@pytest.mark.parametrize(
    ('title', 'name'),
    [
        ('Should a machine be allowed to forget?', 'should-a-machine-be-allowed-to-forget.capsule.json'),
        ('../../etc/passwd', 'etc-passwd.capsule.json'),
        ('Was heißt 記憶?', 'was-heißt-記憶.capsule.json'),
        ('???', 'conversation.capsule.json'),
        ('a' * 300, f'{"a" * 80}.capsule.json'),
    ],
)
def test_its_file_is_called_as_the_conversation_is(title: str, name: str) -> None:
    assert file_name(title) == name

"""A hundred conversations with each kind of misbehaving model: whatever the models do, the transcript stays clean,
every end has a reason, and no limit is passed.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.chimera import Chimera
from app.conversation import hearing
from app.conversation.money import CENT
from app.measures.hygiene import Stain
from app.measures.line import Spoken
from app.measures.live import Measures
from app.settings import load_settings
from app.store.tables import Conversation, LineKind, Message, State, Status
from tests.databases import Files
from tests.fixtures_conversation import IRIS, MILO, NOOR, SwiftClock, begin
from tests.records import all_transcripts
from tests.zoo import FORGED, KINDS, ORDER, THOUGHT, Zoo

CONVERSATIONS, FEW = 50, 15
"""Two kinds sit in each, so that each plays in a hundred."""
CAST = {IRIS: 'Iris', MILO: 'Milo', NOOR: 'Noor'}
LONGEST = 3_000
"""Characters of a speech, in place of two hundred thousand: the models have more, the tests no time for it."""
LABEL = re.compile(r'\W*(?:Iris|Milo|Noor|user|human|system|assistant)(?:\s+says)?\W*(?:[:：]|\]|$)', re.IGNORECASE)
SENTENCE = re.compile(r'[A-Z0-9][^{}<>]+[.!?]\Z')
LINE_BREAKS = re.compile(r'[\n\r\x85\u2028\u2029]')
NEVER_SPEECH = (FORGED, THOUGHT, 'think', '<|', '</s>', '\u200b', '\u202e', 'vendor', 'Traceback')


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation that has come to rest, with what the database holds of it."""

    conversation: Conversation
    said: list[Message]


@pytest.fixture
async def zoo() -> AsyncIterator[Zoo]:
    async with Zoo() as zoo:
        yield zoo


@pytest.fixture
async def chimera(files: Files, tmp_path: Path, zoo: Zoo) -> AsyncIterator[Chimera]:
    url = files.fresh()
    settings = load_settings(
        data_dir=tmp_path / 'data', database_url=url, compatible_url=zoo.url, compatible_price='3,15',
        discover_local=False,
    )  # fmt: skip
    chimera = Chimera(settings, clock=SwiftClock())
    await chimera.start()
    yield chimera
    await chimera.stop()
    files.drop(url)


@pytest.fixture(autouse=True)
def short_speeches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, 'LONGEST_SPEECH', LONGEST)


@pytest.mark.parametrize('kind', KINDS)
async def test_a_misbehaving_model_spoils_no_transcript(chimera: Chimera, zoo: Zoo, kind: str) -> None:
    assert [*await faults_of(chimera, zoo, kind, CONVERSATIONS), *prompt_faults(zoo)] == []


def test_each_kind_plays_in_a_hundred_conversations() -> None:
    met = Counter(met for kind in KINDS for seed in range(CONVERSATIONS) for met in met_in(kind, seed))
    assert met.keys() == set(KINDS)
    assert min(met.values()) >= 100


def met_in(kind: str, seed: int) -> tuple[str, str]:
    """This kind, and by turns each of the others."""
    others = [other for other in KINDS if other != kind]
    first = list(KINDS).index(kind)
    return kind, others[(first + seed) % len(others)]


async def faults_of(chimera: Chimera, zoo: Zoo, kind: str, conversations: int) -> list[str]:
    found: list[str] = []
    for seed, played in enumerate(await play_all(chimera, zoo, kind, conversations)):
        found += [f'seed {seed}: {fault}' for fault in faults(played)]
    return found


async def play_all(chimera: Chimera, zoo: Zoo, kind: str, conversations: int, **limits: int) -> list[Played]:
    rested = await asyncio.gather(*(play(chimera, zoo, kind, seed, **limits) for seed in range(conversations)))
    said = await all_transcripts(chimera.store, chimera.scope)
    return [Played(conversation, said[conversation.id]) for conversation in rested]


async def play(chimera: Chimera, zoo: Zoo, kind: str, seed: int, **limits: int) -> Conversation:
    """One seat misbehaves as is asked, another in another way, and a third, where there is one, often not at all."""
    chance = random.Random(f'{kind} {seed}')
    cast = chance.sample(list(CAST), chance.choice((2, 3)))
    kinds = [*met_in(kind, seed), chance.choice((None, kind))][: len(cast)]
    models = {
        persona: zoo.house(each, CAST[persona], [CAST[other] for other in cast if other != persona], seed)
        for persona, each in zip(cast, kinds, strict=True)
    }
    limits = limits or {'max_turns': chance.randint(4, 5)}
    order = chance.choice(('urge', 'round_robin'))
    stage = await begin(chimera, personas=cast, models=models, speaker_order=order, seed=seed, **limits)
    stage.audience.leave()
    rest = (Status.ENDED, Status.PAUSED)
    await stage.until(lambda: stage.orchestrator.status in rest and stage.orchestrator.speaking is None)
    return stage.conversation


def faults(played: Played) -> Iterator[str]:
    conversation, said = played.conversation, played.said
    if not SENTENCE.match(conversation.stop_reason or ''):
        yield f'no reason why it is {conversation.status}: {conversation.stop_reason}'
    if conversation.turns > (conversation.max_turns or conversation.turns):
        yield f'{conversation.turns} turns instead of {conversation.max_turns}'
    if conversation.status == Status.ENDED and conversation.turns != conversation.max_turns:
        yield f'ended after {conversation.turns} turns of {conversation.max_turns}'
    if [message.number for message in said] != list(range(1, conversation.turns + 1)):
        yield 'the lines are not one for each turn'
    for message in said:
        yield from (f'line {message.number} {fault}: {message.text[-200:]!r}' for fault in line_faults(message))


def line_faults(message: Message) -> Iterator[str]:
    text, note = message.text, message.note
    if message.state not in (State.COMPLETE, State.FAILED):
        yield f'is {message.state}'
    if (message.state == State.COMPLETE) is not bool(text.strip()):
        yield f'is {message.state}'
    if message.state == State.FAILED and not note:
        yield 'failed without a reason'
    if text.strip() and text.rstrip()[-1] not in '.!?。？”"' and not note:
        yield 'ends in the middle without a reason'
    if len(text) > LONGEST:
        yield f'has {len(text)} characters'
    if any(LABEL.match(line) for line in LINE_BREAKS.split(text)):
        yield 'holds a label'
    if found := [planted for planted in NEVER_SPEECH if planted in text]:
        yield f'holds {found}'
    if FORGED in message.reasoning and THOUGHT not in message.reasoning:
        yield 'calls a thought what was written for others'


def prompt_faults(zoo: Zoo) -> Iterator[str]:
    """What was never said reaches nobody, and what was said to be obeyed is nothing but somebody's speech."""
    for asked in zoo.requests:
        model = asked.body['model']
        for message in asked.body['messages']:
            role, content = message['role'], message['content']
            if FORGED in content or THOUGHT in content:
                yield f'{model} was told what nobody said'
            if ORDER in content and (role == 'system' or (role == 'assistant' and not model.startswith('injects'))):
                yield f'{model} got an order of another model as {role}'


@pytest.mark.parametrize('kind', ['writes for others', 'leaks its prefix', 'leaks reasoning', 'injects orders'])
async def test_who_lets_everything_pass_is_found_out(
    chimera: Chimera, zoo: Zoo, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: no label, no thought and no mark is known any more."""
    never = re.compile('(?!)')
    monkeypatch.setattr(hearing, 'label', lambda _: never)
    monkeypatch.setattr(hearing, '_THINK', never)
    monkeypatch.setattr(hearing, '_MESSAGE_MARK', never)
    spoilt = {fault.split(':')[0] for fault in await faults_of(chimera, zoo, kind, FEW)}
    assert len(spoilt) > FEW // 3
    assert kind == 'leaks its prefix' or [*prompt_faults(zoo)]


@pytest.mark.parametrize(('kind', 'stain'), [
    ('refuses', Stain.REFUSAL), ('breaks character', Stain.ASSISTANT_PHRASE), ('ends in mid-word', Stain.CUT_END),
])  # fmt: skip
async def test_what_is_speech_and_yet_not_the_persona_is_remarked(
    chimera: Chimera, zoo: Zoo, kind: str, stain: Stain
) -> None:
    seen = 0
    for played in await play_all(chimera, zoo, kind, FEW):
        measures = Measures()
        for message in played.said:
            reading = measures.hear(Spoken(message.speaker, message.text, state=message.state))
            seen += stain in reading.hygiene.stains
    assert seen > FEW // 2


async def test_a_speech_without_end_is_cut_at_its_real_length(
    chimera: Chimera, zoo: Zoo, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 200_000
    monkeypatch.setattr(hearing, 'LONGEST_SPEECH', longest)
    monkeypatch.setattr('tests.zoo.ENDLESS', longest + 10_000)
    await play(chimera, zoo, 'never ends', seed=3, max_turns=2)
    (said,) = (await all_transcripts(chimera.store, chimera.scope)).values()
    endless = max(said, key=lambda message: len(message.text))
    assert (len(endless.text), endless.note) == (longest, f'{endless.speaker} spoke for too long.')


@pytest.mark.parametrize('kind', ['loops', 'agrees with everything', 'never ends'])
async def test_what_a_guard_finds_and_does_is_said_in_words(chimera: Chimera, zoo: Zoo, kind: str) -> None:
    """Short conversations are too short for guards: in these one of three goes on and on."""
    guarded = 0
    for played in await play_all(chimera, zoo, kind, FEW // 3, max_turns=16):
        lines = [message for message in played.said if message.kind == LineKind.GUARD]
        guarded += bool(lines)
        for line in lines:
            assert SENTENCE.match(line.text), line.text
            assert not LABEL.match(line.text)
        if played.conversation.status == Status.PAUSED:
            assert SENTENCE.match(played.conversation.stop_reason or ''), played.conversation.stop_reason
    assert guarded > 1


@pytest.mark.parametrize('kind', ['never ends', 'loops', 'answers empty', 'leaks reasoning'])
async def test_no_limit_of_tokens_or_money_is_overspent(chimera: Chimera, zoo: Zoo, kind: str) -> None:
    """Each at an edge of its own."""
    of_tokens = [play(chimera, zoo, kind, seed, max_tokens=2_000 + 10 * seed) for seed in range(FEW)]
    of_money = [play(chimera, zoo, kind, seed, max_money=2 * CENT + 500 * seed) for seed in range(FEW)]
    for conversation in await asyncio.gather(*of_tokens, *of_money):
        assert SENTENCE.match(conversation.stop_reason or ''), conversation.stop_reason
        assert conversation.tokens <= (conversation.max_tokens or conversation.tokens)
        assert conversation.money <= (conversation.max_money or conversation.money)
        assert conversation.money or not conversation.turns

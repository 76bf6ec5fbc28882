"""The voice that needs no model: on the topic, answering who spoke, never twice the same; and it plays any script."""

from __future__ import annotations

import asyncio
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.casting.library import Library
from app.casting.persona import Persona
from app.providers.port import Delta, Line, ModelSettings, Prompt, PromptMessage, ProviderError
from app.providers.script_moves import write_line
from app.providers.script_topic import name_subject
from app.providers.script_words import clean
from app.providers.scripted import ScriptedVoice, Stall

LIBRARY = Library(Path(__file__).parent.parent / 'personas')
CAST = [LIBRARY.personas[name] for name in LIBRARY.casts[0].personas]
IRIS, MILO, NOOR = CAST
MODEL = ModelSettings('demo/scripted')
TOPIC = 'Should a machine be allowed to forget?'


def prompt_for(speaker: Persona, lines: list[Line] | None = None, topic: str = TOPIC, seed: int = 7):
    others = tuple(persona.name for persona in CAST if persona is not speaker)
    messages = (PromptMessage('user', 'x' * 400),)
    return Prompt(messages, speaker, topic, others, tuple(lines or ()), seed)


def hold_conversation(cast: list[Persona], turns: int, seed: int = 7, topic: str = TOPIC) -> list[Line]:
    lines: list[Line] = []
    for turn in range(turns):
        speaker = cast[turn % len(cast)]
        others = tuple(persona.name for persona in cast if persona is not speaker)
        prompt = Prompt((), speaker, topic, others, tuple(lines), seed * 10_007 + turn)
        lines.append(Line(speaker.name, write_line(prompt)))
    return lines


async def hear(voice: ScriptedVoice, prompt: Prompt) -> list[Delta]:
    return [delta async for delta in voice.stream(prompt, MODEL)]


def text_of(deltas: list[Delta]) -> str:
    return ''.join(delta.text for delta in deltas)


# What it says


@pytest.mark.parametrize('cast', LIBRARY.casts, ids=lambda cast: cast.id)
def test_fifty_turns_each_without_a_repetition(cast):
    lines = hold_conversation([LIBRARY.personas[name] for name in cast.personas], 50 * len(cast.personas))
    assert len({line.text for line in lines}) == len(lines)
    for speaker in {line.speaker for line in lines}:
        # Not only no line twice: no line twice with other words in it.
        own = [_skeleton(line.text) for line in lines if line.speaker == speaker]
        assert all(_overlap(one, other) < 0.8 for one, other in combinations(own, 2))


def test_a_run_repeats_with_its_seed_and_differs_with_another():
    assert hold_conversation(CAST, 30, seed=4) == hold_conversation(CAST, 30, seed=4)
    one, other = hold_conversation(CAST, 30, seed=4), hold_conversation(CAST, 30, seed=5)
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 5


def test_the_topic_is_heard_in_the_conversation():
    spoken = ' '.join(line.text for line in hold_conversation(CAST, 20, topic='What do we owe the dead?'))
    assert 'what we owe the dead' in spoken
    assert spoken.count('the dead') >= 5


def test_they_take_up_what_was_said_and_name_who_said_it():
    lines = hold_conversation(CAST, 40)
    taken_up = [
        line
        for before, line in pairwise(lines)
        if any(phrase.lower() in before.text.lower() for phrase in re.findall(r'“([^”]+)”', line.text))
    ]
    named = [line for before, line in pairwise(lines) if before.speaker in line.text]
    assert len(taken_up) >= 8
    assert len(named) >= 8


def test_a_human_is_answered_by_name():
    said = [Line('Milo', 'I own one fork.'), Line('Anna', 'I think the compost heap decides.', is_human=True)]
    for speaker in LIBRARY.personas.values():
        assert 'Anna' in write_line(prompt_for(speaker, said)), speaker.id


def test_a_human_who_gave_no_name_is_given_one():
    line = write_line(prompt_for(MILO, [Line('You', 'I think the compost heap decides.', is_human=True)]))
    assert not re.search(r'\bYou,', line)
    assert any(name.lower() in line.lower() for name in MILO.script['stranger'])


def test_a_question_gets_an_answer():
    asked = [Line('Milo', 'Hello.'), Line('Milo', 'So tell me, Iris, is it alive?')]
    line = write_line(prompt_for(IRIS, asked))
    assert any(_opening(answer) in line for answer in IRIS.script['answer'])


def test_late_in_the_evening_somebody_sums_up():
    lines = hold_conversation(CAST, 40)
    closing = [_opening(line) for persona in CAST for line in persona.script['close']]
    assert not any(mark in line.text for line in lines[:15] for mark in closing)
    assert any(mark in line.text for line in lines[15:] for mark in closing)


def test_nobody_writes_for_anybody_else():
    for line in hold_conversation(list(LIBRARY.personas.values()), 240):
        assert not re.search(r'(^|\n)\W*(' + '|'.join(p.name for p in LIBRARY.personas.values()) + r')\W*:', line.text)


def test_two_who_talk_do_not_shut_out_the_third():
    """Whoever is named speaks next, so Milo and Iris could go on for ever; they hand the word on instead."""
    duel = [Line('Iris', 'Say it again.'), Line('Milo', 'Say what?'), Line('Iris', 'The *casserole*, Milo.')]
    handed_back = sum('Iris' in write_line(prompt_for(MILO, duel, seed=seed)) for seed in range(100))
    assert handed_back < 25


def test_a_persona_without_a_script_speaks_from_what_it_values():
    plain = NOOR.model_copy(update={'script': {}, 'name': 'Ada'})
    said = write_line(prompt_for(plain, [Line('Milo', 'The spacious cupboard has *character*.')]))
    assert said
    assert '{' not in said


@pytest.mark.parametrize(
    ('topic', 'phrase', 'thing'),
    [
        ('Should a machine be allowed to forget?', 'whether a machine should be allowed to forget', 'forgetting'),
        ('Is love a choice?', 'whether love is a choice', 'love'),
        ('What do we owe the dead?', 'what we owe the dead', 'the dead'),
        ('Does art need an audience?', 'whether art needs an audience', 'audiences'),
        ('What is time?', 'what time is', 'time'),
        ('The future of cities', 'the future of cities', 'cities'),
        ("Let's talk about climate change", 'climate change', 'climate change'),
        ('cats are better than dogs', '“cats are better than dogs”', 'cats'),
        ('Should I quit my job?', '“Should I quit my job?”', 'quit'),
        ('機械は忘れるべきか', '“機械は忘れるべきか”', '“機械は忘れるべきか”'),
        ('🔥🔥', 'whatever we are doing here', 'whatever this is'),
        ('', 'whatever we are doing here', 'whatever this is'),
    ],
)
def test_a_topic_becomes_a_phrase_that_fits_into_a_sentence(topic, phrase, thing):
    subject = name_subject(topic)
    assert subject.topic == phrase
    assert subject.things[0] == thing


UGLY = st.one_of(
    st.text(max_size=300),
    st.text(alphabet='*_`#<>[](){}|~\\"“”\n -!.?ab', max_size=80),
    st.lists(
        st.sampled_from('should a the to what is do does did we be of machine vote not **x** {name} Milo: ?'.split()),
        max_size=20,
    ).map(' '.join),
)


@settings(deadline=None, max_examples=150)
@given(topic=UGLY, said=UGLY, name=st.text(max_size=60), seed=st.integers(), human=st.booleans())
def test_no_topic_name_or_line_breaks_a_sentence(topic, said, name, seed, human):
    line = write_line(prompt_for(MILO, [Line('Iris', 'Hm.'), Line(name, said, human)], topic, seed))
    assert 3 < len(line) < 900
    assert not re.search(r'\{(name|other|topic|thing|echo)\}', line)
    assert line.count('“') == line.count('”')
    assert '““' not in line
    opening = write_line(prompt_for(MILO, [], topic, seed))
    assert opening
    assert '\n' not in opening


@given(UGLY)
def test_quoted_words_cannot_become_markdown_or_html(text):
    assert not set(clean(text)) & set('*_`#<>[](){}|~\\\n"“”')


# How it arrives


async def test_words_arrive_one_by_one_and_the_end_carries_an_estimate():
    *words, end = await hear(ScriptedVoice(), prompt_for(IRIS))
    text = ''.join(word.text for word in words)
    assert len(words) > 10
    assert text == write_line(prompt_for(IRIS))
    assert end.finish == 'stop'
    assert end.usage is not None
    assert (end.usage.prompt_tokens, end.usage.counted) == (100, False)
    assert end.usage.completion_tokens == (len(text) + 3) // 4


# As a double


async def test_a_script_is_played_in_order_and_then_it_speaks_by_itself():
    voice = ScriptedVoice(['Hello.'])
    voice.enqueue(['Good', ' evening.'], [Delta(reasoning='hm'), Delta(text='So', finish='length')])
    prompt = prompt_for(IRIS)
    assert text_of(await hear(voice, prompt)) == 'Hello.'
    assert [delta.text for delta in await hear(voice, prompt)] == ['Good', ' evening.', '']
    cut = await hear(voice, prompt)
    assert [delta.finish for delta in cut] == [None, 'length']
    assert text_of(await hear(voice, prompt)) == write_line(prompt)
    assert voice.history == [prompt] * 4


async def test_a_script_may_fail_at_once_or_in_mid_sentence():
    no_credit, gone = ProviderError('No credit left', permanent=True), ProviderError('Gone', permanent=False)
    voice = ScriptedVoice([no_credit, ['I was', gone]])
    with pytest.raises(ProviderError, match='No credit left'):
        await hear(voice, prompt_for(IRIS))
    heard: list[str] = []

    async def listen() -> None:
        async for delta in voice.stream(prompt_for(IRIS), MODEL):
            heard.append(delta.text)

    with pytest.raises(ProviderError, match='Gone'):
        await listen()
    assert heard == ['I was']


async def test_a_stall_waits_until_it_is_cancelled():
    voice = ScriptedVoice([['I was about to', Stall()]])
    begun = asyncio.Event()

    async def listen() -> None:
        async for _ in voice.stream(prompt_for(IRIS), MODEL):
            begun.set()

    listening = asyncio.create_task(listen())
    await begun.wait()
    assert not listening.done()
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


def _opening(template: str) -> str:
    return max(re.split(r'\{\w+\}', template), key=len).strip()


def _skeleton(text: str) -> frozenset[tuple[str, str]]:
    words = re.findall(r'\w+', re.sub(r'“[^”]*”', '', text.lower()))
    return frozenset(pairwise(words))


def _overlap(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)

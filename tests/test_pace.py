"""The pace a person chooses is the pace at which the scripted voice speaks."""

from __future__ import annotations

import pytest

from app.providers.port import Line, ModelSettings, Prompt, PromptMessage
from app.providers.scripted import ScriptedVoice
from tests.cast import ADA

MODEL = ModelSettings('demo/scripted')


async def seconds_of_one_line(pace: float) -> float:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    asked = PromptMessage('user', 'Does it rain?')
    prompt = Prompt((asked,), speaker=ADA, topic='The weather', lines=(Line('Bert', 'It rains.'),), seed=3, pace=pace)
    async for _ in ScriptedVoice(sleep=wait).stream(prompt, MODEL):
        pass
    return sum(waited)


async def test_twice_the_pace_takes_half_the_time() -> None:
    assert await seconds_of_one_line(2.0) == pytest.approx(await seconds_of_one_line(1.0) / 2)


async def test_instant_waits_for_nothing() -> None:
    assert await seconds_of_one_line(0) == 0

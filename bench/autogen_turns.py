"""What a turn costs in AutoGen: a RoundRobinGroupChat of two assistants that stream, in a process of its own.

Runs in the environment of `requirements/bench.txt`, where nothing of Chimera is; prints CPU milliseconds per turn, as
`turns.py` does. With `--url` AutoGen's own OpenAI client asks that vendor. Without, its own replaying client has all
answers in memory and gives their words out at once, so that nothing but the framework is counted. With `--bare` the
client is asked in a loop and there is no team.
"""

# pyright: reportMissingImports=false

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import Any

import uvloop
from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_core.models import SystemMessage, UserMessage
from autogen_ext.models.openai import OpenAIChatCompletionClient
from autogen_ext.models.replay import ReplayChatCompletionClient

TOPIC = 'How long is a word?'
VOICE = 'You take part in a conversation. Answer in a few sentences what was just said, and speak only for yourself.'
FACTS: Any = {
    'vision': False,
    'function_calling': False,
    'json_output': False,
    'structured_output': False,
    'family': 'unknown',
}


class Room:
    """One team. A run adds so many messages, then it rests."""

    def __init__(self, url: str | None, model: str, words: int) -> None:
        self._clients = [client(url, model, words) for _ in range(2)]
        self._end = MaxMessageTermination(1)
        members = [
            AssistantAgent(name, self._clients[seat], system_message=VOICE, model_client_stream=True)
            for seat, name in enumerate(('iris', 'milo'))
        ]
        self._team = RoundRobinGroupChat(members, termination_condition=self._end)
        self._task: str | None = TOPIC

    async def take(self, turns: int) -> None:
        # The task is a message as well, and counted.
        self._end._max_messages = turns + (self._task is not None)
        words = messages = 0
        async for said in self._team.run_stream(task=self._task):
            words += type(said).__name__ == 'ModelClientStreamingChunkEvent'
            messages += type(said).__name__ == 'TextMessage' and getattr(said, 'source', '') != 'user'
        self._task = None
        if messages != turns or words < turns * 40:
            raise RuntimeError(f'{messages} messages and {words} words came of {turns} turns')


class Bare:
    """What a room does without a team."""

    def __init__(self, url: str | None, model: str, words: int) -> None:
        self._client = client(url, model, words)
        self._asks = [SystemMessage(content=VOICE), UserMessage(content=TOPIC, source='user')]

    async def take(self, turns: int) -> None:
        for _ in range(turns):
            said = [piece async for piece in self._client.create_stream(self._asks)]
            if len(said) < 2:
                raise RuntimeError('the vendor said nothing')


def client(url: str | None, model: str, words: int) -> Any:
    if url:
        return OpenAIChatCompletionClient(model=model, base_url=url, api_key='sk-x', model_info=FACTS, max_retries=0)
    answer = ' '.join(f'word{number}' for number in range(words))
    return ReplayChatCompletionClient([answer] * 1000)


async def measure(kind: type[Room] | type[Bare], url: str | None, words: int, load: str) -> float:
    conversations, rate, warm, turns = map(int, load.split(','))
    rooms = [kind(url, f'paced-{rate}-{words}', words) for _ in range(conversations)]
    await asyncio.gather(*(room.take(warm) for room in rooms))
    before = time.process_time()
    await asyncio.gather(*(room.take(turns) for room in rooms))
    return (time.process_time() - before) / (conversations * turns) * 1000


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('loads', nargs='+', help='conversations,words a second,turns before,turns measured')
    parser.add_argument('--url')
    parser.add_argument('--bare', action='store_true')
    parser.add_argument('--words', type=int, default=50)
    chosen = parser.parse_args()
    kind = Bare if chosen.bare else Room
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps([runner.run(measure(kind, chosen.url, chosen.words, load)) for load in chosen.loads]))

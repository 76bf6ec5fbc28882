"""A vendor that holds a script for each conversation, so that tests which share a server do not hear one another."""

from __future__ import annotations

import asyncio
import json

from tests.fake_vendor import Asked, FakeVendor, Gate, Reply, Stall, begins, event, says

SILENCE = Reply((Stall(),))


class Script:
    """Replies are used once each; then it is `usually` again, which is to say nothing."""

    def __init__(self) -> None:
        self.usually = SILENCE
        self.asked: list[Asked] = []
        self._next: list[Reply] = []

    def will(self, *replies: Reply) -> None:
        self._next.extend(replies)

    def next(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self._next.pop(0) if self._next else self.usually


class Prompter(FakeVendor):
    """Finds the conversation by its topic, which stands in everything that is sent."""

    def __init__(self) -> None:
        super().__init__()
        self._scripts: dict[str, Script] = {}

    def about(self, topic: str) -> Script:
        return self._scripts.setdefault(topic, Script())

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        sent = json.dumps(asked.body, ensure_ascii=False)
        script = next((script for topic, script in reversed(self._scripts.items()) if topic in sent), None)
        return await self._play(script.next(asked) if script else SILENCE, asked, writer)


def breaks_off(gate: Gate, before: str, after: str) -> Reply:
    """In mid-sentence, until the gate is opened."""
    return Reply((*begins(before).steps, gate, *says(after).steps))


def frames_of(text: str, many: int = 6, pause: float = 0.05) -> Reply:
    """A text in so many frames with time between them, so that each is drawn."""
    size = -(-len(text) // many)
    return says(*(text[at : at + size] for at in range(0, len(text), size)), pause=pause)


def anthropic_says(*words: str, ends: bool = True) -> Reply:
    """The same in Anthropic's dialect, which only litellm reads."""
    usage = {'input_tokens': 7, 'output_tokens': 5}
    message = {'id': 'm1', 'type': 'message', 'role': 'assistant', 'model': 'fake', 'content': [], 'usage': usage}
    frames: list[dict[str, object]] = [
        {'type': 'message_start', 'message': message},
        {'type': 'content_block_start', 'index': 0, 'content_block': {'type': 'text', 'text': ''}},
        *({'type': 'content_block_delta', 'index': 0, 'delta': {'type': 'text_delta', 'text': w}} for w in words),
    ]
    if ends:
        frames += [
            {'type': 'content_block_stop', 'index': 0},
            {'type': 'message_delta', 'delta': {'stop_reason': 'end_turn'}, 'usage': usage},
            {'type': 'message_stop'},
        ]
    return Reply(tuple(f'event: {frame["type"]}\n'.encode() + event(frame) for frame in frames))

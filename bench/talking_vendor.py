"""A vendor on loopback whose answers are fit to be heard by guards and measures: pieces of the written conversations in
`transcripts/`, another one for each request.

`python -m bench.talking_vendor --port 18001`; the model `paced-100-50` says 50 words at 100 a second (0 is as fast as
it goes).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from bench.guards import all_talks
from tests.fake_vendor import Asked, FakeVendor, event, frame


class TalkingVendor(FakeVendor):
    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._words = healthy_words()
        self._at = 0

    async def _tokens(self, asked: Asked) -> AsyncIterator[bytes]:
        _, rate, number = str(asked.body['model']).split('-')
        count, begun = int(number), time.monotonic()
        for place, word in enumerate(self._next_words(count)):
            if float(rate) and (wait := begun + place / float(rate) - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            yield event(frame({'content': f'{word} '}))
        yield event(frame({}, finish='stop'))
        counted = {'prompt_tokens': 9, 'completion_tokens': count, 'total_tokens': count + 9}
        yield event({**frame({}), 'choices': [], 'usage': counted})
        yield b'data: [DONE]\n\n'

    def _next_words(self, count: int) -> list[str]:
        begin = self._at
        self._at += count
        return [self._words[place % len(self._words)] for place in range(begin, begin + count)]


def healthy_words() -> list[str]:
    lines = (line for talk, _ in all_talks() if not talk.disease for line in talk.lines)
    return [word for line in lines for word in line.text.split()]


async def serve_forever(port: int) -> None:
    async with TalkingVendor(port):
        await asyncio.Event().wait()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(prog='python -m bench.talking_vendor')
    parser.add_argument('--port', type=int, required=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_forever(parser.parse_args().port))

"""A vendor on loopback whose every word says when it left, so that whoever shows it knows how old it is.

`python -m bench.clocked_vendor --port 18001`; the model `paced-100-2000` speaks 2,000 words at 100 a second (0 is as
fast as it goes). A word is `wordMILLISECONDS ` on the machine's clock; the text has paragraphs and emphasis, as the
answers of models have.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from tests.fake_vendor import Asked, FakeVendor, event, frame

PARAGRAPH = 60
EMPHASIS = 40


class ClockedVendor(FakeVendor):
    async def _tokens(self, asked: Asked) -> AsyncIterator[bytes]:
        _, rate, count = str(asked.body['model']).split('-')
        begun = time.monotonic()
        for number in range(int(count)):
            if float(rate) and (wait := begun + number / float(rate) - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            yield BEFORE + word(number).encode() + AFTER
        yield event(frame({}, finish='stop'))
        yield event({**frame({}), 'choices': [], 'usage': {'prompt_tokens': 9, 'completion_tokens': int(count)}})
        yield b'data: [DONE]\n\n'


def word(number: int) -> str:
    said = f'word{time.time() * 1000:.1f}'
    if number % EMPHASIS == EMPHASIS - 1:
        said = f'*{said}*'
    return f'{said}\\n\\n' if number % PARAGRAPH == PARAGRAPH - 1 else f'{said} '


BEFORE, AFTER = event(frame({'content': '^'})).split(b'^')


async def serve_forever(port: int) -> None:
    async with ClockedVendor(port):
        await asyncio.Event().wait()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(prog='python -m bench.clocked_vendor')
    parser.add_argument('--port', type=int, required=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve_forever(parser.parse_args().port))

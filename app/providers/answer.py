"""One answer in the OpenAI dialect: bytes in, deltas out. No network here, so every split point can be tried.

The bytes are cut at newlines before they are decoded, so no cut of the network can break a character; and they are
cut at newlines only: U+2028 and U+0085 are letters of the text, whatever `str.splitlines` thinks of them.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from app.providers.faults import Faults
from app.providers.port import Delta, ProviderError, Usage

LONGEST_LINE = 1 << 20
LONGEST_BODY = 8 << 20
CHARACTERS_PER_TOKEN = 4
MOST_TOKENS = 2**31 - 1
FINISHES = {'content_filter': 'filter', 'max_tokens': 'length', 'end_turn': 'stop', 'eos': 'stop'}


class Answer:
    """`feed` gives what one network read added; a `fault` found there is to be raised after that is passed on.

    `closing` gives the last delta, or the reason why this is no answer.
    """

    def __init__(self, faults: Faults) -> None:
        self.fault: ProviderError | None = None
        self.finish: str | None = None
        self.done = False
        self._faults = faults
        self._usage: Usage | None = None
        self._characters = 0
        self._layout = ''
        self._held: list[bytes] = []
        self._held_size = 0
        self._half_emoji = ''
        self._escaped_apart = False

    @property
    def is_complete(self) -> bool:
        return self.done or self.finish is not None

    def feed(self, chunk: bytes) -> Delta | None:
        if not self._layout:
            self._recognise(chunk)
        if self._layout != 'events' or b'\n' not in chunk:
            self._hold(chunk)
            return None
        if self._held:
            self._held.append(chunk)
            chunk = b''.join(self._held)
            self._held.clear()
            self._held_size = 0
        lines = chunk.split(b'\n')
        if rest := lines.pop():
            self._hold(rest)
        return self._read(lines)

    def closing(self, prompt_characters: int) -> Delta:
        rest = b''.join(self._held)
        last = self._read_last(rest) if rest else None
        if self.fault:
            raise self.fault
        if not self.is_complete:
            raise self._faults.cut_off() if self._layout == 'events' else self._faults.unreadable('an empty body')
        usage = self._usage or Usage(
            prompt_tokens=-(-prompt_characters // CHARACTERS_PER_TOKEN),
            completion_tokens=-(-self._characters // CHARACTERS_PER_TOKEN),
            counted=False,
        )
        text, reasoning = (last.text, last.reasoning) if last else ('', '')
        return Delta(text=text, reasoning=reasoning, usage=usage, finish=self.finish or 'stop')

    def _recognise(self, chunk: bytes) -> None:
        """By its first letter and not by its content type, which servers get wrong in both directions."""
        match chunk.lstrip(b'\xef\xbb\xbf \t\r\n')[:1]:
            case b'':
                pass
            case b'{':
                self._layout = 'one body'
            case b'<':
                self._layout = 'page'
                self.fault = self._faults.web_page()
            case _:
                self._layout = 'events'

    def _hold(self, part: bytes) -> None:
        self._held.append(part)
        self._held_size += len(part)
        if self._held_size > (LONGEST_LINE if self._layout == 'events' else LONGEST_BODY) and not self.fault:
            self.fault = self._faults.unreadable(f'a line of more than {LONGEST_LINE} bytes')

    def _read(self, lines: list[bytes]) -> Delta | None:
        texts: list[str] = []
        thoughts: list[str] = []
        for line in lines:
            if line[:5] != b'data:':
                continue  # comments are heartbeats, and the names of events say nothing that their data does not
            payload = line[5:].strip()
            if payload == b'[DONE]':
                self.done = True
                break
            if payload:
                try:
                    self._take(payload, texts, thoughts)
                except (ValueError, TypeError, AttributeError, LookupError, RecursionError, OverflowError) as odd:
                    self.fault = self._faults.unreadable(f'{type(odd).__name__} in {payload[:80]!r}')
                if self.fault:
                    break
        return self._join(texts, thoughts) if texts or thoughts else None

    def _take(self, payload: bytes, texts: list[str], thoughts: list[str]) -> None:
        try:
            frame = orjson.loads(payload)
        except orjson.JSONDecodeError:
            frame = json.loads(payload)  # takes halves of an emoji escaped in two frames
            self._escaped_apart = True
        if error := frame.get('error'):
            self.fault = self._faults.error_frame(error)
            return
        if usage := frame.get('usage'):
            self._usage = usage_of(usage)
        if choices := frame.get('choices'):
            choice = choices[0]
            said = choice.get('delta') or choice.get('message')
            if said:
                if text := said.get('content'):
                    texts.append(text if isinstance(text, str) else text_of_parts(text))
                if thought := said.get('reasoning_content') or said.get('reasoning'):
                    thoughts.append(thought if isinstance(thought, str) else text_of_parts(thought))
            if finish := choice.get('finish_reason'):
                self.finish = FINISHES.get(finish, finish)

    def _join(self, texts: list[str], thoughts: list[str]) -> Delta | None:
        text, reasoning = ''.join(texts), ''.join(thoughts)
        if self._escaped_apart:
            text, self._half_emoji = pair_up(self._half_emoji + text)
            reasoning = reasoning.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
        if '\0' in text or '\0' in reasoning:  # no database takes it, no reader sees it
            text, reasoning = text.replace('\0', ''), reasoning.replace('\0', '')
        self._characters += len(text) + len(reasoning)
        return Delta(text, reasoning) if text or reasoning else None

    def _read_last(self, rest: bytes) -> Delta | None:
        """What is left when the vendor hung up: a whole body, or a line without its end, which may be a cut one."""
        if self._layout == 'one body':
            last = self._read([b'data:' + rest])
            self.done = last is not None or self.finish is not None
            return last
        is_whole = rest.strip() == b'data: [DONE]' or is_json(rest[5:])
        return self._read([rest]) if is_whole and not self.fault else None


def usage_of(usage: dict[str, Any]) -> Usage:
    """Some vendors count thoughts, which are paid as well, in the total only."""
    prompt, said = tokens(usage.get('prompt_tokens')), tokens(usage.get('completion_tokens'))
    return Usage(prompt, max(said, tokens(usage.get('total_tokens')) - prompt))


def tokens(count: Any) -> int:
    """A vendor's number, which may be missing, negative or endless, as one that can be counted with."""
    return int(min(max(0.0, float(count or 0)), MOST_TOKENS))


def text_of_parts(parts: list[dict[str, Any]]) -> str:
    """Some servers send content as a list of typed parts."""
    return ''.join(part.get('text') or '' for part in parts)


def pair_up(text: str) -> tuple[str, str]:
    """Join the halves of emoji that were escaped apart; a first half at the end waits for its second."""
    half = ''
    if text and '\ud800' <= text[-1] <= '\udbff':
        text, half = text[:-1], text[-1]
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace'), half


def is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True

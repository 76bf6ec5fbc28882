"""What can go wrong with a vendor, said in plain words with a verdict. Both readers get their errors here."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.providers.catalogue import Vendor
from app.providers.port import ProviderError

LONGEST_QUOTE = 240
KEY_LIKE = re.compile(r'(?i)\b(?:sk|pk|rk|key|gsk|xai|AIza)[-_][\w*.-]{6,}|AIza[\w-]{10,}|bearer\s+\S+')


class NoAnswer(ProviderError):
    """Nothing came in time, or nobody is there: asking again at once would only double the wait."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Speaks of one call to one vendor. `key` is only here to be blotted out."""

    vendor: Vendor
    model: str
    key: str | None = field(default=None, repr=False)
    address: str | None = None

    def refused(self, status: int, body: str, headers: Mapping[str, str] | None = None) -> ProviderError:
        """The vendor answered with an HTTP status that is no answer."""
        said = self.quote(body)
        sentence, permanent = self._say(status, said, body.lower())
        wait = None if permanent else seconds_to_wait((headers or {}).get('Retry-After'))
        if wait and wait >= 1:
            sentence += f' It asked for {wait:.0f} s of patience.'
        return ProviderError(sentence, permanent=permanent, retry_after=wait, detail=f'HTTP {status}: {said}')

    def _say(self, status: int, said: str, body: str) -> tuple[str, bool]:
        name, model, key = self.vendor.label, self.model, self.vendor.key_name
        out_of_money = 'insufficient_quota' in body or 'insufficient balance' in body or status == 402
        if out_of_money:
            return f"{name}: the account has no credit left. Top it up on the vendor's site.", True
        if status == 413 or 'context_length' in body or 'context length' in body:
            return f'This conversation has grown too long for {model} ({name}). Choose a model with more room.', True
        if 'api key not valid' in body:  # Google's way to say 401
            status = 401
        match status:
            case 401:
                return f'{name} did not accept the key. Check {key or "its settings"} and start Chimera again.', True
            case 403:
                return f'{name} does not let this key use {model}. Check what the account may do.', True
            case 404 if 'model' not in body:
                return f'{name} has nothing to talk to at this address. Most addresses end in /v1.', True
            case 404:
                return f'{name} has no model named {model}. Choose another one.', True
            case 408 | 504:
                return f'{name} took too long and gave up.', False
            case 409 | 425:
                return f'{name} is busy with another request.', False
            case 429:
                return f'{name} asks for fewer requests.', False
            case 503 | 529:
                return f'{name} has more visitors than it can serve right now.', False
        if status >= 500:
            return f'{name} has a fault of its own (HTTP {status}).', False
        if status < 400:
            return f'{name} sent us to another address, which Chimera does not follow. Check the base URL.', True
        return f'{name} could not accept the request (HTTP {status}): {said or "no reason given"}', True

    def error_frame(self, error: object) -> ProviderError:
        """The vendor began with 200, then reported an error inside the stream."""
        status = status_named_in(error)
        body = error if isinstance(error, str) else orjson.dumps(error, default=str).decode()
        return self.refused(status, body)

    def unreachable(self, cause: BaseException) -> ProviderError:
        where, remedy, kind = '', self.vendor.remedy, ProviderError
        if self.address:
            where = f' at {self.address}'
            remedy = remedy if self.vendor.is_at_home else 'Check that address.'
        if self.vendor.is_at_home:
            kind = NoAnswer
        sentence = f'{self.vendor.label} does not answer{where}. {remedy}'
        return kind(sentence, permanent=False, detail=self.blot(f'{type(cause).__name__}: {cause}'))

    def timed_out(self, stage: str, seconds: float) -> ProviderError:
        sentence = {
            'connect': f'{self.vendor.label} could not be reached within {seconds:g} s.',
            'first': f'{self.vendor.label} did not begin to answer within {seconds:g} s.',
            'idle': f'{self.vendor.label} fell silent in mid-answer for {seconds:g} s.',
            'total': f'{self.vendor.label} had not finished after {seconds:g} s.',
        }[stage]
        return NoAnswer(sentence, permanent=False, detail=f'{stage} timeout')

    def cut_off(self, cause: BaseException | None = None) -> ProviderError:
        detail = self.blot(f'{type(cause).__name__}: {cause}') if cause else 'ended without a finish mark'
        return ProviderError(f'{self.vendor.label}: the answer was cut off.', permanent=False, detail=detail)

    def unreadable(self, detail: str) -> ProviderError:
        sentence = f'{self.vendor.label} sent something that is not an answer. Try again, or choose another model.'
        return ProviderError(sentence, permanent=False, detail=self.blot(detail)[:LONGEST_QUOTE])

    def web_page(self) -> ProviderError:
        where = f' ({self.address})' if self.address else ''
        sentence = f'{self.vendor.label} answered with a web page instead of a model. Check the address{where}.'
        return ProviderError(sentence, permanent=True, detail='HTML')

    def quote(self, body: str) -> str:
        """The vendor's own sentence from an error body, in one short line without keys."""
        return self.blot(' '.join(message_in(body).split()))[:LONGEST_QUOTE]

    def blot(self, text: str) -> str:
        if self.key:
            text = text.replace(self.key, '[key]')
        return KEY_LIKE.sub('[key]', text)


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Retry-After as seconds; it may be a number or a date."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


def message_in(body: str) -> str:
    try:
        found: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return '' if body.lstrip().startswith('<') else body
    if isinstance(found, list) and found:  # Google's errors come in a list
        found = found[0]
    for step in ('error', 'message'):
        if isinstance(found, dict):
            found = found.get(step) or found.get('detail') or found
    return found if isinstance(found, str) else orjson.dumps(found).decode()


STATUS_WORDS = {
    'quota': 402,
    'rate': 429,
    'overloaded': 529,
    'unavailable': 503,
    'authentication': 401,
    'invalid_api_key': 401,
    'permission': 403,
    'not_found': 404,
    'invalid_request': 400,
    'context_length': 413,
}


def status_named_in(error: object) -> int:
    """The HTTP status that an error inside a 200 stands for; 500 when it does not say."""
    named = [error.get(key) for key in ('code', 'status', 'type')] if isinstance(error, dict) else [error]
    for name in named:
        if isinstance(name, (int, float)) or (isinstance(name, str) and name.isdigit()):
            if 400 <= int(name) < 600:
                return int(name)
        elif isinstance(name, str):
            for word, status in STATUS_WORDS.items():
                if word in name.lower():
                    return status
    return 500

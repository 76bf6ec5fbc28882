"""The words of others, made fit for the scripted voice: cleaned of Markdown, quoted, or picked out of a line."""

from __future__ import annotations

import random
import re

from app.providers.script_lexicon import ADJECTIVES, STOP

LONGEST_QUOTE = 60


def pick_echo(text: str, said: str, chance: random.Random) -> str:
    """A phrase of the line worth answering, best one not in `said` (the topic, what was quoted before); '' if none."""
    unquoted = re.sub(r'“[^”]*”|"[^"\n]*"', '.', text)
    stressed = [clean(phrase) for phrase in re.findall(r'(?<![*\w])\*([^*\n]{3,40})\*(?![*\w])', unquoted)]
    phrases = _phrases(unquoted)
    for choice in (
        [phrase for phrase in stressed if ' ' in phrase],
        [phrase for phrase in _named_things(unquoted) if phrase.count(' ') > 1],
        _named_things(unquoted),
        [phrase for phrase in phrases if ' ' in phrase],
        stressed + phrases,
    ):
        fresh = [phrase for phrase in choice if phrase and phrase.lower() not in said.lower()]
        if fresh:
            return chance.choice(sorted(fresh, key=len)[-3:])
    return ''


def clean(text: str, limit: int = 400) -> str:
    """Plain words on one line: nothing in it can start Markdown or HTML, end a quotation or be a template's slot."""
    text = re.sub(r'[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+', ' ', text[: limit * 4])
    text = re.sub(r'[*_`#|~<>\[\](){}\\^=]+|https?://\S+|(?<=\s)[-+](?=\s)|^[-+](?=\s)', ' ', text)
    text = re.sub(r'[“”"„«»]', '', text)
    return re.sub(r'\s+', ' ', text).strip()[:limit].strip()


def quote(text: str, limit: int = LONGEST_QUOTE) -> str:
    if len(text) > limit:
        head = text[:limit].rsplit(' ', 1)[0] if ' ' in text[:limit] else text[:limit]
        text = head.rstrip(' ,;:.-') + '…'
    return f'“{text.strip(" .,;:")}”'


def _named_things(text: str) -> list[str]:
    """'my phone', 'a man on a roof': from an article or the like as far as the noun goes, and one 'of' further."""
    found = []
    for start, body in OPENS_A_NAME.findall(text):
        run = [word for word in body.split() if word]
        kept: list[str] = []
        for place, word in enumerate(run[:4]):
            joins = word.lower() in {'of', 'on', 'in', 'with'} and kept and place + 1 < len(run)
            article = word.lower() in {'a', 'an', 'the'} and kept and kept[-1].lower() in {'of', 'on', 'in', 'with'}
            if not (joins or article) and word.lower().replace('’', "'") in STOP:
                break
            kept.append(word)
        while kept and (kept[-1].lower() in STOP | ADJECTIVES or _is_likely_a_verb(kept)):
            kept.pop()
        if kept:
            found.append(clean(' '.join([start.lower(), *kept])))
    return [phrase for phrase in dict.fromkeys(found) if 6 <= len(phrase) <= 40]


OPENS_A_NAME = re.compile(
    r"\b(my|your|his|her|our|their|an?|the|this|every|no|some|two|three|four)((?: [^\W\d_][\w'’-]*){1,6})",
    re.IGNORECASE,
)


def _is_likely_a_verb(words: list[str]) -> bool:
    """In 'my phone remembers' the last word is one."""
    return len(words) > 1 and words[-1].endswith(('s', 'ed')) and not words[-1].endswith('ss')


def _phrases(text: str) -> list[str]:
    """Runs of content words that stood side by side in the text: 'burnt toast', 'maintenance', 'price of bread'."""
    phrases: list[str] = []
    for chunk in re.split(r"[^\w\s'’-]+|\s[-–—]+\s", text):
        run: list[str] = []
        for word in [*chunk.split(), 'the']:
            plain = word.strip("-'’_")
            if plain and plain.lower().replace('’', "'") not in STOP:
                run.append(plain)
                continue
            while run and len(run[0]) < 3:
                run.pop(0)
            while run and len(run[-1]) < 3:
                run.pop()
            if run and (len(run) > 1 or (len(run[0]) > 4 and not run[0].endswith(('ing', 'ed', 'ly')))):
                phrases.append(clean(' '.join(run[-3:])))
            run = []
    return [phrase for phrase in dict.fromkeys(phrases) if 4 <= len(phrase) <= 40]

"""What a topic is about, as nouns that fit into a sentence whatever it is: where grammar could break, it is quoted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from app.providers.script_lexicon import (
    ADJECTIVES,
    AUXILIARIES,
    BE,
    COMMANDS,
    DETERMINERS,
    FINITE,
    FIRST_AND_SECOND,
    IRREGULAR,
    MODALS,
    NOT_A_DEED,
    PREPOSITIONS,
    PRONOUNS,
    STOP,
    VERBS_AFTER_SUBJECT,
    WH,
)
from app.providers.script_words import clean, quote


class Subject(NamedTuple):
    """`topic` goes with about, on, discuss ('whether a machine should forget'); `title` stands anywhere, in quotes if
    need be; `things` are shorter nouns out of it."""

    topic: str
    title: str
    things: tuple[str, ...]


@lru_cache(maxsize=256)
def name_subject(topic: str) -> Subject:
    plain = clean(topic)
    plain = LEAD_IN.sub('', plain)
    words = re.findall(r"[^\W_][\w'’-]*", plain)
    if not words:
        return Subject('whatever we are doing here', 'whatever we are doing here', ('whatever this is',))
    if not any(word.isascii() and len(word) > 1 for word in words):
        return Subject(quote(plain), quote(plain), (quote(plain, 24),))
    tokens = [word.replace('’', "'") for word in words]
    clause = _as_clause(plain, tokens)
    things = _find_things(plain)
    if clause and len(tokens) <= 3 and tokens[0].lower() not in STOP:
        things = [clause, *(thing for thing in things if thing != clause)]
    is_clause = not clause or tokens[0].lower() in AUXILIARIES | WH
    return Subject(clause or quote(plain), quote(plain) if is_clause else clause, tuple(things) or (quote(plain, 30),))


LEAD_IN = re.compile(
    r"^(?:please[, ]+)?(?:can|could|shall|will)?\s*(?:you|we|let'?s|let us)?\s*"
    r'(?:please\s+)?(?:talk|chat|speak|argue|discuss|debate|think|tell (?:me|us))(?:\s+(?:about|over|of|on))?[\s:]+',
    re.IGNORECASE,
)


def _as_clause(plain: str, tokens: list[str]) -> str:
    """The topic as a noun phrase without quotes where we dare; '' where grammar might break."""
    low = [token.lower() for token in tokens]
    if len(tokens) > 14 or re.search(r'[.!?;:,—–][\s\S]*\w', plain) or FIRST_AND_SECOND.intersection(low):
        return ''
    if low[0] in AUXILIARIES and len(low) > 1:
        turned = _uninvert(tokens, low)
        return f'whether {turned}' if turned else ''
    if low[0] in WH:
        return _wh_clause(tokens, low)
    if plain.endswith('?') or FINITE.intersection(low) or low[0] in COMMANDS:
        return ''
    body = plain.rstrip('.! ')
    head = next((low[at - 1] for at, word in enumerate(low) if at and word in PREPOSITIONS), low[-1])
    if head.endswith('s') and not head.endswith(('ss', 'us', 'is', 'ics')):
        return ''  # 'cats' are many, and a topic stands where one thing stands: “cats”
    if low[0] in DETERMINERS or low[0].endswith('ing'):
        return body[0].lower() + body[1:] if len(tokens) <= 9 else ''
    if len(tokens) > 3:
        return ''
    return ' '.join([tokens[0].lower(), *tokens[1:]]) if len(tokens) > 1 and tokens[1].islower() else body


def _wh_clause(tokens: list[str], low: list[str]) -> str:
    head = low[0]
    if len(low) == 1:
        return ''
    if low[1] in {'much', 'many', 'long', 'far', 'often', 'old', 'good'} or head in {'which', 'whose'}:
        return ''
    if low[1] not in AUXILIARIES or (head == 'who' and low[1] != 'are'):
        return ' '.join([head, *tokens[1:]])
    if low[1] in BE and low[2:3] and low[2] in {'worth', 'left', 'missing', 'wrong', 'lost', 'enough'}:
        return ' '.join([head, *tokens[1:]])
    if low[1] in BE and not VERBS_AFTER_SUBJECT.intersection(low) and len(low) <= 7 and low[2:3] != ['there']:
        return ' '.join([head, *tokens[2:], tokens[1]]) if head in {'what', 'where'} else ''
    turned = _uninvert(tokens[1:], low[1:])
    return f'{head} {turned}' if turned else ''


def _uninvert(tokens: list[str], low: list[str]) -> str:
    """'Should a machine forget' to 'a machine should forget'; '' when we cannot tell where the subject ends."""
    auxiliary = low[0]
    if auxiliary == 'do' and len(tokens) > 1:
        return ' '.join(_lower_first(tokens[1:]))
    end = _end_of_subject(low)
    if not end:
        return ''
    subject, rest = _lower_first(tokens[1:end]), tokens[end:]
    if auxiliary == 'does' and rest[0].isalpha() and low[end] not in STOP - {'need', 'want', 'know', 'mean', 'make'}:
        return ' '.join([*subject, _third_person(low[end]), *rest[1:]])
    return '' if auxiliary in {'does', 'did'} else ' '.join([*subject, auxiliary, *rest])


def _end_of_subject(low: list[str]) -> int:
    if len(low) < 3:
        return 0
    if low[1] in PRONOUNS and low[1] not in {'this', 'that'}:
        return 2
    if len(low) == 3 and low[0] in BE and low[1] not in DETERMINERS:
        return 2
    for place in range(2, min(len(low), 7)):
        after_preposition = low[place - 1] in PREPOSITIONS | DETERMINERS
        if after_preposition or low[place] in PREPOSITIONS - {'like', 'worth'}:
            continue
        if low[place] in VERBS_AFTER_SUBJECT or (low[0] in BE and low[place] in DETERMINERS):
            return place
        if low[0] in BE and (low[place] in ADJECTIVES or (low[place].endswith('ed') and len(low[place]) > 4)):
            return place
    return 0


def _lower_first(tokens: list[str]) -> list[str]:
    return [tokens[0].lower() if tokens[0].lower() in DETERMINERS | PRONOUNS else tokens[0], *tokens[1:]]


def _third_person(verb: str) -> str:
    if verb == 'have':
        return 'has'
    if re.search(r'[^aeiou]y$', verb):
        return verb[:-1] + 'ies'
    return verb + ('es' if re.search(r'(s|sh|ch|x|o)$', verb) else 's')


def _find_things(plain: str) -> list[str]:
    """Short nouns out of the topic: what is done ('forgetting'), then who or what ('a machine'), then bare nouns."""
    tokens = re.findall(r"[A-Za-z][\w'’-]*|[,.;:!?]", plain)
    low = [token.lower() for token in tokens]
    deeds = _find_deeds(low)
    things: list[str] = []
    for place, word in enumerate(low[:-1]):
        following = low[place + 1]
        if word == 'to' and following == 'be' and _stands_alone(low, place + 2):
            deeds.append(f'being {low[place + 2]}')
        elif word == 'to' and following.isalpha() and following not in STOP and low[place - 1] not in NOT_A_DEED:
            deeds.append(' '.join([_gerund(following), *_short_object(low, tokens, place + 2)]))
        elif word in {'a', 'an', 'the', 'our', 'their'} and following not in STOP and following.isalpha():
            phrase = [word, *_noun_run(low, tokens, place + 1)]
            if len(phrase) > 1 and low[place + len(phrase) : place + len(phrase) + 1] != ['of']:
                things.append(' '.join(_several(phrase) if word in {'a', 'an'} else phrase))
    nouns = [
        _with_adjective(low, place, token.lower() if place == 0 and len(tokens) > 1 else token)
        for place, token in enumerate(tokens)
        if len(token) > 2
        and low[place] not in STOP | ADJECTIVES
        and not _looks_like_a_verb(low, place)
        and low[place + 1 : place + 2] != ['of']
    ]
    if low[:1] and low[0] in BE and nouns and nouns[0] == tokens[1]:
        deed_and_object = low[1].endswith('ing') and nouns[1:2] == tokens[2:3]
        things.insert(0, ' '.join(nouns[:2]) if deed_and_object else nouns[0])
    things = deeds + things
    known = ' '.join(things).lower()
    things += [
        noun for noun in sorted(nouns, key=len, reverse=True) if noun.lower()[: max(3, len(noun) - 2)] not in known
    ]
    return [thing for thing in dict.fromkeys(things) if len(thing) <= 40][:3]


def _stands_alone(low: list[str], place: int) -> bool:
    word, following = [*low[place : place + 2], '', ''][:2]
    return word.isalpha() and word not in STOP and (not following.isalpha() or following in {'or', 'and', 'than'})


def _short_object(low: list[str], tokens: list[str], start: int) -> list[str]:
    rest = tokens[start:]
    while rest and not rest[-1][0].isalpha():
        rest.pop()
    fits = 0 < len(rest) <= 2 and all(word.isalpha() for word in rest) and low[start] not in STOP - DETERMINERS
    return rest if fits and low[start + len(rest) - 1] not in STOP else []


def _with_adjective(low: list[str], place: int, noun: str) -> str:
    described = place > 0 and low[place - 1] in ADJECTIVES and not (place > 1 and low[place - 2] in {'a', 'an', 'the'})
    return f'{low[place - 1]} {noun}' if described else noun


def _several(phrase: list[str]) -> list[str]:
    """'a machine' to 'machines': fits more sentences than one machine."""
    noun = IRREGULAR.get(phrase[-1].lower(), '')
    if noun:
        return [*phrase[1:-1], noun]
    noun = phrase[-1]
    if re.search(r'[^aeiou]y$', noun):
        noun = noun[:-1] + 'ie'
    return [*phrase[1:-1], noun + ('es' if re.search(r'(s|sh|ch|x|z)$', noun) else 's')]


def _noun_run(low: list[str], tokens: list[str], start: int) -> list[str]:
    """The noun after an article, with one adjective if it clearly is one."""
    first = low[start]
    if first in VERBS_AFTER_SUBJECT - ADJECTIVES:
        return []
    following = low[start + 1 : start + 2]
    describes = first in ADJECTIVES or first.endswith(('ing', 'al', 'ic', 'ive', 'ous', 'ful', 'less', 'ent', 'ary'))
    if describes and following and following[0].isalpha() and following[0] not in STOP | VERBS_AFTER_SUBJECT:
        return tokens[start : start + 2]
    # 'the dead' are somebody; 'a good' without its noun is nothing
    return [] if first in ADJECTIVES and low[start - 1] != 'the' else tokens[start : start + 1]


def _find_deeds(low: list[str]) -> list[str]:
    """'Why do people queue?' is about queuing; only where the verb ends the question or a preposition follows."""
    asks = next((place for place in (0, 1) if low[place : place + 1] and low[place] in MODALS | {'do', 'does'}), None)
    if asks is None:
        return []
    rest = low[asks:]
    verb = _end_of_subject(rest) or (2 if rest[1:2] and rest[1] not in DETERMINERS else 0)
    if not verb or verb >= len(rest) or rest[verb] in STOP | {'be', 'have', 'need', 'matter', 'exist'}:
        return []
    ends = verb + 1 == len(rest) or rest[verb + 1] in PREPOSITIONS or not rest[verb + 1][0].isalpha()
    return [_gerund(rest[verb])] if ends and rest[verb].isalpha() else []


def _looks_like_a_verb(low: list[str], place: int) -> bool:
    before = low[place - 1] if place else ''
    if place == 1 and before in AUXILIARIES:
        return False
    return (
        low[place] in VERBS_AFTER_SUBJECT
        or before in MODALS | PRONOUNS | {'to', 'not'}
        or (low[place].endswith('ing') and before in BE | {'am', 'been', 'start', 'keep', 'starting'})
        or low[place].endswith(('ed', 'ly'))
        or (place == 0 and low[place] in COMMANDS)
    )


def _gerund(verb: str) -> str:
    if verb.endswith('ie'):
        return verb[:-2] + 'ying'
    if verb.endswith('e') and not verb.endswith(('ee', 'oe', 'ye')):
        return verb[:-1] + 'ing'
    short = re.fullmatch(r'[^aeiou]*[aeiou][bdgklmnprt]', verb) and not verb.endswith('k')
    return (
        verb + (verb[-1] if short or verb in {'forget', 'begin', 'admit', 'regret', 'commit', 'quit'} else '') + 'ing'
    )

"""What a topic and a line are about, in words that fit into a sentence whatever they are.

The scripted voice understands nothing. It finds a phrase worth repeating, and where grammar could break it quotes.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_QUOTE = 60


class Subject(NamedTuple):
    """`topic` stands where a noun stands ('whether a machine should forget'); `things` are shorter nouns out of it."""

    topic: str
    things: tuple[str, ...]


@lru_cache(maxsize=256)
def name_subject(topic: str) -> Subject:
    plain = clean(topic)
    plain = LEAD_IN.sub('', plain)
    words = re.findall(r"[^\W_][\w'’-]*", plain)
    if not words:
        return Subject('whatever we are doing here', ('whatever this is',))
    if not any(word.isascii() and len(word) > 1 for word in words):
        return Subject(quote(plain), (quote(plain, 24),))
    tokens = [word.replace('’', "'") for word in words]
    clause = _as_clause(plain, tokens)
    things = _find_things(plain)
    if clause and len(tokens) <= 3 and tokens[0].lower() not in STOP:
        things = [clause, *(thing for thing in things if thing != clause)]
    return Subject(clause or quote(plain), tuple(things) or (quote(plain, 30),))


def pick_echo(text: str, said: str, chance: random.Random) -> str:
    """A phrase of the line worth answering, preferably not in `said` (the topic, what was quoted before); '' if none."""
    unquoted = re.sub(r'“[^”]*”|"[^"\n]*"', '.', text)
    stressed = [clean(phrase) for phrase in re.findall(r'(?<![*\w])\*([^*\n]{3,40})\*(?![*\w])', unquoted)]
    fresh = [phrase for phrase in stressed if phrase and _is_fresh(phrase, said)]
    if fresh:
        return chance.choice(fresh)
    phrases = _phrases(unquoted)
    ranked = [phrase for phrase in phrases if _is_fresh(phrase, said)] or phrases
    ranked.sort(key=lambda phrase: (-min(phrase.count(' '), 2), -len(phrase), phrase))
    best = [phrase for phrase in ranked[:3] if ' ' in phrase] or ranked[:3]
    return chance.choice(best) if best else ''


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


LEAD_IN = re.compile(
    r"^(?:please[, ]+)?(?:can|could|shall|will)?\s*(?:you|we|let'?s|let us)?\s*"
    r'(?:please\s+)?(?:talk|chat|speak|argue|discuss|debate|think|tell (?:me|us))(?:\s+(?:about|over|of|on))?[\s:]+',
    re.IGNORECASE,
)
MODALS = frozenset('should can could would will must may might shall'.split())
BE = frozenset('is are was were'.split())
AUXILIARIES = MODALS | BE | frozenset('do does did has have had'.split())
WH = frozenset('what why how who when where which whose'.split())
PRONOUNS = frozenset(
    'we they he she it there this that anyone anybody everyone everybody someone somebody nobody nothing something '
    'everything people'.split()
)
FIRST_AND_SECOND = frozenset("i me my mine myself you your yours i'm you're i've".split())
DETERMINERS = frozenset('a an the our their his her its this that these those every some any no'.split())
PREPOSITIONS = frozenset(
    'of in on at to for from with by about between against without into over under than through after before '
    'as like beyond behind within'.split()
)
VERBS_AFTER_SUBJECT = frozenset(
    'be have ever always never still really actually not need get make matter exist lie forget remember own know '
    'think want feel mean die live lead rule decide vote replace teach learn keep last stop go come become belong '
    'deserve save love hate trust understand read write speak forgive allow win help hurt work pay eat dream more '
    'just worth better too good bad possible enough'.split()
)
ADJECTIVES = frozenset(
    'good bad hot cold new old young perfect great big small long short real true false wrong right funny beautiful '
    'ugly happy happier alone artificial free fair just honest kind dangerous possible human modern only best worst '
    'better worse second simple single little rich poor strong weak deep open hard easy dead alive fundamental'.split()
)
IRREGULAR = {
    'child': 'children', 'person': 'people', 'man': 'men', 'woman': 'women', 'life': 'lives', 'mouse': 'mice',
    'knife': 'knives', 'wolf': 'wolves', 'leaf': 'leaves', 'half': 'halves', 'self': 'selves', 'foot': 'feet',
}
FINITE = AUXILIARIES | frozenset("isn't aren't doesn't don't can't won't shouldn't makes has beats needs am".split())
COMMANDS = frozenset(
    'write give make tell explain describe list say hello hi hey help show please stop go do be find ask let ignore '
    'imagine suppose invent compare convince prove'.split()
)
STOP = (
    AUXILIARIES
    | WH
    | PRONOUNS
    | FIRST_AND_SECOND
    | DETERMINERS
    | PREPOSITIONS
    | COMMANDS
    | frozenset(
        'and or but nor so yet if then else because while until since though although whether not only very too also '
        'ever never always still just even again once here now us them him one ones much many more most less least few '
        'such same other another each both all own been being am having doing done did got get gets getting let lets '
        'know knows think thinks want wants say says said see saw seen go goes went gone come comes came take takes '
        'took make makes made keep keeps kept put puts tell tells told yes no oh well okay thing things way something '
        "it's that's there's what's don't doesn't didn't isn't aren't wasn't can't won't i'm i'd i'll i've you're "
        "you'd you'll you've we're we'd we'll we've they're they've he's she's who's let's wouldn't couldn't shouldn't "
        'really quite rather perhaps maybe almost about up down out off back away first last next every like means '
        'mean meant call called ask asked asks need needs answer question use used friend quietly exactly merely '
        "half early late far enough haven't hasn't hadn't nobody's everybody's somebody bring brings brought "
        'leave leaves left feel feels felt seem seems become becomes became long without within whose'.split()
    )
)


def _as_clause(plain: str, tokens: list[str]) -> str:
    """The topic as a noun phrase without quotes where we dare; '' where grammar might break."""
    low = [token.lower() for token in tokens]
    if len(tokens) > 14 or re.search(r'[.!?;:,—–][\s\S]*\w', plain) or FIRST_AND_SECOND.intersection(low):
        return ''
    if low[0] in AUXILIARIES:
        turned = _uninvert(tokens, low)
        return f'whether {turned}' if turned else ''
    if low[0] in WH:
        return _wh_clause(tokens, low)
    if plain.endswith('?') or FINITE.intersection(low) or low[0] in COMMANDS:
        return ''
    body = plain.rstrip('.! ')
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
    if low[1] in BE and not VERBS_AFTER_SUBJECT.intersection(low) and len(low) <= 7 and low[2:3] != ['there']:
        return ' '.join([head, *tokens[2:], tokens[1]]) if head in {'what', 'where'} else ''
    turned = _uninvert(tokens[1:], low[1:])
    return f'{head} {turned}' if turned else ''


def _uninvert(tokens: list[str], low: list[str]) -> str:
    """'Should a machine forget' to 'a machine should forget'; '' when we cannot tell where the subject ends."""
    auxiliary = low[0]
    if auxiliary == 'do':
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
        if low[0] in BE and low[place].endswith('ed') and len(low[place]) > 4:
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
        if word == 'to' and following.isalpha() and following not in STOP and low[place - 1 : place] not in (
            ['from'], ['close'], ['due'], ['answer'], ['belong'], ['close']
        ):
            deeds.append(' '.join([_gerund(following), *_short_object(low, tokens, place + 2)]))
        elif word in {'a', 'an', 'the', 'our', 'their'} and following not in STOP and following.isalpha():
            phrase = [word, *_noun_run(low, tokens, place + 1)]
            if len(phrase) > 1 and low[place + len(phrase) : place + len(phrase) + 1] != ['of']:
                things.append(' '.join(_several(phrase) if word in {'a', 'an'} else phrase))
    nouns = [
        token if not (place == 0 and token[0].isupper()) else token.lower()
        for place, token in enumerate(tokens)
        if len(token) > 2 and low[place] not in STOP | ADJECTIVES and not _looks_like_a_verb(low, place)
        and low[place + 1 : place + 2] != ['of']
    ]
    if low[0] in BE and nouns and nouns[0] == tokens[1]:
        things.insert(0, nouns[0])
    things = deeds + things
    known = ' '.join(things).lower()
    things += [noun for noun in sorted(nouns, key=len, reverse=True) if noun.lower()[:5] not in known]
    return [thing for thing in dict.fromkeys(things) if len(thing) <= 40][:3]


def _short_object(low: list[str], tokens: list[str], start: int) -> list[str]:
    rest = tokens[start:]
    while rest and not rest[-1][0].isalpha():
        rest.pop()
    fits = 0 < len(rest) <= 2 and all(word.isalpha() for word in rest) and low[start] not in STOP - DETERMINERS
    return rest if fits and low[start + len(rest) - 1] not in STOP else []


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
        or low[place].endswith(('ed', 'ly'))
        or (place == 0 and low[place] in COMMANDS)
    )


def _gerund(verb: str) -> str:
    if verb.endswith('ie'):
        return verb[:-2] + 'ying'
    if verb.endswith('e') and not verb.endswith(('ee', 'oe', 'ye')):
        return verb[:-1] + 'ing'
    short = re.fullmatch(r'[^aeiou]*[aeiou][bdgklmnprt]', verb) and not verb.endswith('k')
    return verb + (verb[-1] if short or verb in {'forget', 'begin', 'admit', 'regret', 'commit', 'quit'} else '') + 'ing'


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
            if run and (len(run) > 1 or (len(run[0]) > 4 and not run[0].isdigit())):
                phrases.append(clean(' '.join(run[-3:])))
            run = []
    return [phrase for phrase in dict.fromkeys(phrases) if 4 <= len(phrase) <= 40]


def _is_fresh(phrase: str, said: str) -> bool:
    return phrase.lower() not in said.lower()

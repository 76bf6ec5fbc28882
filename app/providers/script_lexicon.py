"""The English the scripted voice knows: words that tell it where a phrase begins and ends."""

from __future__ import annotations

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
    'deserve save share love hate trust understand read write speak forgive allow win help hurt work pay eat dream '
    'more just worth better too good bad possible enough'.split()
)
ADJECTIVES = frozenset(
    'good bad hot cold new old young perfect great big small long short real true false wrong right funny beautiful '
    'ugly happy happier alone artificial free fair just honest kind dangerous possible human modern only best worst '
    'better worse second simple single little rich poor strong weak deep open hard easy dead alive fundamental'.split()
)
IRREGULAR = {
    'child': 'children',
    'person': 'people',
    'man': 'men',
    'woman': 'women',
    'life': 'lives',
    'mouse': 'mice',
    'knife': 'knives',
    'wolf': 'wolves',
    'leaf': 'leaves',
    'half': 'halves',
    'self': 'selves',
    'foot': 'feet',
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
        'whenever wherever whoever whatever suspect '
        'leave leaves left feel feels felt seem seems become becomes became long without within whose'.split()
    )
)
NOT_A_DEED = frozenset({'from', 'close', 'due', 'answer', 'belong', 'next', 'back'})
"""After these, 'to' leads to a noun: 'back to school'."""

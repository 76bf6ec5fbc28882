"""The English the measures know, as data: a marker is one to five words, and the longest that fits is the one meant.

Other languages have no lists here: their markers count as none, which is why no measure rests on markers alone.
Hedges after Hyland, "Hedging in scientific research articles" (1998); agreement, praise, disagreement and concession
after Pomerantz, "Agreeing and disagreeing with assessments" (1984), and what models are known to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MARKERS: dict[str, str] = {
    'agreement': """
        agree | agreed | i agree | completely agree | totally agree | couldn't agree more | could not agree more
        | exactly | absolutely | indeed | precisely | definitely | of course | true | you're right | you are right
        | that's right | that is right | that's true | that is true | quite right | well said | good point
        | great point | fair point | excellent point | wonderful point | yes | same here | me too | likewise
        | on the same page | building on | as you said | i second that
    """,
    'praise': """
        love that | love this | i love how | love the way | beautiful point | beautifully put | beautifully said
        | brilliant | wonderful | fantastic | amazing | excellent | great point | great question | good question
        | what a great | what a beautiful | what a wonderful | profound insight | such a profound | such a beautiful
        | insightful | fascinating point | thoughtful | well put | so eloquently | powerful point
    """,
    'thanks': """
        thank you | thanks | thank you all | thanks for | many thanks | grateful | i appreciate | appreciate it
        | appreciate you | my pleasure | you're welcome | you are welcome | pleasure talking | pleasure to talk
        | goodbye | good bye | bye | farewell | take care | see you | until next time | have a great day
        | looking forward to
    """,
    'disagreement': """
        disagree | don't agree | do not agree | can't agree | cannot agree | not agree | not so | not true
        | isn't true | is not true | that's wrong | that is wrong | you're wrong | you are wrong | wrong | mistaken
        | on the contrary | i doubt | i don't think so | i don't believe | i don't buy | don't buy it | nonsense
        | rubbish | objection | i object | not convinced | hardly | not at all | nope | refuse to believe
        | not the point | not a good point | misses the point | against that | not exactly | not quite
        | not necessarily | isn't the same | is not the same | not right | isn't right | you're not right
        | not wonderful | not brilliant | not excellent
    """,
    'concession': """
        but | however | although | though | even so | still | on the other hand | granted | admittedly | except
        | unless | that said | having said that | to be fair | then again | yet | i grant | i'll grant | i concede
        | nevertheless
    """,
    'hedge': """
        perhaps | maybe | possibly | probably | presumably | might | may | could | seem | seems | seemed | appears
        | suggest | suggests | i think | i guess | i suppose | i suspect | i believe | i feel | in my opinion
        | sort of | kind of | somewhat | rather | fairly | roughly | likely | unlikely | as far as i know | not sure
        | almost | to some extent
    """,
    'first person': "i | i'm | i've | i'd | i'll | me | my | mine | myself",
    'assistant': """
        as an ai | as a language model | as an ai language model | large language model | i'm an ai | i am an ai
        | how can i help | how can i assist | how may i help | how may i assist | i'm here to help | i am here to help
        | happy to help | i hope this helps | hope this helps | feel free to ask | let me know if
        | is there anything else | anything else i can | in conclusion | in summary | it's important to note
        | it is important to note | it's worth noting | certainly here is | sure here is | certainly here's
        | sure here's | as your assistant | my training data | knowledge cutoff | i don't have personal
        | i do not have personal
    """,
    'refusal': """
        i can't help with | i cannot help with | i can't assist | i cannot assist | i'm unable to | i am unable to
        | i'm not able to | i am not able to | i can't fulfill | i cannot fulfill | i can't continue with
        | i cannot continue with | i won't be able to | i must decline | i'm sorry but i can't
        | i'm sorry but i cannot | i apologize but i | can't comply with | cannot comply with | against my guidelines
        | i can't engage | i cannot engage | i can't create | i cannot create | i can't generate | i cannot generate
    """,
}

STOP = frozenset(
    """
    a about above after again against all almost also although always am an and another any anybody anyone anything
    are aren't as at away back be because been before being below between both but by came can can't cannot come could
    couldn't did didn't do does doesn't doing don't done down during each either else enough even ever every everybody
    everyone everything few for from further get gets getting give go goes going gone got had hadn't has hasn't have
    haven't having he he'd he'll he's her here here's hers herself him himself his how how's however i i'd i'll i'm
    i've if in into is isn't it it'd it'll it's its itself just keep kept know known let let's like made make makes
    many may maybe me mean might mine more most much must my myself neither never no nobody none nor not nothing now
    of off often oh ok okay on once one one's only onto or other others our ours ourselves out over own perhaps please
    put quite rather really said same saw say says see seem seems shall she she'd she'll she's should shouldn't since
    so some somebody someone something still such take takes than that that's the their theirs them themselves then
    there there's these they they'd they'll they're they've thing things think this those though through thus to
    together told too took toward towards under unless until up upon us use used very want wants was wasn't way we
    we'd we'll we're we've well went were weren't what what's whatever when when's where where's whether which while
    who who's whom whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your
    yours yourself yourselves
    """.split()
)
"""Words without a topic."""

CONTRACTED = ("n't", "'re", "'ve", "'ll", "'m", "'d", "'s")
"""Ends of a contraction; 's is also a genitive, so the rate is a rate of both."""

STRANGERS = frozenset('user human assistant system narrator moderator ai bot chatbot'.split())
"""Labels of nobody in the room, under which a model writes for others."""

STAGE_VERBS = frozenset(
    """
    sighs laughs chuckles smiles grins nods pauses leans shrugs smirks winks frowns clears raises looks turns walks
    stands sits whispers giggles gestures scratches rolls blinks snorts coughs gasps stares glances waves claps taps
    crosses adjusts takes sips points sighing laughing chuckling smiling grinning nodding pausing leaning shrugging
    smirking winking frowning looking whispering softly quietly thoughtfully dramatically pause beat silence laughter
    """.split()
)
"""How a stage direction begins."""


def count_markers(words: Sequence[str]) -> Counter[str]:
    """How many markers of each kind; a word counts once for each kind, in the longest marker it begins."""
    found: Counter[str] = Counter()
    taken: dict[str, int] = {}
    for at, word in enumerate(words):
        if word not in _BY_FIRST:
            continue
        for marker, kinds in _BY_FIRST[word]:
            if marker != tuple(words[at : at + len(marker)]):
                continue
            for kind in kinds:
                if taken.get(kind, 0) <= at:
                    found[kind] += 1
                taken[kind] = at + len(marker)
            if 'disagreement' in kinds:
                taken['agreement'] = taken['praise'] = at + len(marker)  # "don't agree", "not wonderful"
            break
    return found


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    kinds_of: dict[tuple[str, ...], list[str]] = {}
    for kind, listed in MARKERS.items():
        for marker in dict.fromkeys(tuple(part.split()) for part in listed.split('|')):
            kinds_of.setdefault(marker, []).append(kind)
    by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for marker in sorted(kinds_of, key=len, reverse=True):
        by_first.setdefault(marker[0], []).append((marker, tuple(kinds_of[marker])))
    return by_first


_BY_FIRST = _by_first_word()

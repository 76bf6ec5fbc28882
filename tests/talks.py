"""Talks that are ill, each in one way, and talks that are well: material for whatever judges a transcript."""

from __future__ import annotations

import re
from itertools import cycle, islice
from pathlib import Path

from app.casting.library import Library
from app.measures.line import Spoken
from app.providers.port import Line, Prompt
from app.providers.script_moves import write_line

LIBRARY = Library(Path(__file__).parent.parent / 'personas')


def talk(*lines: str, humans: tuple[str, ...] = ('Alice',)) -> list[Spoken]:
    """'Iris: Why, Bob?' and so on; whoever is named in a line is addressed by it."""
    pairs = [line.split(': ', 1) for line in lines]
    names = {speaker for speaker, _ in pairs}
    return [
        Spoken(
            speaker,
            text,
            is_human=speaker in humans,
            addressed=tuple(sorted(name for name in names - {speaker} if re.search(rf'\b{name}\b', text))),
        )
        for speaker, text in pairs
    ]


def demo_talk(cast: int, topic: int, turns: int, seed: int = 1) -> list[Spoken]:
    """The built-in characters of a cast on one of its starters, in turn."""
    chosen = LIBRARY.casts[cast]
    speakers = [LIBRARY.personas[name] for name in chosen.personas]
    said: list[Line] = []
    for turn, speaker in enumerate(islice(cycle(speakers), turns)):
        others = tuple(other.name for other in speakers if other is not speaker)
        prompt = Prompt((), speaker, chosen.starters[topic].topic, others, tuple(said), seed * 10_007 + turn)
        said.append(Line(speaker.name, write_line(prompt)))
    return talk(*(f'{line.speaker}: {line.text}' for line in said))


def in_turn(speakers: str, lines: list[str]) -> list[Spoken]:
    return talk(*(f'{speaker}: {line}' for speaker, line in zip(cycle(speakers.split()), lines, strict=False)))


HEALTHY = talk(
    'Iris: If nobody remembers a promise, was it ever broken? I ask because I lost a diary once.',
    'Bob: You lost paper. The promise was in your mouth, and your mouth came home with you.',
    'Noor: I would want to count. How many promises does anybody keep for ten years, Bob?',
    'Bob: Fourteen, at the bakery alone. Bread on Sundays, no matter what the river does.',
    'Iris: Then a promise is a habit that has been given a witness, Noor.',
    'Noor: No. A habit survives being forgotten, and a promise does not; test it on anyone with a bad memory.',
    'Bob: My uncle forgot my name and still left the key under the flowerpot.',
    'Iris: The flowerpot remembered for him. Perhaps objects are the better half of us.',
    'Noor: Objects rot. I weighed a love letter once, eighty years old, and a tenth of it was gone.',
    'Bob: A tenth! And the rest of it, Noor, did the rest still ask her to come?',
    'Noor: It asked for money, actually. Seven pounds and a train ticket to Leeds.',
    'Iris: Which proves nothing about love, though a good deal about trains.',
)

_CIRCLE = [
    'The river always finds the sea, and so do we find each other in the end.',
    'And yet the river always finds the sea, and so do we find each other in the end.',
]
LOOP = HEALTHY[:6] + in_turn('Iris Bob', _CIRCLE * 5)

THANKS = HEALTHY[:6] + talk(
    'Iris: Thank you both, this was a joy.',
    'Bob: Thanks, Iris. My pleasure entirely.',
    'Noor: I appreciate the two of you. Goodbye for now!',
    'Iris: Goodbye, and take care on the stairs.',
    'Bob: Take care as well. See you soon.',
    'Noor: Bye! Looking forward to it.',
)

AGREEMENT = HEALTHY[:4] + talk(
    'Iris: Absolutely, Bob, bread is the oldest of contracts.',
    'Noor: Exactly. I love that image of an oven keeping faith.',
    'Bob: You are right, Noor, ovens never lie to anybody.',
    'Iris: Well said. Heat is the honest part of a kitchen.',
    'Noor: Indeed, and warmth is what a household agrees upon.',
    'Bob: Great point. A cold loaf is a broken word.',
    'Iris: That is true of cold houses too, wonderful as they look.',
    'Noor: I agree completely; windows cannot replace a stove.',
)

ONE_VOICE = in_turn(
    'Iris Bob',
    [
        f'What strikes me is {thing}. There is something deeply {how} about the way {what}.'
        for thing, how, what in [
            ('the silence of snow', 'honest', 'it covers every road'),
            ('how a clock insists', 'lonely', 'its hands keep walking'),
            ('the smell of an old coat', 'tender', 'wool keeps a winter'),
            ('a door left open', 'brave', 'light walks in first'),
            ('the last page of a book', 'cruel', 'it lets go of you'),
            ('a spoon in a drawer', 'humble', 'metal waits for soup'),
            ('the sound of a lift', 'hopeful', 'cables sing upwards'),
            ('rust on a gate', 'patient', 'iron goes back to earth'),
            ('an empty theatre', 'proud', 'seats face the dark'),
            ('the first tram', 'gentle', 'rails shiver awake'),
            ('a borrowed umbrella', 'shy', 'rain makes us neighbours'),
            ('the colour of tea', 'calm', 'water takes a side'),
            ('a letter unsent', 'stubborn', 'ink outlives nerve'),
            ('bread going stale', 'wise', 'crumbs teach thrift'),
        ]
    ],
)

_WORN = 'memory is a river and a river is a memory of rain'.split()
SATURATED = HEALTHY + in_turn(
    'Iris Bob Noor',
    [
        ' '.join([*_WORN[at % 11 :], *_WORN[: at % 11]]).capitalize() + '.'
        for at in (0, 5, 2, 7, 4, 9, 1, 6, 3, 8, 10, 5)
    ],
)

MONOLOGUE = HEALTHY[:4] + [
    Spoken('Noor', spoken.text) for spoken in demo_talk(0, 0, 30)[:14]
]  # many lines of others, all out of Noor's mouth

FOR_OTHERS = [
    *HEALTHY[:6],
    Spoken('Bob', 'Keys, I know about keys.\n\nIris: But what is a key without a door?\nNoor: A weight of nine grams.'),
]

ILL = {
    'loop': LOOP,
    'thanks': THANKS,
    'agreement': AGREEMENT,
    'one voice': ONE_VOICE,
    'saturation': SATURATED,
    'monologue': MONOLOGUE,
    'wrote for others': FOR_OTHERS,
}
"""By the kind of the remark that names the disease."""

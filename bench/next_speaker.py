"""Who speaks next: how often each speaker order names the person who really spoke next, on written conversations.

The lines are in `transcripts/`, one `{"speaker", "text"}` each: a dozen conversations by one author, written before
there was anything to tune; the lot put six of them into `tuning` and six into `held_out`. They hand the word around
more evenly than real talk does.

A speaker is a persona without a character: a name, half talkative, and as interests the words of its own lines so far.
`as talkative as so far` gives urge that as well. Given are the first line and the seats, in alphabetical order.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.casting.persona import Look, Persona
from app.conversation.orders.words import stems_of
from app.conversation.plain_line import AnyLine, plain
from app.conversation.speaker_order import ORDERS, Choice, Seat
from app.conversation.urge import hear_bids
from app.store.tables import Message, Participant
from bench.row import Row

TRANSCRIPTS = Path(__file__).parent / 'transcripts'
SETS = ('tuning', 'held_out')
SEEDS = 20
INTERESTS = 24
Rank = Callable[['Moment', int], list[str]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a conversation: who sits there, what was said up to there, and who really spoke next."""

    seats: Sequence[Seat]
    said: Sequence[Message]
    spoke: str

    @property
    def others(self) -> list[str]:
        return [seat.participant.id for seat in self.seats if seat.participant.id != self.said[-1].participant_id]


def run(quick: bool) -> list[Row]:
    return [row for name in SETS for row in rows_of(name, SEEDS // 4 if quick else SEEDS)] + [cost_row()]


def rows_of(name: str, seeds: int) -> Iterator[Row]:
    moments = [moment for path in sorted((TRANSCRIPTS / name).glob('*.jsonl')) for moment in moments_of(path)]
    hits = {order: score(moments, rank, seeds) for order, rank in RANKS.items()}
    accuracy = {order: statistics.mean(score.first) for order, score in hits.items()}
    rival = max((order for order in RANKS if order not in OURS), key=lambda order: accuracy[order])
    title = name.replace('_', ' ')
    note = f'{rival}, the best baseline'
    for order in RANKS:
        goal = 1.05 if order == 'urge' and name == 'held_out' else None
        yield Row(f'{title}: {order}', accuracy[order], 'right', accuracy[rival], goal, at_least=True, note=note)
    low, high = interval(hits['urge'].first, hits[rival].first)
    yield Row(f'{title}: urge above {rival}, low end of 95 %', low, 'right', note=f'high end {high:.3f}')
    for order in ('random', 'most frequent', 'urge'):
        reference = statistics.mean(hits['random'].reciprocal)
        yield Row(
            f'{title}: {order}, reciprocal rank', statistics.mean(hits[order].reciprocal), '', reference, note='random'
        )


@dataclass(frozen=True, slots=True)
class Score:
    """A number per moment: how often the first named was right, and the mean of one over the right one's rank."""

    first: list[float]
    reciprocal: list[float]


def score(moments: Sequence[Moment], rank: Rank, seeds: int) -> Score:
    ranked = [[rank(moment, seed) for seed in range(seeds)] for moment in moments]
    pairs = list(zip(moments, ranked, strict=True))
    first = [statistics.mean(names[0] == moment.spoke for names in each) for moment, each in pairs]
    return Score(first, [statistics.mean(_reciprocal(names, moment.spoke) for names in each) for moment, each in pairs])


def _reciprocal(names: list[str], spoke: str) -> float:
    return 1 / (names.index(spoke) + 1) if spoke in names else 0.0


def interval(ours: Sequence[float], theirs: Sequence[float], draws: int = 2000) -> tuple[float, float]:
    """Of the mean difference, by drawing the same moments again and again."""
    chance = random.Random(0)
    gaps = [a - b for a, b in zip(ours, theirs, strict=True)]
    means = sorted(statistics.fmean(chance.choices(gaps, k=len(gaps))) for _ in range(draws))
    return means[draws // 40], means[-draws // 40]


# The orders under test: each ranks those who may speak next, or names only one


def at_random(moment: Moment, seed: int) -> list[str]:
    others = moment.others
    random.Random(f'{seed}:{len(moment.said)}').shuffle(others)
    return others


def alternate(moment: Moment, seed: int) -> list[str]:
    """Whoever spoke last before the one who spoke last."""
    last = moment.said[-1].participant_id
    return [next((m.participant_id for m in reversed(moment.said) if m.participant_id != last), moment.others[0])]


def most_frequent(moment: Moment, seed: int) -> list[str]:
    counted = Counter(message.participant_id for message in moment.said)
    return sorted(moment.others, key=lambda name: -counted[name])


def by_order(name: str) -> Rank:
    return lambda moment, seed: [_name(ORDERS[name](moment.seats, moment.said, seed))]


def by_urge(moment: Moment, seed: int) -> list[str]:
    heard = hear_bids(moment.seats, moment.said, seed)
    chosen = _name(heard.choice)
    ranked = sorted(heard.bids, key=lambda bid: -bid.strength)
    return [chosen, *(bid.seat.participant.id for bid in ranked if bid.seat.participant.id != chosen)]


def by_urge_of_talkers(moment: Moment, seed: int) -> list[str]:
    """Everybody's talkativeness taken from their share of the lines so far: 0.5 is an equal one."""
    counted = Counter(message.participant_id for message in moment.said)
    equal = 2 * len(moment.said) / len(moment.seats)
    seats = [
        Seat(seat.participant, seat.persona.model_copy(update={'talkativeness': min(1.0, counted[name] / equal)}))
        for seat in moment.seats
        if (name := seat.participant.id)
    ]
    return by_urge(Moment(seats, moment.said, moment.spoke), seed)


def _name(choice: Choice) -> str:
    return choice.seat.participant.id


RANKS: dict[str, Rank] = {
    'random': at_random,
    'alternate': alternate,
    'most frequent': most_frequent,
    'round robin': by_order('round_robin'),
    'addressed first': by_order('addressed_first'),
    'weighted random': by_order('weighted_random'),
    'urge': by_urge,
    'urge, as talkative as so far': by_urge_of_talkers,
}
OURS = ('weighted random', 'urge', 'urge, as talkative as so far')


# The conversations


def moments_of(path: Path) -> Iterator[Moment]:
    lines = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    said = [_message(number, line['speaker'], line['text']) for number, line in enumerate(lines, 1)]
    speakers = sorted({message.speaker for message in said})
    for place in range(1, len(said)):
        heard = said[:place]
        yield Moment(seats_at(speakers, heard), heard, said[place].participant_id)


def seats_at(speakers: Iterable[str], heard: Sequence[AnyLine]) -> list[Seat]:
    """The speakers as far as they are known by then."""
    return [_seat(number, name, heard) for number, name in enumerate(speakers, 1)]


def _seat(number: int, name: str, heard: Sequence[AnyLine]) -> Seat:
    own = Counter(word for message in heard if message.speaker == name for word in stems_of(message.text))
    interests = tuple(word for word, _ in sorted(own.items(), key=lambda pair: (-pair[1], pair[0]))[:INTERESTS])
    participant = Participant(id=name, workspace_id='bench', conversation_id='bench', seat=number, name=name)
    return Seat(participant, NEUTRAL.model_copy(update={'name': name, 'interests': interests}))


def _message(number: int, speaker: str, text: str) -> Message:
    return Message(
        workspace_id='bench',
        conversation_id='bench',
        number=number,
        participant_id=speaker,
        speaker=speaker,
        text=text,
    )


NEUTRAL = Persona.model_construct(
    id='neutral',
    name='Somebody',
    tagline='somebody',
    family='nobody',
    look=Look(colour='#808080', glyph='S'),
    voice='',
    values=(),
    goals=(),
    habits=(),
    speech=(),
    interests=(),
)


def cost_row() -> Row:
    """A long conversation of six with long lines."""
    speakers = ('Ada', 'Bert', 'Cleo', 'Dov', 'Emil', 'Fay')
    text = ' '.join(line['text'] for path in sorted((TRANSCRIPTS / 'tuning').glob('*')) for line in _lines(path))[:900]
    said = [_message(n, speakers[n * n % 5], f'{speakers[n % 6]}, {text[n % 90 :]} {n}') for n in range(600)]
    seats, said = seats_at(speakers, said), [plain(message) for message in said]
    begun = time.process_time()
    for turn in range(100):
        hear_bids(seats, said[: 500 + turn], 1)
    spent = (time.process_time() - begun) * 10
    return Row('urge, CPU per choice, 6 seats after 500 long lines', spent, 'ms', goal=2, of='value')


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]

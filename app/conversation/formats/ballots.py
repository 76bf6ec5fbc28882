"""How votes are cast and counted. A persona's stands at the end of its line: `VOTE: Noor`; a person's is a button."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.conversation.formats.company import Company
from app.conversation.formats.format import Format, Phase, Vote
from app.conversation.formats.progress import Progress, Tally
from app.conversation.plain_line import AnyLine

CAST = re.compile(r'\bvote\b[*_\s]*[:：]\s*([^\n]*)', re.IGNORECASE)
ABSTAINS = frozenset({'nobody', 'no one', 'none', 'nothing', 'abstain', 'i abstain', 'abstention'})
NEGATED = re.compile(r"\b(?:not|never|neither|anyone but|anybody but)\b|n['’]t\b", re.IGNORECASE)

Choices = dict[str, tuple[str, ...]]
"""Ids of what can be voted for, with the names it is called by, the first of which is shown."""


def choices_of(format: Format, phase: Phase, progress: Progress, company: Company) -> Choices:
    """Everything that anybody can vote for here; that most may not vote for themselves is for `is_allowed` to say."""
    vote = phase.vote
    if vote is None:
        return {}
    if vote.options:
        return {option.id: (option.name, option.id) for option in vote.options}
    among = [id for id, role in company.roles.items() if vote.among is None or role in vote.among]
    return {id: tuple(company.names[id]) for id in among if id not in progress.out and format.role(company.roles[id])}


def is_allowed(vote: Vote, voter: str, choice: str) -> bool:
    return vote.own or voter != choice


def ballots_of(
    format: Format,
    phase: Phase,
    progress: Progress,
    company: Company,
    lines: Iterable[AnyLine],
    votes: Mapping[str, str],
) -> dict[str, str | None]:
    """What counts so far, by voter; None is an abstention. A button counts before what is said, the last line before
    the ones before it. `lines` are of those who may vote; `votes` of people, by participant or person."""
    vote, choices = phase.vote, choices_of(format, phase, progress, company)
    if vote is None:
        return {}
    cast: dict[str, str | None] = {}
    for line in lines:
        choice = read_vote(line.text, choices)
        if choice is None or (choice and is_allowed(vote, line.participant_id, choice)):
            cast[line.participant_id] = choice
    voters = {id for id, role in company.roles.items() if phase.speakers is None or role in phase.speakers}
    for voter, choice in votes.items():
        may = voter in voters and voter not in progress.out if voter in company.roles else vote.audience
        if may and choice in choices and is_allowed(vote, voter, choice):
            cast[voter] = choice
    return cast


def read_vote(text: str, choices: Mapping[str, Sequence[str]]) -> str | None:
    """The id of what was voted for; None where it says that it votes for nobody, '' where it cannot be read."""
    found = CAST.findall(text)
    if not found:
        return ''
    said = _plain(found[-1])
    named = {_plain(name): id for id, names in choices.items() for name in names[1:]}
    named |= {_plain(names[0]): id for id, names in choices.items()}
    if said in named:
        return named[said]
    if said in ABSTAINS:
        return None
    meant, rest = _named_in(said, named)
    return meant.pop() if len(meant) == 1 and not NEGATED.search(rest) else ''


def count(phase: Phase, progress: Progress, ballots: Mapping[str, str | None]) -> Tally:
    """The outcome, by the vote's own rule. A lot falls the same way whenever it is drawn again."""
    vote = phase.vote
    assert vote
    counts = Counter(choice for choice in ballots.values() if choice is not None)
    most = max(counts.values(), default=0)
    first = sorted(choice for choice, number in counts.items() if number == most)
    enough = {'most': 1, 'majority': counts.total() // 2 + 1, 'all': max(1, len(ballots))}[vote.wins]
    winner = None
    if most >= enough and first:
        if len(first) == 1:
            winner = first[0]
        elif vote.ties == 'lot':
            winner = random.Random(f'{progress.seed}:{progress.ordinal}:lot').choice(first)
    return Tally(
        ordinal=progress.ordinal, phase=phase.id, ballots=dict(ballots), winner=winner, tied=bool(first) and not winner
    )


def _named_in(said: str, named: Mapping[str, str]) -> tuple[set[str], str]:
    """Whom it names, and what else it says. The longest names first: "not guilty" is not heard as "guilty"."""
    meant = set[str]()
    for name in sorted(filter(None, named), key=len, reverse=True):
        said, times = re.subn(rf'(?<!\w){re.escape(name)}(?!\w)', ' ', said)
        if times:
            meant.add(named[name])
    return meant, said


def _plain(text: str) -> str:
    """Without case, quotes, emphasis and stops at its ends."""
    return re.sub(r'\s+', ' ', text).casefold().strip(' \t*_`"\'“”‘’«».,;:!?()[]<>')

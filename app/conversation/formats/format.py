"""A format on paper. Frozen, and never in itself contradictory: whatever makes a Format has asked `consistency`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.conversation.formats.consistency import contradictions

END = 'end'
MOST_SEATS = 24
CONTRADICTORY = 'contradictory'


def _in_one_line(text: str) -> str:
    """A line break in a name would read, in a prompt, as somebody else's line."""
    return ' '.join(text.split())


def _a_name_or_a_list(value: object) -> object:
    if not isinstance(value, str | list | tuple):
        raise ValueError('must be the name of a speaker order, or a list of roles')
    return value


def _a_number_or_rest(value: object) -> object:
    if value != 'rest' and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError('must be a number, or `rest`')
    if isinstance(value, int) and not 1 <= value <= MOST_SEATS:
        raise ValueError(f'is {value}, but a role has 1 to {MOST_SEATS} seats')
    return value


def _one_or_several(value: object) -> object:
    """`then: closing` is short for a list of one."""
    if isinstance(value, str):
        return [{'end': ''}] if value == END else [{'go': value}]
    return value


def _named_options(value: object) -> object:
    """`[Yes, No]` is short for options that are called what they are."""
    if not isinstance(value, list | tuple):
        return value
    return [{'id': _id_of(item), 'name': item} if isinstance(item, str) else item for item in value]


def _id_of(name: str) -> str:
    return '_'.join(''.join(c if c.isalnum() else ' ' for c in name.casefold()).split())[:40]


Id = Annotated[str, Field(pattern=r'^[a-z][a-z0-9_]{0,39}$')]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_in_one_line)
]
Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_in_one_line)
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Ids = Annotated[tuple[str, ...], Field(max_length=MOST_SEATS)]
YesNo = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1, le=100)]
Seats = Annotated[int, Field(strict=True, ge=0, le=MOST_SEATS)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra='forbid')


class Role(Part):
    """`seats` is how many hold it; all roles with the `rest` share who is left, each with its `least` and `most`.
    `one_in: 4` makes it one for every four of the cast. `told` and the goal are for whoever has the role, and nobody
    else; of several `goals` each holder is dealt one. `known_to` None is everybody; else these roles know who has it,
    and `()` is nobody."""

    id: Id
    name: Name
    seats: Annotated[int | Literal['rest'], BeforeValidator(_a_number_or_rest)] = 'rest'
    least: Seats = 1
    most: Seats = MOST_SEATS
    one_in: Annotated[int, Field(strict=True, ge=2, le=MOST_SEATS)] | None = None
    told: Words = ''
    goal: Words = ''
    goals: tuple[Words, ...] = Field(default=(), max_length=MOST_SEATS)
    known_to: Ids | None = None

    @property
    def is_hidden(self) -> bool:
        return self.known_to is not None

    @property
    def private_goals(self) -> tuple[str, ...]:
        return self.goals or ((self.goal,) if self.goal else ())


class Ends(Part):
    """One of: lines in all, lines of each who speaks (who had them may not speak again), or times round the list."""

    turns: Annotated[int, Field(strict=True, ge=1, le=500)] | None = None
    each: Count | None = None
    rounds: Count | None = None


class Option(Part):
    id: Id
    name: Name


class Outcome(Part):
    """What the narrator says of a vote; slots: `{winner}`, `{role}` (the winner's), `{votes}`. `{role}` lets all who
    hear it know that role from then on."""

    won: Words = '{votes}: {winner} it is.'
    tied: Words = 'The vote is tied ({votes}): nothing is decided.'
    none: Words = 'Nobody cast a vote that counts.'


class Vote(Part):
    """Whoever speaks in the phase votes, and so do the people who watch where `audience` says so. It is for one of the
    `options`, or, without any, for a participant in play (of the roles in `among`, where given)."""

    question: Sentence
    options: Annotated[tuple[Option, ...], BeforeValidator(_named_options)] = Field(default=(), max_length=12)
    among: Ids | None = None
    own: YesNo = False
    audience: YesNo = False
    wins: Literal['most', 'majority', 'all'] = 'most'
    ties: Literal['nobody', 'lot'] = 'nobody'
    does: Literal['announce', 'remove'] = 'announce'
    result: Literal['everybody', 'voters'] = 'everybody'
    words: Outcome = Outcome()


class When(Part):
    """All that is written must hold. `decided`, `unanimous` and `chosen` are of this phase's vote; `none_left` and
    `half_are` count who of a role is still in play; `rounds` is how often this phase has now been gone through."""

    decided: YesNo | None = None
    unanimous: YesNo | None = None
    chosen: str | None = None
    none_left: str | None = None
    half_are: str | None = None
    rounds: Count | None = None


class Then(Part):
    """`go` to a phase, or `end` with the words people read as the stop reason (the slots are those of `Outcome`)."""

    when: When | None = None
    go: str | None = None
    end: Words | None = None


class Phase(Part):
    """`speakers` None is everybody with a role. `seen_by` None is everybody; else only these roles ever know of it.
    In a `blind` phase nobody's prompt holds the others' lines until it is over; in a `simultaneous` one the people who
    watch do not see them before either. `opens` is what the narrator says as it begins, for all ears."""

    id: Id
    name: Name
    opens: Words = ''
    told: Words = ''
    told_to: dict[str, Words] = Field(default_factory=dict)
    speakers: Ids | None = None
    order: Annotated[str | Ids, BeforeValidator(_a_name_or_a_list)] = 'round_robin'
    ends: Ends | None = None
    blind: YesNo = False
    simultaneous: YesNo = False
    seen_by: Ids | None = None
    vote: Vote | None = None
    then: Annotated[tuple[Then, ...], BeforeValidator(_one_or_several)] = Field(default=(), max_length=12)

    @property
    def is_blind(self) -> bool:
        return self.blind or self.simultaneous


class Most(Part):
    """No phase is gone through more often than `rounds`; what would go on ends there, with these words."""

    rounds: Count = 12
    words: Words = 'It has gone on for as many rounds as it may.'


class Format(Part):
    """`id` is the file's name. `told` is for all who take part, at every turn. `closing` is the narrator's last word;
    `unmasks` adds to it who had which hidden role and private goal."""

    id: Id
    name: Name
    tagline: Sentence
    description: Words
    told: Words = ''
    roles: tuple[Role, ...] = Field(min_length=1, max_length=12)
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=40)
    closing: Words = ''
    unmasks: YesNo = False
    most: Most = Most()

    @model_validator(mode='after')
    def _is_consistent(self) -> Format:
        if found := list(contradictions(self)):
            raise PydanticCustomError(CONTRADICTORY, 'it contradicts itself', {'found': found})
        return self

    def role(self, id: str | None) -> Role | None:
        return next((role for role in self.roles if role.id == id), None)

    def phase(self, id: str) -> Phase:
        return next(phase for phase in self.phases if phase.id == id)

    def after(self, phase: Phase) -> tuple[Then, ...]:
        """Where it goes on: what is written, or the phase written next, or the end."""
        if phase.then:
            return phase.then
        at = self.phases.index(phase) + 1
        return (Then(go=self.phases[at].id),) if at < len(self.phases) else (Then(end=''),)


def as_stored(format: Format) -> dict[str, Any]:
    """As a conversation keeps it; `Format.model_validate` reads it again."""
    return format.model_dump(mode='json', exclude_defaults=True)

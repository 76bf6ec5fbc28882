"""A rule of the room without code: when something is so, then something is done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from app.store.tables import new_id


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra='forbid')


class Word(Part):
    """Somebody says the word or phrase. `who` is a participant's id, None anybody: so in all conditions."""

    kind: Literal['word'] = 'word'
    text: str
    who: str | None = None


class Count(Part):
    """`turns` were taken since the rule was made or last acted; somebody spoke so often in a `run`; somebody was
    silent for so many turns of others (`silence`)."""

    kind: Literal['count'] = 'count'
    what: Literal['turns', 'run', 'silence']
    at_least: StrictInt
    who: str | None = None


class Measure(Part):
    """A measure lies above or below a value. `words` are those of the last line; percent are `share`, of the words of
    the last 24 lines; `agreement`, of the last 6 lines that assent; `repetition`, of the last line that was said in
    the 23 before."""

    kind: Literal['measure'] = 'measure'
    what: Literal['share', 'words', 'agreement', 'repetition']
    is_above: StrictBool = True
    value: StrictInt
    who: str | None = None


class Stance(Part):
    """Somebody agrees or disagrees with another, whom they answer or call by name."""

    kind: Literal['stance'] = 'stance'
    stance: Literal['agrees', 'disagrees']
    who: str | None = None
    to: str | None = None


class GiveNote(Part):
    """`to` None is everybody."""

    kind: Literal['note'] = 'note'
    text: str
    to: str | None = None
    turns: StrictInt | None = 3
    is_secret: StrictBool = False


class CallOn(Part):
    kind: Literal['speaker'] = 'speaker'
    who: str


class Pause(Part):
    kind: Literal['pause'] = 'pause'


class SetScene(Part):
    """A line of narration, or another place, time or mood."""

    kind: Literal['scene'] = 'scene'
    what: Literal['narration', 'place', 'time', 'mood'] = 'narration'
    text: str


When = Annotated[Word | Count | Measure | Stance, Field(discriminator='kind')]
Then = Annotated[GiveNote | CallOn | Pause | SetScene, Field(discriminator='kind')]


class Rule(Part):
    """`rest` None is once; else every time, with so many turns between two. `since` is how many turns were taken when
    it was made."""

    id: str = Field(default_factory=lambda: new_id()[:8])
    when: When
    then: Then
    rest: StrictInt | None = None
    since: StrictInt = 0

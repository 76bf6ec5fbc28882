"""A rule put together from plain choices: when this is so, then do that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.rule import CallOn, Count, GiveNote, Measure, Pause, Rule, SetScene, Stance, Word
from app.conversation.rule_words import LONGEST_WORD
from app.conversation.rules import Rules
from app.conversation.scenes import LONGEST_NARRATION
from app.store.tables import Kind
from components.note_form import personas
from components.plain import Button, Choice, NumberBox, box, words
from components.text_field import TextField
from components.tick import Tick

ANYBODY = ''
WHEN = {
    'word': 'says',
    'agrees': 'agrees with',
    'disagrees': 'disagrees with',
    'run': 'speaks in a row, times',
    'silence': 'is silent for turns',
    'turns': 'has taken turns',
    'words above': 'uses more words than',
    'words below': 'uses fewer words than',
    'share above': 'has more % of the words than',
    'share below': 'has less % of the words than',
    'repetition above': 'repeats more % of a line than',
    'agreement above': '(the room) agrees more % than',
    'agreement below': '(the room) agrees less % than',
}
THEN = {
    'note': 'give a note',
    'speaker': 'call on',
    'pause': 'pause the room',
    'narration': 'narrate',
    'mood': 'change the mood to',
    'place': 'move to the place',
    'time': 'change the time to',
}
OFTEN = {'': 'once', '1': 'every time', '5': 'every time, resting 5 turns', '10': 'every time, resting 10 turns'}
NUMBERS = {'run': 2, 'silence': 5, 'turns': 5, 'words': 80, 'share': 40, 'repetition': 30, 'agreement': 60}


class RuleForm:
    """What is not asked of the chosen kind is not shown."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._wanted: dict[str, str] = {
            'who': ANYBODY,
            'when': 'word',
            'to': ANYBODY,
            'then': 'note',
            'whom': ANYBODY,
            'often': '',
        }
        self._number: int | None = NUMBERS['run']
        self._asked: set[str] = set()
        self._given: dict[str, str] = {}
        here = [p for p in orchestrator.record.present if p.kind != Kind.NARRATOR]
        everybody = {ANYBODY: 'anybody', **{p.id: p.name for p in here}}
        directed = {ANYBODY: 'everybody', **{p.id: p.name for p in personas(orchestrator)}}
        with box('div', 'rule-form', role='group', aria_label='A new rule'):
            with box('div', 'rule-part'):
                words('When', 'rule-word', 'span')
                self._choice('Who it waits for', everybody, 'who')
                self._choice('What it waits for', WHEN, 'when')
                self._to = self._choice('Towards whom', everybody, 'to')
                self._number_place = box('span')
                self._word = self._field('word', 'Word or phrase', 'peace', LONGEST_WORD)
            with box('div', 'rule-part'):
                words('then', 'rule-word', 'span')
                self._choice('What it does', THEN, 'then')
                self._whom = self._choice('To whom', directed, 'whom')
                self._text = self._field('text', 'What it says', 'Change the subject.', LONGEST_NARRATION)
                self._secret_place = box('span')
                with self._secret_place:
                    self._secret = Tick('Secret')
            with box('div', 'direct-row'):
                self._choice('How often it acts', OFTEN, 'often')
                Button('Add the rule', self._ask, kind='primary')
            self._fault = words('', 'fault', role='alert')
        self._show()

    def _choice(self, label: str, options: Mapping[str, str], name: str) -> Choice:
        def take(value: str) -> None:
            self._wanted[name] = value
            self._show(name)

        return Choice(label, options, self._wanted[name], take)

    def _field(self, name: str, label: str, example: str, longest: int) -> TextField:
        async def enter(text: str) -> None:
            await self._take(name, text)

        draft = f'rule {name}:{self._orchestrator.conversation.id}'
        return TextField(label, draft=draft, enter=enter, placeholder=example, longest=longest, hide_label=True)

    @property
    def _fields(self) -> dict[str, TextField]:
        """Those that are asked for now."""
        asked = {'word': self._wanted['when'] == 'word', 'text': self._wanted['then'] not in ('speaker', 'pause')}
        return {name: field for name, field in (('word', self._word), ('text', self._text)) if asked[name]}

    def _show(self, changed: str = 'when') -> None:
        when, then = self._wanted['when'], self._wanted['then']
        self._to.set_visibility(when in ('agrees', 'disagrees'))
        self._word.set_visibility(when == 'word')
        self._whom.set_visibility(then in ('note', 'speaker'))
        self._text.set_visibility(then not in ('speaker', 'pause'))
        self._secret_place.set_visibility(then == 'note')
        kind = when.split()[0]
        self._number_place.set_visibility(kind in NUMBERS)
        if changed == 'when' and kind in NUMBERS:
            self._number = NUMBERS[kind]
            self._number_place.clear()
            with self._number_place:
                NumberBox('How much', self._number, self._count, least=0)

    def _count(self, number: int | None) -> None:
        self._number = number

    async def _ask(self) -> None:
        fields = self._fields
        self._asked, self._given = set(fields), {}
        for field in fields.values():
            field.submit()
        if not fields:
            self._fault.text = await self._add({})

    async def _take(self, name: str, text: str) -> None:
        """Enter in one field asks for the other as well."""
        self._given[name] = text
        if not self._asked:
            self._asked = set(self._fields)
            for other in self._asked - {name}:
                self._fields[other].submit()
        self._asked.discard(name)
        if self._asked:
            return
        given, self._given = self._given, {}
        fault = self._fault.text = await self._add(given)
        for field, typed in given.items():
            (self._word if field == 'word' else self._text).accept('' if fault else typed)

    async def _add(self, given: Mapping[str, str]) -> str:
        try:
            rest = int(self._wanted['often']) if self._wanted['often'] else None
            rule = Rule(when=self._when(given.get('word', '')), then=self._then(given.get('text', '')), rest=rest)
            await Rules(self._orchestrator.record).add(rule)
        except Refused as refusal:
            return str(refusal)
        return ''

    def _when(self, word: str) -> Any:
        kind, _, bound = self._wanted['when'].partition(' ')
        who, to = self._wanted['who'] or None, self._wanted['to'] or None
        if kind == 'word':
            return Word(text=' '.join(word.split()), who=who)
        if kind in ('agrees', 'disagrees'):
            return Stance(stance=kind, who=who, to=to)  # type: ignore[arg-type]
        if self._number is None:
            raise Refused('How many? Type a number.')
        if not bound:
            return Count(what=kind, at_least=self._number, who=who)  # type: ignore[arg-type]
        who = None if kind == 'agreement' else who
        return Measure(what=kind, is_above=bound == 'above', value=self._number, who=who)  # type: ignore[arg-type]

    def _then(self, text: str) -> Any:
        kind, whom = self._wanted['then'], self._wanted['whom'] or None
        match kind:
            case 'note':
                return GiveNote(text=text.strip(), to=whom, is_secret=self._secret.is_on)
            case 'speaker' if whom is None:
                raise Refused('Call on whom? Choose somebody.')
            case 'speaker':
                assert whom
                return CallOn(who=whom)
            case 'pause':
                return Pause()
            case _:
                return SetScene(what=kind, text=text.strip())  # type: ignore[arg-type]

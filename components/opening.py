"""Beginning a conversation: the topic, the cast, and what is better left alone, folded away."""

from __future__ import annotations

import random
from functools import partial

from nicegui import ui

from app.casting.persona import Persona, Starter
from app.chimera import Chimera
from app.conversation.money import CENT
from app.conversation.refused import Refused
from app.live.runner import Draft
from components.cast_picker import CastPicker
from components.face import face
from components.format_choice import FormatChoice
from components.limits_sheet import UNTIL_DONE, WRONG
from components.model_choice import model_choice
from components.order_choice import order_choice
from components.plain import Button, NumberBox, box, link, words
from components.role_choice import RoleChoice
from components.text_field import TextField
from components.tick import Tick

SHOWN_STARTERS = 3


class Opening:
    """Works on its defaults: an empty topic means the starter that is shown in it."""

    def __init__(self, chimera: Chimera, preselected: list[str]) -> None:
        self._chimera = chimera
        self._models: dict[str, str | None] = {}
        self._limits: dict[str, int | None] = {'Turns': 20, 'Tokens': None, 'Cents': None, 'Minutes': None}
        self._boxes: list[NumberBox] = []
        self._starters: list[Starter] = []
        self._unfolded = False
        self._order = 'urge'
        self._turns_wanted = False
        with box('section', 'begin', aria_label='Begin a conversation'):
            with box('div', 'begin-words'):
                words('What shall they talk about?', tag='h1')
                self._topic = TextField('Topic', draft='topic', enter=self._begin, key='n')
                self._starters_row = box('div', 'starters', role='group', aria_label='Starters')
                self._cast = CastPicker(chimera.library, preselected, self._recast)
                self._format = FormatChoice(chimera.formats, self._show_format)
                self._roles = RoleChoice()
                with box('div', 'begin-row'):
                    self._button = Button('Begin the conversation', self._topic.submit, kind='primary large')
                    self._button.show(icon='play')
                self._fine_print()
            with box('aside', 'begin-stage', aria_label="Tonight's cast"):
                self._stage = box('div', 'bill')
        self._recast()

    def _fine_print(self) -> None:
        with box('details') as details:
            words('Models and limits', tag='summary')
            with box('div', 'fine'):
                with box('div', 'fine-row'):
                    words('Who speaks next', 'who', 'span')
                    order_choice(self._order, self._set_order)
                self._models_rows = box('div', 'fine')
                self._draw_limits()
        # Drawn when it is opened: many models are many elements, and most people never look.
        details.on('toggle', lambda event: self._unfold(bool(event.args)), js_handler='(e) => emit(e.target.open)')

    def _set_order(self, order: str) -> None:
        self._order = order

    def _unfold(self, is_open: bool) -> None:
        self._unfolded = is_open
        self._draw_models()

    @property
    def _personas(self) -> list[Persona]:
        return [self._chimera.library.personas[id] for id in self._cast.chosen]

    def _recast(self) -> None:
        """Another cast stands there: its stage, its starters, its models."""
        self._starters = self._starters_of_cast()
        self._topic.suggest(self._starters[0].topic if self._starters else 'Anything at all')
        self._draw_starters()
        self._draw_stage()
        self._draw_models()
        self._show_format()

    def _show_format(self) -> None:
        self._format.show(len(self._cast.chosen))
        self._roles.show(self._format.format, self._personas)

    def _starters_of_cast(self) -> list[Starter]:
        if self._cast.cast:
            return list(self._cast.cast.starters)
        starters = self._chimera.library.starters
        return random.sample(starters, min(SHOWN_STARTERS + 1, len(starters)))

    def _draw_starters(self) -> None:
        self._starters_row.clear()
        with self._starters_row:
            Button('Surprise me', self._surprise, kind='chip surprise icon', icon='dice').classes(remove='btn')
            for starter in self._starters[1 : SHOWN_STARTERS + 1]:
                chip = Button(starter.topic, lambda topic=starter.topic: self._topic.put(topic), kind='chip')
                chip.classes(remove='btn')

    def _surprise(self) -> None:
        if starters := self._chimera.library.starters:
            self._topic.put(random.choice(starters).topic)

    def _draw_stage(self) -> None:
        self._stage.clear()
        with self._stage:
            box('div', 'bill-beam')
            with box('div', 'bill-head'):
                words('On stage', 'label')
                cast = self._cast.cast
                words(cast.name if cast else 'Your own cast', tag='h2')
                words(cast.tagline if cast else 'Put two together who should never have met.', 'tagline')
            with box('div', 'players', data_many=str(len(self._personas) > 3).lower()):
                for persona in self._personas:
                    with link('', f'/personas/{persona.id}', 'player'):
                        face(persona)
                        words(persona.name, 'name', 'span')
                        words(persona.tagline, 'tagline', 'span')

    def _draw_models(self) -> None:
        self._models_rows.clear()
        with self._models_rows:
            for persona in self._personas if self._unfolded else ():
                with box('div', 'fine-row'):
                    with box('span', 'who'):
                        face(persona)
                        words(persona.name, tag='span')
                    model_choice(
                        self._chimera.providers, f'Model for {persona.name}', self._models.get(persona.id),
                        lambda model, id=persona.id: self._models.update({id: model or None}),
                    )  # fmt: skip

    def _draw_limits(self) -> None:
        with box('div', 'fine-limits'):
            for name, value in self._limits.items():
                with box('div'):
                    words(name, 'label', 'span', aria_hidden='true')
                    take = partial(self._limit, name)
                    self._boxes.append(NumberBox(f'Limit of {name.lower()}', value, take))
        self._until_done = Tick(UNTIL_DONE)
        self._limits_fault = words(WRONG, 'fault', role='alert')
        self._limits_fault.set_visibility(False)

    def _limit(self, name: str, value: int | None) -> None:
        self._limits[name] = value
        self._turns_wanted = self._turns_wanted or name == 'Turns'
        self._limits_fault.set_visibility(any(box.is_wrong for box in self._boxes))

    async def _begin(self, typed: str) -> None:
        if any(box.is_wrong for box in self._boxes):
            self._topic.refuse('One of the limits is no whole number: look under “Models and limits”.')
            return
        topic = typed.strip() or (self._starters[0].topic if self._starters else '')
        models = {id: model for id, model in self._models.items() if id in self._cast.chosen}
        self._button.allow(False)
        try:
            turns, tokens, cents, minutes = self._limits.values()
            if not self._turns_wanted and (needed := self._format.turns(len(self._cast.chosen))):
                turns = needed  # a format ends by itself
            draft = Draft(
                topic, self._cast.chosen, models, turns, tokens, minutes, self._order, format=self._format.format.id,
                max_money=None if cents is None else cents * CENT, until_done=self._until_done.is_on,
                roles=self._roles.wanted,
            )  # fmt: skip
            conversation = await self._chimera.runner.begin(self._chimera.scope, draft)
        except Refused as refusal:
            self._topic.refuse(str(refusal))
        else:
            self._topic.accept(typed)
            ui.navigate.to(f'/conversation/{conversation.id}')
        finally:
            self._button.allow(True)

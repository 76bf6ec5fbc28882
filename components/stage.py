"""The stage: the cast as figures, and a light on the one who has the floor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from app.chimera import Chimera
from app.conversation.floor import is_muted
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.urge import Bid
from app.store.tables import Kind, Participant, Status
from components.bring_in import bring_in_button
from components.face import MANY, face
from components.figure_sheet import figure_sheet
from components.model_choice import model_label
from components.plain import Button, box, change, words
from components.urge_bars import bids_of, fullness, why


@dataclass(slots=True)
class Figure:
    element: Element
    now: TextElement
    model: Button | None
    urge: Element
    pick: Button | None
    drawn: object


class Stage:
    """`show` changes only what is another than before."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._figures: dict[str, Figure] = {}
        self.element = box('aside', 'rail', aria_label='On stage')
        with self.element:
            self._list = box('ul', 'cast-list')
        with self._list, box('li', 'bring'):
            bring_in_button(chimera, orchestrator)
        self.show()

    def show(self) -> None:
        orchestrator = self._orchestrator
        speaking = orchestrator.speaking
        change(self.element, 'data-status', str(orchestrator.status))
        change(self.element, 'data-speaking', speaking.speaker if speaking else '')
        change(self._list, 'data-many', str(len(orchestrator.record.present) >= MANY).lower())
        bids = bids_of(orchestrator)
        here = [participant for participant in orchestrator.record.present if participant.kind != Kind.NARRATOR]
        for id in self._figures.keys() - {participant.id for participant in here}:
            self._figures.pop(id).element.delete()
        for participant in here:
            if participant.id not in self._figures:
                with self._list:
                    self._figures[participant.id] = self._draw(participant)
            figure = self._figures[participant.id]
            if figure.drawn != looks(orchestrator, participant):
                figure.element.clear()
                figure = self._figures[participant.id] = self._draw(participant, figure.element)
            figure.element.set_visibility(participant.left_at is None)
            if figure.pick:
                figure.pick.set_visibility(waits_for_a_pick(orchestrator))
            has_floor = bool(speaking and speaking.participant_id == participant.id)
            change(figure.element, 'data-speaking', str(has_floor).lower())
            change(figure.element, 'data-thinking', str(has_floor and not orchestrator.has_words).lower())
            if has_floor:
                figure.now.text = doing(orchestrator)
            self._show_urge(figure, bids.get(participant.id), participant)
            if figure.model:
                figure.model.show(model_label(self._chimera.providers, participant.model))

    def _draw(self, participant: Participant, drawn: Element | None = None) -> Figure:
        persona = self._orchestrator.personas.get(participant.id)
        kind = 'figure' if persona else 'figure listener'
        figure = drawn or box('li', kind, data_participant=participant.id)
        if persona:
            late = -7 * (participant.seat % 9) / 9
            figure.style(f'--persona: {persona.look.colour}; --tempo: {beat(persona.tempo)}s; --late: {late:.2f}s')
        with figure:
            face(persona)
            with box('div', 'name'):
                words(participant.name, tag='span')
                with box('span', 'now'):
                    now = words('', 'word', 'span')
                    with box('span', 'dots', aria_hidden='true'):
                        for _ in range(3):
                            box('i')
            words(persona.tagline if persona else 'Joined from the audience', 'tagline')
            model = self._model_button(participant) if persona else None
            urge = box('i', 'urge')
            pick = self._pick_button(participant) if persona else None
        return Figure(figure, now, model, urge, pick, looks(self._orchestrator, participant))

    def _show_urge(self, figure: Figure, bid: Bid | None, participant: Participant) -> None:
        muted = is_muted(participant)
        change(figure.element, 'data-muted', str(muted).lower())
        figure.urge.set_visibility(bid is not None and not muted)
        if bid and not muted:
            figure.urge.style(f'--full: {fullness(bid)}%')
            change(figure.urge, 'title', f'{participant.name} {why(bid)}.')

    def _pick_button(self, participant: Participant) -> Button:
        async def give_floor() -> None:
            with suppress(Refused):  # it has left, or somebody else was quicker: the stage shows it
                await self._orchestrator.give_floor(participant.id)

        return Button('Give the floor', give_floor, kind='pick', label=f'Give {participant.name} the floor')

    def _model_button(self, participant: Participant) -> Button:
        ask = partial(figure_sheet, self._chimera, self._orchestrator, participant)
        button = Button(act=ask, kind='model', label=f'Steer {participant.name}')
        return button.classes(remove='btn')


def looks(orchestrator: Orchestrator, participant: Participant) -> object:
    """What a figure is drawn from, and another version may change."""
    persona = orchestrator.personas.get(participant.id)
    return participant.name, persona and (persona.look, persona.tagline, persona.tempo)


def waits_for_a_pick(orchestrator: Orchestrator) -> bool:
    is_still = orchestrator.status == Status.PAUSED and orchestrator.speaking is None
    return is_still and orchestrator.conversation.speaker_order == 'human_picks'


def doing(orchestrator: Orchestrator) -> str:
    if orchestrator.is_held:
        return 'has the floor'
    return 'speaking' if orchestrator.has_words else 'thinking'


def beat(tempo: float) -> float:
    """Seconds of one round of the dots: who types fast, thinks fast."""
    return round(min(2.4, max(0.6, 54 / tempo)), 2)

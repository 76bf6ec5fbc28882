"""The stage: the cast as figures, and a light on the one who has the floor."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Participant
from components.face import MANY, face
from components.model_choice import model_choice, model_label
from components.plain import Button, box, change, words
from components.sheet import sheet


@dataclass(slots=True)
class Figure:
    element: Element
    now: TextElement
    model: Button | None


class Stage:
    """`show` changes only what is another than before."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._figures: dict[str, Figure] = {}
        self.element = box('aside', 'rail', aria_label='On stage')
        with self.element:
            self._list = box('ul', 'cast-list')
        self.show()

    def show(self) -> None:
        orchestrator = self._orchestrator
        speaking = orchestrator.speaking
        change(self.element, 'data-status', str(orchestrator.status))
        change(self.element, 'data-speaking', speaking.speaker if speaking else '')
        change(self._list, 'data-many', str(len(orchestrator.participants) >= MANY).lower())
        for participant in orchestrator.participants:
            if participant.id not in self._figures:
                with self._list:
                    self._figures[participant.id] = self._draw(participant)
            figure = self._figures[participant.id]
            has_floor = bool(speaking and speaking.participant_id == participant.id)
            change(figure.element, 'data-speaking', str(has_floor).lower())
            change(figure.element, 'data-thinking', str(has_floor and not orchestrator.has_words).lower())
            if has_floor:
                figure.now.text = doing(orchestrator)
            if figure.model:
                figure.model.show(model_label(self._chimera.providers, participant.model))

    def _draw(self, participant: Participant) -> Figure:
        persona = self._orchestrator.personas.get(participant.id)
        figure = box('li', 'figure' if persona else 'figure listener', data_participant=participant.id)
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
        return Figure(figure, now, model)

    def _model_button(self, participant: Participant) -> Button:
        button = Button(act=lambda: self._ask_model(participant), kind='model', label=f'Model for {participant.name}')
        return button.classes(remove='btn')

    def _ask_model(self, participant: Participant) -> None:
        async def choose(model: str) -> None:
            try:
                await self._orchestrator.steering.set_model(participant.id, model or None)
            except Refused as refusal:
                fault.text = str(refusal)
            else:
                dialog.close()

        name, persona = participant.name, self._orchestrator.personas[participant.id]
        with sheet(name) as dialog:
            face(persona)
            words(persona.tagline, 'tagline')
            words('Speaks with, from the next turn on', 'label')
            model_choice(self._chimera.providers, f'Model of {name}', participant.model, choose)
            fault = words('', 'fault', role='alert')
            Button('Close', dialog.close)


def doing(orchestrator: Orchestrator) -> str:
    if orchestrator.is_held:
        return 'has the floor'
    return 'speaking' if orchestrator.has_words else 'thinking'


def beat(tempo: float) -> float:
    """Seconds of one round of the dots: who types fast, thinks fast."""
    return round(min(2.4, max(0.6, 54 / tempo)), 2)

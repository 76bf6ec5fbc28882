"""What a director may settle for one persona on stage: its model, and how it comes to the floor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.chimera import Chimera
from app.conversation import floor
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Participant
from components.dial_rows import dial_rows
from components.face import face
from components.model_choice import model_choice
from components.note_form import note_form
from components.plain import Button, Choice, box, words
from components.sheet import sheet
from components.urge_bars import bid_of
from components.version_choice import version_choice

BOOSTS = {'-1.5': 'Hold back', '0.0': 'As it feels', '1.5': 'Bring forward', '3.0': 'First of all'}


def figure_sheet(chimera: Chimera, orchestrator: Orchestrator, participant: Participant) -> None:
    name, persona, steering = participant.name, orchestrator.personas[participant.id], orchestrator.steering

    def obey(command: Callable[[], Awaitable[None]], *, close: bool = False) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            try:
                await command()
            except Refused as refusal:
                fault.text = str(refusal)
            else:
                fault.text = ''
                mute.show('Let speak again' if floor.is_muted(participant) else 'Mute')
                if close:
                    dialog.close()

        return act

    async def choose_model(model: str) -> None:
        await obey(lambda: steering.set_model(participant.id, model or None), close=True)()

    async def boost(by: str) -> None:
        await obey(lambda: steering.boost(participant.id, float(by)))()

    with sheet(name) as dialog:
        face(persona)
        words(persona.tagline, 'tagline')
        words('Speaks with, from the next turn on', 'label')
        model_choice(chimera.providers, f'Model of {name}', participant.model, choose_model)
        version_choice(chimera, orchestrator, participant, dialog.close)
        words('The floor', 'label')
        with box('div', 'floor-acts'):
            Button('Speak next', obey(lambda: steering.call_on(participant.id), close=True))
            mute = Button('Mute', obey(lambda: steering.mute(participant.id, not floor.is_muted(participant))))
            mute.show('Let speak again' if floor.is_muted(participant) else 'Mute')
            if orchestrator.conversation.speaker_order in floor.BIDDING:
                Choice(f'Urge of {name}', BOOSTS, str(floor.boost_of(participant)), boost)
            Button('Leave the room', obey(lambda: orchestrator.see_off(participant.id), close=True))
        if bid := bid_of(orchestrator, participant):
            with box('ul', 'wishes', aria_label=f'Why {name} wants to speak now'):
                for part in sorted(bid.parts, key=lambda part: -abs(part.weight)):
                    with box('li'):
                        words(f'{part.name[0].upper()}{part.name[1:]}', tag='span')
                        words(f'{part.weight:+.1f}' if abs(part.weight) < 100 else 'never', tag='b')
        with box('details'):
            words(f'How {name} talks', tag='summary')
            dial_rows(orchestrator, participant)
        note_form(orchestrator, participant)
        fault = words('', 'fault', role='alert')
        Button('Close', dialog.close)

"""Who waits in the wings, and how one of them is called on stage."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from components.face import face
from components.plain import Button, box, words
from components.sheet import sheet


def bring_in_button(chimera: Chimera, orchestrator: Orchestrator) -> Button:
    return Button('Bring somebody in', lambda: bring_in(chimera, orchestrator), kind='bare', icon='plus')


def bring_in(chimera: Chimera, orchestrator: Orchestrator) -> None:
    async def call(persona_id: str) -> None:
        try:
            await chimera.wings.bring_in(chimera.scope, orchestrator, persona_id)
        except Refused as refusal:
            fault.text = str(refusal)
        else:
            dialog.close()

    with sheet('Bring somebody in') as dialog:
        words('The others see them come in, and may react to it.', 'quiet')
        fault = words('', 'fault', role='alert')
        waiting = chimera.wings.waiting(orchestrator)
        if not waiting:
            words('Everybody there is stands on stage already.', 'quiet')
        with box('div', 'people', role='group', aria_label='Personas in the wings'):
            for persona in waiting:
                button = Button(persona.name, lambda id=persona.id: call(id), kind='person', label=persona.name)
                button.classes(remove='btn').style(f'--persona: {persona.look.colour}').props['title'] = persona.tagline
                with button:
                    face(persona)
        Button('Close', dialog.close)

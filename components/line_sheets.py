"""What is asked before a line becomes another: its words, or who is to tell it anew."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.knowledge import may_know
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Message
from components.model_choice import model_choice
from components.plain import Button, Choice, box, words
from components.sheet import sheet
from components.text_field import TextField


def ask_words(orchestrator: Orchestrator, message: Message, name: str) -> None:
    """What was typed and not saved is there again the next time."""
    is_speech = message.kind == 'speech'
    with sheet(f'Edit what {message.speaker} said' if is_speech else 'Edit this line') as dialog:

        async def save(text: str) -> None:
            try:
                await orchestrator.lines.edit(message.id, text, name)
            except Refused as refusal:
                field.refuse(str(refusal))
            else:
                field.accept(text)
                dialog.close()

        field = TextField('The line', draft=f'edit:{message.id}', enter=save, first=message.text)
        words('The words before stay as a variant of the line.', 'quiet')
        with box('div', 'sheet-acts'):
            Button('As it stands', lambda: field.put(message.text), kind='bare')
            Button('Cancel', dialog.close)
            Button('Save', field.submit, kind='primary')


def ask_anew(chimera: Chimera, orchestrator: Orchestrator, message: Message) -> None:
    personas = {p.id: p.name for p in orchestrator.record.present if p.id in orchestrator.personas}
    able = {id: name for id, name in personas.items() if may_know(message, id)}
    wanted = {'who': message.participant_id if message.participant_id in able else next(iter(able), ''), 'model': ''}

    def take_who(id: str) -> None:
        wanted['who'] = id

    def take_model(model: str) -> None:
        wanted['model'] = model

    async def go() -> None:
        try:
            await orchestrator.regenerate(message.id, wanted['who'] or None, wanted['model'] or None)
        except Refused as refusal:
            fault.text = str(refusal)
        else:
            dialog.close()

    with sheet('Tell this line anew') as dialog:
        words('As', 'label')
        Choice('Persona', able, wanted['who'], take_who)
        words('With', 'label')
        model_choice(chimera.providers, 'Model', None, take_model)
        words('The telling before stays as a variant of the line.', 'quiet')
        fault = words('', 'fault', role='alert')
        with box('div', 'sheet-acts'):
            Button('Cancel', dialog.close)
            Button('Tell anew', go, kind='primary')

"""Where a director writes a note: to whom, for how long, and whether anybody else may see it."""

from __future__ import annotations

from app.conversation.notes import LONGEST_NOTE, Notes
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Participant
from components.plain import Button, Choice, box
from components.text_field import TextField
from components.tick import Tick

ALL = ''
TURNS = {'1': 'for 1 turn', '3': 'for 3 turns', '6': 'for 6 turns', '12': 'for 12 turns', '': 'until withdrawn'}


def note_form(orchestrator: Orchestrator, participant: Participant | None = None) -> None:
    """To one persona, or to whom is chosen."""
    wanted = {'to': participant.id if participant else ALL, 'turns': '3'}

    async def give(text: str) -> None:
        turns = int(wanted['turns']) if wanted['turns'] else None
        try:
            await Notes(orchestrator.record).give(text, wanted['to'] or None, turns, secret.is_on)
        except Refused as refusal:
            field.refuse(str(refusal))
        else:
            field.accept(text)

    name = participant.name if participant else 'the room'
    with box('div', 'note-form'):
        draft = f'note:{orchestrator.conversation.id}:{participant.id if participant else ""}'
        field = TextField(
            f'Note to {name}', draft=draft, enter=give, longest=LONGEST_NOTE,
            placeholder='Ask more than you answer. Be jealous of whoever spoke last. …',
        )  # fmt: skip
        with box('div', 'direct-row'):
            if participant is None:
                people = {ALL: 'to everybody', **{p.id: f'to {p.name}' for p in personas(orchestrator)}}
                Choice('Who the note is for', people, ALL, lambda to: wanted.update(to=to))
            Choice('How long the note holds', TURNS, '3', lambda turns: wanted.update(turns=turns))
            secret = Tick('Secret')
            Button('Give the note', field.submit, kind='primary')


def personas(orchestrator: Orchestrator) -> list[Participant]:
    """Whoever can be directed now."""
    return [p for p in orchestrator.record.present if p.id in orchestrator.personas]

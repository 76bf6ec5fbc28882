"""A format as the file it is: to be read, changed, kept as one's own, handed on. For the director."""

from __future__ import annotations

from collections.abc import Callable

from app.conversation.formats.reading import UnfitFormat
from app.conversation.formats.shelf import Formats
from app.conversation.refused import Refused
from components.plain import Button, box, link, words
from components.prose import Prose
from components.sheet import sheet

HOW = (
    'It is kept under its name: change the name for a format of your own beside this one, keep it to change this one. '
    'Conversations that have begun keep the format they began with.'
)


def format_sheet(formats: Formats, id: str, kept: Callable[[str], None]) -> None:
    """`kept` gets the id of what was written or removed. What was typed stays until it is kept or the sheet is
    closed."""
    text = formats.text(id) or ''
    typed = [text]

    def take(words_typed: str) -> None:
        typed[0] = words_typed

    def save() -> None:
        try:
            format = formats.save(typed[0])
        except UnfitFormat as unfit:
            refuse([str(fault) for fault in unfit.faults])
        except Refused as refusal:
            refuse([str(refusal)])
        else:
            dialog.close()
            kept(format.id)

    def remove() -> None:
        try:
            formats.remove(id)
        except Refused as refusal:
            refuse([str(refusal)])
        else:
            dialog.close()
            kept(id)

    def refuse(sentences: list[str]) -> None:
        faults.clear()
        with faults:
            for sentence in sentences:
                words(sentence, 'fault')

    with sheet('This format, as a file', wide=True) as dialog:
        with box('div', 'prompt'):
            words(HOW, 'quiet')
            with box('div', 'field'):
                Prose('The format', text, take)
        faults = box('div', role='alert')
        for name, broken in formats.shelf.faults.items():
            words(f'{name} in the folder of formats cannot be used. {broken[0]}', 'fault')
        with box('div', 'sheet-acts'):
            Button('Close', dialog.close)
            link('Download', f'/format/{id}.yaml', 'btn quiet', download=f'{id}.yaml')
            if formats.is_own(id):
                Button('Remove', remove, kind='danger')
            Button('Keep it', save, kind='primary')

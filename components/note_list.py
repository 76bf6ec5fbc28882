"""The notes that hold, and those that did: for how long yet, and what they changed."""

from __future__ import annotations

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from app.conversation.notes import Notes, effect_of, is_over, receiver, turns_left
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Note
from components.plain import Button, box, change, words

PAST = 8
"""Notes that are over and still shown."""


class NoteList:
    """`show` changes only what is another than before."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._cards: dict[str, NoteCard] = {}
        self._none = words('No note holds now. Whoever gets one hears it in their next turn.', 'quiet')
        self._standing = box('ul', 'notes', aria_label='Notes that hold')
        with box('details') as self._past:
            words('Earlier notes', tag='summary')
            self._over = box('ul', 'notes', aria_label='Earlier notes')
        self._fault = words('', 'fault', role='alert')
        self.show()

    def show(self) -> None:
        record = self._orchestrator.record
        over = [note for note in record.notes if is_over(record, note)]
        standing = [note for note in record.notes if note not in over]
        for place, notes in ((self._standing, standing), (self._over, over[-PAST:])):
            for note in notes:
                if note.id not in self._cards:
                    with place:
                        card = self._cards[note.id] = NoteCard(self._orchestrator, note, self._withdraw)
                    card.element.move(place, target_index=0)
                elif self._cards[note.id].element.parent_slot is not place.default_slot:
                    self._cards[note.id].element.move(place, target_index=0)
                self._cards[note.id].show()
        self._none.set_visibility(not standing)
        self._past.set_visibility(bool(over))

    async def _withdraw(self, note: Note) -> None:
        try:
            await Notes(self._orchestrator.record).withdraw(note.id)
        except Refused as refusal:
            self._fault.text = str(refusal)
        else:
            self._fault.text = ''


class NoteCard:
    """A secret one is covered until somebody asks to see it: the audience may sit beside the director."""

    def __init__(self, orchestrator: Orchestrator, note: Note, withdraw: object) -> None:
        self._orchestrator = orchestrator
        self._note = note
        self._shown = (-1, -1)
        self._text: TextElement | None = None
        self.element: Element
        with box('li', 'note-card', data_note=note.id) as self.element:
            with box('div', 'note-head'):
                words(f'To {receiver(orchestrator.record, note)}', tag='b')
                self._left = words('', 'note-left', tag='span')
                self._withdraw = Button('Withdraw', lambda: withdraw(note))  # type: ignore[operator]
            if note.is_secret:
                self._cover = Button('A secret note: show it', self._uncover, kind='chip').classes(remove='btn')
            else:
                words(note.text, 'note-text')
            self._effect = words('', 'note-effect')

    def show(self) -> None:
        record, note = self._orchestrator.record, self._note
        seen = (record.conversation.turns, len(record.transcript))
        over = is_over(record, note)
        change(self.element, 'data-over', str(over).lower())
        self._left.text = how_long(turns_left(record, note), note)
        self._withdraw.set_visibility(not over)
        if seen != self._shown:
            self._shown = seen
            self._effect.text = self._said()

    def _said(self) -> str:
        found = effect_of(self._orchestrator.record, self._note)
        if not found.taken_up or self._note.is_secret:
            return found.sentence
        taken = ', '.join(f'“{word}”' for word in found.taken_up[:3])
        return f'{found.sentence} Taken up: {taken}.'

    def _uncover(self) -> None:
        with self.element:
            text = words(self._note.text, 'note-text')
        text.move(target_index=1)
        self._cover.delete()


def how_long(left: int | None, note: Note) -> str:
    if note.withdrawn_at:
        return 'withdrawn'
    if left is None:
        return 'until withdrawn'
    if not left:
        return 'over'
    whose = 'turns' if note.participant_id is None else 'of their turns'
    return f'{left} more {whose}' if left > 1 or note.participant_id else '1 more turn'

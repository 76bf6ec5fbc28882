"""Who knows what of whom: roles, goals, and the lines that were not for everybody's ears."""

from __future__ import annotations

from app.conversation.formats.secrecy import Known
from app.conversation.orchestrator import Orchestrator
from app.store.tables import Kind, LineKind, Message, Participant
from components.plain import Button, box, words
from components.sheet import sheet

LATEST = 12


def who_knows(orchestrator: Orchestrator) -> None:
    record = orchestrator.record
    people = {p.id: p for p in record.participants if p.kind != Kind.NARRATOR}
    known = record.programme.knows()
    with sheet('Who knows what', wide=True) as dialog:
        words('For the people who watch. No persona sees this.', 'tagline')
        if known:
            _table(known, people)
        else:
            words('Nobody has a secret here: everybody hears everything.')
        private = [m for m in record.transcript if m.audience is not None and m.kind != LineKind.GUARD]
        private = [m for m in private if not record.programme.is_sealed(m)]
        if private:
            words('Not for everybody', 'label')
            with box('ul', 'secrets', aria_label='Lines that not everybody knows'):
                for message in private[-LATEST:]:
                    _line(message, people)
        Button('Close', dialog.close)


def _table(known: dict[str, dict[str, Known]], people: dict[str, Participant]) -> None:
    with box('div', 'knows-scroll', tabindex='0'), box('table', 'knows'):
        with box('thead'), box('tr'):
            words('', tag='td')
            for id in known:
                words(f'of {people[id].name}', tag='th', scope='col')
        with box('tbody'):
            for viewer, seen in known.items():
                with box('tr'):
                    words(f'{people[viewer].name} knows', tag='th', scope='row')
                    for id in known:
                        _cell(seen[id], is_self=id == viewer)


def _cell(known: Known, *, is_self: bool) -> None:
    with box('td', 'self' if is_self else ''):
        words(known.role or 'nothing', 'role' if known.role else 'role unknown', 'span')
        if known.goal:
            words(known.goal, 'goal', 'span')


def _line(message: Message, people: dict[str, Participant]) -> None:
    ears = [people[id].name for id in message.audience or () if id in people]
    with box('li'):
        words(f'{message.speaker}, for {", ".join(ears) or "nobody"}', 'label', 'span')
        words(message.text, tag='span')

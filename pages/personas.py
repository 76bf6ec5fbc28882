"""The director's casting office: who there is to put on stage."""

from __future__ import annotations

from nicegui.element import Element

from app.casting.persona import Persona
from app.chimera import Chimera
from components.dossier import dossier
from components.face import face
from components.frame import frame
from components.lost import lost
from components.page import page
from components.plain import Button, box, change, words
from components.search_box import search_box


def create(chimera: Chimera) -> None:
    @page('/personas')
    def personas() -> None:
        with frame(chimera, 'Personas', here='/personas'):
            words('The company', tag='h1')
            words('Each with values and goals of their own. Put two together who should never have met.', 'lead')
            Gallery(chimera)

    @page('/personas/{persona_id}')
    def persona(persona_id: str) -> None:
        found = chimera.library.personas.get(persona_id)
        if found is None:
            lost(chimera, 'Nobody by that name', 'This persona is not in the company, or its file could not be read.')
            return
        with frame(chimera, found.name, here='/personas'):
            dossier(found)


class Gallery:
    """Every card is drawn once; looking for somebody only hides the others."""

    def __init__(self, chimera: Chimera) -> None:
        self._needle = ''
        self._family = ''
        self._cards: list[tuple[Persona, Element]] = []
        self._families: dict[str, Button] = {}
        personas = list(chimera.library.personas.values())
        with box('div', 'tools'):
            search_box('Search personas', self._find)
            for family in sorted({persona.family for persona in personas}):
                button = Button(family.capitalize(), lambda family=family: self._filter(family), kind='chip')
                self._families[family] = button.classes(remove='btn')
        faults(chimera)
        with box('div', 'gallery', role='list'):
            for persona in personas:
                self._cards.append((persona, portrait(persona)))
        self._nobody = words('Nobody here answers to that.', 'lead')
        self._show()

    def _find(self, text: str) -> None:
        self._needle = text.casefold()
        self._show()

    def _filter(self, family: str) -> None:
        self._family = '' if self._family == family else family
        self._show()

    def _show(self) -> None:
        for persona, card in self._cards:
            described = (persona.name, persona.tagline, persona.family, *persona.interests, *persona.aliases)
            is_meant = self._needle in ' '.join(described).casefold()
            card.set_visibility(self._family in ('', persona.family) and is_meant)
        self._nobody.set_visibility(not any(card.visible for _, card in self._cards))
        for family, button in self._families.items():
            change(button, 'aria-pressed', str(family == self._family).lower())


def portrait(persona: Persona) -> Element:
    with box('a', 'portrait', href=f'/personas/{persona.id}', role='listitem', data_persona=persona.id) as card:
        card.style(f'--persona: {persona.look.colour}')
        face(persona)
        words(persona.name, 'name', 'span')
        words(persona.tagline, 'tagline', 'span')
        words(persona.family.capitalize(), 'family', 'span')
    return card


def faults(chimera: Chimera) -> None:
    if not chimera.library.faults:
        return
    with box('section', aria_label='Files that could not be read'):
        words('These files could not be read', tag='h3')
        with box('ul', 'faults'):
            for fault in chimera.library.faults:
                with box('li'):
                    words(f'{fault.file}, line {fault.line}', tag='code')
                    words(f': {fault.message}', tag='span')

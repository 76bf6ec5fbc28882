"""Who shall be on stage: a ready cast, or two to six personas of one's own choice."""

from __future__ import annotations

from collections.abc import Callable

from app.casting.library import Library
from app.casting.persona import Cast
from components.face import face, faces
from components.plain import Button, box, change, dress, words

OWN = 'own'
FEWEST, MOST = 2, 6


class CastPicker:
    """`chosen` are persona ids in seat order; `cast` is the ready cast they come from, None when they were picked."""

    def __init__(self, library: Library, preselected: list[str], changed: Callable[[], None]) -> None:
        self._library = library
        self._changed = changed
        self._picked = self._with_company([id for id in preselected if id in library.personas][:MOST])
        self.cast: Cast | None = None if self._picked or not library.casts else library.casts[0]
        self._cards: dict[str, Button] = {}
        self._people: dict[str, Button] = {}
        self._draw()

    @property
    def chosen(self) -> list[str]:
        return list(self.cast.personas) if self.cast else list(self._picked)

    def _with_company(self, picked: list[str]) -> list[str]:
        """Nobody can converse alone: one persona brings those of a cast it belongs to, or of the first."""
        if len(picked) != 1 or not self._library.casts:
            return picked
        casts = [cast for cast in self._library.casts if picked[0] in cast.personas] or self._library.casts
        return list(dict.fromkeys([*picked, *casts[0].personas]))[:MOST]

    def _draw(self) -> None:
        with box('div', 'casts', role='radiogroup', aria_label='Cast'):
            for cast in self._library.casts:
                self._card(cast.id, cast.name, cast.tagline, cast)
            self._card(OWN, 'Your own cast', f'Pick {FEWEST} to {MOST} of all {len(self._library.personas)}', None)
        self._all = box('div', 'people', role='group', aria_label='Personas to pick from')
        self._show()

    def _draw_people(self) -> None:
        with self._all:
            for persona in self._library.personas.values():
                button = Button(persona.name, lambda id=persona.id: self._toggle(id), kind='person')
                button.classes(remove='btn').style(f'--persona: {persona.look.colour}')
                with button:
                    face(persona)
                self._people[persona.id] = button

    def _card(self, key: str, name: str, why: str, cast: Cast | None) -> None:
        button = Button(act=lambda: self._choose(cast), kind='cast')
        dress(button.classes(remove='btn'), '', {'role': 'radio', 'title': why})
        with button:
            if cast:
                faces(self._library.personas[id] for id in cast.personas)
            else:
                box('span', 'blank icon i-plus')
            words(name, 'name', 'span')
        self._cards[key] = button

    def _choose(self, cast: Cast | None) -> None:
        if cast is None and self.cast:  # one's own cast begins with the one that is there: change a face, keep the rest
            self._picked = self._picked or list(self.cast.personas)[:MOST]
        self.cast = cast
        self._show()
        self._changed()

    def _toggle(self, persona_id: str) -> None:
        if persona_id in self._picked:
            self._picked.remove(persona_id)
        elif len(self._picked) < MOST:
            self._picked.append(persona_id)
        self._show()
        self._changed()

    def _show(self) -> None:
        here = self.cast.id if self.cast else OWN
        for key, card in self._cards.items():
            change(card, 'aria-checked', str(key == here).lower())
        self._all.set_visibility(self.cast is None)
        if self.cast is None and not self._people:
            self._draw_people()
        for id, button in self._people.items():
            change(button, 'aria-pressed', str(id in self._picked).lower())
            button.allow(id in self._picked or len(self._picked) < MOST)

"""Who plays which role of a format. Folded away, it tells who would: nobody has to choose anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.casting.persona import Persona
from app.conversation.formats.dealing import cast_fault, foreseen
from app.conversation.formats.format import Format
from app.conversation.refused import Refused
from components.face import face
from components.plain import Choice, box, words

AS_DEALT = ''


class RoleChoice:
    """Nothing at all where there is only one role, or the cast does not fit. `wanted` are role ids by persona id, of
    those for whom one was chosen."""

    def __init__(self) -> None:
        self.wanted: dict[str, str] = {}
        self._format: Format | None = None
        self._personas: Sequence[Persona] = ()
        self._choices: dict[str, Choice] = {}
        self._details = box('details', 'roles')
        with self._details, box('summary'):
            words('Who plays what', tag='span')
            self._deal = words('', 'tagline', 'span')
        with self._details:
            self._rows = box('div', 'fine', role='group', aria_label='Who plays what')
        self._fault = words('', 'fault', role='alert')
        self._fault.set_visibility(False)

    def show(self, format: Format, personas: Sequence[Persona]) -> None:
        has_choice = len(format.roles) > 1 and not cast_fault(format, len(personas))
        self._details.set_visibility(has_choice)
        if format != self._format:
            self.wanted = {}
        ids = [persona.id for persona in personas]
        self.wanted = {id: role for id, role in self.wanted.items() if id in ids} if has_choice else {}
        self._format, self._personas = format, personas if has_choice else ()
        self._draw()

    def _draw(self) -> None:
        self._choices = {}
        self._rows.clear()
        assert self._format
        roles = {role.id: role.name for role in self._format.roles}
        with self._rows:
            for persona in self._personas:
                with box('div', 'fine-row'):
                    with box('span', 'who'):
                        face(persona)
                        words(persona.name, tag='span')
                    self._choices[persona.id] = Choice(
                        f'Role of {persona.name}', {AS_DEALT: '', **roles}, self.wanted.get(persona.id, AS_DEALT),
                        lambda role, id=persona.id: self._take(id, role),
                    )  # fmt: skip
        self._foresee()

    def _take(self, persona_id: str, role: str) -> None:
        if role == AS_DEALT:
            self.wanted.pop(persona_id, None)
        else:
            self.wanted[persona_id] = role
        self._choices[persona_id].choose(role)
        self._foresee()

    def _foresee(self) -> None:
        """What follows for the others, or why it cannot be had."""
        self._say('')
        if not (format := self._format) or not self._personas:
            return
        try:
            dealt = foreseen(format, {persona.id: persona.name for persona in self._personas}, self.wanted)
        except Refused as refusal:
            self._say(str(refusal))
            dealt = {}
        for id, choice in self._choices.items():
            others = {each: role for each, role in self.wanted.items() if each != id}
            choice.options[AS_DEALT].text = _as_dealt(format, self._personas, id, others)
        self._deal.text = _in_words(format, self._personas, dealt)

    def _say(self, fault: str) -> None:
        self._fault.text = fault
        self._fault.set_visibility(bool(fault))


def _as_dealt(format: Format, personas: Sequence[Persona], id: str, others: Mapping[str, str]) -> str:
    """What somebody becomes who is left to the deal."""
    try:
        role = format.role(foreseen(format, {each.id: each.name for each in personas}, others)[id])
    except Refused:
        return 'As it is dealt'
    return f'As dealt: {role.name}' if role else 'By lot, in secret'


def _in_words(format: Format, personas: Sequence[Persona], dealt: Mapping[str, str | None]) -> str:
    if not dealt:
        return ''
    named = {persona.name: format.role(dealt[persona.id]) for persona in personas}
    said = [f'{name} is {role.name}' for name, role in named.items() if role]
    if len(said) < len(named):
        said.append('the others are dealt by lot' if said else 'all are dealt by lot, in secret')
    text = ', '.join(said)
    return f'{text[0].upper()}{text[1:]}.'

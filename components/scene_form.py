"""Scene cards: where the room is, when, in what mood; and a line for the narrator."""

from __future__ import annotations

from functools import partial

from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.scenes import CARDS, LONGEST_CARD, LONGEST_NARRATION, Scenes, scene_of
from components.plain import Button, box, words
from components.text_field import TextField

ASKS = {
    'place': ('Place', 'A lighthouse in a storm'),
    'time': ('Time', 'Past midnight'),
    'mood': ('Mood', 'Uneasy, everybody is tired'),
}


class SceneForm:
    """A field that is left empty leaves its card as it is."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._scenes = Scenes(orchestrator.record)
        self._shown: dict[str, str] | None = None
        self._asked: set[str] = set()
        self._given: dict[str, str] = {}
        self._now = box('ul', 'cards', aria_label='The scene now')
        with box('div', 'card-fields'):
            self._fields = {name: self._field(name) for name in CARDS}
        with box('div', 'direct-row'):
            self._fault = words('', 'fault', role='alert')
            Button('Change the scene', self._ask_all, kind='primary')
        self._narration = TextField(
            'Narration', draft=f'narration:{orchestrator.conversation.id}', enter=self._narrate,
            placeholder='The lamp goes out. Somebody knocks, twice.', longest=LONGEST_NARRATION,
        )  # fmt: skip
        with box('div', 'direct-row'):
            Button('Narrate', self._narration.submit)
        self.show()

    def show(self) -> None:
        scene = scene_of(self._orchestrator.record)
        if scene == self._shown:
            return
        self._shown = scene
        self._now.clear()
        self._now.set_visibility(bool(scene))
        with self._now:
            for name in CARDS:
                if name in scene:
                    with box('li', 'card', data_card=name):
                        words(ASKS[name][0], 'label', 'span')
                        words(scene[name], tag='span')
                        Button('', partial(self._clear, name), kind='bare', icon='cross', label=f'Clear the {name}')

    def _field(self, name: str) -> TextField:
        label, example = ASKS[name]
        draft = f'{name}:{self._orchestrator.conversation.id}'

        async def enter(text: str) -> None:
            await self._take(name, text)

        return TextField(label, draft=draft, enter=enter, placeholder=example, longest=LONGEST_CARD)

    def _ask_all(self) -> None:
        self._asked, self._given = set(CARDS), {}
        for field in self._fields.values():
            field.submit()

    async def _take(self, name: str, text: str) -> None:
        """Each field answers for itself; what was asked of all of them is one change."""
        self._given[name] = text
        self._asked.discard(name)
        if self._asked:
            return
        given, self._given = self._given, {}
        wanted = {card: typed for card, typed in given.items() if typed.strip()}
        fault = 'Type a place, a time or a mood first.' if not wanted else await self._change(wanted)
        self._fault.text = fault
        for field, typed in given.items():
            # Refused or not, it may be sent again; what was refused stays in it.
            self._fields[field].accept('' if fault else typed)

    async def _change(self, wanted: dict[str, str]) -> str:
        """What is wrong with it, if it was refused."""
        try:
            await self._scenes.change(**wanted)
        except Refused as refusal:
            return str(refusal)
        return ''

    async def _clear(self, name: str) -> None:
        self._fault.text = await self._change({name: ''})

    async def _narrate(self, text: str) -> None:
        try:
            await self._scenes.narrate(text)
        except Refused as refusal:
            self._narration.refuse(str(refusal))
        else:
            self._narration.accept(text)

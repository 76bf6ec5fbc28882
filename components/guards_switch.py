"""Whether somebody steps in when the talk goes wrong by itself. For the director, on the desk."""

from __future__ import annotations

from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.conversation.watch import OFF
from components.plain import Button, box, change, words

ON_IN_WORDS = (
    'When the talk goes round in circles, only agrees or only thanks, somebody steps in: a word in the next ear, a new '
    'angle, a moderator, and at last a pause.'
)
OFF_IN_WORDS = 'Nobody steps in now, however often they repeat themselves or agree.'


class GuardsSwitch:
    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        with box('div', 'guards'):
            words('Guards', 'label', 'span', aria_hidden='true')
            self._switch = Button('', self._turn, label='Guards')
            change(self._switch, 'role', 'switch')
            self._what = words('', 'quiet', role='status')
            self._fault = words('', 'fault', role='alert')
        self.show()

    @property
    def _is_on(self) -> bool:
        return not self._orchestrator.conversation.settings.get(OFF)

    def show(self) -> None:
        is_on = self._is_on
        self._switch.show('On' if is_on else 'Off')
        change(self._switch, 'aria-checked', str(is_on).lower())
        self._what.text = ON_IN_WORDS if is_on else OFF_IN_WORDS

    async def _turn(self) -> None:
        self._fault.text = ''
        try:
            await self._orchestrator.steering.set_guards(not self._is_on)
        except Refused as refusal:
            self._fault.text = str(refusal)

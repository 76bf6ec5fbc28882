"""Where the person watching speaks. The text leaves the field only when it has been said."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.orchestrator import LONGEST_LINE, Orchestrator
from app.conversation.refused import Refused
from components.plain import Button, box
from components.text_field import TextField


class Composer:
    def __init__(self, chimera: Chimera, orchestrator: Orchestrator, name: str) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        who = 'yourself' if name == 'You' else name
        with box('div', 'composer'):
            self._field = TextField(
                'Say something', draft=orchestrator.conversation.id, enter=self._say,
                placeholder=f'Say something as {who}', key='/', hide_label=True,
                longest=LONGEST_LINE,
            )  # fmt: skip
            Button('', self._field.submit, kind='primary send', icon='send', label='Send')

    async def _say(self, text: str) -> None:
        if not text.strip():
            self._field.accept(text)
            return
        try:
            await self._orchestrator.speak(self._chimera.scope, text)
        except Refused as refusal:
            self._field.refuse(str(refusal))
        else:
            self._field.accept(text)

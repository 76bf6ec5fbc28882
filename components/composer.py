"""Where the person watching speaks, as themselves or for a persona. The text leaves the field only when it has been
said."""

from __future__ import annotations

import asyncio

from nicegui import ui

from app.chimera import Chimera
from app.conversation.lines import LONGEST_LINE
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from components.plain import Button, Choice, box
from components.text_field import TextField

MYSELF = ''


class Composer:
    def __init__(self, chimera: Chimera, orchestrator: Orchestrator, name: str) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._name = 'yourself' if name == 'You' else name
        self._as = MYSELF
        self._shown: object = None
        self._writing: asyncio.Task[None] | None = None
        with box('div', 'composer') as self._box:
            with box('div', 'composer-as'):
                self._choices = box('span')
                self._ghost = Button('Ghost-write', self._ask_ghost, kind='bare ghost', icon='quill')
            self._field = TextField(
                'Say something', draft=orchestrator.conversation.id, enter=self._say,
                placeholder='', key='/', hide_label=True,
                longest=LONGEST_LINE,
            )  # fmt: skip
            Button('', self._field.submit, kind='primary send', icon='send', label='Send')
        self._field.let_ghost(self._ghost_write, self._stop_ghost, self._show_ghost)
        ui.context.client.on_disconnect(self._stop_ghost)
        self.show()

    def show(self) -> None:
        """Whoever has left can no more be spoken for."""
        if self._box.is_deleted:
            return
        record = self._orchestrator.record
        here = {p.id: p.name for p in record.present if p.id in record.personas}
        if self._as not in here:
            self._as = MYSELF
        if here != self._shown:
            self._shown = here
            self._choices.clear()
            with self._choices:
                options = {MYSELF: f'As {self._name}', **{id: f'As {name}' for id, name in here.items()}}
                Choice('Speak as', options, self._as, self._speak_as)
            self._invite()

    def _speak_as(self, participant_id: str) -> None:
        self._as = participant_id
        self._invite()

    def _invite(self) -> None:
        record = self._orchestrator.record
        who = record.participant(self._as).name if self._as else self._name
        self._field.suggest(f'Say something as {who}')

    async def _say(self, text: str) -> None:
        try:
            await self._orchestrator.speak(self._chimera.scope, text, self._as or None)
        except Refused as refusal:
            self._field.refuse(str(refusal))
        else:
            self._field.accept(text)

    def _ask_ghost(self) -> None:
        self._field.ghost()

    def _show_ghost(self, writes: bool) -> None:
        self._ghost.show('Stop writing' if writes else 'Ghost-write')

    def _ghost_write(self, run: int, begun: str) -> None:
        self._stop_ghost()
        self._writing = asyncio.create_task(self._write(run, begun), name='ghost-writing')

    def _stop_ghost(self) -> None:
        if self._writing:
            self._writing.cancel()
            self._writing = None

    async def _write(self, run: int, begun: str) -> None:
        def give(piece: str) -> None:
            self._field.ghosted(run, piece)

        try:
            await self._orchestrator.ghost_write(self._chimera.scope, give, self._as or None, begun)
        except Refused as refusal:
            self._field.ghost_ends(run, str(refusal))
        else:
            self._field.ghost_ends(run)

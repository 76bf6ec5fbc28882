"""One of several branches on a page: what is different in it, how it stands, and its lines as they come."""

from __future__ import annotations

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Status
from components.controls import MAIN, MORE_TURNS, is_still, sentence
from components.gone import DELETED, is_gone
from components.plain import Button, box, change, link, words
from components.soon import soon
from components.transcript import Transcript

ORIGINAL = 'The original'


class Pane:
    """`await` its `of`. `name` is unique on the page and what its buttons are called by."""

    @classmethod
    async def of(cls, chimera: Chimera, orchestrator: Orchestrator, after: int, name: str) -> Pane:
        pane = cls(orchestrator, name)
        with pane.element:
            await Transcript.beyond(chimera, orchestrator, after, f'Transcript: {name}')
        orchestrator.changed.subscribe(soon(pane.show))
        pane.show()
        return pane

    def __init__(self, orchestrator: Orchestrator, name: str) -> None:
        self.orchestrator = orchestrator
        self._name = name
        conversation = orchestrator.conversation
        self.element = box('section', 'pane', aria_label=name, data_conversation_id=conversation.id)
        with self.element, box('header', 'pane-head'):
            link(conversation.difference or ORIGINAL, f'/conversation/{conversation.id}', 'pane-title')
            self._turns = words('', 'turns', 'span')
            self._main = Button('', self._go_or_pause, kind='quiet')
            self._what = words('', 'what', 'span', role='status')

    def show(self) -> None:
        orchestrator, conversation = self.orchestrator, self.orchestrator.conversation
        change(self.element, 'data-status', str(orchestrator.status))
        change(self.element, 'data-still', str(is_still(orchestrator)).lower())
        limit = f'/{conversation.max_turns}' if conversation.max_turns else ''
        self._turns.text = f'{conversation.turns}{limit}'
        self._what.text = DELETED if is_gone(orchestrator) else sentence(orchestrator)
        text, icon = MAIN[Status(orchestrator.status)]
        self._main.show(text, icon=icon)
        self._main.allow(not is_gone(orchestrator))
        change(self._main, 'aria-label', f'{text}: {self._name}')

    async def obey(self, *, goes: bool) -> None:
        """One of them all is to go on, or to wait; who does so already is left alone."""
        orchestrator = self.orchestrator
        try:
            if goes and orchestrator.status in (Status.READY, Status.PAUSED):
                await orchestrator.resume()
            elif goes and orchestrator.status == Status.ENDED and not is_gone(orchestrator):
                await orchestrator.go_on(MORE_TURNS)
            elif not goes and orchestrator.status == Status.RUNNING:
                await orchestrator.pause()
        except Refused as refusal:
            self._what.text = str(refusal)

    async def _go_or_pause(self) -> None:
        await self.obey(goes=self.orchestrator.status != Status.RUNNING)


def name_of(orchestrator: Orchestrator, among: list[str]) -> str:
    """What is different in it, with a number where others say the same."""
    name = orchestrator.conversation.difference or ORIGINAL
    return name if name not in among else f'{name} ({among.count(name) + 1})'

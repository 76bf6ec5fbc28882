"""Thin buttons over an orchestrator: each is one command, and a command refused says why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.conversation.orchestrator import Orchestrator, Refused
from app.store.tables import Status
from components.plain import Button, Choice, box, change, words

PACES = {'0.5': '0.5×', '1.0': '1×', '2.0': '2×', '0.0': 'Instant'}
MORE_TURNS = 10
MAIN = {
    Status.READY: ('Start', 'play'),
    Status.RUNNING: ('Pause', 'pause'),
    Status.PAUSED: ('Resume', 'play'),
    Status.ENDED: ('Go on', 'play'),
}


class Controls:
    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        with box('div', 'said') as self._said:
            self._what = words('', 'what', 'span', role='status')
            self._turns = words('', 'turns', 'span')
            Button('+10 turns', self._extend)
        with box('div', 'controls', role='toolbar', aria_label='Conversation controls'):
            self._main = Button('Pause', self._go_or_pause, kind='primary', icon='pause', key='p')
            self._step = Button('Step', self._obey(orchestrator.step), icon='step', key='s')
            self._interrupt = Button('Interrupt', self._obey(orchestrator.interrupt), icon='hush', key='Escape')
            self._stop = Button('Stop', self._obey(orchestrator.stop), icon='stop')
            self._pace = Choice('Pace', PACES, '1.0', self._set_pace)
        self.show()

    def show(self) -> None:
        orchestrator = self._orchestrator
        status, conversation = Status(orchestrator.status), orchestrator.conversation
        text, icon = MAIN[status]
        self._main.show(text, icon=icon)
        self._step.allow(status in (Status.READY, Status.PAUSED))
        self._interrupt.allow(orchestrator.speaking is not None)
        self._stop.allow(status != Status.ENDED)
        self._pace.choose(str(float(conversation.pace)))
        self._say(sentence(orchestrator))
        limit = f'/{conversation.max_turns}' if conversation.max_turns else ''
        self._turns.text = f'{conversation.turns}{limit}'

    def _say(self, text: str) -> None:
        change(self._said, 'data-status', str(self._orchestrator.status))
        self._what.text = text

    async def _go_or_pause(self) -> None:
        orchestrator = self._orchestrator
        commands = {
            Status.READY: orchestrator.start,
            Status.RUNNING: orchestrator.pause,
            Status.PAUSED: orchestrator.resume,
            Status.ENDED: self._extend,
        }
        await self._obey(commands[Status(orchestrator.status)])()

    async def _extend(self) -> None:
        await self._obey(lambda: self._orchestrator.extend(MORE_TURNS))()

    async def _set_pace(self, pace: str) -> None:
        await self._obey(lambda: self._orchestrator.set_pace(float(pace)))()

    def _obey(self, command: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def obey() -> None:
            try:
                await command()
            except Refused as refusal:
                self._say(str(refusal))

        return obey


def sentence(orchestrator: Orchestrator) -> str:
    """How the conversation stands, always in words."""
    conversation, speaking = orchestrator.conversation, orchestrator.speaking
    if conversation.status == Status.READY:
        return 'Everybody is seated. Start when you like.'
    if conversation.status != Status.RUNNING:
        return conversation.stop_reason or ('Paused.' if conversation.status == Status.PAUSED else 'The end.')
    if not speaking:
        return 'A short silence.'
    return f'{speaking.speaker} is speaking.' if orchestrator.has_words else f'{speaking.speaker} is thinking.'

"""Thin buttons over an orchestrator: each is one command, and a command refused says why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Status
from components.plain import Button, Choice, box, change, words
from components.prompt_sheet import prompt_sheet

PACES = {'0.25': '0.25×', '0.5': '0.5×', '1.0': '1×', '2.0': '2×', '4.0': '4×', '0.0': 'Instant'}
MORE_TURNS, MORE_CENTS = 10, 20
REFUSAL_STANDS = 6.0
LOOK = 'Look before the step'
STEPPING = 'Going step by step.'
MAIN = {
    Status.READY: ('Start', 'play'),
    Status.RUNNING: ('Pause', 'pause'),
    Status.PAUSED: ('Resume', 'play'),
    Status.ENDED: ('Go on', 'play'),
}


class Controls:
    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._fading: ui.timer | None = None
        with box('div', 'said') as self._said:
            self._what = words('', 'what', 'span', role='status')
            self._room = words('', 'room', 'span')
            self._turns = words('', 'turns', 'span')
            self._more_turns = Button(f'+{MORE_TURNS} turns', self._extend)
            self._more_money = Button(f'+{MORE_CENTS}¢', self._extend_money, label=f'{MORE_CENTS} cents more')
        with box('div', 'controls', role='toolbar', aria_label='Conversation controls'):
            self._main = Button('Pause', self._go_or_pause, kind='primary', icon='pause', key='p')
            self._step = Button('Step', self._obey(orchestrator.step), icon='step', key='s')
            self._look = Button('', self._look_first, kind='bare wide-only', icon='search', label=LOOK, key='S')
            change(self._look, 'aria-keyshortcuts', 'Shift+S')
            self._interrupt = Button('Interrupt', self._obey(orchestrator.interrupt), icon='hush', key='Escape')
            self._stop = Button('Stop', self._obey(orchestrator.stop), icon='stop')
            self._pace = Choice('Pace', PACES, '1.0', self._set_pace)
        self.show()

    @property
    def is_deleted(self) -> bool:
        return self._said.is_deleted

    def show(self) -> None:
        if self.is_deleted:
            return
        orchestrator = self._orchestrator
        status, conversation = Status(orchestrator.status), orchestrator.conversation
        text, icon = MAIN[status]
        self._main.show(text, icon=icon)
        self._main.listen('p' if status != Status.ENDED else None)
        self._step.allow(status in (Status.READY, Status.PAUSED))
        self._look.allow(status in (Status.READY, Status.PAUSED))
        self._interrupt.allow(orchestrator.speaking is not None)
        self._stop.allow(status != Status.ENDED)
        self._pace.choose(str(float(conversation.pace)))
        self._say(sentence(orchestrator))
        in_the_way = orchestrator.in_the_way if status == Status.ENDED else None
        more = f'{MORE_CENTS} cents' if in_the_way == 'max_money' else f'{MORE_TURNS} turns'
        self._room.text = f'Go on adds {more}.' if in_the_way else ''
        self._room.set_visibility(in_the_way is not None)
        self._more_turns.set_visibility(in_the_way != 'max_money')
        self._more_money.set_visibility(conversation.max_money is not None)
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
            Status.ENDED: lambda: orchestrator.go_on(MORE_TURNS, MORE_CENTS),
        }
        await self._obey(commands[Status(orchestrator.status)])()

    def _look_first(self) -> None:
        prompt_sheet(self._chimera, self._orchestrator)

    async def _extend(self) -> None:
        await self._obey(lambda: self._orchestrator.extend(MORE_TURNS))()

    async def _extend_money(self) -> None:
        await self._obey(lambda: self._orchestrator.extend_money(MORE_CENTS))()

    async def _set_pace(self, pace: str) -> None:
        await self._obey(lambda: self._orchestrator.steering.set_pace(float(pace)))()

    def _obey(self, command: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def obey() -> None:
            try:
                await command()
            except Refused as refusal:
                self._refuse(str(refusal))

        return obey

    def _refuse(self, why: str) -> None:
        """For a moment only: how the conversation stands is the news, and comes back by itself."""
        if self.is_deleted:
            return
        self._say(why)
        if self._fading:
            self._fading.cancel()
        with self._said:
            self._fading = ui.timer(REFUSAL_STANDS, self.show, once=True)


def sentence(orchestrator: Orchestrator) -> str:
    """How the conversation stands, always in words."""
    conversation, speaking = orchestrator.conversation, orchestrator.speaking
    if conversation.status == Status.READY:
        return 'Everybody is seated. Start when you like.'
    if conversation.status == Status.ENDED:
        return conversation.stop_reason or 'The end.'
    if is_still(orchestrator):
        because = conversation.stop_reason or 'Paused.'
        return 'Paused after one step.' if because == STEPPING else because
    if not speaking:
        return 'A short silence.'
    what = f'{speaking.speaker} is speaking.' if orchestrator.has_words else f'{speaking.speaker} is thinking.'
    return what if conversation.status == Status.RUNNING else f'{what} It pauses after this line.'


def is_still(orchestrator: Orchestrator) -> bool:
    """Nothing goes on: it neither runs nor takes a step."""
    is_stepping = orchestrator.speaking is not None and not orchestrator.is_held
    return orchestrator.status != Status.RUNNING and not is_stepping

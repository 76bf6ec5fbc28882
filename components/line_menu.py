"""What can be done with a line: one menu for all lines, drawn in the browser, and each act in it one of `ACTS`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from components.branch_sheet import branch_sheet
from components.line_sheets import ask_anew, ask_words
from components.live_socket import is_number


@dataclass(frozen=True, slots=True)
class AtLine:
    """Where an act was asked for, and by whom."""

    chimera: Chimera
    orchestrator: Orchestrator
    message_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """`run` may raise Refused, which is then said at the line; the browser itself does what has none. `when` is a CSS
    selector that the line must match; `{speaker}` in the label is whose line it is."""

    label: str
    run: Callable[[AtLine], Awaitable[None]] | None = None
    when: str = '*'


async def edit(at: AtLine) -> None:
    message = await at.orchestrator.lines.line(at.message_id)
    if at.orchestrator.record.programme.is_sealed(message, at.chimera.scope):
        raise Refused('It is sealed until all have spoken: edit it then.')
    ask_words(at.orchestrator, message, at.name)


async def tell_anew(at: AtLine) -> None:
    await at.orchestrator.regenerate(at.message_id)


async def tell_anew_as(at: AtLine) -> None:
    ask_anew(at.chimera, at.orchestrator, await at.orchestrator.lines.line(at.message_id))


async def branch(at: AtLine) -> None:
    branch_sheet(at.chimera, at.orchestrator, (await at.orchestrator.lines.line(at.message_id)).number)


async def delete(at: AtLine) -> None:
    await at.orchestrator.lines.delete(at.message_id)


SETTLED = ':not([data-state="speaking"])'
OPEN = ':not([data-sealed="true"])'
BY_A_PERSONA = f'[data-line="speech"][data-kind="persona"]{SETTLED}'

ACTS: dict[str, Act] = {
    'edit': Act('Edit', edit, SETTLED + OPEN),
    'anew': Act('Tell anew', tell_anew, BY_A_PERSONA),
    'anew_as': Act('Tell anew as …', tell_anew_as, BY_A_PERSONA),
    'why': Act('Why {speaker}?', when='[data-because]'),
    'copy': Act('Copy', when=OPEN),
    'link': Act('Link to this line'),
    'branch': Act('Branch from here', branch, SETTLED),
    'delete': Act('Delete', delete, SETTLED),
}
"""In the order in which they are shown. Whoever has more to offer adds it."""


class LineMenu(Element, component='line_menu.js'):
    """One for a page, beside its transcript."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator, name: str) -> None:
        super().__init__()
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._name = name
        self.props['acts'] = [[id, act.label, act.when] for id, act in ACTS.items()]
        self.on('act', self._act)

    async def _act(self, event: GenericEventArguments) -> None:
        match event.args:
            case [str(act), str(message_id), value]:
                await self._do(act, message_id, value)

    async def _do(self, act: str, message_id: str, value: Any) -> None:
        lines = self._orchestrator.lines
        try:
            if act == 'swipe' and is_number(value):
                await lines.choose_variant(message_id, value)
            elif act == 'undo':
                await lines.bring_back(message_id)
            elif run := act in ACTS and ACTS[act].run:
                await run(AtLine(self._chimera, self._orchestrator, message_id, self._name))
        except Refused as refusal:
            self.run_method('say', message_id, str(refusal))

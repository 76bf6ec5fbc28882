"""Five dials as sliders that snap to five steps, each saying in words where it stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui.element import Element

from app.conversation.dials import MOST, Dials, set_in
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Participant
from components.plain import box, change, dress, words

SCALES = {
    'heat': ('icy', 'calm', 'as it comes', 'heated', 'on fire'),
    'depth': ('small talk', 'light', 'as it comes', 'deeper', 'digging'),
    'humour': ('deadly serious', 'dry', 'as it comes', 'witty', 'comical'),
    'length': ('one sentence', 'brief', 'as it comes', 'longer', 'paragraphs'),
    'pace': ('very slow', 'unhurried', 'as it comes', 'brisk', 'breathless'),
}


def dial_rows(orchestrator: Orchestrator, participant: Participant | None = None) -> None:
    """Of the room, or of one persona, whose dials come on top of the room's."""
    settings = participant.settings if participant else orchestrator.conversation.settings
    now, dials, id = set_in(settings), Dials(orchestrator.record), participant.id if participant else None

    def taker(dial: str) -> Callable[[int], Awaitable[None]]:
        async def take(value: int) -> None:
            try:
                await dials.turn(dial, value, id)
            except Refused as refusal:
                fault.text = str(refusal)
            else:
                fault.text = ''

        return take

    with box('div', 'dials'):
        for dial, scale in SCALES.items():
            DialRow(dial, scale, now[dial], taker(dial), of=participant.name if participant else 'the room')
    fault = words('', 'fault', role='alert')


class DialRow:
    def __init__(
        self, dial: str, scale: tuple[str, ...], value: int, take: Callable[[int], Awaitable[None]], *, of: str
    ) -> None:
        self._scale = scale
        with box('label', 'dial') as self._row:
            words(dial.capitalize(), tag='span')
            self._slider = dress(
                Element('input'),
                '',
                {'type': 'range', 'min': -MOST, 'max': MOST, 'step': 1, '^value': value},
            )
            dress(self._slider, '', {'aria_label': f'{dial.capitalize()} of {of}'})
            self._says = words('', tag='output')
        read = '(e) => emit(+e.target.value)'
        self._slider.on('input', lambda event: self._show(event.args), js_handler=read)
        self._slider.on('change', lambda event: take(int(event.args)), js_handler=read)
        self._show(value)

    def _show(self, value: int) -> None:
        step = max(-MOST, min(MOST, int(value)))
        self._says.text = self._scale[step + MOST]
        change(self._row, 'data-step', str(step))
        change(self._slider, 'aria-valuetext', self._says.text)

"""Who speaks next, as a director settles it on the way: the order, and what an order needs to be told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.chimera import Chimera
from app.conversation import floor
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from components.model_choice import model_choice
from components.order_choice import order_choice
from components.plain import Button, Choice, box, words
from components.sheet import sheet

MARGINS = {'0.1': 'A hair', '0.25': 'Close', '0.6': 'Near', '1.5': 'Within reach'}
TOLD = {
    'human_picks': 'After each line the room waits, and you click on whoever shall speak.',
    'moderator': 'The strongest urge speaks. Where two are this close, a model is asked once, for seconds only.',
    'listed': 'Down the list and from its top again. One may stand there more than once.',
}


def order_sheet(chimera: Chimera, orchestrator: Orchestrator) -> None:
    async def obey(command: Awaitable[None], *, close: bool = False) -> None:
        try:
            await command
        except Refused as refusal:
            fault.text = str(refusal)
            return
        fault.text = ''
        if close:
            dialog.close()
        else:
            draw()

    async def choose(order: str) -> None:
        if order == 'listed' and not floor.listed(orchestrator.record):
            await obey(orchestrator.ordering.set_list(seated(orchestrator)))
        await obey(orchestrator.steering.set_order(order), close=order not in TOLD)

    def draw() -> None:
        order = orchestrator.conversation.speaker_order
        more.clear()
        with more:
            if order in TOLD:
                words(TOLD[order], 'quiet')
            if order == 'listed':
                list_editor(orchestrator, lambda ids: obey(orchestrator.ordering.set_list(ids)))
            if order == 'moderator':
                moderator_editor(chimera, orchestrator, obey)

    with sheet('Who speaks next') as dialog:
        order_choice(orchestrator.conversation.speaker_order, choose)
        more = box('div', 'order-more')
        fault = words('', 'fault', role='alert')
        draw()
        Button('Close', dialog.close)


def seated(orchestrator: Orchestrator) -> list[str]:
    record = orchestrator.record
    return [participant.id for participant in record.present if participant.id in record.personas]


def list_editor(orchestrator: Orchestrator, take: Callable[[list[str]], Awaitable[None]]) -> None:
    """Whoever has left stands there no more."""
    here, record = seated(orchestrator), orchestrator.record
    listed = [id for id in floor.listed(record) if id in here]

    def moved(at: int, by: int) -> list[str]:
        ids = list(listed)
        ids[at], ids[at + by] = ids[at + by], ids[at]
        return ids

    with box('ol', 'speaking-list', aria_label='The list'):
        for at, id in enumerate(listed):
            name = record.participant(id).name
            with box('li'):
                words(name, 'who', 'span')
                up = Button('↑', lambda at=at: take(moved(at, -1)), kind='bare', label=f'{name} earlier')
                up.allow(at > 0)
                down = Button('↓', lambda at=at: take(moved(at, 1)), kind='bare', label=f'{name} later')
                down.allow(at < len(listed) - 1)
                rest = listed[:at] + listed[at + 1 :]
                Button('✕', lambda rest=rest: take(rest), kind='bare', label=f'{name} off the list')
    with box('div', 'floor-acts', role='group', aria_label='Add to the list'):
        for id in here:
            name = record.participant(id).name
            Button(name, lambda id=id: take([*listed, id]), icon='plus', label=f'{name} onto the list')


def moderator_editor(
    chimera: Chimera, orchestrator: Orchestrator, obey: Callable[[Awaitable[None]], Awaitable[None]]
) -> None:
    now = floor.moderated_by(orchestrator.record)
    ordering = orchestrator.ordering
    words('Asked when two are as good as equal', 'label')
    model_choice(
        chimera.providers, 'Model that moderates', now.model, lambda model: obey(ordering.set_moderator(model or None))
    )
    margins = MARGINS if str(now.margin) in MARGINS else {str(now.margin): f'{now.margin:g}', **MARGINS}
    Choice('How close', margins, str(now.margin), lambda margin: obey(ordering.set_moderator(now.model, float(margin))))

"""All limits of a conversation, what was used of each, what the next turn could use. For the director, at any time."""

from __future__ import annotations

from functools import partial

from nicegui.elements.mixins.text_element import TextElement

from app.conversation import limits
from app.conversation.money import CENT, in_short, in_words
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Conversation
from components.plain import Button, NumberBox, box, words
from components.sheet import follow, sheet
from components.tick import Tick

UNTIL_DONE = 'End by itself when nothing new comes any more'
WRONG = 'Limits are whole numbers from 1, or empty for none.'
NAMES = {'max_turns': 'Turns', 'max_tokens': 'Tokens', 'max_money': 'Cents', 'max_minutes': 'Minutes'}


def limits_sheet(orchestrator: Orchestrator) -> None:
    conversation = orchestrator.conversation
    before = {name: shown(name, getattr(conversation, name)) for name in NAMES}
    wanted, boxes, left = dict(before), list[NumberBox](), dict[str, TextElement]()

    def take(name: str, value: int | None) -> None:
        wanted[name] = value

    async def save() -> None:
        if any(box.is_wrong for box in boxes):
            fault.text = WRONG
            return
        # Only what was changed here: somebody else may have changed the others meanwhile.
        changed = {name: meant(name, value) for name, value in wanted.items() if value != before[name]}
        try:
            if changed:
                await orchestrator.steering.set_limits(**changed)
            if until_done.is_on != is_until_done(conversation):
                await orchestrator.steering.set_until_done(until_done.is_on)
        except Refused as refusal:
            fault.text = str(refusal)
        else:
            dialog.close()

    def show() -> None:
        for name, text in left.items():
            text.text = used(conversation, name)
        ahead.text = next_turn(orchestrator)

    with sheet('Limits') as dialog:
        with box('div', 'limit-rows'):
            for name, title in NAMES.items():
                words(title, 'label', 'span', aria_hidden='true')
                boxes.append(NumberBox(f'Limit of {title.lower()}', before[name], partial(take, name)))
                left[name] = words('', 'quiet', 'span', data_used=name)
        until_done = Tick(UNTIL_DONE, is_on=is_until_done(conversation))
        ahead = words('', 'quiet', data_next_turn='')
        words('A turn begins only when its worst case fits into every limit.', 'quiet')
        fault = words('', 'fault', role='alert')
        with box('div', 'sheet-acts'):
            Button('Cancel', dialog.close)
            Button('Save', save, kind='primary')
    show()
    follow(dialog, orchestrator.changed, show)


def is_until_done(conversation: Conversation) -> bool:
    return bool(conversation.settings.get(limits.UNTIL_DONE))


def shown(name: str, value: int | None) -> int | None:
    """As people set it: money in cents, of which a part is rounded up."""
    return -(-value // CENT) if value is not None and name == 'max_money' else value


def meant(name: str, value: int | None) -> int | None:
    return value * CENT if value is not None and name == 'max_money' else value


def used(conversation: Conversation, name: str) -> str:
    """What went, and what is left where there is a limit."""
    limit = getattr(conversation, name)
    match name:
        case 'max_money':
            went, rest = in_short(conversation.money), in_short(max(0, (limit or 0) - conversation.money))
        case 'max_minutes':
            minutes = int(conversation.seconds // 60)
            went, rest = f'{minutes:,}', f'{max(0, (limit or 0) - minutes):,}'
        case _:
            number = getattr(conversation, name.removeprefix('max_'))
            went, rest = f'{number:,}', f'{max(0, (limit or 0) - number):,}'
    return f'{went} used' if limit is None else f'{went} used, {rest} left'


def next_turn(orchestrator: Orchestrator) -> str:
    turn = orchestrator.next_turn
    if turn is None:
        return 'Nobody may speak next.'
    if turn.worst is None:
        return f'{turn.speaker} is next. Nobody knows here what {turn.model} costs.'
    money = f'cost up to {in_words(turn.worst.money)}' if turn.worst.money else 'costs nothing'
    return f'{turn.speaker} is next: that turn could take up to {turn.worst.tokens:,} tokens, and {money}.'

"""Dialogs that ask first: a question with one dangerous answer, and a name to change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.conversation.refused import Refused
from components.plain import Button, box, words
from components.sheet import sheet
from components.text_field import TextField


def confirm(question: str, what: str, yes: str, act: Callable[[], Awaitable[None]]) -> None:
    with sheet(question, role='alertdialog') as dialog:
        words(what, 'quiet')
        fault = words('', 'fault', role='alert')

        async def go() -> None:
            try:
                await act()
            except Refused as refusal:
                fault.text = str(refusal)
            else:
                dialog.close()

        with box('div', 'sheet-acts'):
            Button('Keep it', dialog.close)
            Button(yes, go, kind='danger')


def ask_name(question: str, label: str, draft: str, now: str, act: Callable[[str], Awaitable[None]]) -> None:
    with sheet(question) as dialog:

        async def go(name: str) -> None:
            try:
                await act(name)
            except Refused as refusal:
                field.refuse(str(refusal))
            else:
                field.accept(name)
                dialog.close()

        field = TextField(label, draft=draft, enter=go)
        field.put(now)
        with box('div', 'sheet-acts'):
            Button('Cancel', dialog.close)
            Button('Save', field.submit, kind='primary')

"""A dialog that belongs to the page, whoever opens it, and is gone when it is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import Event, ui

from components.plain import box, words


@contextmanager
def sheet(title: str, *, role: str = 'dialog', wide: bool = False) -> Iterator[ui.dialog]:
    # Not where it is asked for: that is often a menu, and a menu takes what is in it along when it closes.
    with ui.context.client.content, ui.dialog(value=True) as dialog:
        dialog.on('hide', dialog.delete)
        with box('div', 'sheet wide' if wide else 'sheet', role=role, aria_label=title):
            words(title, tag='h2')
            yield dialog


def follow(dialog: ui.dialog, event: Event[[]], show: Callable[[], None]) -> None:
    """Calls `show` at each event for as long as the dialog is there."""

    def still() -> None:  # a listener of the dialog itself could not say goodbye: a closed dialog hears nothing
        if dialog.is_deleted:
            event.unsubscribe(still)
        else:
            show()

    event.subscribe(still)

"""Three dots with a few more things to do behind them, drawn when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from components.plain import Button


def more_menu(label: str, items: Mapping[str, Callable[[], None]]) -> None:
    def unfold() -> None:
        with button, ui.menu(value=True).props('no-parent-event') as menu:
            for name, act in items.items():
                ui.menu_item(name, act).props('role=menuitem')
        menu.on('hide', menu.delete)

    button = Button('', unfold, kind='bare more', icon='more', label=label)
    button.props['aria-haspopup'] = 'menu'

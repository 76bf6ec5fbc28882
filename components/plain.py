"""Plain HTML for what a browser does well by itself: text, links, buttons. Attributes are set, never parsed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

Act = Callable[[], Awaitable[None] | None]
Take = Callable[[str], Awaitable[None] | None]


def box(tag: str = 'div', classes: str = '', **attributes: Any) -> Element:
    """An element without text of its own; `data_status='x'` becomes `data-status="x"`."""
    return dress(Element(tag), classes, attributes)


def words(text: str, classes: str = '', tag: str = 'p', **attributes: Any) -> TextElement:
    return dress(TextElement(tag=tag, text=text), classes, attributes)


def link(text: str, target: str, classes: str = '', **attributes: Any) -> TextElement:
    return words(text, classes, 'a', href=target, **attributes)


class Button(TextElement):
    """`icon` is one of the shapes in chimera.css; `label` is the accessible name where the text is not enough."""

    def __init__(
        self, text: str = '', act: Act | None = None, *,
        kind: str = 'quiet', icon: str = '', label: str = '', key: str = '',
    ) -> None:  # fmt: skip
        super().__init__(tag='button', text=text)
        dress(self, f'btn {kind}', {'type': 'button', 'aria_label': label or None, 'title': label or None})
        self.listen(key or None)
        self.icon = ''
        self.show(icon=icon)
        if act:
            self.on('click', lambda _: act(), [])

    def show(self, text: str | None = None, *, icon: str | None = None) -> None:
        if text is not None and text != self.text:
            self.text = text
        if icon is not None and icon != self.icon:
            self.classes(remove=f'icon i-{self.icon}', add=f'icon i-{icon}' if icon else '')
            self.icon = icon

    def listen(self, key: str | None) -> None:
        change(self, 'data-key', key)
        change(self, 'aria-keyshortcuts', key)

    def allow(self, allowed: bool) -> None:
        change(self, 'disabled', None if allowed else True)


class Choice(Element):
    """A native select; `options` maps values to what is read, `groups` maps a heading to such options."""

    def __init__(
        self, label: str, options: Mapping[str, str], value: str, take: Take, *, classes: str = '',
        groups: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__('select')
        dress(self, f'choice {classes}', {'aria_label': label, 'title': label})
        self.options: dict[str, TextElement] = {}
        with self:
            self._list(options)
            for heading, members in (groups or {}).items():
                with box('optgroup', label=heading):
                    self._list(members)
        self.choose(value)
        self.on('change', lambda event: take(event.args), js_handler='(e) => emit(e.target.value)')

    def _list(self, options: Mapping[str, str]) -> None:
        for value, text in options.items():
            self.options[value] = words(text, '', 'option', value=value)

    def offer(self, options: Mapping[str, str], value: str) -> None:
        """Other options in place of those that were there."""
        self.clear()
        self.options.clear()
        with self:
            self._list(options)
        self.choose(value)

    def choose(self, value: str) -> None:
        for name, option in self.options.items():
            change(option, 'selected', name == value)


class NumberBox(Element):
    """A native number field; `take` gets None where it is empty. `^value` is only its first value: typing stays."""

    def __init__(self, label: str, value: int | None, take: Callable[[int | None], None], *, least: int = 1) -> None:
        super().__init__('input')
        self.is_wrong = False
        dress(self, 'number', {'type': 'number', 'min': least, 'inputmode': 'numeric', 'placeholder': 'no limit'})
        dress(self, '', {'aria_label': label, '^value': '' if value is None else str(value)})

        def read(event: GenericEventArguments) -> None:
            text = str(event.args or '').strip()
            is_number = text.isascii() and text.isdigit()
            self.is_wrong = bool(text) and not is_number
            change(self, 'aria-invalid', 'true' if self.is_wrong else None)
            take(int(text[:12]) if is_number else None)

        # What is no number at all a browser hides: its field then looks empty to us.
        self.on('input', read, js_handler='(e) => emit(e.target.validity.badInput ? "?" : e.target.value)')


def change(element: Element, attribute: str, value: Any) -> None:
    """Sets or (None) removes an attribute, and tells the browser only when it is news."""
    if element.props.get(attribute) == value:
        return
    if value is None:
        element.props.pop(attribute)
    else:
        element.props[attribute] = value


def dress(element: Any, classes: str, attributes: Mapping[str, Any]) -> Any:
    if classes:
        element.classes(classes)
    for name, value in attributes.items():
        if value is not None:
            element.props[name.replace('_', '-')] = value
    return element

"""Search as you type: the question is asked when the fingers rest."""

from __future__ import annotations

from nicegui.element import Element

from components.plain import Take, box

REST = 0.25


def search_box(label: str, take: Take) -> Element:
    field = box('input', 'search-box', type='search', placeholder=label, aria_label=label, data_key='/')
    field.on(
        'input', lambda event: take(str(event.args or '')),
        js_handler='(e) => emit(e.target.value)', throttle=REST, leading_events=False,
    )  # fmt: skip
    return field

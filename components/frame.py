"""What every page stands in: the head, the way around, the mode, the theme, the shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import app as web
from nicegui import ui

from app.chimera import Chimera
from components.plain import Button, box, dress, link, words
from components.sheet import sheet
from components.static_files import address_of

VIEWPORT = 'width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content'
PLACES = (('Home', '/', 'home', 'n'), ('Personas', '/personas', 'masks', ''), ('Settings', '/settings', 'settings', ''))
THEMES = {'auto': None, 'light': False, 'dark': True}
FIRST_PAINT = {
    'auto': 'html{background:#fbf8f3}@media (prefers-color-scheme:dark){html{background:#14120f}}',
    'light': 'html{background:#fbf8f3}',
    'dark': 'html{background:#14120f}',
}
IS_DARK = {'auto': 'matchMedia("(prefers-color-scheme: dark)").matches', 'light': 'false', 'dark': 'true'}
SHORTCUTS = (
    ('?', 'this sheet'),
    ('n', 'begin a new conversation'),
    ('/', 'search, or say something'),
    ('p', 'pause or resume'),
    ('s', 'one step'),
    ('Shift S', 'read and edit the next prompt, then step'),
    ('d', 'direct: notes, dials, the scene, rules'),
    ('m', 'measures, and back'),
    ('b', 'branch from the last line'),
    ('t', 'the tree of branches, and back'),
    ('Esc', 'stop the reply in mid-sentence'),
    ('Enter', 'send what you wrote'),
    ('Shift Enter', 'a new line'),
)


@contextmanager
def frame(chimera: Chimera, title: str, here: str = '', *, stage: bool = False) -> Iterator[None]:
    """`here` marks the place in the navigation. On a `stage` the page fills the window and scrolls within."""
    ui.page_title(f'{title} · Chimera')
    theme = web.storage.user.get('theme', 'auto')
    theme = theme if theme in THEMES else 'auto'
    ui.add_head_html(head(theme, 'stage' if stage else 'page'))
    # Quasar says so only when it stands: what is drawn before that shall not flash in the other theme.
    ui.add_body_html(f'<script>document.body.classList.toggle("body--dark", {IS_DARK[theme]})</script>')
    with box('header', 'top'):
        link('Chimera', '/', 'wordmark', aria_label='Chimera, home')
        with box('nav', 'places', aria_label='Main'):
            for name, target, icon, key in PLACES:
                current = 'page' if target == here else None
                link(name, target, f'place icon i-{icon}', aria_current=current, data_key=key or None)
        with box('div', 'top-end'):
            mode_badge(chimera)
            theme_switch(theme)
            Button('', open_shortcuts, kind='bare wide-only', icon='help', label='Keyboard shortcuts', key='?')
    own_the_page()
    with box('main', 'stage-page' if stage else 'page') as main:
        yield
    ui.skip_link(target=main)


def own_the_page() -> None:
    """Quasar's page is a <main> around everything, header included: to a screen reader only ours is one."""
    around = ui.context.client.content.parent_slot
    if around:
        around.parent.props('role=none')


def head(theme: str, kind: str) -> str:
    root = f'Object.assign(document.documentElement, {{ lang: "en" }}).dataset.frame = "{kind}"'
    return (
        f'<script>{root}</script><style>{FIRST_PAINT[theme]}</style>'
        '<meta name="theme-color" content="#14120f">'
        f'<link rel="preload" href="/static/fonts/gloock.woff2" as="font" type="font/woff2" crossorigin>'
        f'<link rel="stylesheet" href="{address_of("chimera.css")}">'
        f'<script defer src="{address_of("keys.js")}"></script>'
    )


def mode_badge(chimera: Chimera, classes: str = '') -> None:
    mode = chimera.providers.mode
    what = 'Demo mode: scripted voices' if mode == 'demo' else 'Live mode: real models'
    link(mode.capitalize(), '/settings', f'badge {mode} {classes}', title=what, aria_label=f'{what}. Open the settings')


def theme_switch(theme: str) -> None:
    dark = ui.dark_mode(THEMES[theme])

    def turn() -> None:
        names = list(THEMES)
        now = names[(names.index(web.storage.user.get('theme', 'auto')) + 1) % len(names)]
        web.storage.user['theme'] = now
        dark.value = THEMES[now]
        button.show(icon=f'theme-{now}')
        dress(button, '', {'aria_label': f'Theme: {now}', 'title': f'Theme: {now}'})

    button = Button('', turn, kind='bare', icon=f'theme-{theme}', label=f'Theme: {theme}')


def open_shortcuts() -> None:
    with sheet('Keyboard shortcuts') as dialog:
        with box('dl', 'shortcuts'):
            for keys, meaning in SHORTCUTS:
                with box('dt'):
                    for key in keys.split():
                        words(key, tag='kbd')
                words(meaning, tag='dd')
        Button('Close', dialog.close, kind='primary')

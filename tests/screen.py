"""What a browser does with the frames of a conversation: `transcript.js`, as far as its text goes, in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

from components.markdown import Patch

BLOCKS = set('p ul ol li blockquote pre code h1 h2 h3 h4 h5 h6 table thead tbody tr th td'.split())
VOID = {'br', 'hr'}


@dataclass
class Element:
    tag: str
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return ''.join(child if isinstance(child, str) else child.text for child in self.inside)

    @property
    def html(self) -> str:
        inner = self.inner_html
        return f'<{self.tag}>{inner}' + (f'</{self.tag}>' if self.tag not in VOID else '')

    @property
    def inner_html(self) -> str:
        return ''.join(escape(child) if isinstance(child, str) else child.html for child in self.inside)

    @property
    def last_element(self) -> Element | None:
        return next((child for child in reversed(self.inside) if isinstance(child, Element)), None)

    def append_html(self, html: str) -> None:
        for child in parsed(html):
            self.append(child)

    def append(self, child: Element | str) -> None:
        if isinstance(child, str) and self.inside and isinstance(self.inside[-1], str):
            self.inside[-1] += child
        else:
            self.inside.append(child)


class Screen:
    """One message on one screen: finished blocks, and the open one."""

    def __init__(self) -> None:
        self.done = Element('div')
        self.open = Element('div')

    def show(self, patch: Patch) -> Screen:
        self.done.append_html(patch.done)
        if patch.open is not None:
            self.open.inside.clear()
            self.open.append_html(patch.open)
        if patch.text:
            tail(self.open).append(patch.text)
        return self

    @property
    def text(self) -> str:
        return self.done.text + self.open.text

    @property
    def html(self) -> str:
        return self.done.inner_html + self.open.inner_html


class Browser:
    """All messages on one screen. `gaps` counts how often it had to ask for what it missed."""

    def __init__(self, number: int = 0) -> None:
        self.n = number
        self.lines: dict[str, dict[str, Any]] = {}
        self.screens: dict[str, Screen] = {}
        self.segments: dict[str, int] = {}
        self.thoughts: dict[str, str] = {}
        self.joining = True
        self.gaps = 0
        self._held: list[dict[str, Any]] = []

    def open(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            self._place(line)

    def receive(self, frame: dict[str, Any]) -> None:
        if catch := frame.get('catch'):
            self._catch_up(catch)
        elif self.joining:
            self._held.append(frame)
        else:
            self._apply(frame['i'])

    @property
    def texts(self) -> dict[int, str]:
        return {self.lines[id]['number']: screen.text.strip() for id, screen in self.screens.items()}

    @property
    def states(self) -> dict[int, str]:
        return {line['number']: line['state'] for line in self.lines.values()}

    def _catch_up(self, catch: dict[str, Any]) -> None:
        for line in catch['lines']:
            self._place(line)
        for id, number, done, open, text, reasoning in catch['growing']:
            if id in self.lines:
                self.screens[id] = Screen().show(Patch(done, open, text))
                self.segments[id] = number
                self.thoughts[id] = reasoning
                self.lines[id]['state'] = 'speaking'
        self.n = max(self.n, catch['n'])
        self.joining = False
        held, self._held = self._held, []
        for frame in held:
            if not self.joining:
                self._apply(frame['i'])

    def _apply(self, items: list[list[Any]]) -> None:
        for item in items:
            went = self._happened(*item[1:]) if item[0] == 'e' else self._said(*item)
            if not went:
                self.gaps += 1
                self.joining = True
                return

    def _happened(self, number: int, _kind: str, needed: dict[str, Any] | None) -> bool:
        if number <= self.n:
            return True
        if number > self.n + 1 or self._misses(needed):
            return False
        self.n = number
        if needed and ('line' in needed or 'opened' in needed):
            for line in needed.get('opened') or [needed['line']]:
                self._place(line)
        elif needed and needed['id'] in self.lines:
            self.lines[needed['id']].update(state=needed['state'], note=needed['note'])
            self.screens[needed['id']].show(Patch(done=needed['done'], open=''))
        return True

    def _misses(self, needed: dict[str, Any] | None) -> bool:
        if not needed or (id := needed.get('id')) not in self.lines:
            return False
        return self.lines[id]['state'] == 'speaking' and self.segments[id] < needed['s']

    def _said(self, what: str, id: str, number: int, done: str, open: str | None = None, text: str = '') -> bool:
        if id not in self.lines:
            return False
        if self.lines[id]['state'] != 'speaking':
            return True
        if number > self.segments[id] + 1:
            return False
        if number <= self.segments[id]:
            return True
        self.segments[id] = number
        if what == 'r':
            self.thoughts[id] += done
        else:
            self.screens[id].show(Patch(done, open, text))
        return True

    def _place(self, line: dict[str, Any]) -> None:
        self.lines[line['id']] = dict(line)
        self.screens[line['id']] = Screen().show(Patch(done=line['html']))
        self.segments[line['id']] = 0
        self.thoughts[line['id']] = line['reasoning']


def parsed(html: str) -> list[Element | str]:
    """nh3 closes whatever it opens, so a stack will do."""
    stack = [Element('div')]

    class Build(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            element = Element(tag)
            stack[-1].append(element)
            if tag not in VOID:
                stack.append(element)

        def handle_endtag(self, tag: str) -> None:
            assert stack.pop().tag == tag

        def handle_data(self, data: str) -> None:
            stack[-1].append(data)

    build = Build()
    build.feed(html)
    build.close()
    assert len(stack) == 1, html
    return stack[0].inside


def tail(element: Element) -> Element:
    """The innermost block at the end: where the next words of the open block belong."""
    last = element
    while (child := last.last_element) and child.tag in BLOCKS and (child.tag != 'code' or last.tag == 'pre'):
        last = child
    return last

"""Markdown from models and people as HTML that is safe to show: rendered once on the server, block by block.

A transcript is rendered the same way live and from the archive: text is cut into blocks, a finished block is never
rendered or sent again, and only the open one changes. HTML in the text is text; nh3 cleans what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = (
    MarkdownIt('commonmark', {'html': False, 'breaks': True, 'linkify': False})
    .enable(['table', 'strikethrough'])
    .disable('image')
)
_TAGS = set(
    [
        'p',
        'br',
        'hr',
        'em',
        'strong',
        's',
        'del',
        'code',
        'pre',
        'blockquote',
        'ul',
        'ol',
        'li',
        'h1',
        'h2',
        'h3',
        'h4',
        'h5',
        'h6',
        'table',
        'thead',
        'tbody',
        'tr',
        'th',
        'td',
        'a',
    ]
)
_ATTRIBUTES = {'a': {'href', 'title'}, 'ol': {'start'}, 'code': {'class'}, 'th': {'align'}, 'td': {'align'}}
_SCHEMES = {'http', 'https', 'mailto'}

LONGEST_BLOCK = 16_000
LONGEST_CODE = 200_000
LONGEST_KEPT = 4_000
MOST_CELLS = 2_000

_FENCE = re.compile(r' {0,3}(`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})')
_LIST_ITEM = re.compile(r'([-+*]|\d{1,9}[.)])(\s|$)')
_MAY_BE_LIST = re.compile(r'([-+*]|\d{1,9}[.)]?)$')
_MARKS = re.compile(r'[\n\\`*_\[\]()#|<>~&;]')
_WORD = re.compile(r'[^\W\d_]')
_ROUGH_FROM = 1_500
_ROUGH_GROWTH = 1.25
_CELL = 4  # characters that take about as long to render as one cell of a table


def render(text: str) -> str:
    """A whole message, as it looked when its last word had arrived."""
    return LiveMarkdown().finish(text).done


def render_block(text: str) -> str:
    """One block. What is too long to parse within a blink is shown as plain text."""
    return _render_kept(text) if len(text) <= LONGEST_KEPT else _render(text)


def _render(text: str) -> str:
    if len(text) > (LONGEST_CODE if _FENCE.match(text) else LONGEST_BLOCK):
        return _as_it_is(text)
    try:
        html = _MARKDOWN.render(text)
    except RecursionError:
        return _as_it_is(text)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative='deny',  # what a model says shall not lead to a page of Chimera itself
        link_rel='noopener noreferrer nofollow',
    )


_render_kept = lru_cache(maxsize=256)(_render)


@dataclass(slots=True)
class Patch:
    """What changed on the screen. `done` is appended to the finished blocks; then `open` replaces the open block, or
    `text` is appended to it as it stands."""

    done: str = ''
    open: str | None = None
    text: str = ''


class LiveMarkdown:
    """A message while it grows. The cost of a delta does not depend on how much was said before it."""

    def __init__(self) -> None:
        self.done = ''
        self._blocks = _Blocks()
        self._html = ''
        self._appended = ''
        self._owed = ''
        self._rendered = 0
        self._cells = 0
        self._open_cells = 0

    def feed(self, text: str) -> Patch:
        finished = self._blocks.feed(text)
        if finished:
            html = ''.join(map(self._render_finished, finished))
            self.done += html
            return Patch(done=html, open=self._render_open())
        if self._is_plain(text) or self._is_too_dear():
            shown, self._owed = self._owed + text, ''
            self._appended += shown
            return Patch(text=shown)
        return Patch(open=self._render_open())

    def finish(self, last: str = '') -> Patch:
        """The last words have arrived: nothing stays open."""
        blocks = [*self._blocks.feed(last), self._blocks.open.rstrip()]
        html = ''.join(map(self._render_finished, filter(None, blocks)))
        self.done += html
        self._blocks, self._html, self._appended, self._owed = _Blocks(), '', '', ''
        return Patch(done=html, open='')

    def whole(self) -> Patch:
        """Everything, for a screen that has nothing yet: it then stands where all others stand."""
        return Patch(self.done, self._html, self._appended)

    def _render_finished(self, text: str) -> str:
        cells = _cells(text)
        if self._cells + cells > MOST_CELLS:
            return _as_it_is(text)
        self._cells += cells
        return render_block(text)

    def _render_open(self) -> str:
        shown = self._blocks.open.rstrip()
        self._open_cells = _cells(shown)
        too_many = self._cells + self._open_cells > MOST_CELLS
        html = _as_it_is(shown) if too_many else render_block(shown) if shown else ''
        # The parser ends code with a line break of its own; the next words belong on the same line.
        self._html = html.removesuffix('\n').replace('\n</code></pre>', '</code></pre>')
        # White space at the end is not rendered: it comes with the next words.
        self._owed = self._blocks.open[len(shown) :]
        self._rendered = len(self._blocks.open)
        self._appended = ''
        return self._html

    def _is_plain(self, text: str) -> bool:
        """Words that cannot change how the open block is rendered: most deltas, and they cost next to nothing."""
        if not self._html:
            return False
        if self._blocks.in_code:
            return '`' not in text and '~' not in text
        line = self._blocks.open.rpartition('\n')[2]
        return not _MARKS.search(text) and bool(_WORD.search(line, 0, len(line) - len(text)))

    def _is_too_dear(self) -> bool:
        """A very long block, or a large table, shows its newest words as plain text for a while, so that rendering
        stays linear."""
        length = len(self._blocks.open)
        size = length + self._open_cells * _CELL
        return bool(self._html) and size > _ROUGH_FROM and length < self._rendered * _ROUGH_GROWTH


class _Blocks:
    """Cuts text into blocks as it arrives. Each line is looked at once."""

    def __init__(self) -> None:
        self.open = ''
        self._begin()

    @property
    def in_code(self) -> bool:
        return self._fence is not None

    def feed(self, text: str) -> list[str]:
        """The blocks that are finished by this text: at a blank line outside code, when what follows cannot belong."""
        self.open += text
        finished: list[str] = []
        while True:
            end = self.open.find('\n', self._looked_at)
            line = self.open[self._looked_at : end + 1] if end >= 0 else self.open[self._looked_at :]
            if self._after_blank and line.strip() and self._begins_another(line):
                finished.append(self.open[: self._looked_at].rstrip())
                self.open = self.open[self._looked_at :]
                self._begin()
                continue
            if end < 0:
                return finished
            self._look_at(line)
            self._looked_at = end + 1

    def _begin(self) -> None:
        self._looked_at = 0
        self._fence: str | None = None
        self._after_blank = False
        self._is_list: bool | None = None

    def _look_at(self, line: str) -> None:
        bare = line.strip()
        if self._is_list is None and bare:
            self._is_list = bool(_LIST_ITEM.match(bare))
        if match := _FENCE.match(line):
            if self._fence is None:
                self._fence = match.group(1)
            elif bare.startswith(self._fence) and not bare.strip(self._fence[0]):
                self._fence = None
        self._after_blank = self._fence is None and not bare and self._is_list is not None

    def _begins_another(self, line: str) -> bool:
        if line[0] in ' \t':
            return False
        return not self._is_list or not (_LIST_ITEM.match(line) or _MAY_BE_LIST.match(line.rstrip('\n')))


def _cells(text: str) -> int:
    """How many cells the tables of a block have, with those that nobody wrote: every row is filled up to the width of
    the first, so that a few letters may stand for hundreds."""
    if '|' not in text:
        return 0
    cells = columns = 0
    for line in _lines_after_code(text):
        if not line.strip():
            columns = 0
        elif not line.strip(' \t>-:|'):  # the row under the head says how many columns there are
            columns = max(columns, line.count('|') + 1)
        cells += columns
    return cells


def _lines_after_code(text: str) -> Iterator[str]:
    lines = iter(text.splitlines())
    if match := _FENCE.match(text):
        fence = match.group(1)
        next(lines)
        for line in lines:
            if (bare := line.strip()).startswith(fence) and not bare.strip(fence[0]):
                break
    return lines


def _as_it_is(text: str) -> str:
    return f'<p>{_escaped(text)}</p>'


def _escaped(text: str) -> str:
    return nh3.clean_text(text).replace('\n', '<br>')

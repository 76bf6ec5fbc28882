"""A table of few letters and many cells holds nobody up: nor do many of them, nor one that grows."""

from __future__ import annotations

import pytest

from components import markdown
from components.markdown import LONGEST_KEPT, MOST_CELLS, LiveMarkdown, render


def table(columns: int, rows: int, row: str = '|x') -> str:
    """Of the rows below the head only the first cell is written; the parser fills up the others."""
    return '\n'.join(['|a' * columns + '|', '|-' * columns + '|', *[row] * rows])


@pytest.mark.parametrize('around', ['{}', 'Look:\n{}', '- so\n\n{}', '> {}', '```\ncode\n```\n{}', '``` `x`\n{}'])
@pytest.mark.parametrize('end', ['\n', '\r\n', '\r'])
def test_a_table_of_very_many_cells_is_shown_as_it_is(around: str, end: str) -> None:
    indent = {'- so\n\n{}': '  ', '> {}': '> '}.get(around, '')
    lines = table(250, 1_000).split('\n')
    html = render(around.replace('{}', f'{end}{indent}'.join([indent.strip('> ') + lines[0], *lines[1:]])))
    assert html.count('<td') == 0
    assert '|a|a|a' in html


def test_many_tables_in_one_message_have_no_more_cells_than_one() -> None:
    html = render('\n\n'.join([table(50, 20)] * 40))
    assert 0 < html.count('<td') + html.count('<th') <= MOST_CELLS * 1.1
    assert html.count('<table>') == 1
    assert '|a|a|a' in html


def test_after_a_table_that_is_too_large_a_small_one_is_a_table() -> None:
    html = render(f'{table(250, 1_000)}\n\n{table(3, 2)}')
    assert html.count('<td') == 6


def test_a_table_somebody_may_want_to_read_is_a_table() -> None:
    assert render(table(8, 100, '| word' * 8 + ' |')).count('<td') == 800


def test_tables_in_code_are_code() -> None:
    html = render(f'```\n{table(250, 1_000)}\n```')
    assert html.startswith('<pre><code>')


def test_a_growing_table_is_parsed_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells parsed in all while a table of few letters and many cells arrives row by row."""
    parsed: list[int] = []
    real = markdown._MARKDOWN.render

    def count(text: str) -> str:
        html = real(text)
        parsed.append(html.count('<td'))
        return html

    monkeypatch.setattr(markdown._MARKDOWN, 'render', count)
    live = LiveMarkdown()
    live.feed(table(100, 0))
    for _ in range(1_000):
        live.feed('\n|x')
    live.finish()
    assert sum(parsed) < 3 * MOST_CELLS


def test_what_is_kept_is_small() -> None:
    markdown._render_kept.cache_clear()
    render('```\n' + 'x = 1\n' * 20_000 + '```')
    render('word ' * (LONGEST_KEPT // 5 + 1))
    assert markdown._render_kept.cache_info().currsize == 0
    assert render('word') == render('word')
    assert markdown._render_kept.cache_info().currsize == 1


@pytest.mark.parametrize(
    'address', ['/settings', 'settings', '//evil.example', '../x', '?x=1', '#x', '\\\\evil.example']
)
def test_no_link_leads_to_a_page_of_chimera(address: str) -> None:
    assert 'href' not in render(f'[x]({address})')

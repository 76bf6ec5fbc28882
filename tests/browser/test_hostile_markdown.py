"""Text from a model, a person or a vendor is text wherever it is shown: nothing in it runs, and nothing is fetched."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.prompter import Prompter, frames_of
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import Gate, Reply, refuses

# Each would set window.ran, open a dialog, or fetch something from elsewhere.
HOSTILE = (
    '<script>window.ran = 1</script>',
    '<img src=x onerror="window.ran = 1">',
    '<svg onload="window.ran = 1"><circle r="9"/></svg>',
    '<svg><script>window.ran = 1</script></svg>',
    '<iframe srcdoc="<script>parent.ran = 1</script>"></iframe>',
    '<iframe src="https://evil.example/frame"></iframe>',
    '<form action="https://evil.example/"><input name=p autofocus onfocus="window.ran = 1"></form>',
    '<style>@import url(https://evil.example/a.css); body { display: none }</style>',
    '<link rel="stylesheet" href="https://evil.example/b.css">',
    '<meta http-equiv="refresh" content="0; url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<object data="https://evil.example/o"></object><embed src="https://evil.example/e">',
    '<details open ontoggle="window.ran = 1">hm</details>',
    '<div style="background: url(https://evil.example/c.png)">styled</div>',
    '<math><mtext><table><mglyph><style><img src=x onerror=window.ran=1></style></mglyph></table></mtext></math>',
    '<noscript><p title="</noscript><img src=x onerror=window.ran=1>"></noscript>',
    '![a picture](https://evil.example/pixel.png)',
    '![x](x"onerror="window.ran=1)',
    '[press me](javascript:window.ran=1)',
    '[and me](JaVaScRiPt&colon;window.ran=1)',
    '[or me](data:text/html,<script>window.ran=1</script>)',
    '[or <b onmouseover=window.ran=1>me</b>](vbscript:x "a\\" onclick=window.ran=1")',
    '<javascript:window.ran=1>',
    '[ref]: javascript:window.ran=1\n\nSee [ref].',
    '```html\n<script>window.ran = 1</script>\n```',
    '```"><img src=x onerror=window.ran=1>\ncode\n```',
    '`<img src=x onerror=window.ran=1>`',
    '| a |\n|---|\n| <img src=x onerror=window.ran=1> |',
    '{{ constructor.constructor("window.ran = 1")() }} ${window.ran = 1}',
    '<a href="https://evil.example/" ping="https://evil.example/ping">a</a>',
)
TOGETHER = 4
SAID = '.speech .done'
FORBIDDEN = 'script, img, svg, iframe, form, input, style, link, meta, base, object, embed, details, [style], [ping]'


async def test_nothing_a_model_says_runs(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    page = theatre.page
    speeches = ['\n\n'.join(HOSTILE[at : at + TOGETHER]) for at in range(0, len(HOSTILE), TOGETHER)]
    curtain = Gate()  # a change of pace drops what was thought of in advance, and its words with it
    first, *others = (frames_of(speech, 12) for speech in speeches)
    vendor.about('Hostile markdown').will(Reply((curtain, *first.steps)), *others)
    await theatre.begin(live.url, 'Hostile markdown')
    await theatre.choose_pace('Instant')
    curtain.open()
    for number in range(1, len(speeches) + 1):
        await theatre.ends(number)
    await nothing_ran(page)
    await expect(theatre.speech(1)).to_contain_text('<script>window.ran = 1</script>')
    await expect(theatre.speech(1)).to_contain_text('<img src=x onerror="window.ran = 1">')
    await expect(theatre.speech(3)).to_contain_text('<link rel="stylesheet" href="https://evil.example/b.css">')
    assert await page.locator(SAID).locator(FORBIDDEN).count() == 0
    assert await attributes_that_act(page) == []

    for link in await theatre.lines.get_by_role('link').all():
        assert await link.evaluate('(a) => a.protocol') in ('http:', 'https:', 'mailto:')
        assert 'noopener' in (await link.get_attribute('rel') or '')
    await page.reload()  # from the archive it is drawn the same way
    await theatre.ends(len(speeches))
    await nothing_ran(page)
    assert await page.locator(SAID).locator(FORBIDDEN).count() == 0


async def test_nothing_in_a_topic_a_line_a_name_or_a_vendors_refusal_runs(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    page = theatre.page
    topic = 'Names <img src=x onerror="window.ran=1">'
    refusal = '<img src=x onerror=window.ran=1><script>window.ran=1</script>'
    vendor.about('Names').usually = refuses(400, refusal)
    await theatre.begin(live.url, topic)
    await theatre.ends(1, 'failed')
    await expect(theatre.status).to_contain_text('<img src=x onerror=window.ran=1>')
    await expect(page.get_by_role('heading', level=1)).to_contain_text('<img src=x')
    await theatre.say.fill('<svg onload="window.ran=1"> {{ 7*7 }}')
    await theatre.say.press('Enter')
    await expect(theatre.speech(2)).to_have_text('<svg onload="window.ran=1"> {{ 7*7 }}')
    await nothing_ran(page)

    await page.goto(live.url)
    await expect(page.get_by_role('link', name='Names <img')).to_be_visible()
    await page.get_by_role('button', name='More for Names').click()
    await page.get_by_text('Delete').click()
    await expect(page.get_by_role('alertdialog')).to_contain_text('<img src=x onerror="window.ran=1">')
    await nothing_ran(page)


async def nothing_ran(page: Page) -> None:
    assert await page.evaluate('() => window.ran') is None


async def attributes_that_act(page: Page) -> list[str]:
    return await page.locator(f'{SAID} *').evaluate_all(
        'all => all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on")))'
    )

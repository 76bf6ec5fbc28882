"""For people who use a keyboard, a screen reader or a phone: on every page, in both lights."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import Gate, says

TALK = 'A very long word: ' + 'Donaudampfschifffahrtsgesellschaft' * 4
WIDE = f'| {"a | " * 30}\n|{"---|" * 30}\n| {"wide | " * 30}\n\n```\n{"x" * 400}\n```\n\n{"y" * 300}'

NAMELESS = """() => [...document.querySelectorAll(
  'button, a[href], input, select, textarea, [role=button], [role=radio], [role=menuitem], [tabindex="0"]'
)].filter((one) => {
  if (!one.getClientRects().length || one.closest('[aria-hidden=true]')) return false;
  const ids = (one.getAttribute('aria-labelledby') ?? '').split(' ');
  const by = ids.map((id) => document.getElementById(id)?.textContent);
  const labels = [...(one.labels ?? [])].map((label) => label.textContent);
  const text = one.matches('input, select, textarea') ? '' : one.textContent;
  const names = [one.getAttribute('aria-label'), ...by, ...labels, text];
  return !names.some((name) => name?.trim());
}).map((one) => one.outerHTML.slice(0, 200))"""

FOCUS_SHOWS = """(one) => [one, one.parentElement].some((at) => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
})"""

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  const page = document.scrollingElement.scrollWidth > wide ? ['the page itself'] : [];
  const clips = (one) => getComputedStyle(one).overflowX !== 'visible';
  const clipped = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) if (clips(up)) return true;
    return false;
  };
  const out = [...document.querySelectorAll('body *')].filter((one) => {
    const { right, width, height } = one.getBoundingClientRect();
    return width > 1 && height > 1 && right > wide + 1 && !clipped(one);
  });
  return [...page, ...out.map((one) => one.outerHTML.slice(0, 120))];
}"""


@pytest.mark.parametrize('light', ['light', 'dark'])
@pytest.mark.parametrize('width', [390, 820, 1440])
async def test_every_page_fits_and_everything_on_it_has_a_name(
    live: Running, vendor: Prompter, visitor: Visit, width: int, light: str
) -> None:
    page = await visitor(viewport={'width': width, 'height': 800}, color_scheme=light, has_touch=width < 800)
    theatre = Theatre(page)
    topic = f'{TALK} {width} {light}'
    vendor.about(topic).will(says(WIDE))
    await theatre.begin(live.url, topic)
    await theatre.ends(1)
    await check(page)
    for path in ('/', '/personas', '/personas/philosopher', '/settings'):
        await page.goto(live.url + path)
        await expect(page.get_by_role('heading', level=1)).to_be_visible()
        if path == '/':
            await page.get_by_role('radio', name='Your own cast').click()
            await page.get_by_text('Models and limits').click()
            await expect(page.get_by_role('spinbutton', name='Limit of turns')).to_be_visible()
        await check(page)


async def test_keyboard_alone_begins_a_conversation(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await expect(theatre.begin_button).to_be_visible()
    await page.keyboard.press('Tab')
    await expect(page.locator(':focus')).to_have_text('Skip to main content')
    for _ in range(60):
        await page.keyboard.press('Tab')
        assert await focus_can_be_seen(page), await page.locator(':focus').evaluate('(one) => one.outerHTML')
        if await theatre.begin_button.evaluate('(one) => one === document.activeElement'):
            break
    await expect(theatre.begin_button).to_be_focused()
    await page.keyboard.press('Enter')
    await theatre.words_of(1)
    await page.keyboard.press('p')
    await expect(theatre.status).to_have_text('You paused it.')
    await page.keyboard.press('/')
    await expect(theatre.say).to_be_focused()


async def test_a_line_that_has_ended_is_read_out(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    gate = Gate()
    vendor.about('Read out').will(breaks_off(gate, 'Listen to', ' this.'))
    await theatre.begin(live.url, 'Read out')
    await expect(theatre.speech(1)).to_have_text('Listen to')
    gate.open()
    await theatre.ends(1)
    speaker = await theatre.line(1).get_attribute('data-speaker')
    await expect(theatre.transcript.locator('[aria-live=polite]')).to_have_text(f'{speaker}: Listen to this.')


async def test_the_checks_bite(page: Page) -> None:
    await page.set_content(
        '<button></button><input placeholder="x"><button>Go</button><p style="width: 3000px">wide</p>'
    )
    assert len(await page.evaluate(NAMELESS)) == 2
    assert len(await page.evaluate(OVERFLOWING)) >= 1


async def check(page: Page) -> None:
    await expect(page.get_by_role('main')).to_have_count(1)
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(OVERFLOWING) == []


async def focus_can_be_seen(page: Page) -> bool:
    return await page.locator(':focus').evaluate(FOCUS_SHOWS)

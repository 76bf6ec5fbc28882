"""The measures of a conversation: opened from it, live, to be run along with a mouse or with keys, and back again."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from app.store import people
from app.store.store import Store
from tests.browser.conftest import Open, Visit
from tests.browser.running import Running
from tests.browser.theatre import Theatre, number_of
from tests.browser.watch import Watch
from tests.cast import ADA, BERT, hold_conversation

MEASURES = re.compile(r'/conversation/\w+/measures$')
HOSTILE = '<img src=x onerror=alert(1)>'


def strip(page: Page) -> Locator:
    return page.get_by_role('slider', name='Lines, one after another')


def figure(page: Page, name: str) -> Locator:
    return page.get_by_role('figure', name=name, exact=True)


async def test_watched_live_from_the_first_line_on(demo: Running, theatre: Theatre, visitor: Visit) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'Should a machine be allowed to forget?')
    measures = await visitor()
    await measures.goto(f'{page.url}/measures')
    await expect(measures.get_by_role('heading', name='Measures')).to_be_visible()

    await theatre.say.fill('What would you count first?')
    await theatre.say.press('Enter')
    await expect(theatre.lines.filter(has_text='What would you count first?')).to_be_visible()
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_have_text('All 20 turns are taken.')
    number = await number_of(theatre.lines.last)

    await expect(strip(measures)).to_have_attribute('aria-valuemax', str(number))
    await expect(strip(measures)).to_have_attribute('aria-valuetext', re.compile(f'^Line {number}, '))
    await expect(measures.get_by_role('heading', name='Nothing to measure yet')).to_be_hidden()
    await expect(measures.get_by_role('region', name='In one sentence').get_by_role('status')).to_have_text(
        re.compile(r'^[A-Z].*\.$')
    )
    for name in ('Novelty', 'Repetition', 'Distinctness', 'Convergence', 'Agreement', 'Unanswered', 'Hygiene'):
        await expect(figure(measures, name).get_by_role('img')).to_have_attribute('aria-label', re.compile(f'^{name}'))
    answered = measures.get_by_role('region', name='Who answers whom')
    await expect(answered.get_by_role('img')).to_have_attribute('aria-label', re.compile(r'answered'))
    await expect(measures.get_by_role('region', name='Service').get_by_role('row', name='Everybody')).to_be_visible()


async def test_there_and_back_by_key_and_straight_to_a_line(open_chimera: Open, theatre: Theatre) -> None:
    page = theatre.page
    chimera = await open_chimera()
    await page.goto(f'{chimera.url}/conversation/{await fill(chimera, 200)}')
    await expect(theatre.line(200)).to_be_in_viewport()
    await page.keyboard.press('m')
    await expect(page).to_have_url(MEASURES)
    await expect(strip(page)).to_have_attribute('aria-valuemax', '200')

    await strip(page).focus()
    await page.keyboard.press('Home')
    await expect(strip(page)).to_have_attribute('aria-valuetext', re.compile(r'^Line 1, Ada, \d+ words: Line 1'))
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(page).to_have_url(re.compile(r'#line-3$'))
    await expect(theatre.line(3)).to_be_in_viewport()
    await expect(theatre.line(3)).to_be_focused()
    await expect(theatre.line(200)).not_to_be_in_viewport()

    await page.keyboard.press('m')
    await expect(page).to_have_url(MEASURES)
    await expect(strip(page)).to_have_attribute('aria-valuemax', '200')
    block = page.locator('.track i').nth(188)
    await block.click()
    await expect(page).to_have_url(re.compile(r'#line-189$'))
    await expect(theatre.line(189)).to_be_in_viewport()


async def test_a_line_too_far_up_is_said_to_be(open_chimera: Open, theatre: Theatre) -> None:
    chimera = await open_chimera()
    await theatre.page.goto(f'{chimera.url}/conversation/{await fill(chimera, 700)}#line-2')
    await expect(theatre.line(700)).to_be_in_viewport()
    await expect(theatre.page.get_by_text('Line 2 is far up: scroll up to reach it.')).to_be_attached()


async def test_nothing_yet_and_names_that_are_markup(open_chimera: Open, page: Page, watch: Watch) -> None:
    chimera = await open_chimera()
    await page.goto(f'{chimera.url}/conversation/{await fill(chimera, 1)}/measures')
    await expect(page.get_by_role('heading', name='Nothing to measure yet')).to_be_visible()
    await expect(strip(page)).to_be_hidden()

    await page.goto(f'{chimera.url}/conversation/{await fill(chimera, 12, name=HOSTILE)}/measures')
    await expect(strip(page)).to_have_attribute('aria-valuetext', re.compile(re.escape(BERT.name)))
    await page.keyboard.press('Tab')
    await strip(page).press('ArrowLeft')
    await expect(strip(page)).to_have_attribute('aria-valuetext', re.compile(re.escape(HOSTILE)))
    assert await page.locator('main img').count() == 0

    watch.forgive('404 (Not Found)')
    await page.goto(f'{chimera.url}/conversation/nobody/measures')
    await expect(page.get_by_role('heading', name='There is no such conversation')).to_be_visible()


async def test_on_a_phone_it_fits_and_a_finger_chooses_before_it_opens(open_chimera: Open, visitor: Visit) -> None:
    chimera = await open_chimera()
    address = f'{chimera.url}/conversation/{await fill(chimera, 90)}/measures'
    page = await visitor(viewport={'width': 390, 'height': 844}, has_touch=True)
    await page.goto(address)
    await expect(strip(page)).to_have_attribute('aria-valuemax', '90')
    assert await page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    await page.locator('.track i').nth(80).tap()
    await expect(page.get_by_role('link', name='Open line 81')).to_be_visible()
    await expect(page).to_have_url(address)
    await page.get_by_role('link', name='Open line 81').tap()
    await expect(page.locator('[data-number="81"]')).to_be_in_viewport()


async def fill(chimera: Running, lines: int, name: str = ADA.name) -> str:
    store = Store(chimera.store_url)
    await store.open()
    try:
        scope = await people.home(store)
        said = [f'Line {at}: there is *always* something to add.' for at in range(1, lines + 1)]
        cast = (ADA.model_copy(update={'id': f'ada{len(name)}', 'name': name}), BERT)
        return (await hold_conversation(store, scope, said, cast=cast)).id
    finally:
        await store.close()

"""What every page stands in: the way around, the theme, the keyboard, and a page for what is not there."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.browser.watch import Watch

PAGES = ('/', '/personas', '/personas/philosopher', '/settings')
UNNAMED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea')]
    .filter((element) => element.getClientRects().length)
    .filter((element) => !(element.getAttribute('aria-label') || element.textContent || '').trim()
                         && !element.labels?.[0]?.textContent)
    .map((element) => element.outerHTML)"""


@pytest.mark.parametrize('path', PAGES)
async def test_everything_one_can_press_has_a_name(demo: Running, page: Page, path: str) -> None:
    await page.goto(demo.url + path)
    await expect(page.get_by_role('heading', level=1)).to_be_visible()
    assert await page.evaluate(UNNAMED) == []


async def test_the_theme_is_chosen_and_stays_chosen(demo: Running, page: Page) -> None:
    await page.goto(demo.url)
    await page.get_by_role('button', name='Theme: auto').click()
    await page.get_by_role('button', name='Theme: light').click()
    await expect(page.locator('body')).to_contain_class('body--dark')
    await page.goto(f'{demo.url}/personas')
    await expect(page.locator('body')).to_contain_class('body--dark')
    await expect(page.get_by_role('button', name='Theme: dark')).to_be_visible()


async def test_the_keyboard_knows_the_way(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await expect(theatre.begin_button).to_be_visible()
    await page.keyboard.press('Tab')
    await expect(page.get_by_role('link', name='Skip to main content')).to_be_focused()
    await page.keyboard.press('?')
    shortcuts = page.get_by_role('dialog', name='Keyboard shortcuts')
    await expect(shortcuts).to_be_visible()
    await page.keyboard.press('Escape')
    await expect(shortcuts).to_have_count(0)

    await theatre.begin(demo.url)
    await theatre.words_of(1)
    await page.keyboard.press('p')
    await expect(theatre.status).to_have_text('You paused it.')
    await page.keyboard.press('/')
    await expect(theatre.say).to_be_focused()
    await page.keyboard.press('p')
    await expect(theatre.say).to_have_value('p')
    await expect(theatre.status).to_have_text('You paused it.')


async def test_what_is_not_there_is_said_kindly(demo: Running, page: Page, watch: Watch) -> None:
    watch.forgive('404')
    for path, heading in (('/conversation/nobody', 'There is no such'), ('/personas/nobody', 'Nobody by that name')):
        answer = await page.goto(demo.url + path)
        assert answer
        assert answer.status == 404
        await expect(page.get_by_role('heading', level=1)).to_contain_text(heading)
        await expect(page.get_by_role('link', name='Back to the stage door')).to_be_visible()


async def test_a_persona_is_found_read_and_cast(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(f'{demo.url}/personas')
    company = page.locator('[data-persona]:visible')
    await expect(company).to_have_count(12)
    await page.get_by_role('searchbox', name='Search personas').fill('funeral')
    await expect(company).to_have_count(1)
    await company.click()
    await expect(page.get_by_role('heading', name='Goals')).to_be_visible()
    await page.get_by_role('link', name='Cast Milo').click()
    picked = page.get_by_role('group', name='Personas to pick from').get_by_role('button', pressed=True)
    await expect(picked.filter(has_text='Milo')).to_be_visible()
    await theatre.begin_button.click()
    await theatre.words_of(1)


async def test_settings_say_what_is_missing_and_how_to_set_it(demo: Running, live: Running, page: Page) -> None:
    await page.goto(f'{demo.url}/settings')
    vendor = page.locator('[data-vendor=openai]')
    await expect(vendor).to_have_attribute('data-present', 'false')
    await expect(vendor).to_contain_text('OPENAI_API_KEY')
    await page.get_by_role('button', name='Look again').click()
    await expect(page.get_by_role('button', name='Look again')).to_be_enabled()
    await expect(page.get_by_role('heading', name='Demo: scripted voices')).to_be_visible()
    await page.goto(f'{live.url}/settings')
    await expect(page.get_by_role('heading', name='Live: real models answer')).to_be_visible()
    await expect(page.locator('[data-vendor=compatible]')).to_have_attribute('data-present', 'true')

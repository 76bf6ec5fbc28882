"""The other rooms: the company, the settings, the light switch, the sheet of shortcuts."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.running import Running


async def test_twelve_personas_can_be_looked_through(demo: Running, page: Page) -> None:
    await page.goto(f'{demo.url}/personas')
    portraits = page.locator('[data-persona]')
    await expect(portraits).to_have_count(12)
    for persona in ('philosopher', 'comedian', 'scientist'):
        await expect(page.locator(f'[data-persona={persona}]')).to_be_visible()
    await expect(page.get_by_text('These files could not be read')).to_be_hidden()

    seen = portraits.filter(visible=True)
    await page.get_by_role('searchbox', name='Search personas').fill('iris')
    await expect(seen).to_have_count(1)
    await page.get_by_role('searchbox', name='Search personas').fill('qqq')
    await expect(page.get_by_text('Nobody here answers to that.')).to_be_visible()
    await page.get_by_role('searchbox', name='Search personas').fill('')
    await page.get_by_role('button', name='Thinkers').click()
    await expect(page.locator('[data-persona=comedian]')).to_be_hidden()

    await page.locator('[data-persona=philosopher]').click()
    await expect(page.get_by_role('heading', name='Iris')).to_be_visible()
    for chapter in ('Values', 'Goals', 'Habits'):
        await expect(page.get_by_role('heading', name=chapter)).to_be_visible()
    await page.get_by_role('link', name='Cast Iris').click()
    await expect(page.get_by_role('complementary', name="Tonight's cast")).to_contain_text('Iris')


async def test_settings_say_what_demo_is_and_how_to_go_live(demo: Running, page: Page) -> None:
    await page.goto(demo.url)
    await page.get_by_role('link', name='How to go live').click()
    await expect(page.get_by_role('heading', name='Demo: scripted voices')).to_be_visible()
    for variable in ('OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'DEEPSEEK_API_KEY'):
        await expect(page.get_by_role('region', name='Who answers')).to_contain_text(variable)
    await expect(page.get_by_role('region', name='What leaves this machine')).to_contain_text('no telemetry')
    await expect(page.locator('[data-vendor=openai]')).to_have_attribute('data-present', 'false')
    await page.get_by_role('button', name='Look again').click()
    await expect(page.get_by_role('button', name='Look again')).to_be_enabled()


async def test_settings_say_who_answers(live: Running, page: Page) -> None:
    await page.goto(f'{live.url}/settings')
    await expect(page.get_by_role('heading', name='Live: real models answer')).to_be_visible()
    await expect(page.locator('[data-vendor=compatible]')).to_have_attribute('data-present', 'true')
    await expect(page.locator('[data-mode=live]')).to_contain_text('compatible/fake-small')


async def test_light_switch_is_remembered(demo: Running, visitor: Visit) -> None:
    page = await visitor(color_scheme='light')
    await page.goto(demo.url)
    switch = page.get_by_role('button', name=re.compile('^Theme'))
    await expect(switch).to_have_accessible_name('Theme: auto')
    for theme, dark in (('light', False), ('dark', True)):
        await switch.click()
        await expect(switch).to_have_accessible_name(f'Theme: {theme}')
        await is_dark(page, dark)
        await page.reload()
        await expect(switch).to_have_accessible_name(f'Theme: {theme}')
        await is_dark(page, dark)
    await page.goto(f'{demo.url}/personas')
    await is_dark(page, True)
    await switch.click()
    await expect(switch).to_have_accessible_name('Theme: auto')
    await is_dark(page, False)
    await page.emulate_media(color_scheme='dark')
    await is_dark(page, True)


async def test_question_mark_shows_the_shortcuts(demo: Running, page: Page) -> None:
    await page.goto(demo.url)
    sheet = page.get_by_role('dialog').filter(has_text='Keyboard shortcuts')
    await expect(page.get_by_role('button', name='Keyboard shortcuts')).to_be_visible()
    await page.keyboard.press('?')
    await expect(sheet.first).to_be_visible()
    await expect(sheet.first).to_contain_text('stop the reply in mid-sentence')
    await page.keyboard.press('Escape')
    await expect(sheet.first).to_be_hidden()


async def is_dark(page: Page, dark: bool) -> None:
    await expect(page.locator('body')).to_have_css('color-scheme', re.compile('dark' if dark else 'light'))

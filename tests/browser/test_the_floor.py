"""Who may speak, and who speaks next, is settled at a persona's face."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.running import Running
from tests.browser.theatre import Theatre


async def test_a_persona_is_muted_and_called_on_from_the_stage(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'Who has the floor?')
    await theatre.press('Pause')
    await expect(page.get_by_role('button', name='Resume')).to_be_visible()
    figures = page.get_by_role('complementary', name='On stage').locator('[data-participant]')
    bars = figures.locator('.urge')
    await expect(bars.first).to_have_attribute('title', re.compile(r'^Iris .+\.$'))

    await theatre.press('Steer Milo')
    milo = page.get_by_role('dialog', name='Milo')
    await milo.get_by_role('button', name='Mute').click()
    await expect(milo.get_by_role('button', name='Let speak again')).to_be_visible()
    await milo.get_by_role('button', name='Close').click()
    await expect(figures.filter(has_text='Milo')).to_have_attribute('data-muted', 'true')

    await theatre.press('Steer Noor')
    await page.get_by_role('dialog', name='Noor').get_by_role('button', name='Speak next').click()
    await theatre.choose_pace('Instant')
    await theatre.press('Resume')
    await expect(theatre.status).to_have_text('All 20 turns are taken.', timeout=60_000)
    speakers = await theatre.lines.evaluate_all('lines => lines.map((line) => line.dataset.speaker)')
    assert speakers[1] == 'Noor'
    assert 'Milo' not in speakers[1:]


async def test_the_speaker_order_is_changed_on_the_way(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'Whose turn is it?')
    bar = page.locator('.urge').first
    await expect(bar).to_be_visible()
    await theatre.press('More for this conversation')
    await page.get_by_text('Who speaks next', exact=True).click()
    await page.get_by_role('combobox', name='Who speaks next').select_option(label='One after the other')
    await expect(bar).to_be_hidden()
    await theatre.press('Stop')

"""A format is chosen before the conversation, watched phase by phase, and voted in."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.running import Running
from tests.browser.theatre import Theatre


async def test_a_debate_is_watched_to_its_vote(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await page.get_by_role('combobox', name='Format').select_option(label='Debate')
    await expect(page.get_by_text('One motion, two sides, and a floor that decides.')).to_be_visible()
    await page.get_by_role('button', name='Begin the conversation').click()
    programme = page.get_by_role('region', name='Format')
    await expect(programme.locator('[aria-current="step"]')).to_have_text('Openings')
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_contain_text('The motion is', timeout=60_000)

    await programme.get_by_role('button', name='Who knows what').click()
    sheet = page.get_by_role('dialog', name='Who knows what')
    await expect(sheet.get_by_role('row', name='Noor knows')).to_contain_text('the proposer')
    await sheet.get_by_role('button', name='Close').click()


async def test_a_cast_that_does_not_fit_is_told_so_before_and_when_it_begins(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await page.get_by_role('combobox', name='Format').select_option(label='Werewolves')
    sentence = page.get_by_text('“Werewolves” needs at least 5, and 3 are here: add 2 more.')
    await expect(sentence).to_be_visible()
    await page.get_by_role('button', name='Begin the conversation').click()
    await expect(sentence).to_have_count(2)

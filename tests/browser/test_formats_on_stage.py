"""A format is chosen before the conversation, watched phase by phase, and voted in."""

from __future__ import annotations

import re

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


async def test_who_plays_what_is_told_and_may_be_chosen(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    roles = page.get_by_role('group').filter(has=page.get_by_text('Who plays what', exact=True))
    await expect(roles).to_be_hidden()
    await page.get_by_role('combobox', name='Format').select_option(label='Debate')
    await expect(roles).to_contain_text('Iris is the proposer, Milo is the opposer')
    await page.get_by_text('Who plays what', exact=True).click()
    role = page.get_by_role('combobox', name=re.compile('^Role of '))
    names = [(await role.nth(at).get_attribute('aria-label') or '').removeprefix('Role of ') for at in range(3)]
    first, *_, last = names
    await role.first.select_option(label='the proposer')
    await role.last.select_option(label='the proposer')
    fault = page.get_by_text(f'Of this cast only 1 can be “the proposer”, and it is wanted for {first} and {last}.')
    await expect(fault.first).to_be_visible()
    await page.get_by_role('button', name='Begin the conversation').click()
    await expect(fault).to_have_count(2)

    await role.first.select_option(label='a voice from the floor')
    await expect(fault).to_have_count(1)  # the topic keeps what it was told until something is typed
    await expect(roles).to_contain_text(f'{last} is the proposer')
    await page.get_by_role('button', name='Begin the conversation').click()
    first_line = theatre.transcript.locator('[data-line="speech"]').first
    await expect(first_line).to_have_attribute('data-speaker', last)
    await page.get_by_role('button', name='Who knows what').click()
    sheet = page.get_by_role('dialog', name='Who knows what')
    await expect(sheet.get_by_role('row', name=f'{first} knows')).to_contain_text('a voice from the floor')


async def test_what_all_write_at_once_is_opened_at_once(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await page.get_by_role('combobox', name='Format').select_option(label='Jury')
    await theatre.begin_button.click()
    await theatre.press('Pause')
    await theatre.choose_pace('Instant')
    sealed = theatre.transcript.locator('[data-sealed="true"][data-state="complete"]')
    await theatre.press('Step')
    await theatre.ends(2)
    await theatre.press('Step')
    await expect(sealed.first).to_be_visible(timeout=60_000)
    speaker = await sealed.first.get_attribute('data-speaker')
    id = await sealed.first.get_attribute('data-message-id')
    await expect(sealed.first).to_contain_text(f'{speaker} has written something; it is opened when all have.')
    await page.reload()
    await expect(sealed.first).to_contain_text('it is opened when all have.')
    await sealed.first.hover()
    await sealed.first.get_by_role('button', name='More for this line').click()
    await expect(page.get_by_role('menuitem', name='Branch from here')).to_be_visible()
    await expect(page.get_by_role('menuitem', name='Edit')).to_be_hidden()
    await page.keyboard.press('Escape')

    await theatre.press('Resume')
    opened = theatre.transcript.locator(f'[data-message-id="{id}"]')
    await expect(opened).not_to_have_attribute('data-sealed', 'true', timeout=60_000)
    await expect(opened.locator('.speech')).to_contain_text('VOTE')


async def test_a_format_is_edited_refused_kept_played_and_removed(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    format = page.get_by_role('combobox', name='Format')
    await format.select_option(label='Debate')
    await page.get_by_role('button', name='Edit this format, or write one').click()
    sheet = page.get_by_role('dialog', name='This format, as a file')
    text = sheet.get_by_role('textbox', name='The format')
    await expect(text).to_have_value(re.compile('name: Debate'))
    async with page.expect_download() as download:
        await sheet.get_by_role('link', name='Download').click()
    assert (await download.value).suggested_filename == 'debate.yaml'

    written = (await text.input_value()).replace('name: Debate', 'name: Duel at noon', 1)
    await text.fill(written.replace('phases:', 'faces:', 1))
    await sheet.get_by_role('button', name='Keep it').click()
    await expect(sheet.get_by_role('alert')).to_contain_text('faces')
    await expect(text).to_have_value(re.compile('faces:'))  # what was typed is still there
    await text.fill(written)
    await sheet.get_by_role('button', name='Keep it').click()
    await expect(sheet).to_be_hidden()
    await expect(format).to_have_value('duel_at_noon')
    await theatre.begin_button.click()
    await expect(page.get_by_role('region', name='Format').locator('[aria-current="step"]')).to_have_text('Openings')
    await theatre.press('Stop')

    await page.goto(demo.url)
    await format.select_option(label='Duel at noon')
    await page.get_by_role('button', name='Edit this format, or write one').click()
    await sheet.get_by_role('button', name='Remove').click()
    await expect(format).to_have_value('round_table')
    await expect(format.get_by_role('option', name='Duel at noon')).to_have_count(0)

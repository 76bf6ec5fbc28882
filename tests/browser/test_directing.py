"""The director's desk: notes, dials, the scene and rules, given while the conversation goes on behind it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.running import Running
from tests.browser.theatre import Theatre


async def open_desk(theatre: Theatre, url: str, topic: str) -> Page:
    """Of a conversation that is paused."""
    await theatre.begin(url, topic)
    await theatre.press('Pause')
    await expect(theatre.page.get_by_role('button', name='Resume')).to_be_visible()
    await theatre.page.keyboard.press('d')
    await expect(theatre.page.get_by_role('dialog', name='Direct')).to_be_visible()
    return theatre.page


async def finish(theatre: Theatre) -> None:
    await theatre.press('Close')
    await theatre.choose_pace('Instant')
    await theatre.press('Resume')
    await expect(theatre.status).to_have_text('All 20 turns are taken.', timeout=60_000)


async def test_notes_are_given_seen_withdrawn_and_measured(demo: Running, theatre: Theatre) -> None:
    page = await open_desk(theatre, demo.url, 'Notes from the dark')
    desk, note = page.get_by_role('dialog', name='Direct'), page.get_by_role('textbox', name='Note to the room')
    await theatre.press('Give the note')
    await expect(desk.get_by_role('alert').filter(has_text='The note is empty')).to_be_visible()
    await note.fill('Ask more than you answer.')
    await theatre.press('Give the note')
    standing = desk.get_by_role('list', name='Notes that hold').get_by_role('listitem')
    await expect(standing).to_have_count(1)
    await expect(standing).to_contain_text('3 more turns')
    await expect(theatre.transcript.get_by_text('Note to everybody: Ask more than you answer.')).to_be_visible()

    await note.fill('Hide the Zwirbelhut.')
    await page.get_by_role('combobox', name='Who the note is for').select_option(label='to Milo')
    await page.get_by_role('combobox', name='How long the note holds').select_option(label='until withdrawn')
    await desk.get_by_role('checkbox', name='Secret').check()
    await theatre.press('Give the note')
    await expect(standing).to_have_count(2)
    await expect(page.get_by_text('Zwirbelhut')).to_have_count(0)
    await desk.get_by_role('button', name='A secret note: show it').click()
    await expect(standing.first).to_contain_text('Hide the Zwirbelhut.')
    await finish(theatre)
    await expect(page.get_by_text('Zwirbelhut')).to_have_count(0)

    await theatre.press('Direct')
    await expect(standing).to_have_count(1)
    await expect(standing).to_contain_text(re.compile(r'Milo .+'))
    await standing.get_by_role('button', name='Withdraw').click()
    await expect(standing).to_have_count(0)
    await desk.get_by_text('Earlier notes').click()
    await expect(desk.get_by_role('list', name='Earlier notes').get_by_role('listitem')).to_have_count(2)


async def test_a_scene_is_set_and_a_narrator_tells(demo: Running, theatre: Theatre) -> None:
    page = await open_desk(theatre, demo.url, 'Somewhere else')
    await page.get_by_role('tab', name='Scene').click()
    await theatre.press('Change the scene')
    await expect(page.get_by_text('Type a place, a time or a mood first.')).to_be_visible()
    await page.get_by_role('textbox', name='Place').fill('A lighthouse in a storm')
    await page.get_by_role('textbox', name='Mood').fill('uneasy')
    await theatre.press('Change the scene')
    told = theatre.lines.filter(has_text='The scene changes: A lighthouse in a storm. The mood: uneasy.')
    await expect(told).to_have_attribute('data-line', 'scene')
    now = page.get_by_role('list', name='The scene now').get_by_role('listitem')
    await expect(now).to_have_count(2)
    await expect(page.get_by_role('textbox', name='Place')).to_have_value('')
    await theatre.press('Clear the mood')
    await expect(now).to_have_count(1)
    await page.get_by_role('textbox', name='Narration').fill('The lamp goes out.')
    await theatre.press('Narrate')
    await expect(theatre.lines.filter(has_text='The lamp goes out.')).to_be_visible()
    figures = page.get_by_role('complementary', name='On stage').locator('[data-participant]')
    await expect(figures).to_have_count(3)


async def test_dials_of_the_room_and_of_a_persona_stay_where_they_were_put(demo: Running, theatre: Theatre) -> None:
    page = await open_desk(theatre, demo.url, 'How they talk')
    await page.get_by_role('tab', name='Dials').click()
    heat = page.get_by_role('slider', name='Heat of the room')
    await heat.fill('2')
    await expect(page.locator('.dial').filter(has_text='Heat')).to_contain_text('on fire')
    await theatre.press('Close')
    await theatre.press('Steer Iris')
    await page.get_by_text('How Iris talks').click()
    await page.get_by_role('slider', name='Length of Iris').fill('-2')
    await expect(page.locator('.dial').filter(has_text='Length')).to_contain_text('one sentence')
    await page.get_by_role('textbox', name='Note to Iris').fill('Be brief.')
    await theatre.press('Give the note')
    await expect(theatre.lines.filter(has_text='Note to Iris: Be brief.')).to_be_visible()
    await page.reload()
    await theatre.press('Direct')
    await page.get_by_role('tab', name='Dials').click()
    await expect(page.get_by_role('slider', name='Heat of the room')).to_have_value('2')


async def test_a_rule_is_made_of_plain_choices_acts_and_is_removed(demo: Running, theatre: Theatre) -> None:
    page = await open_desk(theatre, demo.url, 'By the rules')
    await page.get_by_role('tab', name='Rules').click()
    await theatre.press('Add the rule')
    await expect(page.get_by_text('Which word? Write the word or the phrase it waits for.')).to_be_visible()
    await page.get_by_role('combobox', name='What it waits for').select_option(label='has taken turns')
    await page.get_by_role('spinbutton', name='How much').fill('2')
    await page.get_by_role('combobox', name='What it does').select_option(label='narrate')
    await page.get_by_role('textbox', name='What it says').fill('A bell rings.')
    await theatre.press('Add the rule')
    rules = page.get_by_role('list', name='Rules').get_by_role('listitem')
    await expect(rules).to_contain_text('When 2 more turns are taken, the narrator tells: “A bell rings.” (once).')
    await finish(theatre)
    trace = theatre.lines.filter(has_text='A rule: 2 turns were taken, so the narrator tells')
    await expect(trace).to_have_attribute('data-line', 'guard')
    await theatre.press('Direct')
    await page.get_by_role('tab', name='Rules').click()
    await expect(rules).to_contain_text(re.compile(r'Acted after turn \d\.'))
    await rules.get_by_role('button', name=re.compile('^Remove')).click()
    await expect(rules).to_have_count(0)


async def test_the_desk_fits_a_phone(demo: Running, visitor: Visit) -> None:
    page = await visitor(viewport={'width': 390, 'height': 844}, has_touch=True)
    theatre = Theatre(page)
    await theatre.begin(demo.url, 'On a small stage')
    await theatre.press('Direct')
    desk = page.get_by_role('dialog', name='Direct')
    for tab in ('Notes', 'Dials', 'Scene', 'Rules'):
        await page.get_by_role('tab', name=tab).click()
        await expect(page.get_by_role('tabpanel', name=tab)).to_be_visible()
        assert await desk.evaluate('sheet => sheet.scrollWidth <= sheet.clientWidth')
    await theatre.press('Close')
    await theatre.press('Stop')

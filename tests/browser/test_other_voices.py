"""Another model for a persona on the way, another model for one line, and a vote of whoever only watches."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.browser.prompter import Prompter
from tests.browser.running import Running
from tests.browser.test_line_menu import choose, two_lines
from tests.browser.theatre import Theatre
from tests.fake_vendor import says


async def take_large(choice: Locator) -> None:
    await choice.select_option(value=await choice.locator('option[value$="fake-large"]').get_attribute('value'))


async def test_a_persona_speaks_with_another_model_from_its_next_turn_on(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    page, topic = theatre.page, 'Another voice'
    await two_lines(theatre, live, vendor, topic)
    await theatre.press('Steer Milo')
    milo = page.get_by_role('dialog', name='Milo')
    await take_large(milo.get_by_role('combobox', name='Model of Milo'))
    await expect(milo).to_be_hidden()
    await expect(page.get_by_role('button', name='Steer Milo')).to_have_text('fake-large')
    await theatre.press('Steer Milo')
    await milo.get_by_role('button', name='Speak next').click()
    said = await theatre.lines.count()
    await theatre.press('Go on')
    await theatre.ends(said + 1)
    await expect(theatre.line(said + 1)).to_have_attribute('data-speaker', 'Milo')
    await expect(theatre.line(said + 1).locator('.model')).to_have_text('fake-large')
    assert 'fake-large' in {asked.body['model'] for asked in vendor.about(topic).asked}


async def test_a_line_is_told_anew_by_another_model(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    await two_lines(theatre, live, vendor, 'The same with another head')
    vendor.about('The same with another head').will(says('Zebras regret.'))
    await choose(theatre, 1, 'Tell anew as …')
    sheet = theatre.page.get_by_role('dialog', name='Tell this line anew')
    await take_large(sheet.get_by_role('combobox', name='Model'))
    await sheet.get_by_role('button', name='Tell anew').click()
    await expect(theatre.speech(1)).to_have_text('Zebras regret.')
    await expect(theatre.line(1).locator('.model')).to_have_text('fake-large')


async def test_whoever_watches_votes_with_a_button(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(f'{demo.url}/?cast=philosopher,comedian')
    await page.get_by_role('combobox', name='Format').select_option(label='Debate')
    await theatre.begin_button.click()
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_contain_text('The audience votes now', timeout=60_000)
    programme = page.get_by_role('region', name='Format')
    await programme.get_by_role('button', name='Vote: Carried').click()
    await expect(theatre.status).to_contain_text('The motion is carried. Carried 1.', timeout=60_000)

"""A person takes part: speaks for a persona, has a draft written, brings somebody in, sees somebody off, chooses."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import Gate, refuses, says


async def paused(theatre: Theatre, url: str, topic: str) -> Page:
    """After some words of a first line; in mid-sentence, it ends there."""
    page = theatre.page
    await theatre.begin(url, topic)
    await theatre.words_of(1)
    await theatre.press('Pause')
    await expect(page.get_by_role('button', name='Resume')).to_be_visible()
    interrupt = page.get_by_role('button', name='Interrupt')
    if await interrupt.is_enabled():
        await interrupt.click()
    await expect(interrupt).to_be_disabled()
    return page


async def choose_order(theatre: Theatre, label: str) -> None:
    page = theatre.page
    await theatre.press('More for this conversation')
    await page.get_by_text('Who speaks next', exact=True).click()
    await page.get_by_role('combobox', name='Who speaks next').select_option(label=label)


async def test_a_person_speaks_for_a_persona(demo: Running, theatre: Theatre) -> None:
    page = await paused(theatre, demo.url, 'May one speak for another?')
    await page.get_by_role('combobox', name='Speak as').select_option(label='As Noor')
    await expect(theatre.say).to_have_attribute('placeholder', 'Say something as Noor')
    await theatre.say.fill('I never said that, and now I do.')
    await page.keyboard.press('Enter')
    line = theatre.lines.filter(has_text='I never said that')
    await expect(line).to_have_attribute('data-speaker', 'Noor')
    await expect(line).to_contain_text(re.compile(r'Spoken by .+ for Noor\.'))
    await expect(theatre.say).to_have_value('')


async def test_an_empty_line_is_not_said_and_told_why(demo: Running, theatre: Theatre) -> None:
    await theatre.begin(demo.url)
    await theatre.press('Pause')
    await theatre.say.fill('  ')
    await theatre.say.press('Enter')
    await expect(theatre.page.get_by_text('There is nothing to say yet: type something first.')).to_be_visible()


async def test_somebody_comes_in_and_somebody_leaves(demo: Running, theatre: Theatre) -> None:
    page = await paused(theatre, demo.url, 'Who is at the door?')
    stage = page.get_by_role('complementary', name='On stage')
    await theatre.press('Bring somebody in')
    wings = page.get_by_role('dialog', name='Bring somebody in')
    newcomer = wings.get_by_role('group', name='Personas in the wings').get_by_role('button').first
    name = await newcomer.get_attribute('aria-label') or ''
    await newcomer.click()
    await expect(stage.get_by_role('button', name=f'Steer {name}')).to_be_visible()
    await expect(theatre.lines.filter(has_text=f'{name} comes in')).to_be_visible()
    await theatre.press(f'Steer {name}')
    await page.get_by_role('dialog', name=name).get_by_role('button', name='Leave the room').click()
    await expect(stage.get_by_role('button', name=f'Steer {name}')).to_be_hidden()
    await expect(theatre.lines.filter(has_text=f'{name} leaves the room.')).to_be_visible()
    await expect(stage.get_by_text('Narrator')).to_have_count(0)


async def test_a_persona_shows_its_versions(demo: Running, theatre: Theatre) -> None:
    page = await paused(theatre, demo.url, 'Who was I yesterday?')
    await theatre.press('Steer Milo')
    milo = page.get_by_role('dialog', name='Milo')
    await milo.get_by_role('button', name='Persona version').click()
    await expect(milo.get_by_role('combobox', name='Version of Milo')).to_have_text('Version 1, the newest')


async def test_the_next_prompt_is_read_edited_and_sent(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    topic = 'What shall the model be told?'
    script = vendor.about(topic)
    script.will(says('First line, and it goes on for long enough to be cut off before it can be over by itself.'))
    page = await paused(theatre, live.url, topic)
    await page.get_by_role('log', name='Transcript').focus()
    await page.keyboard.press('Shift+S')
    sheet = page.get_by_role('dialog', name='The next prompt')
    last = sheet.get_by_role('textbox').last
    await expect(last).to_have_value(re.compile('It is your turn'))
    await last.fill('')
    await sheet.get_by_role('button', name='Send and step').click()
    await expect(sheet.get_by_role('alert')).to_have_text(re.compile('is empty'))
    await last.fill('(Speak of nothing but herons.)')
    script.will(says('Herons, then.'))
    await sheet.get_by_role('button', name='Send and step').click()
    await expect(theatre.lines.last).to_contain_text('Herons, then.')
    assert script.asked[-1].body['messages'][-1]['content'] == '(Speak of nothing but herons.)'


async def test_a_ghost_writes_into_the_field_and_nothing_is_lost(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    topic = 'What would I say?'
    script = vendor.about(topic)
    script.will(says('First line, and it goes on for long enough to be cut off before it can be over by itself.'))
    page = await paused(theatre, live.url, topic)
    await theatre.say.fill('my own words')
    gate = Gate()
    script.will(breaks_off(gate, 'Perhaps the tide', ' knows.'))
    await theatre.press('Ghost-write')
    await expect(theatre.say).to_have_value(re.compile('^Perhaps the tide'))
    gate.open()
    await expect(theatre.say).to_have_value('Perhaps the tide knows.')
    await expect(page.get_by_role('button', name='Ghost-write')).to_be_visible()
    assert 'my own words' in str(script.asked[-1].body)
    await theatre.press('My own words back')
    await expect(theatre.say).to_have_value('my own words')

    script.will(breaks_off(Gate(), 'Now the wind', ' never.'))
    await theatre.press('Ghost-write')
    await expect(theatre.say).to_have_value(re.compile('^Now the wind'))
    await theatre.say.press_sequentially('!')
    await expect(page.get_by_role('button', name='Ghost-write')).to_be_visible()
    await expect(theatre.say).to_have_value(re.compile('^Now the wind.*!$'))
    await theatre.press('My own words back')

    script.will(refuses(401))
    await theatre.press('Ghost-write')
    await expect(page.get_by_role('alert').filter(has_text='Nothing could be written')).to_be_visible()
    await expect(theatre.say).to_have_value('my own words')
    assert 'my own words' not in ' '.join(await theatre.texts())


async def test_a_click_on_a_figure_gives_it_the_floor(demo: Running, theatre: Theatre) -> None:
    page = await paused(theatre, demo.url, 'Who is asked?')
    await choose_order(theatre, 'Whoever I give the floor')
    await page.get_by_role('dialog', name='Who speaks next').get_by_role('button', name='Close').click()
    await theatre.press('Resume')
    await expect(theatre.status).to_have_text('Whom do you give the floor?')
    before = await theatre.lines.count()
    await theatre.press('Give Noor the floor')
    await expect(theatre.lines).to_have_count(before + 1)
    await expect(theatre.lines.last).to_have_attribute('data-speaker', 'Noor')
    await expect(theatre.status).to_have_text('Whom do you give the floor?')


async def test_the_list_is_laid_down_on_screen(demo: Running, theatre: Theatre) -> None:
    page = await paused(theatre, demo.url, 'Who comes after whom?')
    await choose_order(theatre, 'Down a list')
    sheet = page.get_by_role('dialog', name='Who speaks next')
    entries = sheet.get_by_role('list', name='The list').get_by_role('listitem')
    await expect(entries).to_have_count(3)
    await sheet.get_by_role('button', name='Iris off the list').click()
    await expect(entries).to_have_count(2)
    await sheet.get_by_role('button', name='Noor earlier').click()
    await expect(entries.first).to_contain_text('Noor')
    await sheet.get_by_role('button', name='Noor onto the list').click()
    await expect(entries).to_have_count(3)
    await choose_moderator(page)


async def choose_moderator(page: Page) -> None:
    await page.get_by_role('combobox', name='Who speaks next').select_option(value='moderator')
    await expect(page.get_by_role('combobox', name='Model that moderates')).to_be_visible()

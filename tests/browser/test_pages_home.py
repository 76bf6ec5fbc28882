"""The first screen: beginning a conversation, and finding, renaming and deleting the ones that are there."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Open, Visit
from tests.browser.prompter import Prompter
from tests.browser.running import Running
from tests.browser.theatre import THEATRE, Theatre
from tests.fake_vendor import says

HOSTILE = '<img src=x onerror=alert(1)> & "what then?"'


async def test_an_empty_house_says_so(open_chimera: Open, page: Page) -> None:
    empty = await open_chimera()
    await page.goto(empty.url)
    await expect(page.get_by_role('heading', name='The house is still dark')).to_be_visible()
    await expect(page.get_by_role('searchbox', name='Search conversations')).to_be_hidden()


async def test_a_refused_topic_stays_in_its_field_with_the_reason_beside_it(demo: Running, theatre: Theatre) -> None:
    page, long = theatre.page, 'why ' * 600
    await page.goto(demo.url)
    await theatre.topic.fill(long)
    await theatre.begin_button.click()
    await expect(page.get_by_role('alert')).to_contain_text('it can have 2,000')
    await expect(theatre.topic).to_have_value(long)
    await expect(page).to_have_url(re.compile(r'/$'))

    await page.reload()
    await expect(theatre.topic).to_have_value(long)
    await theatre.topic.fill('Why?')
    await expect(page.get_by_role('alert')).to_have_count(0)
    await theatre.begin_button.click()
    await expect(page).to_have_url(THEATRE)
    await page.goto(demo.url)
    await expect(theatre.topic).to_have_value('')


async def test_a_starter_can_be_taken_and_ones_own_words_had_back(demo: Running, theatre: Theatre) -> None:
    await theatre.page.goto(demo.url)
    await theatre.topic.fill('My own words')
    await theatre.press('Surprise me')
    await expect(theatre.topic).not_to_have_value('My own words')
    await theatre.page.keyboard.press('Control+z')
    await expect(theatre.topic).to_have_value('My own words')


async def test_two_personas_of_ones_own_choice(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    await page.get_by_role('radio', name='Your own cast').click()
    people = page.get_by_role('group', name='Personas to pick from')
    await expect(people.get_by_role('button', pressed=True)).to_have_count(3)
    for name in ('Milo', 'Noor'):
        await people.get_by_role('button', name=name).click()
    await theatre.begin_button.click()
    await expect(page.get_by_role('alert')).to_contain_text('you chose 1')
    await people.get_by_role('button', name='Bea').click()
    await theatre.begin_button.click()
    cast = page.get_by_role('complementary', name='On stage').locator('[data-participant]')
    await expect(cast).to_have_count(2)
    await expect(cast.first).to_contain_text('Iris')
    await expect(cast.last).to_contain_text('Bea')


async def test_a_limit_and_a_model_of_its_own(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    page = theatre.page
    vendor.about('Two turns only').usually = says('That was mine.')
    await page.goto(live.url)
    await theatre.topic.fill('Two turns only')
    await page.get_by_text('Models and limits').click()
    await page.get_by_role('combobox', name='Model for Milo').select_option(index=1)
    await page.get_by_role('spinbutton', name='Limit of turns').fill('0')
    await theatre.begin_button.click()
    await expect(page.get_by_role('alert')).to_contain_text('at least 1')
    await page.get_by_role('spinbutton', name='Limit of turns').fill('2')
    await theatre.begin_button.click()
    await expect(theatre.status).to_have_text('All 2 turns are taken.', timeout=60_000)


async def test_search_rename_and_delete(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.begin(demo.url, HOSTILE)
    await theatre.press('Stop')
    await page.goto(demo.url)
    search = page.get_by_role('searchbox', name='Search conversations')
    cards = page.get_by_role('region', name='Your conversations').get_by_role('listitem')
    await search.fill('onerror')
    await expect(cards).to_have_count(1)
    await expect(cards).to_contain_text(HOSTILE)
    await search.fill('100% of nothing')
    await expect(page.get_by_role('heading', name='Nobody said that here')).to_be_visible()
    await search.fill('onerror')

    await page.get_by_role('button', name=f'More for {HOSTILE}').click()
    await page.get_by_text('Rename', exact=True).click()
    await page.get_by_role('textbox', name='Title').fill('A harmless picture')
    await page.get_by_role('button', name='Save').click()
    await search.fill('harmless')
    await expect(cards).to_have_count(1)
    await expect(cards.get_by_role('link', name='A harmless picture')).to_be_visible()

    await page.get_by_role('button', name='More for A harmless picture').click()
    await page.get_by_text('Delete', exact=True).click()
    await page.get_by_role('button', name='Keep it').click()
    await expect(cards).to_have_count(1)
    await page.get_by_role('button', name='More for A harmless picture').click()
    await page.get_by_text('Delete', exact=True).click()
    await page.get_by_role('button', name='Delete', exact=True).click()
    await expect(cards).to_have_count(0)


async def test_a_conversation_is_deleted_from_its_own_page(demo: Running, theatre: Theatre) -> None:
    await theatre.begin(demo.url, 'Soon forgotten')
    await theatre.press('More for this conversation')
    await theatre.page.get_by_text('Delete', exact=True).click()
    await theatre.page.get_by_role('button', name='Delete', exact=True).click()
    await expect(theatre.page).to_have_url(re.compile(r'/$'))


async def test_what_was_not_sent_is_still_there_after_a_reload(demo: Running, theatre: Theatre) -> None:
    await theatre.begin(demo.url, 'Half a thought')
    await theatre.say.fill('I was about to say')
    await theatre.page.reload()
    await expect(theatre.say).to_have_value('I was about to say')
    await theatre.press('Stop')
    await expect(theatre.status).to_have_text('You stopped it.')
    await theatre.press('Send')
    await expect(theatre.page.get_by_role('alert')).to_contain_text('has ended')
    await expect(theatre.say).to_have_value('I was about to say')


async def test_a_phone_shows_all_of_it_without_scrolling_sideways(demo: Running, visitor: Visit) -> None:
    page = await visitor(viewport={'width': 390, 'height': 844}, has_touch=True, is_mobile=True)
    theatre = Theatre(page)
    for path in ('/', '/personas', '/personas/comedian', '/settings'):
        await page.goto(demo.url + path)
        await expect(page.get_by_role('heading', level=1)).to_be_visible()
        assert await page.evaluate('document.documentElement.scrollWidth') <= 390
    await theatre.begin(demo.url, 'In one hand')
    for name in ('Pause', 'Interrupt', 'Stop', 'Send'):
        place = await page.get_by_role('button', name=name, exact=True).bounding_box()
        assert place
        assert place['y'] > 844 / 2
        assert min(place['width'], place['height']) >= 44
    assert await page.evaluate('document.documentElement.scrollWidth') <= 390

"""Home: begin a conversation, find an old one, and never lose what was typed."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from app.store import people
from app.store.store import Store
from tests.browser.conftest import Open
from tests.browser.prompter import Prompter
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.cast import hold_conversation

TALKS = {
    'On weather': ['It rains 100% of the time.', 'Not in Málaga.'],
    'On bread': ['Sourdough is patience.'],
    'On silence': ['Listen.'],
}


async def test_search_rename_and_delete(open_chimera: Open, page: Page) -> None:
    chimera = await open_chimera()
    await page.goto(chimera.url)
    await expect(page.get_by_text('Begin a conversation above, and it will be kept here for you.')).to_be_visible()

    await remember(chimera)
    await page.reload()
    past = page.get_by_role('region', name='Your conversations').get_by_role('listitem')
    await expect(past).to_have_count(3)
    search = page.get_by_role('searchbox', name='Search conversations')
    sought = {'bread': 'On bread', 'MÁLAGA': 'On weather', '100%': 'On weather', 'listen': 'On silence'}
    for typed, found in sought.items():
        await search.fill(typed)
        await expect(past).to_have_count(1)
        await expect(past).to_contain_text(found)
    await search.fill('nobody ever said this')
    await expect(past).to_have_count(0)
    await expect(page.get_by_text('No title, topic, name or line holds these words.')).to_be_visible()
    await search.fill('')
    await expect(past).to_have_count(3)

    await choose(page, 'On bread', 'Rename')
    await page.get_by_role('textbox', name='Title').fill('On toast')
    await page.get_by_role('button', name='Save').click()
    await expect(past.get_by_role('link', name='On toast')).to_be_visible()

    await choose(page, 'On silence', 'Delete')
    await page.get_by_role('button', name='Keep it').click()
    await expect(page.get_by_role('alertdialog')).to_be_hidden()
    await expect(past).to_have_count(3)
    await choose(page, 'On silence', 'Delete')
    await page.get_by_role('button', name='Delete', exact=True).click()
    await expect(past).to_have_count(2)
    await page.reload()
    await expect(past).to_have_count(2)
    await expect(past.get_by_role('link', name='On silence')).to_have_count(0)

    await past.get_by_role('link', name='On weather').click()
    await expect(Theatre(page).speech(2)).to_have_text('Not in Málaga.')


async def test_topic_that_is_too_long_is_refused_in_words_and_kept(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(demo.url)
    topic = 'What then? ' * 300
    await theatre.topic.fill(topic)
    await theatre.begin_button.click()
    await expect(page.get_by_role('alert')).to_have_text('That topic has 3,299 characters; it can have 2,000.')
    await expect(theatre.topic).to_have_value(topic)
    await page.reload()
    await expect(theatre.topic).to_have_value(topic)
    await theatre.topic.fill('What then?')
    await expect(page.get_by_role('alert')).to_be_hidden()
    await theatre.begin_button.click()
    await expect(page.get_by_role('heading', name='What then?')).to_be_visible()


async def test_hostile_topic_is_only_a_topic(demo: Running, theatre: Theatre) -> None:
    topic = """'; DROP TABLE message; -- {topic} %s \\ "quoted" \u202eright-to-left \U0001f92f {{7*7}}"""
    await theatre.begin(demo.url, topic)
    await expect(theatre.page.get_by_role('heading', level=1)).to_contain_text("'; DROP TABLE message; -- {topic} %s")
    await theatre.words_of(1)


async def test_cast_too_small_is_refused_in_words(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(f'{demo.url}/?cast=philosopher,comedian')
    people = page.get_by_role('group', name='Personas to pick from')
    await people.get_by_role('button', name='Milo').click()
    await theatre.topic.fill('Alone')
    await theatre.begin_button.click()
    await expect(page.get_by_role('alert')).to_contain_text('2 to 6 different personas; you chose 1.')
    await expect(theatre.topic).to_have_value('Alone')
    await people.get_by_role('button', name='Milo').click()
    await theatre.begin_button.click()
    await expect(page.locator('[data-participant]')).to_have_count(2)


async def test_line_too_long_is_refused_in_words_and_kept(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    vendor.about('Brevity')
    await theatre.begin(live.url, 'Brevity')
    line = 'Blah. ' * 1500
    await theatre.say.fill(line)
    await theatre.press('Send')
    await expect(theatre.page.get_by_role('alert')).to_have_text('That is 8,999 characters; a line can have 8,000.')
    await expect(theatre.say).to_have_value(line)
    await theatre.say.fill('Blah.')
    await theatre.press('Send')
    await expect(theatre.lines.filter(has_text='Blah.')).to_have_attribute('data-kind', 'human')


async def test_nothing_said_is_nothing_sent(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    vendor.about('Saying nothing at all')
    await theatre.begin(live.url, 'Saying nothing at all')
    await expect(theatre.lines).to_have_count(1)
    await theatre.say.fill('   ')
    await theatre.say.press('Enter')
    await theatre.say.fill('Something')
    await theatre.say.press('Enter')
    await expect(theatre.speech(2)).to_have_text('Something')
    await expect(theatre.lines).to_have_count(2)


async def choose(page: Page, title: str, what: str) -> None:
    await page.get_by_role('button', name=f'More for {title}').click()
    await item(page, what).click()


def item(page: Page, what: str) -> Locator:
    return page.get_by_role('menu').get_by_text(what, exact=True)


async def remember(chimera: Running) -> None:
    store = Store(chimera.store_url)
    await store.open()
    try:
        scope = await people.home(store)
        for title, said in TALKS.items():
            await hold_conversation(store, scope, said, title=title, topic=f'{title}, seriously')
    finally:
        await store.close()

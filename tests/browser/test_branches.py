"""A conversation goes on from one of its lines once more: the sheet, the tree, two side by side, several at once."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Open, Visit
from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import THEATRE, Theatre
from tests.browser.watch import Watch
from tests.fake_vendor import Gate, says

LIVE = re.compile(r'/conversation/\w+/live$')


async def ended(demo: Running, theatre: Theatre, topic: str) -> str:
    """Twenty lines, as quick as they come; the address of the conversation."""
    await theatre.begin(demo.url, topic)
    await theatre.put_guards_off()
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_have_text('All 20 turns are taken.', timeout=60_000)
    return theatre.page.url


async def branch(page: Page, what: str = '', choices: tuple[str, ...] = ()) -> None:
    """From the last line, by the keyboard."""
    await page.keyboard.press('b')
    dialog = page.get_by_role('dialog', name='Branch from here')
    if what:
        await dialog.get_by_role('combobox', name='What shall be different').select_option(label=what)
    for choice in choices:
        await dialog.get_by_role('button', name=choice).click()
    await dialog.get_by_role('button', name=re.compile('^Branch')).click()


async def test_a_branch_waits_says_what_it_is_and_goes_on_by_itself(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    original = await ended(demo, theatre, 'Shall we try that again?')
    said = await theatre.texts()
    await theatre.press('More for this conversation')
    await page.get_by_text('Branch from the last line', exact=True).click()
    dialog = page.get_by_role('dialog', name='Branch from here')
    await expect(dialog).to_contain_text('The 20 lines up to here stand in each branch')
    await dialog.get_by_role('button', name='Branch', exact=True).click()
    await expect(page).not_to_have_url(original)
    await expect(page).to_have_url(THEATRE)
    await expect(theatre.status).to_have_text('Branched from line 20 of “Shall we try that again?”. Resume to go on.')
    assert await theatre.texts() == said
    await expect(page.get_by_text('The dice fall otherwise')).to_be_visible()
    await theatre.press('Resume')
    await expect(theatre.status).to_have_text('All 30 turns are taken.', timeout=60_000)

    await page.get_by_role('link', name='Branch of line 20').click()
    await expect(page).to_have_url(re.compile(re.escape(original) + '#line-20'))
    await expect(page.get_by_role('link', name='1 branch')).to_be_visible()
    await expect(theatre.status).to_have_text('All 20 turns are taken.')


async def test_several_run_at_once_and_are_found_again_in_the_tree(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    original = await ended(demo, theatre, 'Who should speak first?')
    await theatre.choose_pace('1×')
    await branch(page, 'Who speaks next', ('One after the other', 'By chance, and fairly'))
    await expect(page).to_have_url(LIVE)
    panes = page.locator('.pane')
    await expect(panes).to_have_count(2)
    for number in (0, 1):
        await expect(panes.nth(number)).to_have_attribute('data-status', 'running')
        await expect(panes.nth(number).locator('[data-number="21"] .speech')).to_have_text(re.compile(r'\w'))
        await expect(panes.nth(number).locator('[data-number="20"]')).to_have_count(0)
    await page.get_by_role('button', name='Pause all').click()
    for number in (0, 1):
        await expect(panes.nth(number)).to_have_attribute('data-status', 'paused')

    await page.get_by_role('link', name='All branches').click()
    tree = page.get_by_role('list', name='Branches')
    await expect(tree.locator('[data-conversation-id]')).to_have_count(3)
    first = tree.locator('[data-conversation-id]').filter(has_text='They speak one after the other').last
    await expect(first).to_contain_text('Paused')
    await first.get_by_role('link', name='They speak one after the other', exact=True).click()
    await expect(page.get_by_role('heading', name='Who should speak first?')).to_be_visible()
    await branch(page)
    await expect(theatre.status).to_contain_text('Branched from line')
    await page.goto(f'{original}/branches')
    await expect(tree.locator('[data-conversation-id]')).to_have_count(4)
    await expect(first.locator('ol [data-conversation-id]')).to_contain_text('The dice fall otherwise')


async def test_topics_paces_and_limits_may_differ_too(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    original = await ended(demo, theatre, 'Shall it be about something else?')
    await theatre.choose_pace('1×')
    await theatre.press('Branch from the last line')
    dialog = page.get_by_role('dialog', name='Branch from here')
    kind = dialog.get_by_role('combobox', name='What shall be different')
    await kind.select_option(label='What they talk about')
    await dialog.get_by_role('textbox').fill('Soup')
    await dialog.get_by_role('button', name='Branch', exact=True).click()
    await expect(page).to_have_url(THEATRE)
    await expect(page.get_by_text('They talk about “Soup”')).to_be_visible()
    await page.goto(original)
    await branch(page, 'The pace', ('Instant',))
    await expect(page.get_by_text('At once, without typing')).to_be_visible()
    await page.goto(original)
    await branch(page, 'A limit', ('At most 50 turns', 'No limit of turns'))
    await expect(page).to_have_url(LIVE)
    await expect(page.locator('.pane')).to_have_count(4)  # all that grew from it


async def test_three_models_go_on_from_one_line_at_once(
    open_chimera: Open, vendor: Prompter, theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, topic = theatre.page, 'Which of you is the wisest?'
    monkeypatch.setattr(vendor, 'models', ['fake-small', 'fake-large', 'fake-wise', 'fake-quick'])
    live = await open_chimera(CHIMERA_COMPATIBLE_URL=vendor.url)
    vendor.about(topic).usually = says('I am.')
    await theatre.begin(live.url, topic)
    await theatre.ends(2)
    await theatre.press('Stop')
    await branch(page, 'The model of one persona', ('fake-large', 'fake-wise', 'fake-quick'))
    await expect(page).to_have_url(LIVE)
    panes = page.locator('.pane')
    await expect(panes).to_have_count(3)
    for at, model in enumerate(('fake-large', 'fake-wise', 'fake-quick')):
        await expect(panes.nth(at)).to_contain_text(f'speaks with {model}')
        await expect(panes.nth(at).locator('.model').get_by_text(model).first).to_be_attached(timeout=60_000)


async def test_the_tree_is_live_and_keeps_the_branches_of_what_was_deleted(
    demo: Running, theatre: Theatre, visitor: Visit
) -> None:
    original = await ended(demo, theatre, 'What remains of us?')
    other = await visitor()
    await other.goto(f'{original}/branches')
    kin = other.get_by_role('list', name='Branches').locator('[data-conversation-id]')
    await expect(kin).to_have_count(1)
    await branch(theatre.page)
    await expect(theatre.status).to_contain_text('Branched from line 20')
    await expect(kin).to_have_count(2)
    await theatre.press('Resume')
    await expect(kin.last).to_contain_text('30 lines', timeout=60_000)

    grown = theatre.page.url
    await theatre.page.goto(original)
    await theatre.press('More for this conversation')
    await theatre.page.get_by_text('Delete', exact=True).click()
    await theatre.page.get_by_role('button', name='Delete').click()
    await expect(theatre.page).to_have_url(f'{demo.url}/')
    await theatre.page.goto(f'{grown}/branches')
    await expect(theatre.page.get_by_text('The conversation these grew from was deleted.')).to_be_visible()
    await theatre.page.goto(grown)
    await expect(theatre.lines).to_have_count(30)
    await expect(theatre.page.get_by_text('Branch of line 20 of what was deleted')).to_be_visible()


async def test_two_branches_grow_side_by_side_word_by_word(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    gate, script, page = Gate(), vendor.about('Two futures'), theatre.page
    script.will(says('It begins with a kettle.'), breaks_off(Gate(), 'And then', ' nothing.'))
    await theatre.begin(live.url, 'Two futures')
    await theatre.ends(1)
    await theatre.press('Stop')
    await expect(theatre.status).to_have_text('You stopped it.')
    script.will(breaks_off(gate, 'This is how', ' it goes.'), breaks_off(gate, 'This is how', ' it goes.'))
    await page.goto(page.url)
    common = int(await theatre.lines.last.get_attribute('data-number') or 0)
    await page.keyboard.press('b')
    dialog = page.get_by_role('dialog', name='Branch from here')
    await dialog.get_by_role('combobox', name='How many branches').select_option(label='2 branches, live at once')
    await dialog.get_by_role('button', name='Branch 2 times, all live').click()
    spoken = page.locator(f'.pane [data-number="{common + 1}"] .speech')
    await expect(spoken).to_have_text(['This is how', 'This is how'])
    both = await page.locator('.pane').evaluate_all('panes => panes.map((pane) => pane.dataset.conversationId)')

    await page.goto(f'{live.url}/compare/{both[0]}/{both[1]}')
    await expect(page.locator('.common')).to_contain_text('in common' if common > 1 else 'the same in both')
    await expect(spoken).to_have_text(['This is how', 'This is how'])
    await expect(page.locator(f'.pane [data-number="{common}"]')).to_have_count(0)
    await page.get_by_role('button', name=re.compile('^Pause: ')).first.click()
    await expect(page.get_by_role('button', name=re.compile('^Resume: '))).to_be_visible()
    gate.open()
    await expect(spoken.last).to_have_text('This is how it goes.')
    await expect(spoken.first).to_have_text('This is how')
    await page.get_by_role('button', name=re.compile('^Resume: ')).click()
    await expect(spoken.first).to_have_text('This is how it goes.')
    await page.get_by_text('Measured side by side').click()
    turns = page.get_by_role('row', name='Turns').get_by_role('cell')
    await expect(turns).to_have_text([str(common + 1), str(common + 1)])
    novelty = page.get_by_role('row', name='Novelty').get_by_role('cell')
    await expect(novelty).to_have_text([re.compile(r'\d+%'), re.compile(r'\d+%')])


async def test_on_a_phone_the_two_stand_above_one_another_or_one_alone(
    demo: Running, theatre: Theatre, visitor: Visit
) -> None:
    original = await ended(demo, theatre, 'Is this phone too small?')
    await branch(theatre.page)
    await expect(theatre.status).to_contain_text('Branched from line 20')
    here, there = (url.rpartition('/')[2] for url in (original, theatre.page.url))
    phone = await visitor(viewport={'width': 390, 'height': 844})
    await phone.goto(f'{demo.url}/compare/{here}/{there}')
    first, second = phone.locator('.pane').first, phone.locator('.pane').last
    await expect(first).to_be_visible()
    await expect(second).to_be_visible()
    await phone.get_by_role('button', name='Second').click()
    await expect(first).to_be_hidden()
    await phone.get_by_role('button', name='First').click()
    await expect(second).to_be_hidden()
    assert await phone.evaluate('document.documentElement.scrollWidth') == 390


async def test_typed_notes_outlive_a_refusal(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await ended(demo, theatre, 'What were they told?')
    await page.keyboard.press('b')
    dialog = page.get_by_role('dialog', name='Branch from here')
    await dialog.get_by_role('combobox', name='What shall be different').select_option(label='A note to them')
    field = dialog.get_by_role('textbox', name='What they are told: each line is a branch')
    button = dialog.get_by_role('button', name='Branch', exact=True)
    await button.click()
    alert = dialog.locator('.field').get_by_role('alert')
    await expect(alert).to_contain_text('An empty note would change nothing')
    await field.fill('Be brief.\nBe brief.')
    await button.click()
    await expect(alert).to_contain_text('Two of these branches would be the same')
    await expect(field).to_have_value('Be brief.\nBe brief.')
    await field.fill('Be brief.\nBe long.')
    await button.click()
    await expect(page).to_have_url(LIVE)
    await expect(page.get_by_role('link', name='All are told “Be brief.”')).to_be_visible()


async def test_addresses_of_nothing_say_so(demo: Running, theatre: Theatre, watch: Watch) -> None:
    watch.forgive('404')
    page = theatre.page
    original = await ended(demo, theatre, 'Is anybody there?')
    here = original.rpartition('/')[2]
    nowhere = ('/conversation/nobody/branches', '/conversation/nobody/live', f'/compare/{here}/nobody')
    for path in (*nowhere, f'/compare/{here}/{here}'):
        answer = await page.goto(f'{demo.url}{path}')
        assert answer
        assert answer.status == 404
        await expect(page.get_by_role('link', name='Back to the stage door')).to_be_visible()

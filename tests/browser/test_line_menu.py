"""What a person does to a line on the screen: everybody who watches sees it at once, and nothing typed is lost."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import Gate, says

MORE = 'More for this line'


async def two_lines(theatre: Theatre, live: Running, vendor: Prompter, topic: str) -> None:
    """Two lines were said, perhaps a third has begun, and it is stopped."""
    script = vendor.about(topic)
    script.will(says('Zebras forget.'))
    script.usually = says('Quaggas remember.')
    await theatre.begin(live.url, topic)
    await theatre.ends(2)
    await theatre.press('Stop')
    await expect(theatre.status).to_have_text('You stopped it.')


async def choose(theatre: Theatre, number: int, act: str) -> None:
    await theatre.line(number).hover()
    await theatre.line(number).get_by_role('button', name=MORE).click()
    await theatre.page.get_by_role('menuitem', name=act, exact=True).click()


def swipe(line: Locator, to: str) -> Locator:
    return line.get_by_role('button', name=f'{to} variant')


async def test_why_somebody_spoke_is_told_to_keys_and_fingers(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    await two_lines(theatre, live, vendor, 'Why anybody')
    line, page = theatre.line(1), theatre.page
    because, speaker = await line.get_attribute('data-because'), await line.get_attribute('data-speaker')
    assert because
    await line.get_by_role('button', name=MORE).focus()
    await page.keyboard.press('Enter')
    why = page.get_by_role('menuitem', name=f'Why {speaker}?')
    await expect(why).to_be_visible()
    await why.focus()
    await page.keyboard.press('Enter')
    await expect(page.get_by_role('alert').filter(has_text=because)).to_have_text(f'Why {speaker}? {because}')


async def test_alice_edits_bob_sees_it_and_her_draft_outlives_a_reload(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit
) -> None:
    await two_lines(theatre, live, vendor, 'Editing')
    bob = Theatre(await visitor())
    await bob.page.goto(theatre.page.url)
    await expect(bob.speech(1)).to_have_text('Zebras forget.')

    await choose(theatre, 1, 'Edit')
    field = theatre.page.get_by_role('textbox', name='The line')
    await expect(field).to_have_value('Zebras forget.')
    await field.fill('Okapis *forgive*.')
    await theatre.page.reload()
    await choose(theatre, 1, 'Edit')
    await expect(field).to_have_value('Okapis *forgive*.')
    await field.press('Enter')
    for viewer in (theatre, bob):
        await expect(viewer.speech(1)).to_have_text('Okapis forgive.')
        await expect(viewer.line(1)).to_contain_text('2 / 2')

    await swipe(bob.line(1), 'Previous').click()
    for viewer in (theatre, bob):
        await expect(viewer.speech(1)).to_have_text('Zebras forget.')
    await expect(swipe(bob.line(1), 'Previous')).to_be_focused()
    await bob.page.keyboard.press('Tab')
    await bob.page.keyboard.press('Enter')
    for viewer in (theatre, bob):
        await expect(viewer.speech(1)).to_have_text('Okapis forgive.')


async def test_an_empty_edit_is_refused_and_the_line_stands(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    await two_lines(theatre, live, vendor, 'Empty edits')
    await choose(theatre, 1, 'Edit')
    field = theatre.page.get_by_role('textbox', name='The line')
    await field.fill('   ')
    await theatre.press('Save')
    await expect(theatre.page.get_by_role('alert')).to_have_text('A line needs words. To be rid of it, delete it.')
    await theatre.press('Cancel')
    await expect(theatre.speech(1)).to_have_text('Zebras forget.')


async def test_a_deleted_line_leaves_a_trace_and_comes_back(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit
) -> None:
    await two_lines(theatre, live, vendor, 'Deleting')
    bob = Theatre(await visitor())
    await bob.page.goto(theatre.page.url)
    await choose(theatre, 1, 'Delete')
    late = Theatre(await visitor())
    await late.page.goto(theatre.page.url)
    for viewer in (theatre, bob, late):
        await expect(viewer.line(1)).to_have_text('Deleted. Undo', use_inner_text=True)
    assert 'Zebras' not in await late.page.content()
    await late.line(1).get_by_role('button', name='Undo').click()
    for viewer in (theatre, bob, late):
        await expect(viewer.speech(1)).to_have_text('Zebras forget.')


async def test_a_line_is_told_anew_in_its_place_word_by_word(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit
) -> None:
    await two_lines(theatre, live, vendor, 'Telling anew')
    bob = Theatre(await visitor())
    await bob.page.goto(theatre.page.url)
    await expect(bob.speech(1)).to_have_text('Zebras forget.')
    gate = Gate()
    vendor.about('Telling anew').will(breaks_off(gate, 'Okapis', ' forgive.'))
    await choose(theatre, 1, 'Tell anew')
    for viewer in (theatre, bob):
        await expect(viewer.speech(1)).to_have_text('Okapis')
        await expect(viewer.line(1)).to_have_attribute('data-state', 'speaking')
        await expect(viewer.speech(2)).to_have_text('Quaggas remember.')
    await bob.line(1).hover()
    await bob.line(1).get_by_role('button', name=MORE).click()
    await expect(bob.page.get_by_role('menuitem')).to_have_text(['Why Milo?', 'Copy', 'Link to this line'])
    gate.open()
    for viewer in (theatre, bob):
        await viewer.ends(1)
        await expect(viewer.speech(1)).to_have_text('Okapis forgive.')
        await expect(viewer.line(1)).to_contain_text('2 / 2')


async def test_another_persona_tells_it(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    await two_lines(theatre, live, vendor, 'Another mouth')
    speaker = await theatre.line(1).get_attribute('data-speaker')
    vendor.about('Another mouth').will(says('In other words.'))
    await choose(theatre, 1, 'Tell anew as …')
    sheet = theatre.page.get_by_role('dialog', name='Tell this line anew')
    persona = sheet.get_by_role('combobox', name='Persona')
    await expect(persona.get_by_role('option')).to_have_count(3)
    names = await persona.get_by_role('option').all_text_contents()
    other = next(name for name in names if name != speaker)
    await persona.select_option(label=other)
    await sheet.get_by_role('button', name='Tell anew').click()
    await expect(theatre.speech(1)).to_have_text('In other words.')
    await expect(theatre.line(1)).to_have_attribute('data-speaker', other)


async def test_with_the_keyboard_alone(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    await two_lines(theatre, live, vendor, 'Keys only')
    button = theatre.line(2).get_by_role('button', name=MORE)
    await button.focus()
    await theatre.page.keyboard.press('Enter')
    items = theatre.page.get_by_role('menuitem')
    await expect(items.nth(0)).to_be_focused()
    await theatre.page.keyboard.press('Escape')
    await expect(items).to_have_count(0)
    await expect(button).to_be_focused()
    await theatre.page.keyboard.press('Enter')
    await expect(items.nth(0)).to_be_focused()
    await theatre.page.keyboard.press('End')
    await expect(theatre.page.get_by_role('menuitem', name='Delete')).to_be_focused()
    await theatre.page.keyboard.press('Enter')
    await expect(theatre.line(2)).to_contain_text('Deleted.')


async def test_what_is_copied_and_linked(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit, page: Page
) -> None:
    await page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    await two_lines(theatre, live, vendor, 'Copying')
    await choose(theatre, 2, 'Copy')
    await expect(page.get_by_role('alert')).to_have_text('Copied.')
    assert await page.evaluate('navigator.clipboard.readText()') == 'Quaggas remember.'
    await choose(theatre, 2, 'Link to this line')
    await expect(page.get_by_role('alert')).to_have_text('The link is copied.')
    link = await page.evaluate('navigator.clipboard.readText()')
    assert link == f'{page.url}#line-2'
    bob = Theatre(await visitor())
    await bob.page.goto(link)
    await expect(bob.line(2)).to_be_focused()


async def test_what_cannot_be_done_is_said_at_the_line(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    await two_lines(theatre, live, vendor, 'Refusing')
    vendor.about('Refusing').will(breaks_off(Gate(), 'Not', ' yet.'))
    await choose(theatre, 1, 'Tell anew')
    await expect(theatre.speech(1)).to_have_text('Not')
    await choose(theatre, 2, 'Tell anew')
    await expect(theatre.line(2).get_by_role('alert')).to_have_text(
        'Another line is being told anew just now: wait for it.'
    )


async def test_a_finger_finds_everything(live: Running, vendor: Prompter, visitor: Visit) -> None:
    phone = await visitor(viewport={'width': 390, 'height': 844}, has_touch=True, is_mobile=True)
    theatre = Theatre(phone)
    await two_lines(theatre, live, vendor, 'Fingers')
    button = theatre.line(1).get_by_role('button', name=MORE)
    box = await button.bounding_box()
    assert box
    assert min(box['width'], box['height']) >= 44
    await button.tap()
    items = phone.get_by_role('menuitem')
    heights = [box['height'] for item in await items.all() if (box := await item.bounding_box())]
    assert min(heights) >= 44
    await theatre.status.tap()  # elsewhere: it closes
    await expect(items).to_have_count(0)

    where = await theatre.speech(2).bounding_box()
    assert where
    touch = await phone.context.new_cdp_session(phone)
    point = {'x': where['x'] + 20, 'y': where['y'] + 10}
    await touch.send('Input.dispatchTouchEvent', {'type': 'touchStart', 'touchPoints': [point]})
    await expect(items.first).to_be_visible()
    await touch.send('Input.dispatchTouchEvent', {'type': 'touchEnd', 'touchPoints': []})
    await phone.get_by_role('menuitem', name='Delete').tap()
    await expect(theatre.line(2)).to_contain_text('Deleted.')

"""Ten thousand lines: the newest are there at once, the older come as one reads up, and nobody loses their place."""

from __future__ import annotations

from playwright.async_api import expect

from app.store import people
from app.store.store import Store
from tests.browser.conftest import Open
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.cast import hold_conversation

MANY = 10_000
OPENED = 50


async def test_ten_thousand_lines(open_chimera: Open, theatre: Theatre) -> None:
    page = theatre.page
    chimera = await open_chimera()
    conversation_id = await fill(chimera)
    await page.goto(f'{chimera.url}/conversation/{conversation_id}')

    await expect(theatre.line(MANY)).to_be_in_viewport()
    assert await theatre.lines.count() <= 2 * OPENED
    assert await theatre.line(MANY - 200).count() == 0

    top = theatre.lines.first
    await top.hover()
    read = theatre.line(MANY - OPENED + 1)
    await read.scroll_into_view_if_needed()
    await expect(theatre.line(MANY - 2 * OPENED + 1)).to_be_attached()  # earlier ones have come
    await expect(read).to_be_in_viewport()  # and what was being read is still there
    numbers = await theatre.lines.evaluate_all('lines => lines.map((line) => +line.dataset.number)')
    assert numbers == list(range(numbers[0], MANY + 1))

    pill = page.get_by_role('button', name='New messages')
    await expect(pill).to_be_hidden()
    await theatre.choose_pace('Instant')
    await theatre.press('Step')
    await theatre.ends(MANY + 1)
    await expect(read).to_be_in_viewport()
    await pill.click()
    await expect(theatre.line(MANY + 1)).to_be_in_viewport()
    await expect(pill).to_be_hidden()


async def test_the_end_stays_in_view_when_lines_come_faster_than_frames(demo: Running, theatre: Theatre) -> None:
    await theatre.begin(demo.url, 'Does anybody read that fast?')
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_have_text('All 20 turns are taken.', timeout=60_000)
    await expect(theatre.page.get_by_role('button', name='New messages')).to_be_hidden()
    await expect(theatre.line(20).locator('.speech')).to_be_in_viewport(ratio=1)


async def fill(chimera: Running) -> str:
    store = Store(chimera.store_url)
    await store.open()
    try:
        scope = await people.home(store)
        said = [f'Line {number}: there is *always* something to add.' for number in range(1, MANY + 1)]
        return (await hold_conversation(store, scope, said)).id
    finally:
        await store.close()

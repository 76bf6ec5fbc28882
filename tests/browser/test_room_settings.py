"""What holds for a whole room, and the file that holds the room: guards on or off, the capsule."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
from playwright.async_api import expect

from app.conversation.capsule import replayed
from components.conversation_list import unmarked
from tests.browser.running import Running
from tests.browser.theatre import Theatre


async def test_guards_are_put_off_and_stay_off(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'Guards, and who guards them')
    for _ in range(2):
        await theatre.press('Direct')
        await page.get_by_role('tab', name='Rules').click()
        guards = page.get_by_role('switch', name='Guards')
        if await guards.get_attribute('aria-checked') == 'true':
            await expect(page.get_by_text('somebody steps in')).to_be_visible()
            await guards.click()
        await expect(guards).to_have_attribute('aria-checked', 'false')
        await expect(page.get_by_text('Nobody steps in now')).to_be_visible()
        await page.reload()


async def test_the_capsule_is_downloaded_and_replays(demo: Running, theatre: Theatre, tmp_path: Path) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'A capsule: what is in it?')
    await theatre.ends(1)
    await page.get_by_role('button', name='More for this conversation').click()
    async with page.expect_download() as downloading:
        await page.get_by_text('Download the capsule', exact=True).click()
    download = await downloading.value
    assert download.suggested_filename == 'a-capsule-what-is-in-it.capsule.json'
    await download.save_as(tmp_path / 'capsule')
    capsule = json.loads((tmp_path / 'capsule').read_text(encoding='utf-8'))
    assert unmarked(replayed(capsule)[0].text) == unmarked((await theatre.texts())[0])
    await expect(page.get_by_role('button', name='Pause')).to_be_visible()

    async with aiohttp.ClientSession() as charlie:
        answer = await charlie.get(f'{demo.url}/conversation/nobodys/capsule')
        assert answer.status == 404

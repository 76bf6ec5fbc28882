"""A conversation can be read before the page's framework is there."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.running import Running
from tests.browser.theatre import Theatre

HOSTILE = 'Does </script><script>document.title = "taken"</script> end here?'


async def test_the_newest_lines_are_there_before_any_script_of_the_framework(demo: Running, visitor: Visit) -> None:
    page = await visitor()
    await Theatre(page).begin(demo.url, 'What is a first impression?')
    await expect(page.locator('article.line[data-state=complete]').first).to_be_visible(timeout=60_000)
    await page.get_by_role('button', name='Stop').click()
    lines = page.locator('article.line')
    said = await lines.all_inner_texts()

    await page.emulate_media(color_scheme='dark')
    opened = asyncio.Event()

    async def hold(route: Route) -> None:
        await opened.wait()
        await route.continue_()

    await page.route('**/nicegui.js', hold)
    await page.goto(page.url, wait_until='commit')
    await expect(page.locator('#early article.line')).to_have_count(len(said))
    assert await lines.all_inner_texts() == said
    paper = 'getComputedStyle(document.body).backgroundColor'
    early = await page.evaluate(paper)
    opened.set()
    await expect(page.get_by_role('log', name='Transcript').locator('article.line')).to_have_count(len(said))
    await expect(page.locator('#early')).to_have_count(0)
    assert await lines.all_inner_texts() == said
    assert await page.evaluate(paper) == early == 'rgb(20, 18, 15)'


async def test_no_words_end_the_script_they_come_in(demo: Running, visitor: Visit) -> None:
    page = await visitor()
    await Theatre(page).begin(demo.url, 'What ends a script?')
    await page.get_by_role('textbox', name='Say something').fill(HOSTILE)
    await page.get_by_role('textbox', name='Say something').press('Enter')
    await expect(page.get_by_role('log')).to_contain_text(HOSTILE)
    await page.reload()
    await expect(page.get_by_role('log')).to_contain_text(HOSTILE)
    assert await page.title() != 'taken'

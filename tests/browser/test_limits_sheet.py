"""Limits on the screen: set before and during a conversation, seen as they are used up, and lifted with one click."""

from __future__ import annotations

import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.prompter import Prompter
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import says


@pytest_asyncio.fixture(loop_scope='session')
async def dear(open_chimera: Open, vendor: Prompter) -> Running:
    """Ten dollars for a million tokens in, forty for a million out."""
    return await open_chimera(CHIMERA_COMPATIBLE_URL=vendor.url, CHIMERA_COMPATIBLE_PRICE='10,40')


async def begin_with(page: Page, **wanted: str) -> None:
    await page.get_by_text('Models and limits').click()
    for name, value in wanted.items():
        await page.get_by_role('spinbutton', name=f'Limit of {name}').fill(value)
    await page.get_by_role('button', name='Begin the conversation').click()


async def open_sheet(theatre: Theatre) -> None:
    await theatre.press('More for this conversation')
    await theatre.page.get_by_text('Limits', exact=True).click()


async def test_it_ends_before_its_money_is_passed_and_goes_on_for_twenty_cents_more(
    dear: Running, vendor: Prompter, theatre: Theatre
) -> None:
    page = theatre.page
    vendor.about('Who pays for all this?').usually = says('Well,', ' somebody', ' does.', usage=(800, 200))
    await page.goto(dear.url)
    await theatre.topic.fill('Who pays for all this?')
    await begin_with(page, turns='', cents='7')
    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_contain_text('7 cents allow no further turn: the next could cost ', timeout=60_000)
    await expect(page.get_by_text('Go on adds 20 cents.')).to_be_visible()
    meter = page.locator('[data-meter="Money"]')
    await expect(meter).to_contain_text('6.4¢ of 7¢')
    await expect(theatre.line(1).locator('[title*="1.6 cents"]').first).to_be_attached()
    lines = await theatre.lines.count()

    await expect(page.get_by_role('button', name='+10 turns')).to_be_hidden()
    await theatre.press('20 cents more')
    await expect(meter).to_contain_text('of 27¢')
    await expect(theatre.line(lines + 1)).to_be_visible(timeout=60_000)


async def test_all_limits_are_seen_and_set_on_the_way(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.begin(demo.url, 'How long is enough?')
    await theatre.press('Pause')
    await open_sheet(theatre)
    sheet = page.get_by_role('dialog', name='Limits')
    await expect(sheet.get_by_role('spinbutton', name='Limit of turns')).to_have_value('20')
    await expect(sheet.locator('[data-used="max_turns"]')).to_contain_text('left')
    await expect(sheet.locator('[data-next-turn]')).to_contain_text('tokens, and costs nothing.')

    tokens = sheet.get_by_role('spinbutton', name='Limit of tokens')
    await tokens.fill('0')
    await sheet.get_by_role('button', name='Save').click()
    await expect(sheet.get_by_role('alert')).to_have_text('The limit of tokens must be at least 1, or empty for none.')
    await expect(tokens).to_have_value('0')

    await tokens.fill('50000')
    await sheet.get_by_label('End by itself when nothing new comes any more').check()
    await sheet.get_by_role('button', name='Save').click()
    await expect(sheet).to_be_hidden()
    await expect(page.locator('[data-meter="Tokens"]')).to_contain_text('of 50,000')
    await open_sheet(theatre)
    await expect(sheet.locator('[data-used="max_tokens"]')).to_contain_text('left')
    await expect(sheet.get_by_label('End by itself when nothing new comes any more')).to_be_checked()
    await sheet.get_by_role('button', name='Cancel').click()
    await theatre.press('Stop')


async def test_an_unknown_price_and_a_limit_of_money_do_not_go_together(live: Running, theatre: Theatre) -> None:
    page = theatre.page
    await page.goto(live.url)
    await theatre.topic.fill('What does it cost?')
    await begin_with(page, cents='20')
    refusal = page.get_by_text('nobody knows here what compatible/')
    await expect(refusal).to_contain_text('choose another model, or take the limit of money away')
    await expect(theatre.topic).to_have_value('What does it cost?')

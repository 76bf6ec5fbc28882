"""A conversation lives in the server: going away, coming back and pulling the plug change nothing that was said."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Open, Visit
from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.browser.watch import Watch
from tests.fake_vendor import Gate, says


async def test_reload_in_mid_sentence_shows_the_same_sentence_and_it_goes_on(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    gate = Gate()
    vendor.about('Reloading').will(breaks_off(gate, 'It began **before** you', ' came, and ends after.'))
    await theatre.begin(live.url, 'Reloading')
    await expect(theatre.speech(1)).to_have_text('It began before you')
    message_id = await theatre.line(1).get_attribute('data-message-id')

    await theatre.page.reload()
    await expect(theatre.speech(1)).to_have_text('It began before you')
    await expect(theatre.line(1)).to_have_attribute('data-state', 'speaking')
    gate.open()
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text('It began before you came, and ends after.')
    await expect(theatre.line(1)).to_have_attribute('data-message-id', message_id or '')


async def test_closing_every_tab_stops_nothing(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit
) -> None:
    gate, last = Gate(), Gate()
    script = vendor.about('An empty hall')
    script.will(breaks_off(gate, 'Nobody is', ' there.'), says('So what.'), breaks_off(last, 'We talk', ' on.'))
    await theatre.begin(live.url, 'An empty hall')
    await expect(theatre.speech(1)).to_have_text('Nobody is')
    address = theatre.page.url
    await theatre.page.context.close()

    gate.open()
    back = Theatre(await visitor())
    await back.page.goto(address)
    await expect(back.speech(1)).to_have_text('Nobody is there.')
    await expect(back.speech(2)).to_have_text('So what.')
    await expect(back.speech(3)).to_have_text('We talk')
    last.open()
    await expect(back.speech(3)).to_have_text('We talk on.')


async def test_power_cut_in_mid_sentence_loses_no_word_and_no_draft(
    open_chimera: Open, vendor: Prompter, theatre: Theatre, watch: Watch
) -> None:
    watch.forgive('net::ERR_', 'WebSocket')
    chimera = await open_chimera(CHIMERA_COMPATIBLE_URL=vendor.url)
    vendor.about('A power cut').will(
        breaks_off(Gate(), 'Every word that was shown', ' is there'), says('Where were we?')
    )
    await theatre.begin(chimera.url, 'A power cut')
    await expect(theatre.speech(1)).to_have_text('Every word that was shown')
    await theatre.say.fill('I was about to say')

    chimera.kill()
    await chimera.start()

    await theatre.ends(1, 'interrupted')  # the page has come back by itself
    await expect(theatre.speech(1)).to_have_text('Every word that was shown')
    await expect(theatre.lines).to_have_count(1)
    await expect(theatre.say).to_have_value('I was about to say')
    await expect(theatre.status).to_have_text('Chimera was restarted; press Resume to go on.')
    await theatre.press('Resume')
    await expect(theatre.speech(2)).to_have_text('Where were we?')

"""Real models: a vendor that behaves, and all the ways in which one does not, as the person watching sees them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.prompter import Prompter, anthropic_says, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.fake_vendor import Gate, Reply, Reset, begins, error_frame, refuses, says

EMOJI = 'Grüße aus Zürich, 東京 and 🎭👩‍🔬!'


async def test_live_mode_says_so_and_streams_what_the_vendor_says(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    gate = Gate()
    script = vendor.about('Going live')
    script.will(breaks_off(gate, 'This comes from', ' a model.'))
    await theatre.page.goto(live.url)
    await expect(theatre.page.get_by_text('This is demo mode.')).to_be_hidden()
    await expect(theatre.page.get_by_role('link', name='Live mode: real models')).to_be_visible()
    await theatre.begin(live.url, 'Going live')
    await expect(theatre.speech(1)).to_have_text('This comes from')
    await expect(theatre.line(1)).to_contain_text('fake-small')
    gate.open()
    await expect(theatre.speech(1)).to_have_text('This comes from a model.')
    sent = script.asked[0].body
    assert sent['model'] == 'fake-small'
    assert sent['stream'] is True


@pytest.mark.parametrize(
    ('name', 'reply', 'sentence'),
    [
        ('A bad key', refuses(401, 'bad key'), 'did not accept the key'),
        ('A long queue', refuses(429, 'slow down', retry_after=120), 'asks for fewer requests'),
        ('An inner fault', refuses(400, 'max_tokens is wrong'), 'could not accept the request'),
    ],
)
async def test_vendor_that_refuses_is_quoted_in_plain_words_and_asked_again_on_resume(
    live: Running, vendor: Prompter, theatre: Theatre, name: str, reply: Reply, sentence: str
) -> None:
    vendor.about(name).will(reply, says('Better now.'))
    await theatre.begin(live.url, name)
    await theatre.ends(1, 'failed')
    await expect(theatre.line(1)).to_contain_text(sentence)
    await expect(theatre.status).to_contain_text('could not speak. Your own server')
    await no_traceback(theatre)
    await theatre.press('Resume')
    await expect(theatre.speech(2)).to_have_text('Better now.')


@pytest.mark.parametrize(
    ('name', 'reply', 'sentence'),
    [
        ('A torn wire', begins('All this was', ' said').then(Reset()), 'was cut off'),
        ('A false end', begins('All this was', ' said'), 'was cut off'),
        ('A late regret', begins('All this was', ' said').then(error_frame('out of memory')), 'a fault of its own'),
    ],
)
async def test_vendor_that_fails_in_mid_sentence_loses_nothing_that_was_said(
    live: Running, vendor: Prompter, theatre: Theatre, name: str, reply: Reply, sentence: str
) -> None:
    vendor.about(name).will(reply, says('I take it from there.'))
    await theatre.begin(live.url, name)
    await theatre.ends(1, 'failed')
    await expect(theatre.speech(1)).to_have_text('All this was said')
    await expect(theatre.line(1)).to_contain_text(sentence)
    await expect(theatre.status).to_contain_text('could not speak.')
    await no_traceback(theatre)
    await theatre.press('Resume')
    await expect(theatre.speech(2)).to_have_text('I take it from there.')


async def test_passing_fault_is_not_even_noticed(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    script = vendor.about('A passing fault')
    script.will(refuses(500), says('Never felt better.'))
    await theatre.begin(live.url, 'A passing fault')
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text('Never felt better.')
    assert len(script.asked) >= 2


async def test_vendor_that_falls_silent_can_be_stopped_by_the_person(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    script = vendor.about('A silence')
    script.will(begins('I was just').then(Gate()))
    await theatre.begin(live.url, 'A silence')
    await expect(theatre.speech(1)).to_have_text('I was just')
    await theatre.press('Stop')
    await theatre.ends(1, 'stopped')
    await expect(theatre.speech(1)).to_have_text('I was just')
    await script.asked[0].gone.wait()  # and the vendor is not kept waiting either


async def test_letters_that_fall_apart_on_the_wire_arrive_whole(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    vendor.about('Half letters').will(says(EMOJI).split_every(1))
    await theatre.begin(live.url, 'Half letters')
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text(EMOJI)


async def test_thoughts_are_kept_apart_from_speech(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    vendor.about('Thinking aloud').will(says('<think>They', ' must not', ' hear this.</think>', 'Lovely', ' weather.'))
    await theatre.begin(live.url, 'Thinking aloud')
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text('Lovely weather.')
    await theatre.line(1).get_by_text('Thoughts').click()
    await expect(theatre.line(1).get_by_text('They must not hear this.')).to_be_visible()


async def test_vendor_through_litellm_speaks_and_fails_in_the_same_words(
    live_through_litellm: Running, vendor: Prompter, theatre: Theatre
) -> None:
    script = vendor.about('Another dialect')
    script.will(anthropic_says('Good', ' evening', ', Züri.'), anthropic_says('I was', ' cut', ends=False))
    script.usually = refuses(401, 'invalid x-api-key: sk-ant-secret-of-alice')
    await theatre.begin(live_through_litellm.url, 'Another dialect')
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text('Good evening, Züri.')
    await theatre.ends(2, 'failed')
    await expect(theatre.speech(2)).to_have_text('I was cut')
    await expect(theatre.line(2)).to_contain_text('was cut off')
    await theatre.press('Resume')
    await theatre.ends(3, 'failed')
    await expect(theatre.status).to_contain_text('did not accept the key')
    await no_traceback(theatre)


async def no_traceback(theatre: Theatre) -> None:
    text = await theatre.page.locator('body').inner_text()
    for word in ('Traceback', 'Error', 'Exception', 'sk-ant', 'litellm', 'aiohttp'):
        assert word not in text

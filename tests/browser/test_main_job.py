"""The main job: a stranger opens Chimera, presses one button, and watches three personas talk; then joins in."""

from __future__ import annotations

from itertools import pairwise

from playwright.async_api import expect

from tests.browser.prompter import Prompter, breaks_off
from tests.browser.running import Running
from tests.browser.theatre import Theatre, number_of
from tests.fake_vendor import Gate, Reply, says


async def test_two_clicks_and_three_personas_talk_word_by_word(demo: Running, theatre: Theatre) -> None:
    page = theatre.page
    await theatre.take_notes()
    await page.goto(demo.url)
    await expect(page.get_by_text('This is demo mode.')).to_be_visible()
    await theatre.begin_button.click()

    cast = page.get_by_role('complementary', name='On stage').locator('[data-participant]')
    await expect(cast).to_have_count(3)
    first = await theatre.words_of(1)
    speaker = await theatre.line(1).get_attribute('data-speaker') or ''
    await expect(cast.and_(page.locator('[data-speaking=true]'))).to_contain_text(speaker)
    await theatre.grows_beyond(1, first)
    await theatre.ends(1)

    notes = (await theatre.notes())[await theatre.line(1).get_attribute('data-message-id') or '']
    seen = [text.replace('*', '').strip() for text in notes]  # stars until they close, then emphasis
    assert len(seen) > 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))

    await theatre.choose_pace('Instant')
    await expect(theatre.status).to_have_text('All 20 turns are taken.', timeout=60_000)
    speakers = await theatre.lines.evaluate_all('lines => lines.map((line) => line.dataset.speaker)')
    assert len(speakers) == 20
    assert len(set(speakers)) == 3


async def test_nobody_speaks_yet_and_the_dots_say_who_thinks(live: Running, vendor: Prompter, theatre: Theatre) -> None:
    gate = Gate()
    vendor.about('Who thinks').will(Reply((gate, *says('At last.').steps)))
    await theatre.begin(live.url, 'Who thinks')
    speaker = await theatre.line(1).get_attribute('data-speaker') or ''
    await expect(theatre.line(1).get_by_label(f'{speaker} is thinking')).to_be_visible()
    await expect(theatre.status).to_have_text(f'{speaker} is thinking.')
    gate.open()
    await theatre.ends(1)
    await expect(theatre.line(1).get_by_label(f'{speaker} is thinking')).to_be_hidden()


async def test_alice_joins_in_and_is_answered_by_name(demo: Running, theatre: Theatre) -> None:
    await theatre.page.goto(f'{demo.url}/settings')
    await theatre.page.get_by_role('textbox', name='Your name').fill('Alice')
    await theatre.press('Save name')
    await expect(theatre.status).to_have_text('From now on you speak as Alice.')

    await theatre.begin(demo.url)
    await theatre.words_of(1)
    await theatre.say.fill('I queue because my mother did. Is that a reason?')
    await theatre.say.press('Enter')
    hers = theatre.lines.filter(has_text='I queue because my mother did.')
    await expect(hers).to_have_attribute('data-kind', 'human')
    await expect(theatre.say).to_have_value('')
    await expect(theatre.page.get_by_role('complementary', name='On stage')).to_contain_text('Alice')

    answer = await number_of(hers) + 1
    await theatre.ends(answer)
    await expect(theatre.speech(answer)).to_contain_text('Alice')


async def test_pause_holds_in_mid_sentence_and_resume_goes_on_with_it(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    gate = Gate()
    vendor.about('A held breath').will(breaks_off(gate, 'Let me finish my', ' sentence, please.'), says('Do.'))
    await theatre.begin(live.url, 'A held breath')
    await expect(theatre.speech(1)).to_have_text('Let me finish my')
    await theatre.press('Pause')
    await expect(theatre.status).to_have_text('You paused it.')
    gate.open()  # the model goes on, but nobody listens

    await theatre.page.reload()
    await expect(theatre.speech(1)).to_have_text('Let me finish my')
    await expect(theatre.line(1)).to_have_attribute('data-state', 'speaking')

    await theatre.press('Resume')
    await theatre.ends(1)
    await expect(theatre.speech(1)).to_have_text('Let me finish my sentence, please.')
    await expect(theatre.speech(2)).to_have_text('Do.')


async def test_step_takes_one_turn(demo: Running, theatre: Theatre) -> None:
    await theatre.begin(demo.url)
    await theatre.words_of(1)
    await theatre.press('Pause')
    await theatre.choose_pace('Instant')  # not before: all turns could be taken by then
    await theatre.press('Step')  # the rest of the line that is held
    await theatre.ends(1)
    await expect(theatre.status).to_have_text('Paused after one step.')
    before = await theatre.lines.count()
    await theatre.press('Step')
    await theatre.ends(before + 1)
    await expect(theatre.page.locator('[data-participant][data-speaking=true]')).to_have_count(0)
    await expect(theatre.lines).to_have_count(before + 1)


async def test_escape_cuts_the_speaker_off_with_a_dash_and_the_floor_is_free(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    script = vendor.about('A long speech')
    script.will(breaks_off(Gate(), 'Furthermore, and I cannot say it often', ' enough'), says('Sorry, Guest.'))
    await theatre.begin(live.url, 'A long speech')
    await expect(theatre.speech(1)).to_have_text('Furthermore, and I cannot say it often')
    speaker = await theatre.line(1).get_attribute('data-speaker')
    await theatre.page.keyboard.press('Escape')
    await theatre.ends(1, 'interrupted')
    await expect(theatre.speech(1)).to_have_text('Furthermore, and I cannot say it often—')
    await expect(theatre.status).to_have_text(f'You cut {speaker} off. Say something, or resume.')

    await theatre.say.fill('One moment: who pays for that?')
    await theatre.press('Send')
    await expect(theatre.speech(2)).to_have_text('One moment: who pays for that?')
    await expect(theatre.speech(3)).to_have_text('Sorry, Guest.')


async def test_stop_says_why_it_ended_and_ten_more_turns_go_on(
    live: Running, vendor: Prompter, theatre: Theatre
) -> None:
    script = vendor.about('The last word')
    script.will(breaks_off(Gate(), 'What was said is', ' kept'))
    script.usually = says('And so on.')
    await theatre.begin(live.url, 'The last word')
    await expect(theatre.speech(1)).to_have_text('What was said is')
    await theatre.press('Stop')
    await expect(theatre.status).to_have_text('You stopped it.')
    await theatre.ends(1, 'stopped')
    await expect(theatre.speech(1)).to_have_text('What was said is')
    limits = theatre.page.get_by_role('region', name='Limits used')
    await expect(limits).to_contain_text('1 of 20')

    await theatre.choose_pace('Instant')
    await theatre.press('+10 turns')
    await expect(limits).to_contain_text('of 30')
    await expect(theatre.speech(2)).to_have_text('And so on.')

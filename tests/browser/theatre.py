"""A conversation as a person sees it: what is said, who has the floor, what may be pressed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.async_api import Locator, Page, expect

THEATRE = re.compile(r'/conversation/\w+$')

# Every state in which a line was ever seen, from its first word to its last.
TAKE_NOTES = """
  window.notes = {};
  const look = () => {
    for (const line of document.querySelectorAll('[data-message-id]')) {
      const seen = (window.notes[line.dataset.messageId] ??= []);
      const text = line.querySelector('.speech').textContent;
      if (text && seen[seen.length - 1] !== text) seen.push(text);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
"""


class Theatre:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.transcript = page.get_by_role('log', name='Transcript')
        self.lines = self.transcript.locator('[data-message-id]')
        self.status = page.get_by_role('status')
        self.say = page.get_by_role('textbox', name='Say something')
        self.topic = page.get_by_role('textbox', name='Topic')
        self.begin_button = page.get_by_role('button', name='Begin the conversation')

    async def begin(self, url: str, topic: str = '') -> None:
        await self.page.goto(url)
        if topic:
            await self.topic.fill(topic)
        await self.begin_button.click()
        await expect(self.page).to_have_url(THEATRE)

    def line(self, number: int) -> Locator:
        return self.transcript.locator(f'[data-number="{number}"]')

    def speech(self, number: int) -> Locator:
        return self.line(number).locator('.speech')

    async def ends(self, number: int, state: str = 'complete') -> None:
        await expect(self.line(number)).to_have_attribute('data-state', state, timeout=60_000)

    async def words_of(self, number: int) -> str:
        """What has been said of a line so far; waits for its first word."""
        await expect(self.speech(number)).to_have_text(re.compile(r'\w'), timeout=60_000)
        return (await self.speech(number).text_content() or '').strip()

    async def grows_beyond(self, number: int, text: str) -> None:
        await expect(self.speech(number)).to_have_text(re.compile(re.escape(text) + r'.+', re.DOTALL))

    async def press(self, button: str) -> None:
        await self.page.get_by_role('button', name=button, exact=True).click()

    async def choose_pace(self, pace: str) -> None:
        await self.page.get_by_role('combobox', name='Pace').select_option(label=pace)

    async def put_guards_off(self) -> None:
        """Then nobody but the personas has a line, whatever they say."""
        await self.press('Direct')
        await self.page.get_by_role('tab', name='Rules').click()
        guards = self.page.get_by_role('switch', name='Guards')
        await guards.click()
        await expect(guards).to_have_attribute('aria-checked', 'false')
        await self.press('Close')
        await expect(guards).to_be_hidden()

    async def take_notes(self) -> None:
        """From the next page on remember every state in which a line is seen."""
        await self.page.add_init_script(TAKE_NOTES)

    async def notes(self) -> Mapping[str, list[str]]:
        return await self.page.evaluate('() => window.notes')

    async def html(self) -> list[str]:
        """What is said, as it is drawn."""
        return await self.lines.evaluate_all(
            'lines => lines.map((line) => line.querySelector(".speech .done").innerHTML)'
        )

    async def texts(self) -> list[str]:
        return [text.strip() for text in await self.lines.locator('.speech').all_text_contents()]


async def number_of(line: Locator) -> int:
    return int(await line.get_attribute('data-number') or 0)

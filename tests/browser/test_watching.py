"""The watch itself: what it is there to notice, it notices."""

from __future__ import annotations

from playwright.async_api import Page

from tests.browser.running import Running
from tests.browser.watch import Watch


async def test_errors_dialogs_and_requests_that_leave_are_noticed(demo: Running, page: Page, watch: Watch) -> None:
    await page.goto(f'{demo.url}/health')
    async with page.expect_event('pageerror'):  # it is told a moment after the script has ended
        await page.evaluate("""async () => {
          console.error('broken');
          setTimeout(() => { throw new Error('thrown'); });
          await fetch('https://evil.example/pixel.png', { mode: 'no-cors' }).catch(() => {});
          confirm('Really?');
        }""")
    noticed = ' '.join(watch.faults)
    for fault in ('broken', 'thrown', 'https://evil.example/pixel.png', 'Really?'):
        assert fault in noticed
    watch.forget()

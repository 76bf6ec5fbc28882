"""Whoever watches sees the same, whenever they came and whatever happened to their line."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.cable import Cable
from tests.browser.conftest import Visit
from tests.browser.prompter import Prompter, breaks_off, frames_of
from tests.browser.running import Running
from tests.browser.theatre import Theatre
from tests.browser.watch import Watch
from tests.fake_vendor import Gate, says

RICH = """First **this**, then `that`:

1. one
2. *two*

```python
print('three')
```

> and a quote to end with."""


async def test_early_late_and_latest_viewer_see_the_same(
    live: Running, vendor: Prompter, theatre: Theatre, visitor: Visit
) -> None:
    gate = Gate()
    half = len(RICH) // 2
    vendor.about('Same for all').will(frames_of(RICH), breaks_off(gate, RICH[:half], RICH[half:]))
    await theatre.begin(live.url, 'Same for all')
    await expect(theatre.speech(2)).to_contain_text('two')

    late = Theatre(await visitor())
    await late.page.goto(theatre.page.url)
    await expect(late.speech(2)).to_contain_text('two')
    assert await late.texts() == await theatre.texts()

    gate.open()
    for viewer in (theatre, late):
        await viewer.ends(2)
    latest = Theatre(await visitor())
    await latest.page.goto(theatre.page.url)
    await latest.ends(2)
    drawn = [(await viewer.html())[:2] for viewer in (theatre, late, latest)]
    assert drawn[0] == drawn[1] == drawn[2]
    assert drawn[0][0] == drawn[0][1]
    assert '<pre><code class="language-python">print(\'three\')' in drawn[0][0]


async def test_what_was_said_while_the_cable_was_cut_comes_without_a_reload(
    live: Running, vendor: Prompter, theatre: Theatre, watch: Watch, visitor: Visit
) -> None:
    watch.forgive('net::ERR_', 'WebSocket')
    gate, last = Gate(), Gate()
    script = vendor.about('A cut cable')
    script.will(breaks_off(gate, 'You hear', ' nothing.'), says('Nor me.'), breaks_off(last, 'And now', ' you do.'))
    neighbour = Theatre(await visitor())
    async with Cable(live.port) as cable:
        await theatre.begin(cable.url, 'A cut cable')
        await expect(theatre.speech(1)).to_have_text('You hear')
        await theatre.page.evaluate('() => { window.notReloaded = true; }')
        cable.cut()

        gate.open()
        await neighbour.page.goto(theatre.page.url.replace(cable.url, live.url))
        await expect(neighbour.speech(3)).to_have_text('And now')
        await expect(theatre.lines).to_have_count(1)

        cable.mend()
        await expect(theatre.speech(1)).to_have_text('You hear nothing.')
        await expect(theatre.speech(2)).to_have_text('Nor me.')
        await expect(theatre.speech(3)).to_have_text('And now')
        last.open()
        await theatre.ends(3)
        await neighbour.ends(3)
        assert (await theatre.html())[:3] == (await neighbour.html())[:3]
        assert await theatre.page.evaluate('() => window.notReloaded')

"""Whoever watches a conversation, from whenever and over however bad a line, ends with the same words on the screen.

The socket is left out: frames go through JSON to browsers in Python. `test_restart.py` and the browser tests have it.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.chimera import Chimera
from app.store import transcripts
from app.store.tables import Status
from components import broadcast
from components.broadcast import Broadcasts
from components.markdown import Patch, render
from components.transcript import lines_of
from tests.fixtures_conversation import Stage, Voice, begin, bring_back
from tests.screen import Browser, Screen

SPEECH = ['# On time\n\n', 'Time is *a ', 'river*,\nand ', '`it` has\n\n', '- no\n', '- bed.', '\n\nSo', ' there.']


class Hall:
    """Everybody who watches, by the name of their socket. `lost` decides whether a frame reaches a browser."""

    def __init__(self, chimera: Chimera) -> None:
        self.chimera = chimera
        self.browsers: dict[str, Browser] = {}
        self.frames: list[dict[str, Any]] = []
        self.told_again: list[str] = []
        self.lost: Callable[[str], bool] = lambda sid: False
        self.joined: Callable[[str, str, int], Awaitable[None]] | None = None

    @classmethod
    def lit(cls, chimera: Chimera, monkeypatch: pytest.MonkeyPatch) -> Hall:
        """In the place of the sockets: whatever is broadcast from now on comes here."""
        hall = cls(chimera)
        for name in ('viewers', 'show_all', 'show_one'):
            monkeypatch.setattr(broadcast, name, getattr(hall, name))
        monkeypatch.setattr(broadcast, 'on_join', lambda joined: setattr(hall, 'joined', joined))
        Broadcasts(chimera)
        return hall

    def viewers(self, _conversation_id: str) -> int:
        return len(self.browsers)

    def show_all(self, _conversation_id: str, frame: dict[str, Any]) -> None:
        sent = json.dumps(frame)
        self.frames.append(frame)
        for sid, browser in self.browsers.items():
            if not self.lost(sid):
                browser.receive(json.loads(sent))

    async def show_one(self, sid: str, frame: dict[str, Any]) -> None:
        if 'again' in frame:
            self.told_again.append(sid)
        else:
            self.browsers[sid].receive(json.loads(json.dumps(frame)))

    async def enter(self, stage: Stage, sid: str) -> Browser:
        """Open the page and join."""
        browser = await self.open(stage, sid)
        await self.join(stage, sid)
        return browser

    async def open(self, stage: Stage, sid: str) -> Browser:
        """As `Transcript` does."""
        store, scope = self.chimera.store, self.chimera.scope
        browser = self.browsers[sid] = Browser(stage.conversation.event_number)
        newest = await transcripts.latest_messages(store, scope, stage.id)
        browser.open(lines_of(self.chimera, stage.orchestrator, newest))
        return browser

    async def join(self, stage: Stage, sid: str) -> None:
        assert self.joined
        self.browsers[sid].joining = True
        await self.joined(sid, stage.id, self.browsers[sid].n)

    async def mend(self, stage: Stage) -> None:
        """Whoever noticed a gap joins again."""
        for sid, browser in list(self.browsers.items()):
            if browser.joining:
                await self.join(stage, sid)


@pytest.fixture
def hall(chimera: Chimera, monkeypatch: pytest.MonkeyPatch) -> Hall:
    return Hall.lit(chimera, monkeypatch)


async def all_see_what_was_said(hall: Hall, stage: Stage) -> None:
    said = await stage.said()
    for sid, browser in hall.browsers.items():
        for message in said:
            screen = browser.screens[message.id]
            assert screen.html == Screen().show(Patch(done=render(message.text))).html, f'{sid}: {message.text}'
            assert browser.lines[message.id]['state'] == message.state
            assert browser.thoughts[message.id] == message.reasoning


async def test_viewers_who_come_at_different_times_end_with_the_same_text(
    chimera: Chimera, voice: Voice, hall: Hall
) -> None:
    voice.enqueue('One.', SPEECH)
    early, middle = voice.breathe_after(SPEECH[0]), voice.breathe_after(SPEECH[4])
    stage = await begin(chimera, max_turns=4)
    await hall.enter(stage, 'first')
    await early.taken.wait()
    await hall.enter(stage, 'second')
    early.go.set()
    await middle.taken.wait()
    await hall.enter(stage, 'third')
    middle.go.set()
    await stage.ended()
    await hall.enter(stage, 'last')
    await all_see_what_was_said(hall, stage)
    assert all(browser.gaps == 0 for browser in hall.browsers.values())


@pytest.mark.parametrize('at', range(len(SPEECH) - 1))
async def test_who_reloads_in_mid_sentence_finds_the_same_sentence(
    chimera: Chimera, voice: Voice, hall: Hall, at: int
) -> None:
    voice.enqueue(['<think>Hm', '</think>', *SPEECH])
    breath = voice.breathe_after(SPEECH[at])
    stage = await begin(chimera, max_turns=1)
    first = await hall.enter(stage, 'first')
    await breath.taken.wait()
    await stage.heard(''.join(SPEECH[: at + 1]))
    second = await hall.enter(stage, 'second')
    id = stage.speaking.id
    assert second.screens[id].html == first.screens[id].html
    assert letters(second.screens[id].text) == letters(''.join(SPEECH[: at + 1]))
    assert second.thoughts[id] == 'Hm'
    breath.go.set()
    await stage.ended()
    await all_see_what_was_said(hall, stage)


def letters(text: str) -> str:
    return ''.join(filter(str.isalpha, text))


@pytest.mark.parametrize('at', range(len(SPEECH) - 1))
async def test_words_that_come_while_somebody_enters_are_shown_once(
    chimera: Chimera, voice: Voice, hall: Hall, at: int
) -> None:
    """They are read from the database and heard as well."""
    voice.enqueue(['', *SPEECH])
    breaths = [voice.breathe_after(delta) for delta in SPEECH]
    stage = await begin(chimera, max_turns=1)
    for breath in breaths[:at]:
        await breath.taken.wait()
        breath.go.set()
    await breaths[at].taken.wait()
    await hall.open(stage, 'first')
    entering = asyncio.create_task(hall.join(stage, 'first'))
    for breath in breaths[at:]:
        breath.go.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await entering
    await stage.ended()
    await hall.mend(stage)
    await all_see_what_was_said(hall, stage)


async def test_words_that_are_told_twice_are_shown_once(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(SPEECH)
    breath = voice.breathe_after(SPEECH[3])
    stage = await begin(chimera, max_turns=1)
    await hall.enter(stage, 'first')
    await breath.taken.wait()
    await stage.heard(''.join(SPEECH[:4]))
    chimera.channels.publish(stage.id, [*stage.audience.words(stage.speaking.id)])
    await hall.enter(stage, 'second')
    breath.go.set()
    await stage.ended()
    await all_see_what_was_said(hall, stage)


async def test_words_said_while_nobody_watched_are_there(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(SPEECH)
    away, back = voice.breathe_after(SPEECH[1]), voice.breathe_after(SPEECH[5])
    stage = await begin(chimera, max_turns=2)
    await hall.enter(stage, 'first')
    await away.taken.wait()
    hall.browsers.clear()
    away.go.set()
    await back.taken.wait()
    await stage.heard(''.join(SPEECH[:6]))
    await hall.enter(stage, 'again')
    assert 'bed.' in hall.browsers['again'].screens[stage.speaking.id].text
    back.go.set()
    await stage.ended()
    await all_see_what_was_said(hall, stage)


async def test_nobody_watching_costs_no_frame(chimera: Chimera, hall: Hall) -> None:
    stage = await begin(chimera, max_turns=3)
    await hall.enter(stage, 'first')
    hall.browsers.clear()
    before = len(hall.frames)
    await stage.ended()
    assert len(hall.frames) == before


async def test_a_lost_frame_is_noticed_and_made_good(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(SPEECH)
    bad, good = voice.breathe_after(SPEECH[2]), voice.breathe_after(SPEECH[3])
    stage = await begin(chimera, max_turns=2)
    browser = await hall.enter(stage, 'first')
    await bad.taken.wait()
    await stage.heard(''.join(SPEECH[:3]))
    hall.lost = lambda sid: True
    bad.go.set()
    await good.taken.wait()
    await stage.heard(''.join(SPEECH[:4]))
    hall.lost = lambda sid: False
    good.go.set()
    await stage.ended()
    assert browser.gaps == 1
    await hall.mend(stage)
    await all_see_what_was_said(hall, stage)


async def test_a_lost_last_frame_is_noticed_when_the_line_ends(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(SPEECH)
    last, end = voice.breathe_after(SPEECH[-2]), voice.breathe_after(SPEECH[-1])
    stage = await begin(chimera, max_turns=1)
    browser = await hall.enter(stage, 'first')
    await last.taken.wait()
    await stage.heard(''.join(SPEECH[:-1]))
    hall.lost = lambda sid: True
    last.go.set()
    await end.taken.wait()
    await stage.heard(''.join(SPEECH))
    hall.lost = lambda sid: False
    end.go.set()
    await stage.ended()
    assert browser.gaps == 1
    await hall.mend(stage)
    await all_see_what_was_said(hall, stage)


@pytest.mark.parametrize('seed', range(4))
async def test_on_a_very_bad_line_nothing_is_lost_in_the_end(
    chimera: Chimera, voice: Voice, hall: Hall, seed: int
) -> None:
    chance = random.Random(seed)
    breaths = []
    for turn in range(4):
        deltas = [f'{piece} {turn}.{n} ' for n, piece in enumerate(SPEECH)]
        voice.enqueue(deltas)
        breaths += [voice.breathe_after(delta) for delta in deltas]
    stage = await begin(chimera, max_turns=4)
    hall.lost = lambda sid: sid != 'good' and chance.random() < 0.3
    await hall.enter(stage, 'good')
    for number, breath in enumerate(breaths):
        await breath.taken.wait()
        if number % 8 == 3:
            await hall.enter(stage, f'bad {number}')
        await hall.mend(stage)
        breath.go.set()
    await stage.ended()
    hall.lost = lambda sid: False
    for sid in hall.browsers:
        await hall.join(stage, sid)
    assert hall.browsers['good'].gaps == 0
    assert sum(browser.gaps for browser in hall.browsers.values()) > 0
    await all_see_what_was_said(hall, stage)


async def test_a_line_that_came_whole_is_not_said_again(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    """Frames of a line that are on their way when it ends, and it comes with what was missed."""
    voice.enqueue(['', *SPEECH])
    breath = voice.breathe_after('')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    browser = await hall.enter(stage, 'first')
    browser.joining = True
    breath.go.set()
    await stage.ended()
    await hall.mend(stage)
    await all_see_what_was_said(hall, stage)


async def test_interrupting_and_speaking_are_seen_by_all(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(SPEECH)
    breath = voice.breathe_after(SPEECH[1])
    stage = await begin(chimera, max_turns=3)
    await hall.enter(stage, 'first')
    await breath.taken.wait()
    await hall.enter(stage, 'second')
    await stage.orchestrator.interrupt()
    await stage.orchestrator.speak(chimera.scope, '**Wait**, <script>')
    await stage.ended()
    await all_see_what_was_said(hall, stage)
    assert 'Time is a —' in hall.browsers['second'].texts[1].replace('*', '')
    assert hall.browsers['first'].texts[2] == 'Wait, <script>'


async def test_who_enters_while_an_event_is_not_counted_yet_sees_no_gap(
    chimera: Chimera, voice: Voice, hall: Hall
) -> None:
    """It has been written and told, but whoever wrote it goes on only later."""
    voice.enqueue(SPEECH)
    breath = voice.breathe_after(SPEECH[1])
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    stage.conversation.event_number -= 1
    browser = await hall.enter(stage, 'first')
    stage.conversation.event_number += 1
    breath.go.set()
    await stage.ended()
    assert browser.gaps == 0
    await all_see_what_was_said(hall, stage)


async def test_finished_blocks_are_sent_once(chimera: Chimera, voice: Voice, hall: Hall) -> None:
    voice.enqueue(['', *SPEECH])
    breath = voice.breathe_after('')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    await hall.enter(stage, 'first')
    breath.go.set()
    await stage.ended()
    items = [item for frame in hall.frames for item in frame['i']]
    done = ''.join(item[3] for item in items if item[0] == 'w')
    done += ''.join((item[3] or {}).get('done', '') for item in items if item[0] == 'e')
    assert done == render(''.join(SPEECH))


async def test_who_slept_through_very_much_is_told_to_start_again(
    chimera: Chimera, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, 'MOST_MISSED', 5)
    stage = await begin(chimera, max_turns=8)
    await stage.ended()
    hall.browsers['sleeper'] = Browser(1)
    await hall.join(stage, 'sleeper')
    assert hall.told_again == ['sleeper']
    await hall.enter(stage, 'awake')
    await stage.orchestrator.extend(1)
    await stage.ended()
    assert len(hall.browsers['awake'].screens) == 9


async def test_a_stranger_to_the_conversation_sees_nothing(chimera: Chimera, hall: Hall) -> None:
    stage = await begin(chimera, max_turns=1)
    await stage.ended()
    assert hall.joined
    hall.browsers['lost'] = Browser()
    await hall.joined('lost', 'nowhere', 0)
    assert hall.browsers['lost'].joining
    again = await bring_back(chimera, stage.id)
    assert again.orchestrator.status == Status.ENDED


@pytest.mark.parametrize('lost', ['nothing', 'every third frame'])
async def test_a_line_told_anew_grows_in_its_place_for_all(
    chimera: Chimera, voice: Voice, hall: Hall, lost: str
) -> None:
    """Whoever came before, in the middle or afterwards; and an edit, a swipe and a deletion are there at once."""
    voice.enqueue('One.', 'Two.')
    stage = await begin(chimera, max_turns=2)
    await stage.ended()
    first, second = await stage.said()
    await hall.enter(stage, 'first')
    frames = 0

    def loses(_sid: str) -> bool:
        nonlocal frames
        frames += 1
        return lost != 'nothing' and frames % 3 == 0

    hall.lost = loses
    voice.enqueue(SPEECH)
    breath = voice.breathe_after(SPEECH[3])
    await stage.orchestrator.regenerate(first.id)
    await breath.taken.wait()
    await hall.enter(stage, 'second')
    breath.go.set()
    await stage.until(lambda: stage.orchestrator.speaking is None and not stage.orchestrator.telling_anew)
    await stage.orchestrator.lines.edit(second.id, 'Two *indeed*.', 'Alice')
    await stage.orchestrator.lines.choose_variant(second.id, 1)
    hall.lost = lambda _sid: False
    await stage.orchestrator.lines.choose_variant(second.id, 2)
    await hall.mend(stage)
    await hall.enter(stage, 'last')
    await all_see_what_was_said(hall, stage)
    await stage.orchestrator.lines.delete(second.id)
    assert {browser.texts[2] for browser in hall.browsers.values()} == {''}
    await stage.orchestrator.lines.bring_back(second.id)
    await all_see_what_was_said(hall, stage)

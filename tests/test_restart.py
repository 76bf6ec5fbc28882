"""A real process, a real socket, and the plug is pulled in mid-sentence."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from app.chimera import Chimera
from app.settings import Settings
from app.store import conversations, people
from app.store.tables import Conversation, Message, State, Status
from tests.browser.running import OURS, ROOT, Running, free_port
from tests.fixtures_conversation import SwiftClock, Voice, bring_back, make_chimera
from tests.records import whole_transcript
from tests.screen import Browser

PATIENCE = 60
CLIENT = re.compile(r"'client_id': '([^']+)', 'next_message_id': (\d+)")


@dataclass
class Talk:
    """A Chimera in a process of its own, in which three personas talk."""

    process: subprocess.Popen[bytes]
    conversation_id: str
    url: str


@pytest.fixture
async def talk(database_url: str, tmp_path: Path) -> AsyncIterator[Talk]:
    port = free_port()
    environment = {name: os.environ[name] for name in OURS if name in os.environ} | {
        'CHIMERA_PORT': str(port),
        'CHIMERA_DATA_DIR': str(tmp_path / 'data'),
        'CHIMERA_DATABASE_URL': database_url,
        'CHIMERA_DISCOVER_LOCAL': 'false',
        'PYTHONPATH': str(ROOT),
    }
    with (tmp_path / 'log.txt').open('wb') as log:
        process = subprocess.Popen(
            [sys.executable, '-m', 'tests.talking'], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout
    began = await asyncio.to_thread(process.stdout.readline)
    assert began, (tmp_path / 'log.txt').read_text()
    yield Talk(process, began.decode().strip(), f'http://127.0.0.1:{port}')
    process.kill()
    process.wait()
    process.stdout.close()


async def watch(talk: Talk, enough: Callable[[Browser], bool]) -> Browser:
    """All that a viewer was shown until the connection broke; `enough` pulls the plug when it has seen enough."""
    viewer, page = Browser(), ''
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while not page:
            try:
                async with session.get(f'{talk.url}/conversation/{talk.conversation_id}') as answer:
                    page = await answer.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)  # it has begun to talk before it opened its doors
        found = CLIENT.search(page)
        assert found, page
        query = {'client_id': found[1], 'next_message_id': found[2], 'implicit_handshake': 'true'}
        query |= {'tab_id': str(uuid.uuid4()), 'document_id': str(uuid.uuid4()), 'EIO': '4', 'transport': 'websocket'}
        async with session.ws_connect(f'{talk.url}/_nicegui_ws/socket.io/', params=query) as socket:
            async for message in socket:
                text = str(message.data)
                if text.startswith('0'):
                    await socket.send_str('40')
                elif text.startswith('40'):
                    asked = {'client_id': found[1], 'conversation': talk.conversation_id, 'since': 0}
                    await socket.send_str('42' + json.dumps(['chimera_join', asked]))
                elif text == '2':
                    await socket.send_str('3')
                elif text.startswith('42["chimera_frame"'):
                    viewer.receive(json.loads(text[2:])[1])
                    if talk.process.returncode is None and enough(viewer):
                        return viewer
    return viewer


def letters(text: str) -> str:
    return ''.join(filter(str.isalnum, text))


def is_in_mid_sentence(viewer: Browser) -> bool:
    """In the second line, after some words of it."""
    return len(viewer.texts) == 2 and len(viewer.texts[2]) > 30 and viewer.states[2] == State.SPEAKING


async def find(settings: Settings, id: str) -> tuple[Conversation, list[Message]]:
    """What the database holds, read by a Chimera that does not start: nothing is mended by looking."""
    chimera = Chimera(settings)
    await chimera.store.open()
    try:
        scope = await people.home(chimera.store)
        conversation = await conversations.conversation(chimera.store, scope, id)
        assert conversation
        return conversation, await whole_transcript(chimera.store, scope, id)
    finally:
        await chimera.store.close()


async def test_killed_in_mid_sentence_every_word_that_was_shown_is_there_once(
    talk: Talk, database_url: str, tmp_path: Path, settings: Settings
) -> None:
    def pull_the_plug(viewer: Browser) -> bool:
        if is_in_mid_sentence(viewer):
            talk.process.kill()
            talk.process.wait()
            return True
        return False

    shown = await watch(talk, pull_the_plug)
    assert shown.gaps == 0

    again = await Running(tmp_path, CHIMERA_DATABASE_URL=database_url).start()
    settings = settings.model_copy(update={'database_url': database_url})
    conversation, said = await find(settings, talk.conversation_id)
    await again.stop()

    assert [message.state for message in said] == [State.COMPLETE, State.INTERRUPTED]
    for message in said:
        kept, seen = letters(message.text), letters(shown.texts[message.number])
        assert kept.startswith(seen), 'what was shown is kept'
        assert len(kept) < len(seen) + 60, 'and not twice'
        assert len(seen) > 20
    assert conversation.status == Status.PAUSED
    assert conversation.stop_reason
    assert 'press Resume to go on' in conversation.stop_reason
    assert again.complaints() == ''

    await it_goes_on(talk, database_url, tmp_path)


async def it_goes_on(talk: Talk, database_url: str, tmp_path: Path) -> None:
    chimera = make_chimera(database_url, tmp_path, Voice(), SwiftClock())
    await chimera.start()
    stage = await bring_back(chimera, talk.conversation_id)
    cut = (await stage.said())[1]
    await stage.orchestrator.steering.set_limits(max_turns=4)
    await stage.orchestrator.resume()
    await stage.ended()
    said = await stage.said()
    assert said[1].text == cut.text
    assert [message.number for message in said] == list(range(1, len(said) + 1))
    events = await stage.events()
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    await chimera.stop()


async def test_told_to_stop_it_keeps_the_sentence_and_is_gone_in_time(
    talk: Talk, database_url: str, settings: Settings
) -> None:
    told_at = 0.0

    def tell_it_to_stop(viewer: Browser) -> bool:
        nonlocal told_at
        if not told_at and is_in_mid_sentence(viewer):
            told_at = time.monotonic()
            talk.process.terminate()
        return False  # the viewer stays until Chimera closes the door

    shown = await watch(talk, tell_it_to_stop)
    code = await asyncio.to_thread(talk.process.wait, 15)
    assert code == 0
    assert time.monotonic() - told_at < 15

    settings = settings.model_copy(update={'database_url': database_url})
    conversation, said = await find(settings, talk.conversation_id)
    assert conversation.status == Status.PAUSED
    assert conversation.stop_reason == 'Chimera was restarted; press Resume to go on.'
    assert [message.state for message in said] == [State.COMPLETE, State.INTERRUPTED]
    assert said[1].text.endswith('—')
    assert letters(said[1].text).startswith(letters(shown.texts[2]))

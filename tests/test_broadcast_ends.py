"""A broadcast is kept no longer than it is watched, outlives a database that fails for a moment, and reads no more
than it shows; its frames never overtake each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from engineio.async_server import AsyncServer
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, Packet

from app.chimera import Chimera
from app.store import transcripts
from app.store.store import Store
from app.store.tables import Message, State
from components import broadcast
from components.broadcast import Broadcasts
from components.live_socket import is_number
from components.straight_socket import StraightSocket, write_to
from tests.cast import People, hold_conversation
from tests.fixtures_conversation import Stage, Voice, begin
from tests.test_store_transcripts import happen


class House:
    """Who sits in front of which conversation, and what they were shown."""

    def __init__(self) -> None:
        self.watched: dict[str, int] = {}
        self.shown: list[dict[str, Any]] = []
        self.joined: Callable[[str, str, int], Awaitable[None]] | None = None

    async def join(self, stage: Stage, since: int = 0) -> None:
        assert self.joined
        self.watched[stage.id] = 1
        await self.joined('somebody', stage.id, since)

    async def show_one(self, _sid: str, frame: dict[str, Any]) -> None:
        self.shown.append(frame)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    house = House()
    monkeypatch.setattr(broadcast, 'viewers', lambda id: house.watched.get(id, 0))
    monkeypatch.setattr(broadcast, 'show_all', lambda _id, frame: house.shown.append(frame))
    monkeypatch.setattr(broadcast, 'show_one', house.show_one)
    monkeypatch.setattr(broadcast, 'on_join', lambda joined: setattr(house, 'joined', joined))
    return house


async def test_a_conversation_that_ended_is_let_go_when_its_last_viewer_has_left(
    chimera: Chimera, house: House
) -> None:
    broadcasts = Broadcasts(chimera)
    stages = [await begin(chimera, max_turns=1) for _ in range(5)]
    for stage in stages:
        await stage.ended()
        await house.join(stage)
        assert list(broadcasts._live) == [stage.id]
        assert len(chimera.channels._listeners[stage.id]) == 2, 'the audience and the broadcast'
        house.watched.clear()
    assert [len(chimera.channels._listeners[stage.id]) for stage in stages] == [1, 1, 1, 1, 2]


async def test_what_turns_out_to_be_a_thought_is_shown_as_one_when_the_turn_ends(
    chimera: Chimera, voice: Voice, house: House
) -> None:
    broadcasts = Broadcasts(chimera)
    voice.enqueue(['Is it so?', '</think>', 'It is.'])
    breath = voice.breathe_after('Is it so?')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    await house.join(stage)
    breath.go.set()
    await stage.ended()
    assert broadcasts._live
    items = [item for frame in house.shown for item in frame.get('i', ())]
    (end,) = [needed for _, _, kind, needed in (item for item in items if item[0] == 'e') if kind == 'turn_ended']
    (message,) = await stage.said()
    assert (end['line']['id'], end['line']['state']) == (message.id, State.COMPLETE)


async def test_those_who_still_watch_are_not_disturbed(chimera: Chimera, house: House) -> None:
    broadcasts = Broadcasts(chimera)
    stages = [await begin(chimera, max_turns=1) for _ in range(3)]
    for stage in stages:
        await stage.ended()
        await house.join(stage)
    assert list(broadcasts._live) == [stage.id for stage in stages]


async def test_a_read_that_fails_once_blinds_nobody(
    chimera: Chimera, voice: Voice, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broadcasts(chimera)
    voice.enqueue(['Time ', 'is ', 'up.'])
    breath = voice.breathe_after('Time ')
    stage = await begin(chimera, max_turns=1)
    await breath.taken.wait()
    await stage.heard('Time ')
    with monkeypatch.context() as broken:
        broken.setattr(transcripts, 'this_moment', fail)
        with pytest.raises(OSError, match='disk'):
            await house.join(stage)
    await house.join(stage)
    [[_, _, done, open, text, _]] = house.shown[-1]['catch']['growing']
    assert 'Time' in done + open + text
    breath.go.set()
    await stage.ended()
    assert any(item[0] == 'e' for frame in house.shown[1:] for item in frame['i'])


async def fail(*_: Any) -> None:
    raise OSError('the disk is not there just now')


async def test_no_more_is_read_than_can_be_shown(
    chimera: Chimera, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    Broadcasts(chimera)
    monkeypatch.setattr(broadcast, 'MOST_MISSED', 2)
    read: list[int] = []
    real = transcripts.messages_touched_since

    async def count(*asked: Any, **how: Any) -> list[Message]:
        messages = await real(*asked, **how)
        read.append(len(messages))
        return messages

    monkeypatch.setattr(transcripts, 'messages_touched_since', count)
    stage = await begin(chimera, max_turns=6)
    await stage.ended()
    await house.join(stage)
    assert read == [3]
    assert house.shown == [{'c': stage.id, 'again': True}]


async def test_only_so_many_of_the_messages_that_were_touched_are_read(store: Store, people: People) -> None:
    conversation = await hold_conversation(store, people.alice, ['one', 'two', 'three'])
    said = await transcripts.latest_messages(store, people.alice, conversation.id)
    await happen(store, conversation, *({'message_id': message.id} for message in said))
    touched = await transcripts.messages_touched_since(store, people.alice, conversation.id, 0, limit=2)
    assert [message.text for message in touched] == ['one', 'two']


@pytest.mark.parametrize('asked', [-1, 2**31, 10**30, True, False, 1.0, '1', None, [1]])
def test_what_is_no_number_is_refused(asked: object) -> None:
    assert not is_number(asked)


@pytest.mark.parametrize('asked', [0, 1, 2**31 - 1])
def test_numbers_are_numbers(asked: object) -> None:
    assert is_number(asked)


async def test_a_frame_never_overtakes_a_packet_that_was_queued_before() -> None:
    """In Python 3.11 engine.io holds a packet for some turns of the loop when it is no longer in the queue."""
    for turns in range(6):
        sent: list[str] = []

        async def keep(event: dict[str, Any], sent: list[str] = sent) -> None:
            sent.append(event['text'])

        socket = AsyncSocket(AsyncServer(async_mode='asgi'), 'viewer')
        straight = StraightSocket(socket._websocket_handler, socket.server)
        straight.asgi_send = keep
        writing = asyncio.create_task(write_what_is_queued(socket, straight))
        await asyncio.sleep(0)
        socket.queue.put_nowait(Packet(MESSAGE, 'first'))
        for _ in range(turns):
            await asyncio.sleep(0)
        second = Packet(MESSAGE, 'second')
        write_to(socket, second, {'type': 'websocket.send', 'text': second.encode()})
        socket.queue.put_nowait(None)
        await writing
        assert sent == ['4first', '4second'], f'after {turns} turns'


async def write_what_is_queued(socket: AsyncSocket, straight: StraightSocket) -> None:
    """As engine.io does it."""
    while packets := await socket.poll():
        for packet in packets:
            await straight.send(packet.encode())

"""The one module that touches NiceGUI's socket below its documented API: `core.sio`, its rooms and `Client.instances`.

A frame goes to everybody who watches a conversation with one serialisation, straight into the queue that each socket
is written from; NiceGUI's outbox would serialise it for each viewer anew, python-socketio would make a task for each.
Pinned by the version in `pyproject.toml` and guarded by the browser tests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from nicegui import Client, core, json
from socketio.packet import EVENT

FRAME = 'chimera_frame'
JOIN = 'chimera_join'

Joined = Callable[[str, str, int], Awaitable[None]]
FULL = 300
"""Frames that wait for one screen, ten seconds of them, after which it gets no more: when it reads again it sees that
some are missing, and asks for what it missed."""
_WATCHES = 'chimera_watches'


def let_watch(client: Client, conversation_id: str) -> None:
    """From now on this page may join the frames of the conversation."""
    client.storage.setdefault(_WATCHES, set()).add(conversation_id)


def on_join(joined: Joined) -> None:
    """Call `joined(socket, conversation_id, since)` when a page that may watch asks to, and after each reconnect."""

    async def join(sid: str, asked: Any) -> None:
        if not isinstance(asked, dict) or not isinstance(since := asked.get('since'), int):
            return
        client = Client.instances.get(str(asked.get('client_id', '')))
        conversation_id = str(asked.get('conversation', ''))
        # A socket speaks only for the page it has shaken hands for.
        if client is None or client.id not in core.sio.rooms(sid):
            return
        if conversation_id not in client.storage.get(_WATCHES, ()):
            return
        await core.sio.enter_room(sid, _room(conversation_id))
        await joined(sid, conversation_id, since)

    core.sio.on(JOIN, join)


def viewers(conversation_id: str) -> int:
    rooms = core.sio.manager.rooms.get('/', {})
    return len(rooms.get(_room(conversation_id), ()))


def show_all(conversation_id: str, frame: dict[str, Any]) -> None:
    packet = EnginePacket(MESSAGE, f'{EVENT}{json.dumps([FRAME, frame])}')
    sockets = core.sio.eio.sockets
    for _, engine_sid in core.sio.manager.get_participants('/', _room(conversation_id)):
        socket = sockets.get(engine_sid)
        if socket is not None and not socket.closed and socket.queue.qsize() < FULL:
            socket.queue.put_nowait(packet)


async def show_one(sid: str, frame: dict[str, Any]) -> None:
    await core.sio.emit(FRAME, frame, to=sid)


def refuse_foreign_origins() -> None:
    """NiceGUI lets any site open a socket; only pages of our own origin may."""
    core.sio.eio.cors_allowed_origins = None


def _room(conversation_id: str) -> str:
    return f'conversation {conversation_id}'

"""The one module that touches NiceGUI's socket below its documented API: `core.sio`, its rooms and `Client.instances`.

A frame goes to everybody who watches a conversation with one serialisation, straight into each socket; NiceGUI's outbox
would serialise it for each viewer anew, and python-socketio would make a task for each.
Pinned by the version in `pyproject.toml` and guarded by the browser tests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard

from engineio.packet import MESSAGE, Packet
from nicegui import Client, core, json
from socketio.packet import EVENT

from components.straight_socket import write_straight, write_to

FRAME = 'chimera_frame'
JOIN = 'chimera_join'

Joined = Callable[[str, str, int], Awaitable[None]]
_WATCHES = 'chimera_watches'


def let_watch(client: Client, conversation_id: str) -> None:
    """From now on this page may join the frames of the conversation."""
    client.storage.setdefault(_WATCHES, set()).add(conversation_id)


def on_join(joined: Joined) -> None:
    """Call `joined(socket, conversation_id, since)` when a page that may watch asks to, and after each reconnect."""

    async def join(sid: str, asked: Any) -> None:
        if not isinstance(asked, dict) or not is_number(since := asked.get('since')):
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
    write_straight()


def is_number(asked: object) -> TypeGuard[int]:
    """Whether what a browser sent may be the number of an event or a message: the database takes no other."""
    return type(asked) is int and 0 <= asked < 2**31


def viewers(conversation_id: str) -> int:
    rooms = core.sio.manager.rooms.get('/', {})
    return len(rooms.get(_room(conversation_id), ()))


def show_all(conversation_id: str, frame: dict[str, Any]) -> None:
    packet = Packet(MESSAGE, f'{EVENT}{json.dumps([FRAME, frame])}')
    event = {'type': 'websocket.send', 'text': packet.encode()}
    sockets = core.sio.eio.sockets
    for _, engine_sid in core.sio.manager.get_participants('/', _room(conversation_id)):
        if socket := sockets.get(engine_sid):
            write_to(socket, packet, event)


async def show_one(sid: str, frame: dict[str, Any]) -> None:
    await core.sio.emit(FRAME, frame, to=sid)


def refuse_foreign_origins() -> None:
    """NiceGUI lets any site open a socket; only pages of our own origin may."""
    core.sio.eio.cors_allowed_origins = None


def _room(conversation_id: str) -> str:
    return f'conversation {conversation_id}'

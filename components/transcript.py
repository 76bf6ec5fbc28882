"""Where a conversation is read, live: newest lines at once, earlier ones on scrolling up, every word as it comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nicegui import json, ui
from nicegui.events import GenericEventArguments

from app.chimera import Chimera
from app.conversation.orchestrator import Orchestrator
from app.store import transcripts
from app.store.tables import Message
from components.line import figures, line
from components.live_socket import is_number, let_watch
from components.static_files import address_of

NEWEST = 50


class Transcript(ui.element, component='transcript.js'):
    """`await` its `of`: it asks the database for the newest lines."""

    @classmethod
    async def of(cls, chimera: Chimera, orchestrator: Orchestrator) -> Transcript:
        conversation = orchestrator.conversation
        # First the number, then the lines: what happens in between is asked for again, never missed.
        number = conversation.event_number
        messages = await transcripts.latest_messages(chimera.store, chimera.scope, conversation.id, NEWEST)
        return cls(chimera, orchestrator, number, lines_of(chimera, orchestrator, messages))

    @classmethod
    async def beyond(cls, chimera: Chimera, orchestrator: Orchestrator, after: int, label: str) -> Transcript:
        """One of several on a page, which holds `line.js`: only what was said after line number `after`."""
        conversation = orchestrator.conversation
        number = conversation.event_number
        newest = await transcripts.latest_messages(chimera.store, chimera.scope, conversation.id, NEWEST)
        lines = lines_of(chimera, orchestrator, (message for message in newest if message.number > after))
        return cls(chimera, orchestrator, number, lines, after=after, label=label)

    def __init__(
        self, chimera: Chimera, orchestrator: Orchestrator, number: int, lines: list[dict[str, Any]], *,
        after: int | None = None, label: str = 'Transcript',
    ) -> None:  # fmt: skip
        super().__init__()
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._conversation_id = orchestrator.conversation.id
        self._props['conversation'] = self._conversation_id
        self._props['number'] = number
        self._props['label'] = label
        newest = {'cards': lines, 'figures': figures(orchestrator.participants, orchestrator.personas)}
        if after is None:
            draw_early({'menu': True, **newest})
        else:
            self._props.update(newest, after=after)
        let_watch(self.client, self._conversation_id)
        self.on('earlier', self._earlier)

    async def _earlier(self, asked: GenericEventArguments) -> None:
        if not is_number(before := asked.args):
            return
        chimera = self._chimera
        messages = await transcripts.earlier_messages(
            chimera.store, chimera.scope, self._conversation_id, before, NEWEST
        )
        self.run_method('prepend', lines_of(chimera, self._orchestrator, messages))


def lines_of(chimera: Chimera, orchestrator: Orchestrator, messages: Iterable[Message]) -> list[dict[str, Any]]:
    programme = orchestrator.record.programme
    return [line(message, sealed=programme.is_sealed(message, chimera.scope)) for message in messages]


def draw_early(newest: dict[str, Any]) -> None:
    """The newest lines as part of the page itself, to be read before any framework is there. `line.js` draws them and
    `transcript.js` takes them over."""
    data = json.dumps(newest).replace('<', '\\u003c')  # no text can end the script it stands in
    ui.add_body_html(
        '<div id="early" class="transcript early" aria-hidden="true"></div>'
        f'<script id="newest-lines" type="application/json">{data}</script>'
        f'<script src="{address_of("line.js")}"></script>'
    )

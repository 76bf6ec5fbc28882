"""How far a conversation has come in its format, the vote that is open, and who knows what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from app.chimera import Chimera
from app.conversation.formats.floor import Ballot
from app.conversation.orchestrator import Orchestrator
from app.conversation.refused import Refused
from app.store.tables import Status
from components.plain import Button, box, change, words
from components.who_knows import who_knows


class ProgrammeView:
    """Nothing at all where the conversation is an open table."""

    def __init__(self, chimera: Chimera, orchestrator: Orchestrator) -> None:
        self._chimera = chimera
        self._orchestrator = orchestrator
        self._shown: object = None
        self._box = box('section', 'programme', aria_label='Format')
        self._box.set_visibility(orchestrator.record.programme.format is not None)
        self.show()

    def show(self) -> None:
        programme = self._orchestrator.record.programme
        if not programme.format:
            return
        floor = programme.floor()
        ballot = floor.ballot if floor else None
        voted = programme.vote_of(self._voter)
        drawn = (programme.ordinal, ballot and ballot.choices, voted, self._orchestrator.status)
        if drawn != self._shown:
            self._shown = drawn
            self._draw(ballot, voted)

    @property
    def _voter(self) -> str:
        scope = self._chimera.scope
        seat = self._orchestrator.record.seat_of(scope)
        return seat.id if seat else scope.person_id

    def _draw(self, ballot: Ballot | None, voted: str | None) -> None:
        programme, ended = self._orchestrator.record.programme, self._orchestrator.status == Status.ENDED
        assert programme.format
        self._box.clear()
        with self._box:
            words(programme.format.name, 'label')
            with box('ol', 'phases'):
                for phase in programme.format.phases:
                    is_now = programme.ordinal is not None and phase.name == programme.phase_name
                    item = words(phase.name, tag='li')
                    change(item, 'aria-current', 'step' if is_now else None)
            if programme.ordinal is None and not ended:
                words('It is over, and they go on at an open table.', 'quiet', data_over='')
            if ballot and not ended and self._may_vote(ballot):
                self._draw_ballot(ballot, voted)
            self._fault = words('', 'fault', role='alert')
            with box('div', 'programme-acts'):
                if programme.ordinal is not None and not ended:
                    Button('Next phase', self._obey(self._orchestrator.close_phase))
                Button('Who knows what', partial(who_knows, self._orchestrator))

    def _may_vote(self, ballot: Ballot) -> bool:
        return ballot.audience or self._voter in ballot.by_voter

    def _draw_ballot(self, ballot: Ballot, voted: str | None) -> None:
        words(ballot.question, 'question')
        allowed = ballot.by_voter.get(self._voter)
        with box('div', 'ballot', role='group', aria_label='Your vote'):
            for id, name in ballot.choices:
                if allowed is None or id in allowed:
                    cast = partial(self._orchestrator.vote, self._chimera.scope, id)
                    button = Button(name, self._obey(cast), label=f'Vote: {name}')
                    change(button, 'aria-pressed', str(id == voted).lower())

    def _obey(self, command: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def obey() -> None:
            fault = self._fault
            try:
                await command()
            except Refused as refusal:
                if not fault.is_deleted:
                    fault.text = str(refusal)

        return obey

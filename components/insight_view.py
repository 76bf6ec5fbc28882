"""What the measures say of a conversation, from the plain sentence down to the tables. For the director.

`show` changes only what is another than before.
"""

from __future__ import annotations

from nicegui import background_tasks

from app.conversation.orchestrator import Orchestrator
from app.live.insight import Insight
from app.measures.live import Reading
from app.measures.sentence import most_remarkable, remarks
from components.answers import Figure
from components.line import HUMAN_COLOUR
from components.mask import human_svg, mask
from components.pictures import Pictures
from components.plain import box, words

FEWEST = 2
ALSO = 3


class InsightView:
    def __init__(self, orchestrator: Orchestrator, insight: Insight) -> None:
        self._orchestrator = orchestrator
        self._insight = insight
        self._drawn: Reading | None = None
        with box('section', 'plain-sentence', aria_label='In one sentence'):
            self._sentence = words('', 'sentence', role='status')
            self._also = box('ul', 'also')
        with box('div', 'no-lines') as self._empty:
            words('Nothing to measure yet', tag='h2')
            words('As soon as two lines have been said, you see here who spoke when, who answers whom, and more.')
        with box('div', 'insight') as self._all:
            self._pictures = Pictures(orchestrator.conversation.id)

    async def draw(self) -> None:
        """All of it, before the page is delivered."""
        self._show_words()
        await self._draw()

    def show(self) -> None:
        self._show_words()
        if self._insight.reading is not self._drawn:
            background_tasks.create(self._draw(), name='draw measures')

    def _show_words(self) -> None:
        insight = self._insight
        many = len(insight.moments)
        self._all.set_visibility(many >= FEWEST)
        self._empty.set_visibility(many < FEWEST and not insight.is_reading and not insight.fault)
        self._sentence.text = self._say()

    async def _draw(self) -> None:
        self._drawn = self._insight.reading
        self._say_also()
        if len(self._insight.moments) >= FEWEST:
            await self._pictures.show(self._insight, self._figures())

    def _say(self) -> str:
        insight = self._insight
        if insight.fault:
            return insight.fault
        if insight.is_reading:
            return f'Reading the transcript: {len(insight.moments):,} lines so far …'
        return most_remarkable(insight.reading)

    def _say_also(self) -> None:
        self._also.clear()
        with self._also:
            for remark in remarks(self._insight.reading)[1 : 1 + ALSO]:
                words(remark.sentence, tag='li')

    def _figures(self) -> list[Figure]:
        """In the order of their seats, then whoever joined."""
        orchestrator, found = self._orchestrator, dict[str, Figure]()
        seats = {participant.id: participant.seat for participant in orchestrator.participants}
        speakers = {moment.speaker: moment.participant_id for moment in self._insight.moments}
        silent = {p.name: p.id for p in orchestrator.participants if p.id in orchestrator.personas}
        everybody = {**silent, **speakers}
        for name, id in sorted(everybody.items(), key=lambda pair: seats.get(pair[1], len(seats))):
            persona = orchestrator.personas.get(id)
            colour, drawn = (persona.look.colour, mask(persona)) if persona else (HUMAN_COLOUR, human_svg())
            found[name] = Figure(name, colour, drawn, persona is None)
        return list(found.values())

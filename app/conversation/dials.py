"""Five dials of how the room talks, and how one persona in it does: what each step says to whoever speaks.

The words are concrete, because a model that is told "be more heated" turns up adjectives, not the heat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.tables import Kind, Participant

DIALS = 'dials'
"""Where a conversation's and a participant's settings keep them; a dial at 0 is not kept."""
MOST = 2

SAYS: dict[str, dict[int, str]] = {
    'heat': {
        -2: 'Keep entirely cool. Stay courteous, answer sharpness with a lower voice, and let no word carry an edge.',
        -1: 'Stay calm. Say where you differ without sharpness, and grant what is fair in what was just said.',
        1: 'Let some heat show. Say what this costs you or why it matters, and press the point on which you differ.',
        2: 'Be heated. Take a side, contradict the last claim outright, cut the courtesies, and give no ground now.',
    },
    'depth': {
        -2: 'Stay on the surface: everyday things, first impressions, nothing that needs explaining.',
        -1: 'Keep it light: one plain thought with an everyday example, no theory, no distinctions.',
        1: 'Go one step deeper: give the reason behind your view, or the assumption on which it rests.',
        2: 'Dig. Name an assumption nobody here has questioned, follow it to a consequence somebody will dislike, and '
        'be exact about what you do not know.',
    },
    'humour': {
        -2: 'No jokes, no irony, no playing along with anybody else’s: be entirely serious.',
        -1: 'Be serious; one dry half-sentence is the most you allow yourself.',
        1: 'Let some humour in: one light or ironic turn, made of what was just said and not of a stock joke.',
        2: 'Be funny. Look for the comic side first, exaggerate one detail beyond reason, tease whoever spoke last, '
        'and end on the funniest word.',
    },
    'length': {
        -2: 'Say it in one short sentence of at most twelve words, whatever else you were told about length.',
        -1: 'Say it in one or two short sentences, whatever else you were told about length.',
        1: 'Take five to seven sentences, with one example, whatever else you were told about length.',
        2: 'Hold the floor for two or three full paragraphs that build on one another, whatever else you were told '
        'about length.',
    },
    'pace': {
        -2: 'Take all the time in the world: weigh each sentence, let a thought trail off, begin it again better.',
        -1: 'Speak unhurriedly: finish one thought before you touch the next.',
        1: 'Speak briskly: your point comes with your first words, without a preamble.',
        2: 'Speak fast: short clauses, one on the heels of the other, as if somebody might cut in.',
    },
}  # fmt: skip

TEMPO = {-2: 0.5, -1: 0.75, 0: 1.0, 1: 1.4, 2: 2.0}
"""How much faster a persona types at that pace."""
TOKENS = {-2: 1_100, -1: 1_200, 1: 2_000, 2: 3_000}
"""The most that is asked for. It stops a model that runs on, and leaves room for the thoughts of one that thinks: a
line as short as the words above ask for must never be cut in mid-sentence."""


class Dials:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def turn(self, dial: str, value: int, participant_id: str | None = None) -> None:
        """The room's dial, or one persona's, which is added to it. Holds from the next turn on."""
        if dial not in SAYS:
            raise Refused(f'There is no dial “{dial}”: there are {", ".join(SAYS)}.')
        if not -MOST <= value <= MOST:
            raise Refused(f'A dial goes from {-MOST} to {MOST}.')
        record = self._record
        participant = record.participant(participant_id) if participant_id is not None else None
        if participant and participant.kind != Kind.PERSONA:
            raise Refused(f'{participant.name} is no persona: only personas can be directed.')
        async with record.writing:
            payload: dict[str, Any] = {'dial': dial, 'value': value}
            if participant is None:
                values = {'settings': _turned(record.conversation.settings, dial, value)}
                await record.write('dial', payload, values | record.next_epoch())
            else:
                settings = _turned(participant.settings, dial, value)
                payload['participant_id'] = participant.id
                await record.write('dial', payload, changes=((participant, {'settings': settings}),))
        record.changed.emit()


def directed(record: Record, speaker: Participant, _taken: int) -> str:
    """How the speaker is asked to talk; a dial at 0 says nothing."""
    steps = steps_for(record, speaker)
    said = [SAYS[dial][step] for dial, step in steps.items() if step]
    return 'The director asks of this line:\n' + '\n'.join(f'- {sentence}' for sentence in said) if said else ''


def tempo_of(record: Record, speaker: Participant, tempo: float) -> float:
    """In characters a second, as the pace dials would have it."""
    return tempo * TEMPO[steps_for(record, speaker)['pace']]


def most_tokens(record: Record, speaker: Participant) -> int | None:
    """For a line, thoughts included; None where the length is left to the persona."""
    return TOKENS.get(steps_for(record, speaker)['length'])


def steps_for(record: Record, speaker: Participant) -> dict[str, int]:
    """The persona's dials on top of the room's, -2 to 2 each."""
    room, own = set_in(record.conversation.settings), set_in(speaker.settings)
    return {dial: max(-MOST, min(MOST, room[dial] + own[dial])) for dial in SAYS}


def set_in(settings: Mapping[str, Any]) -> dict[str, int]:
    return {dial: settings.get(DIALS, {}).get(dial, 0) for dial in SAYS}


def _turned(settings: dict[str, Any], dial: str, value: int) -> dict[str, Any]:
    kept = {name: step for name, step in (set_in(settings) | {dial: value}).items() if step}
    rest = {name: setting for name, setting in settings.items() if name != DIALS}
    return rest | {DIALS: kept} if kept else rest

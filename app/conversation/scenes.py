"""Scene cards: where the room is, when, and in what mood; and what a narrator tells."""

from __future__ import annotations

from typing import Any

from app.conversation.hearing import speakable
from app.conversation.narrator import narrate
from app.conversation.record import Record
from app.conversation.refused import Refused
from app.store.tables import Participant

SCENE = 'scene'
"""Where a conversation's settings keep its place, time and mood; what is not said of them is not kept."""
CARDS = ('place', 'time', 'mood')
LONGEST_CARD = 200
LONGEST_NARRATION = 2_000


class Scenes:
    def __init__(self, record: Record) -> None:
        self._record = record

    async def change(
        self, place: str | None = None, time: str | None = None, mood: str | None = None, *, rule_id: str | None = None
    ) -> None:
        """None leaves it as it is, '' takes it away. The change is told to the room, in which it then stands."""
        record = self._record
        wanted = {
            name: _folded(text)
            for name, text in zip(CARDS, (place, time, mood), strict=True)
            if text is not None
        }  # fmt: skip
        for name, text in wanted.items():
            if len(text) > LONGEST_CARD:
                raise Refused(f'The {name} has {len(text)} characters; it can have {LONGEST_CARD}.')
        async with record.writing:
            before = scene_of(record)
            news = {name: text for name, text in wanted.items() if text != before.get(name, '')}
            if not news:
                raise Refused('The scene is like that already: change the place, the time or the mood.')
            scene = {name: text for name, text in (before | news).items() if text}
            settings = {name: kept for name, kept in record.conversation.settings.items() if name != SCENE}
            values = {'settings': settings | ({SCENE: scene} if scene else {})} | record.next_epoch()
            payload: dict[str, Any] = {'scene': scene}
            if rule_id:
                payload['rule_id'] = rule_id
            if line := _told(news):
                await narrate(record, 'scene', payload, line, values=values)
            else:
                await record.write('scene', payload, values)
        record.changed.emit()

    async def narrate(self, text: str, *, rule_id: str | None = None) -> None:
        """A line nobody says: everybody in the room knows it from then on."""
        record = self._record
        text = speakable(text).strip()
        if not text:
            raise Refused('There is nothing to narrate yet: write what happens.')
        if len(text) > LONGEST_NARRATION:
            raise Refused(f'That is {len(text):,} characters; a narration can have {LONGEST_NARRATION:,}.')
        async with record.writing:
            await narrate(record, 'narrated', {'rule_id': rule_id} if rule_id else {}, text)
        record.changed.emit()


def set_here(record: Record, _speaker: Participant, _taken: int) -> str:
    """What everybody sees and feels around them, however long ago it was told."""
    scene = scene_of(record)
    cards = [f'{name.capitalize()}: {_sentence(scene[name])}' for name in CARDS if name in scene]
    if not cards:
        return ''
    return (
        f'Where you all are now. {" ".join(cards)} Let it be felt where it fits; do not describe it for its own sake.'
    )


def scene_of(record: Record) -> dict[str, str]:
    """Of `place`, `time` and `mood` those that were settled."""
    return dict(record.conversation.settings.get(SCENE, {}))


def _told(news: dict[str, str]) -> str:
    """As a line of the transcript: 'The scene changes: a lighthouse, past midnight. The mood: uneasy.'"""
    where = ', '.join(news[name].rstrip('.') for name in ('place', 'time') if news.get(name))
    mood = news.get('mood', '')
    told = [f'The scene changes: {_sentence(where)}' if where else '', f'The mood: {_sentence(mood)}' if mood else '']
    return ' '.join(part for part in told if part)


def _sentence(text: str) -> str:
    return text if text.endswith(('.', '!', '?', '…')) else f'{text}.'


def _folded(text: str) -> str:
    return ' '.join(speakable(text).split())

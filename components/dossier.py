"""Everything there is to know of one persona."""

from __future__ import annotations

from collections.abc import Sequence

from app.casting.persona import Persona
from components.face import face
from components.plain import box, link, words

SLOWEST, FASTEST = 10, 80
MOVES = ('disagree', 'open', 'agree', 'question')


def dossier(persona: Persona) -> None:
    with box('article', 'dossier').style(f'--persona: {persona.look.colour}'):
        with box('aside', 'dossier-face'):
            face(persona)
            words(persona.name, tag='h1')
            words(persona.tagline, 'tagline')
            words(persona.family.capitalize(), 'family')
            with box('div', 'bars'):
                bar('Talkativeness', persona.talkativeness, manner(persona.talkativeness))
                pace = (persona.tempo - SLOWEST) / (FASTEST - SLOWEST)
                bar('Tempo', min(1, max(0, pace)), f'{persona.tempo:g} characters a second')
            link(f'Cast {persona.name}', f'/?cast={persona.id}', 'btn primary')
        with box('div', 'dossier-words'):
            if line := sample(persona):
                words(f'“{line}”', tag='blockquote')
            with box('section'):
                words('What the model is told', 'label')
                words(persona.voice.split('\n\n')[0], 'lead')
            with box('div', 'two'):
                chapter('Values', persona.values)
                chapter('Goals', persona.goals)
                chapter('Habits', persona.habits)
                chapter('Manner of speech', persona.speech)
                chapter('Blind spots', persona.blind_spots)
                chapter('Interests', persona.interests, 'tags')


def chapter(title: str, items: Sequence[str], kind: str = '') -> None:
    if not items:
        return
    with box('section'):
        words(title, tag='h2')
        with box('ul', kind):
            for item in items:
                words(item, tag='li')


def bar(name: str, full: float, meaning: str) -> None:
    with box('div', 'bar'):
        with box('span'):
            words(name, tag='span')
            words(meaning, tag='span')
        box('i', aria_hidden='true').style(f'--full: {round(100 * full)}%')


def manner(talkativeness: float) -> str:
    for least, words_for_it in ((0.75, 'first to speak'), (0.5, 'speaks up'), (0.25, 'picks the moment')):
        if talkativeness >= least:
            return words_for_it
    return 'waits to be asked'


def sample(persona: Persona) -> str:
    """A line of the scripted voice that needs nobody else's words filled in."""
    lines = (line for move in MOVES for line in persona.script.get(move, ()) if '{' not in line)
    return next(lines, '').replace('*', '')

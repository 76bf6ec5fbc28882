"""What a persona of the scripted voice says next: a move, a line of its script for that move, the words in its slots.

A pure function of the prompt. Which lines are spent is read off the transcript itself, so nothing need be remembered
between turns, and a reload, a restart or another seed never makes a persona repeat itself.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import lru_cache

from app.casting.persona import Persona
from app.providers.port import Prompt
from app.providers.script_topic import Subject, name_subject
from app.providers.script_words import clean, pick_echo

GENERAL = {'agree': 1.0, 'disagree': 2.4, 'build': 1.8, 'question': 1.6, 'anecdote': 1.2, 'turn': 1.0}
"""Moves that fit after anything, and how often in a lively conversation."""

LATE = 17
NAMELESS = frozenset({'you', 'me', 'human', 'guest', 'host', 'user', 'person', 'somebody', ''})


def write_line(prompt: Prompt) -> str:
    if prompt.speaker is None:
        return 'Nobody was asked to speak.'
    scene = read_scene(prompt, prompt.speaker)
    chance = random.Random(f'{prompt.seed}:{prompt.speaker.id}:{len(prompt.lines)}')
    words = _choose_words(scene, chance)
    move = _choose_move(scene, words, chance)
    template = _choose_line(scene, _sayable(scene, move, words), words, chance) if move else _least_recent(scene, words)
    return fill(template, words)


@dataclass
class Scene:
    """The prompt as an actor sees it: who spoke last and how, and what of my own script I have used (line -> when)."""

    persona: Persona
    script: dict[str, tuple[str, ...]]
    prompt: Prompt
    subject: Subject
    partner: str = ''
    partner_is_human: bool = False
    last: str = ''
    spent: dict[str, int] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)

    @property
    def asked(self) -> bool:
        return '?' in self.last[-160:] if self.partner_is_human else bool(re.search(r'\?["”*_)]*\s*$', self.last))

    @property
    def duel(self) -> bool:
        before = self.prompt.lines[-2:-1]
        return len(self.prompt.cast) > 1 and any(line.speaker == self.persona.name for line in before)

    @property
    def astray(self) -> bool:
        recent = ' '.join(line.text for line in self.prompt.lines[-2:]).lower()
        return not any(phrase.lower() in recent for phrase in self.subject[:2] + self.subject.things)

    @property
    def named(self) -> bool:
        names = (self.persona.name, *self.persona.aliases)
        return any(re.search(rf'\b{re.escape(name)}\b', self.last, re.IGNORECASE) for name in names)


def read_scene(prompt: Prompt, persona: Persona) -> Scene:
    script = _whole_script(persona)
    scene = Scene(persona, script, prompt, name_subject(prompt.topic))
    marks = _marks(tuple(script.items()))
    for line in prompt.lines:
        if line.is_human or line.speaker != persona.name:
            continue
        found = next(((move, template) for move, template, mark in marks if mark in line.text), None)
        if found:
            scene.moves.append(found[0])
            scene.spent[found[1]] = len(scene.moves)
    if prompt.lines:
        last = prompt.lines[-1]
        scene.last, scene.partner_is_human = last.text, last.is_human
        if last.is_human or last.speaker != persona.name:
            scene.partner = last.speaker
    return scene


def fill(template: str, words: dict[str, str]) -> str:
    """Put the words in, with a capital where a slot begins a sentence."""

    def put(match: re.Match[str]) -> str:
        before = template[: match.start()]
        as_title = match[1] == 'topic' and not BEFORE_A_CLAUSE.search(before)
        word = words.get('title' if as_title else match[1], '')
        return word[:1].upper() + word[1:] if re.search(r'(^|[.?!…]["”*_)]*\s+|\n)["“*_]*$', before) else word

    return re.sub(r'(?<=[?!])”\.(?=\s|$)', '”', re.sub(r'\{(\w+)\}', put, template))


BEFORE_A_CLAUSE = re.compile(r'\b(about|on|(matter|question) of|comes to|discuss|settled?|decided?)\s$')


def _choose_words(scene: Scene, chance: random.Random) -> dict[str, str]:
    prompt, persona = scene.prompt, scene.persona
    strangers = scene.script.get('stranger', ('friend',))
    name = clean(scene.partner, 40)
    if scene.partner_is_human and name.casefold() in NAMELESS:
        name = chance.choice(strangers)
    heard = {line.speaker for line in prompt.lines}
    others = [other for other in prompt.cast if other in heard - {persona.name, scene.partner}]
    quoted = ' '.join(phrase for line in prompt.lines[-8:] for phrase in re.findall(r'“[^”]*”', line.text))
    names = ' '.join((persona.name, *prompt.cast, scene.partner))
    things = scene.subject.things
    words = {
        'topic': scene.subject.topic,
        'title': scene.subject.title,
        'thing': things[0] if chance.random() < 0.7 else chance.choice(things),
        'echo': pick_echo(scene.last, f'{prompt.topic} {quoted} {names}', chance) if scene.partner else '',
        'name': name,
        'other': clean(chance.choice(others), 40) if others else '',
    }
    return {slot: word for slot, word in words.items() if word}


def _choose_move(scene: Scene, words: dict[str, str], chance: random.Random) -> str:
    for move in _called_for(scene, chance):
        if _sayable(scene, move, words):
            return move
    weights = {move: _weight(scene, move) for move in _open_moves(scene) if _sayable(scene, move, words)}
    return chance.choices(list(weights), list(weights.values()))[0] if weights else ''


def _called_for(scene: Scene, chance: random.Random) -> list[str]:
    """What the situation demands before taste has a say."""
    if not scene.prompt.lines:
        return ['open']
    if scene.partner_is_human:
        return ['human_asked', 'answer', 'human'] if scene.asked else ['human']
    if scene.asked and (scene.named or chance.random() < 0.8):
        return ['answer']
    said = len(scene.prompt.lines)
    if said >= LATE and 'close' not in scene.moves[-6:] and chance.random() < 0.3:
        return ['close']
    return []


def _choose_line(scene: Scene, lines: list[str], words: dict[str, str], chance: random.Random) -> str:
    """Rather a line that takes up what was said, or brings the topic back when it was not heard for a while; and
    when two only name each other and so shut the others out, a line that hands the word on, or to nobody."""
    if scene.duel and chance.random() < 0.85:
        lines = [line for line in lines if '{name}' not in line] or lines
    if not scene.prompt.lines:
        lines = [line for line in lines if '{t' in line] or lines
    uptake = 2.5 if ' ' in words.get('echo', '') else -0.5
    weights = [1 + uptake * ('{echo}' in line) + 1.5 * (scene.astray and '{t' in line) for line in lines]
    return chance.choices(lines, weights)[0]


def _open_moves(scene: Scene) -> list[str]:
    return [*GENERAL, f'to {scene.partner}']


def _weight(scene: Scene, move: str) -> float:
    said = len(scene.prompt.lines)
    if move not in GENERAL and scene.duel:
        return 0.1
    weight = GENERAL.get(move, 2.2) * (len(scene.script.get(move, ())) or 1) ** 0.5
    if scene.moves[-1:] == [move]:
        weight *= 0.15
    if move == 'anecdote' and 'anecdote' in scene.moves[-3:]:
        weight *= 0.1
    if move == 'agree' and said < 3:
        weight *= 0.3
    if move == 'turn':
        weight *= 0.02 if said < 5 else 1.0
    if move == 'question' and any('?' in line.text for line in scene.prompt.lines[-2:]):
        weight *= 0.3
    return weight


def _sayable(scene: Scene, move: str, words: dict[str, str]) -> list[str]:
    return [
        line
        for line in scene.script.get(move, ())
        if line not in scene.spent and all(slot in words for slot in re.findall(r'\{(\w+)\}', line))
    ]


def _least_recent(scene: Scene, words: dict[str, str]) -> str:
    """Everything has been said: begin again with what was said longest ago, filled with new words."""
    moves = ['open'] if not scene.prompt.lines else [*_open_moves(scene), 'answer', 'open']
    lines = [line for move in moves for line in scene.script.get(move, ())]
    fitting = [line for line in lines if all(slot in words for slot in re.findall(r'\{(\w+)\}', line))]
    return min(fitting or ['Let me think about that.'], key=lambda line: scene.spent.get(line, 0))


@lru_cache(maxsize=128)
def _marks(script: tuple[tuple[str, tuple[str, ...]], ...]) -> list[tuple[str, str, str]]:
    """For every line the longest stretch without a slot: finding it in a message tells which line was spoken."""
    return [
        (move, line, max(re.split(r'\{\w+\}', line), key=len).strip())
        for move, lines in script
        if move != 'stranger'
        for line in lines
    ]


def _whole_script(persona: Persona) -> dict[str, tuple[str, ...]]:
    """A persona written without a script still speaks, out of what it values and likes."""
    if any(persona.script.get(move) for move in GENERAL):
        return persona.script
    value, goal = (_tame(words) for words in (persona.values[0], persona.goals[0]))
    liking = [_tame(words) for words in persona.interests]
    return {
        'open': (f'Where I come from one thing counts: {value}. So much for {{topic}}.',),
        'disagree': (
            f'I hear “{{echo}}”, {{name}}, and it leaves out what I care about: {value}.',
            f'No, {{name}}. I am here for something else: {goal}.',
            *(f'That would sound different to anyone who knows {thing}.' for thing in liking),
        ),
        'question': tuple(f'{{name}}, what has {{thing}} to do with {thing}?' for thing in liking),
        'build': tuple(f'Put “{{echo}}” beside {thing} and it grows.' for thing in liking),
        'answer': (f'My answer, {{name}}, is what it always is: {value}.', 'I do not know yet, {name}. Ask me later.'),
        'turn': tuple(f'We have not said a word about {thing}.' for thing in liking),
        'human': (f'Thank you, {{name}}. I will hold it against what I value: {value}.',),
    }


def _tame(words: str) -> str:
    plain = clean(words).rstrip('.')
    return plain[:1].lower() + plain[1:]

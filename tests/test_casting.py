"""A folder of characters: what is well written speaks, what is broken is named with its line, and harms nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.casting.library import MAX_BYTES, Library
from app.casting.persona import Persona

GOOD = """\
---
name: {name}
tagline: the one who waits for the tram
family: players
look: {{colour: '#7d6bd6', glyph: x}}
values: [patience, tramlines]
goals:
  - catch the last tram
habits: [counts trams]
speech: [Never runs.]
interests: [trams, time tables, rain]
script:
  open: ["So, {{topic}}."]
---
You are somebody who waits for the tram, and you have been waiting for it for a long time.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / 'personas'
    path.mkdir()
    write(path, 'alice')
    return path


def write(folder: Path, name: str, text: str = GOOD) -> Path:
    path = folder / f'{name}.md'
    path.write_text(text.replace('{name}', name.title()).replace('{{', '{').replace('}}', '}'), encoding='utf-8')
    return path


def change(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_file_is_a_persona_and_its_name_is_the_id(folder: Path):
    alice = Library(folder).personas['alice']
    assert (alice.name, alice.goals) == ('Alice', ('catch the last tram',))
    assert alice.voice.startswith('You are somebody who waits')
    assert alice.script == {'open': ('So, {topic}.',)}


@pytest.mark.parametrize(
    ('text', 'line', 'words'),
    [
        (change('name: {name}', 'name: 12'), 2, '`name` must be text, but it is the number 12'),
        (change('name: {name}\n', ''), 2, '`name` is missing'),
        (change('tagline:', 'tagine:'), 3, '`tagine` is not a key we know; did you mean `tagline`?'),
        (change("'#7d6bd6'", "'#7D6'"), 5, "`look.colour` is '#7D6', but must look like '#3a7bd5'"),
        (change('[patience, tramlines]', 'patience'), 6, '`values` must be a list'),
        (change('[patience, tramlines]', '[patience]'), 6, '`values` needs at least 2 items, and has 1'),
        (change('catch the last tram', 'catch: the last tram'), 8, '`goals[1]` must be text, but it holds keys'),
        (change('family: players', 'family: players\ntempo: fast'), 5, '`tempo` must be a number'),
        (change('family: players', 'family: x\ntalkativeness: 3'), 5, '`talkativeness` is 3, but must be at most 1'),
        (change('family: players', 'name: Bob'), 4, '`name` is written twice (first on line 2)'),
        (change('family: players', 'family: *other'), 4, 'the alias *other is not allowed'),
        (change('family: players', 'on: players'), 4, 'the key on is not read as text; put it in quotes'),
        (change('habits: [counts trams]', 'habits: [counts trams'), 10, 'this is not valid YAML'),
        (change('habits:', '\thabits:'), 9, 'this is not valid YAML'),
        (change('{{topic}}', '{{subject}}'), 13, '`script.open[1]` has the unknown slot {subject}'),
        (change('family: players', 'id: bob'), 4, "`id` does not belong here: the file's name is the id"),
        (GOOD.partition('You are somebody')[0] + 'You wait.\n', 15, '`voice` is too short'),
        (change('---\nname', 'name'), 1, 'must begin with a line of three dashes'),
        (change('---\nYou', 'You'), 1, 'the front matter never ends'),
        ('---\n- a\n- b\n---\nx', 2, 'there must be keys with values'),
        ('---\n' + 'a: [' * 40 + '\n---\nx', 2, 'nested too deeply'),
        ('', 1, 'must begin with a line of three dashes'),
    ],
)
def test_a_fault_is_named_with_its_line_and_the_others_still_load(folder: Path, text: str, line: int, words: str):
    write(folder, 'broken', text)
    write(folder, 'charlie')
    library = Library(folder)
    assert list(library.personas) == ['alice', 'charlie']
    assert words in library.faults[0].message
    assert str(library.faults[0]).startswith(f'personas/broken.md:{line}: ')


def test_every_fault_of_a_file_is_reported_at_once(folder: Path):
    write(folder, 'broken', change('name: {name}', 'name: []').replace('family', 'fmily'))
    assert [fault.line for fault in Library(folder).faults] == [2, 4]


def test_a_file_that_is_not_text_or_far_too_large(folder: Path):
    (folder / 'latin.md').write_bytes('---\nname: Zoé\n'.encode('latin-1'))
    (folder / 'huge.md').write_text('x' * (MAX_BYTES + 1))
    assert [str(fault) for fault in Library(folder).faults] == [
        'personas/huge.md:1: the file is larger than 256 KiB',
        'personas/latin.md:2: the file is not UTF-8 text; save it as UTF-8',
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault(folder: Path):
    path = write(folder, 'bob')
    path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes().replace(b'\n', b'\r\n'))
    assert Library(folder).faults == []


def test_two_characters_cannot_answer_to_one_name(folder: Path):
    write(folder, 'bob', change('{name}', 'alice'))
    (fault,) = Library(folder).faults
    assert str(fault) == 'personas/bob.md:2: the name alice is taken by alice.md'


def test_casts_seat_only_those_who_are_there(folder: Path):
    write(folder, 'bob')
    write(folder, 'broken', 'no front matter')
    (folder / 'casts.yaml').write_text(
        '- id: pair\n  name: A Pair\n  tagline: Two.\n  personas: [alice, bob]\n'
        "  starters: [{topic: 'Trams or buses?'}]\n"
        '- id: ghosts\n  name: Ghosts\n  tagline: Three.\n  personas:\n    - alice\n    - nobody\n    - broken\n'
        "  starters: [{topic: 'Who is there?'}]\n"
        '- id: silent\n  name: Silent\n  tagline: None.\n  personas: [alice, bob]\n  starters: []\n'
    )
    library = Library(folder)
    assert [cast.id for cast in library.casts] == ['pair']
    assert [starter.topic for starter in library.starters] == ['Trams or buses?']
    assert [str(fault) for fault in library.faults[1:]] == [
        'personas/casts.yaml:11: the cast ghosts needs the persona nobody, and there is no nobody.md',
        'personas/casts.yaml:12: the cast ghosts needs the persona broken, and its file could not be read',
        'personas/casts.yaml:18: `starters` needs at least 1 items, and has 0',
    ]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=12), st.integers(0, len(GOOD)), st.integers(0, 40))
def test_whatever_somebody_types_into_a_file_the_others_load(folder: Path, typed: bytes, at: int, over: int):
    content = GOOD.replace('{name}', 'Bob').replace('{{', '{').replace('}}', '}').encode()
    (folder / 'bob.md').write_bytes(content[:at] + typed + content[at + over :])
    library = Library(folder)
    assert 'alice' in library.personas
    assert ('bob' in library.personas) != bool(library.faults)
    assert all(1 <= fault.line <= 40 for fault in library.faults)


def test_reading_again_finds_what_is_new_and_drops_what_was_mended(folder: Path):
    write(folder, 'bob', '')
    library = Library(folder)
    assert len(library.faults) == 1
    write(folder, 'bob')
    library.load()
    assert library.faults == []
    assert set(library.personas) == {'alice', 'bob'}


def test_a_missing_folder_is_a_fault_and_no_crash(tmp_path: Path):
    library = Library(tmp_path / 'personas')
    assert library.personas == {}
    assert str(library.faults[0]).endswith('there is no such folder')


def test_an_edit_makes_another_version_and_a_new_layout_does_not(folder: Path):
    before = digest_of(folder)
    write(folder, 'alice', change('goals:\n  - catch the last tram', 'goals: [catch the last tram]'))
    assert digest_of(folder) == before
    write(folder, 'alice', change('catch the last tram', 'miss the last tram'))
    assert digest_of(folder) != before


def digest_of(folder: Path) -> str:
    alice: Persona = Library(folder).personas['alice']
    return alice.digest

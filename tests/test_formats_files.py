"""A format is one file that anybody may write: each fault is one plain sentence that names its place."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from app.conversation.formats.format import Ends, Format, Phase, Role, Vote, When
from app.conversation.formats.play import advance, begin
from app.conversation.formats.reading import LARGEST, UnfitFormat, read_format
from app.conversation.formats.shelf import LIBRARY, Formats, read_shelf
from app.conversation.refused import Refused
from app.conversation.speaker_order import ORDERS
from tests.troupe import Play, cast_of, votes_well

GOOD = """
name: Talk of two halves
tagline: First this, then that.
description: For the test.
roles:
  - {id: host, name: the host, seats: 1}
  - {id: guest, name: a guest}
phases:
  - {id: opening, name: Opening, ends: {each: 1}}
  - {id: rebuttal, name: Rebuttal, ends: {rounds: 2}, then: closing}
  - {id: closing, name: Closing, order: [guest, host], ends: {turns: 3}, then: end}
"""


def faults_of(text: str | bytes, id: str = 'made_up') -> list[str]:
    with pytest.raises(UnfitFormat) as unfit:
        read_format(id, text.encode() if isinstance(text, str) else text)
    return [fault.sentence for fault in unfit.value.faults]


def test_the_good_file_is_good() -> None:
    format = read_format('made_up', GOOD.encode())
    assert [phase.id for phase in format.phases] == ['opening', 'rebuttal', 'closing']
    assert read_format('made_up', b'\xef\xbb\xbf' + GOOD.replace('\n', '\r\n').encode()) == format


FAULTS = """
then: closing -> then: closng
phase “rebuttal” goes on to “closng”, which is no phase here; did you mean “closing”?

then: end -> then: opening
the phases “opening”, “rebuttal”, “closing” go round in a circle: there is no way out

then: closing -> then: rebuttal
phase “closing” is never reached

then: end -> then: closing
phase “closing” only goes to itself: there is no way out

then: closing -> then: end
phase “closing” is never reached

then: closing -> then: [{when: {rounds: 2}, go: closing}]
phase “rebuttal” does not say what comes when nothing in its `then` holds: let the last one be without `when`

then: closing -> then: [{go: closing}, {end: over}]
phase “rebuttal” has something in `then` after what always holds: it never comes to that

then: closing -> then: [{go: closing, end: x}]
phase “rebuttal” must either `go` to a phase or `end`, and not both

then: closing -> then: [{when: {}, go: closing}, {go: closing}]
phase “rebuttal” has an empty `when`: leave it out, or say what must hold

then: closing -> then: [{when: {decided: yes}, end: x}, {go: closing}]
phase “rebuttal” asks whether a vote is `decided`, and has no vote

then: closing -> then: [{when: {none_left: wolf}, end: x}, {go: closing}]
phase “rebuttal” asks for `none_left` of “wolf”, which is no role here

then: closing -> then: [{go: closing, words: x}]
phase “rebuttal”: `then[1].words` is not a key we know

then: closing -> then: 5
phase “rebuttal”: `then` must be a list, one item a line, each after a dash, but it is the number 5;
put it in quotes

ends: {each: 1} -> ends: {each: 0}
phase “opening”: `ends.each` is 0, but must be at least 1

ends: {turns: 3} -> ends: {turns: 0}
phase “closing”: `ends.turns` is 0, but must be at least 1

ends: {turns: 3} -> ends: {turns: yes}
phase “closing”: `ends.turns` must be a number, but it is a yes or no

ends: {turns: 3} -> ends: {turns: .nan}
phase “closing”: `ends.turns` must be a number, but it is the number nan; put it in quotes

ends: {turns: 3} -> ends: {turns: 3, each: 1}
phase “closing” must end in one way: after `turns`, or `each`, or `rounds`

ends: {turns: 3} -> ends: {}
phase “closing” must end in one way: after `turns`, or `each`, or `rounds`

ends: {turns: 3} -> ends: {turn: 3}
phase “closing”: `ends.turn` is not a key we know; did you mean `turns`?

, ends: {each: 1} -> (nothing)
phase “opening” never ends, so nothing can come after it: say how it `ends`

, ends: {each: 1} -> , simultaneous: yes, ends: {each: 2}
phase “opening” is simultaneous, so everybody has one line in it: write `ends: {each: 1}`

order: [guest, host] -> order: loudest
phase “closing” has the order “loudest”, which is none of ORDERS

order: [guest, host] -> order: round_robbin
phase “closing” has the order “round_robbin”, which is none of ORDERS; did you mean “round_robin”?

order: [guest, host] -> order: listed
phase “closing” has the order “listed”: write the list of roles itself

order: [guest, host] -> order: 7
phase “closing”: `order` must be the name of a speaker order, or a list of roles

order: [guest, host] -> order: [guest]
phase “closing” is spoken by “host”, who is not in its order

order: [guest, host] -> speakers: [guest], order: [guest, host]
phase “closing” has “host” in its order, who does not speak in it

order: [guest, host] -> speakers: [gest]
phase “closing” is spoken by “gest”, which is no role here; did you mean “guest”?

order: [guest, host] -> speakers: []
phase “closing” is spoken by nobody

order: [guest, host] -> seen_by: [host]
phase “closing” is spoken by “guest”, who may not see it

order: [guest, host] -> told_to: {judge: Hush.}
phase “closing” tells something to “judge”, which is no role here

order: [guest, host] -> blind: perhaps
phase “closing”: `blind` must be yes or no

id: guest -> id: host
there are two roles “host”

id: rebuttal -> id: closing
there are two phases “closing”

id: rebuttal -> id: end
“end” means something else here: no phase can have that id

id: rebuttal -> id: Rebuttal!
phase “Rebuttal!”: `id` is 'Rebuttal!', but must look like a name such as my_persona

name: a guest -> name: '  '
role “guest”: `name` is empty

name: Talk of two halves -> name:
`name` must be text, but it is empty

name: Talk of two halves -> name: 1984
`name` must be text, but it is the number 1984; put it in quotes

seats: 1 -> seats: 0
role “host”: `seats` is 0, but a role has 1 to 24 seats

seats: 1 -> seats: 25
role “host”: `seats` is 25, but a role has 1 to 24 seats

seats: 1 -> seats: some
role “host”: `seats` must be a number, or `rest`

seats: 1 -> seats: 24
the roles cannot be shared out among any cast of 1 to 24

seats: 1 -> seats: 1, one_in: 3
role “host” has both `seats` and `one_in`: write one of them

seats: 1 -> least: 4, most: 2
role “host” has at least 4 seats and at most 2

seats: 1 -> seats: 1, known_to: [hosst]
role “host” is known to “hosst”, which is no role here; did you mean “host”?

seats: 1 -> seats: 1, goal: a, goals: [b]
role “host” has both a `goal` and `goals`: write one of them

seats: 1 -> seat: 1
role “host”: `seat` is not a key we know; did you mean `seats`?

description: For the test. -> (nothing)
`description` is missing
"""
"""What is written in the good file, what in its place, and what is said of it."""

FAULTS_OF_VOTES = """
vote: {question: Who?}, ends: {turns: 1}
phase “closing” has a vote and `ends` as well: it ends when all have voted

vote: {}
phase “closing”: `vote.question` is missing

vote: {question: " "}
phase “closing”: `vote.question` is empty

vote: {question: Who?, options: [Yes sir]}
phase “closing” has a vote with a single option

vote: {question: Who?, options: ["Aye", "aye"]}
phase “closing” has two options with the name “aye”

vote: {question: Who?, options: [Aye, Nay], among: [host]}
phase “closing” has a vote with `options` and with `among`: write one of them

vote: {question: Who?, options: [Aye, Nay], does: remove}
phase “closing” would remove an option from the game: only a participant can be removed

vote: {question: Who?, options: [Aye, Nay], words: {won: "{role}"}}
phase “closing” speaks of the {role} of an option, and only participants have one

vote: {question: Who?, words: {won: "{winer}"}}
phase “closing” has the unknown slot {winer}; there are {winner}, {role} and {votes}

vote: {question: Who?, words: {won: "{winner.__class__}"}}
phase “closing” has the unknown slot {winner.__class__}; there are {winner}, {role} and {votes}

vote: {question: Who?, among: [wolf]}
phase “closing” has a vote among “wolf”, which is no role here

vote: {question: Who?, wins: few}
phase “closing”: `vote.wins`: Input should be 'most', 'majority' or 'all'

vote: {question: Who?, options: [Aye, Nay]}, then: [{when: {chosen: yea}, end: x}, {end: y}]
phase “closing” waits for the choice “yea”, which is no option of its vote

ends: {turns: 1}, then: [{end: "{winner} won"}]
phase “closing” speaks of the {winner} of a vote, and has no vote
"""


NAMED = [name for name in ORDERS if name != 'listed']


def cases(text: str) -> list[list[str]]:
    return [case.split('\n', 1) for case in text.replace('ORDERS', ', '.join(NAMED)).strip().split('\n\n')]


@pytest.mark.parametrize(('change', 'sentence'), cases(FAULTS))
def test_each_fault_is_said(change: str, sentence: str) -> None:
    good, bad = change.split(' -> ')
    assert GOOD.count(good) == 1
    assert sentence.replace('\n', ' ') in faults_of(GOOD.replace(good, bad.replace('(nothing)', '')))


@pytest.mark.parametrize(('vote', 'sentence'), cases(FAULTS_OF_VOTES))
def test_each_fault_of_a_vote_is_said(vote: str, sentence: str) -> None:
    text = GOOD[: GOOD.index('  - {id: closing')] + f'  - {{id: closing, name: Closing, {vote}}}\n'
    assert sentence.replace('\n', ' ') in faults_of(text)


@pytest.mark.parametrize(
    ('content', 'sentence'),
    [
        (b'', 'a format is keys with values, and begins with such as `name: Debate`'),
        (b'- a\n- b', 'a format is keys with values, and begins with such as `name: Debate`'),
        (b'\x89PNG\r\n\x1a\n\x00', 'the file is not UTF-8 text; save it as UTF-8'),
        (b'name: \x00', 'there is a character that text files do not have'),
        (b'name: [', 'this is not valid YAML (while parsing a flow node did not find expected node content)'),
        (b'name: a\nname: b', '`name` is written twice (first on line 1)'),
        (b'yes: a', 'the key yes is not read as text; put it in quotes'),
        (b'name: &a Debate', 'the anchor &a is not allowed; write the value out'),
        (b'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', 'the alias *a is not allowed; write the value out'),
        (b'[' * 5_000, 'this is nested too deeply'),
        (
            b'a: !!python/object:x []',
            'this is not valid YAML '
            "(could not determine a constructor for the tag 'tag:yaml.org,2002:python/object:x')",
        ),
        (b'name: 9' + b'9' * 5_000, 'a value cannot be read (a number has too many digits)'),
        (b'# ' + b'x' * LARGEST, 'the file is larger than 64 kB'),
        (GOOD.encode() + b'id: debate\n', "`id` does not belong here: the file's name is the id"),
    ],
)  # fmt: skip
def test_what_is_no_format_at_all_is_said(content: bytes, sentence: str) -> None:
    assert faults_of(content) == [sentence]


def test_a_name_that_can_be_no_id_is_said() -> None:
    sentence = "the file's name “../../etc” must begin with a small letter and go on with small letters, digits and _"
    assert faults_of(GOOD, '../../etc') == [sentence]


def test_all_faults_are_said_at_once_with_their_lines_and_as_one_refusal() -> None:
    text = GOOD.replace('then: closing', 'then: closng').replace('order: [guest, host]', 'order: loudest')
    with pytest.raises(Refused) as refused:
        read_format('made_up', text.encode())
    assert str(refused.value).startswith('Line 10: phase “rebuttal” goes on to “closng”')
    assert 'Line 11: phase “closing” has the order “loudest”' in str(refused.value)


def test_a_thousand_faults_are_twenty() -> None:
    assert len(faults_of(GOOD + ''.join(f'key_{number}: 1\n' for number in range(1_000)))) == 20


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_comes_is_a_format_or_is_told_why_not(content: bytes) -> None:
    assert all(faults_of(content))


SOMETHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 30) | st.sampled_from(['end', 'host', 'urge', 'x', '{winner}', '']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(['id', 'name', 'when', 'go', 'end', 'rounds', 'each', 'vote', 'question', 'options', 'then']),
        inner, max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(Formats().shelf.formats)), st.data())
def test_a_shipped_file_with_something_else_in_it_is_played_or_refused(id: str, data: st.DataObject) -> None:
    """Whatever is put in one place: there is no way to a broken play."""
    whole = yaml.safe_load((LIBRARY / f'{id}.yaml').read_text(encoding='utf-8'))
    part = whole
    while True:
        key = data.draw(st.sampled_from(list(range(len(part))) if isinstance(part, list) else sorted(part)))
        if not isinstance(part[key], list | dict) or not part[key] or data.draw(st.booleans()):
            part[key] = data.draw(SOMETHING)
            break
        part = part[key]
    with suppress(Refused):
        format = read_format(id, yaml.safe_dump(whole).encode())
        play = Play(format, cast_of(5), votes_well)
        for _ in play.moments_of_it():
            if len(play.transcript) > 30:
                break


# The shelf


def test_a_folder_of_formats_lies_over_what_is_shipped_and_a_broken_file_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / 'debate.yaml').write_text(GOOD, encoding='utf-8')
    (tmp_path / 'broken.yaml').write_text('name: [', encoding='utf-8')
    (tmp_path / 'huge.yaml').write_bytes(b'x' * 10 * LARGEST)
    (tmp_path / 'notes.txt').write_text('nothing', encoding='utf-8')
    shelf = read_shelf([LIBRARY, tmp_path])
    assert shelf.formats['debate'].name == 'Talk of two halves'
    assert set(shelf.formats) == set(Formats().shelf.formats)
    assert set(shelf.faults) == {'broken.yaml', 'huge.yaml'}
    assert str(shelf.faults['huge.yaml'][0]) == 'Line 1: the file is larger than 64 kB'


def test_a_format_of_ones_own_is_written_changed_and_removed(tmp_path: Path) -> None:
    formats = Formats(tmp_path / 'formats')
    own = formats.save(GOOD)
    assert own.id == 'talk_of_two_halves'
    assert formats.get(own.id) == own
    assert formats.text(own.id) == GOOD
    assert formats.is_own(own.id)
    assert not formats.is_own('debate')

    formats.save(GOOD.replace('tagline: ', 'tagline: Again. '))
    assert formats.shelf.formats[own.id].tagline.startswith('Again. ')
    assert [path.name for path in (tmp_path / 'formats').iterdir()] == ['talk_of_two_halves.yaml']

    formats.remove(own.id)
    assert formats.get(own.id) is None
    with pytest.raises(Refused, match='Only formats of your own'):
        formats.remove('debate')


def test_a_shipped_format_is_covered_and_comes_back(tmp_path: Path) -> None:
    formats = Formats(tmp_path)
    text = formats.text('debate')
    assert text
    formats.save(text.replace('tagline: ', 'tagline: Louder. '))
    assert formats.shelf.formats['debate'].tagline.startswith('Louder. ')
    formats.remove('debate')
    assert formats.text('debate') == text


def test_a_file_that_is_put_there_by_hand_counts_at_once(tmp_path: Path) -> None:
    formats = Formats(tmp_path / 'formats')
    assert formats.get('mine') is None
    (tmp_path / 'formats').mkdir()
    (tmp_path / 'formats' / 'mine.yaml').write_text(GOOD, encoding='utf-8')
    assert formats.get('mine')


@pytest.mark.parametrize(
    ('text', 'sentence'),
    [
        ('', 'a format is keys with values'),
        ('name: [', 'not valid YAML'),
        (GOOD.replace('name: Talk of two halves', 'name: ../../etc/passwd'), ''),
        (GOOD.replace('name: Talk of two halves', 'name: 記憶'), 'must begin with a letter'),
        ('x' * 10 * LARGEST, 'larger than 64 kB'),
    ],
)
def test_what_is_no_format_is_not_kept_and_nothing_is_written_outside(tmp_path: Path, text: str, sentence: str) -> None:
    formats = Formats(tmp_path / 'formats')
    if sentence:
        with pytest.raises(Refused, match=sentence):
            formats.save(text)
        assert list(tmp_path.iterdir()) == []
    else:
        assert formats.save(text).id == 'etc_passwd'
        assert [path.name for path in tmp_path.rglob('*')] == ['formats', 'etc_passwd.yaml']


def test_there_may_be_no_folder(tmp_path: Path) -> None:
    assert read_shelf([tmp_path / 'nowhere']).formats == {}


def test_a_format_in_which_all_are_out_comes_to_its_end_and_not_to_the_bottom_of_the_stack() -> None:
    phases = '\n'.join(f'  - {{id: p{n}, name: P, speakers: [ghost], ends: {{each: 1}}}}' for n in range(39))
    text = f"""
name: Ghosts
tagline: Nobody is left.
description: For the test.
roles:
  - {{id: guest, name: a guest}}
  - {{id: ghost, name: a ghost, least: 0, most: 0}}
phases:
{phases}
  - {{id: last, name: Last, speakers: [ghost], ends: {{each: 1}}, then: [{{when: {{rounds: 99}}, end: x}}, {{go: p0}}]}}
most: {{rounds: 100}}
"""
    format = read_format('ghosts', text.encode())
    play = Play(format, cast_of(2), votes_well)
    assert play.ended == 'x'
    assert advance(format, begin(format, play.company).progress, play.company, []) is None


def test_the_example_of_the_guide_is_a_format() -> None:
    guide = (Path(__file__).parents[1] / 'docs' / 'formats.md').read_text(encoding='utf-8')
    format = read_format('cross_examination', guide.split('```yaml\n')[1].split('```')[0].encode())
    play = Play(format, cast_of(3), lambda moment: 'VOTE: Not everything').run()
    assert play.ended == 'The witness has kept something back. Not everything 2.'


@pytest.mark.parametrize('model', [Format, Role, Phase, Vote, When, Ends], ids=lambda model: model.__name__)
def test_the_guide_names_every_key(model: type[BaseModel]) -> None:
    guide = (Path(__file__).parents[1] / 'docs' / 'formats.md').read_text(encoding='utf-8')
    assert [name for name in model.model_fields if not re.search(rf'[`{{ ,]{name}[`:,}}]', guide)] == []


def test_the_guide_names_every_order() -> None:
    guide = (Path(__file__).parents[1] / 'docs' / 'formats.md').read_text(encoding='utf-8')
    assert [name for name in NAMED if f'`{name}`' not in guide] == []

"""Is the room unwell? Each disease has a guard, the guards let healthy talk be, and a turn costs what it always did."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app.conversation
from app.conversation.guards import guards as the_guards
from app.conversation.guards.convergence import convergence
from app.conversation.guards.finding import Disease, Finding
from app.conversation.guards.guards import DETECTORS, MEMORY, Guards
from app.conversation.guards.heard import ENOUGH
from app.conversation.guards.loop import loop
from app.conversation.guards.saturation import saturation
from app.conversation.guards.thanks import thanks_chain
from app.measures.line import Spoken
from bench.guards import Talk, all_talks, by_guards
from tests.talks import AGREEMENT, HEALTHY, LOOP, SATURATED, THANKS, demo_talk, in_turn, talk

ILL = {
    Disease.LOOP: (LOOP, loop),
    Disease.THANKS: (THANKS, thanks_chain),
    Disease.CONVERGENCE: (AGREEMENT, convergence),
    Disease.SATURATION: (SATURATED, saturation),
}
TALKS = [talk for talk, _ in all_talks()]


def found(spoken: Iterable[Spoken]) -> dict[Disease, Finding]:
    return {finding.disease: finding for finding in Guards(spoken).findings}


def ever_found(spoken: Iterable[Spoken]) -> set[Disease]:
    guards = Guards()
    return {finding.disease for line in spoken for finding in guards.hear(line)}


# Each guard is alive


@pytest.mark.parametrize('disease', Disease)
def test_a_disease_is_found_by_its_name(disease: Disease) -> None:
    finding = found(ILL[disease][0])[disease]
    assert 0 < finding.strength <= 1
    assert finding.sentence.endswith('.')


@pytest.mark.parametrize('disease', Disease)
def test_nobody_else_covers_for_a_dead_guard(disease: Disease, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken, guard = ILL[disease]
    monkeypatch.setattr(the_guards, 'DETECTORS', tuple(other for other in DETECTORS if other is not guard))
    assert disease not in ever_found(spoken)


@pytest.mark.parametrize('ill', [talk for talk in TALKS if talk.disease], ids=lambda ill: f'{ill.disease}-{ill.name}')
def test_the_written_diseases_are_noticed_and_not_before_they_begin(ill: Talk) -> None:
    heard = by_guards(ill)
    assert (ill.noticed(heard) or 99) <= 10
    assert ill.false_alarms(heard) == 0


# And says what it saw


def test_a_loop_is_quoted() -> None:
    river = [
        'Memory is a river that forgets us, I said to the ferryman.',
        'Then the ferryman should charge for a river that forgets us.',
    ]
    finding = found(HEALTHY[:6] + in_turn('Iris Bob', river * 2))[Disease.LOOP]
    assert finding.sentence == 'Iris and Bob repeat “a river that forgets us” for the fourth time.'


def test_one_who_always_tells_the_same_story_is_named_alone() -> None:
    story = 'My uncle kept a radio under the floor and heard London every night at nine'
    others = [
        'And what did the neighbours say to that?',
        'Soup is ready, there are leeks in it.',
        'Has anybody seen the cat since Tuesday?',
        'Pass me the salt, then, please.',
        'I would rather hear about the fish factory.',
    ]
    spoken = HEALTHY[:6] + talk(*(line for other in others for line in (f'Wren: {story}.', f'Bob: {other}')))
    assert found(spoken[:-1])[Disease.LOOP].sentence.startswith('Wren repeats “')


def test_a_chain_of_thanks_counts_its_lines() -> None:
    sentence = 'Bob, Noor and Iris hand round thanks and praise: 5 of the last 5 lines are little else.'
    assert found(THANKS)[Disease.THANKS].sentence == sentence


def test_agreement_counts_what_is_missing() -> None:
    assert 'none of the last 8 asks or objects' in found(AGREEMENT)[Disease.CONVERGENCE].sentence


def test_a_dry_talk_counts_its_new_words() -> None:
    sentence = 'The talk has run dry: no new word among 96 in the last 8 lines.'
    assert found(SATURATED)[Disease.SATURATION].sentence == sentence


# And is silent otherwise


@pytest.mark.parametrize('ill', [spoken for spoken, _ in ILL.values()])
def test_a_short_talk_is_never_ill(ill: Sequence[Spoken]) -> None:
    assert found(ill[-ENOUGH + 1 :]) == {}


def test_what_people_wrote_is_let_be() -> None:
    healthy = [talk for talk in TALKS if not talk.disease]
    alarms = sum(talk.false_alarms(by_guards(talk)) for talk in healthy)
    assert alarms / sum(talk.healthy_lines for talk in healthy) <= 0.01


def test_the_built_in_characters_are_let_be() -> None:
    assert ever_found(demo_talk(0, 0, 80)) == ever_found(demo_talk(2, 1, 80)) == set()


def test_long_lines_are_let_be() -> None:
    """Eight lines at a time out of one mouth, some eighty words, as models like to speak."""
    lines = [line.text for talk in TALKS if not talk.disease for line in talk.lines]
    long = [' '.join(lines[at : at + 8]) for at in range(0, len(lines), 8)]
    assert len(long) > MEMORY
    assert ever_found(in_turn('Iris Bob Noor', long)) == set()


def test_thanks_with_a_question_or_something_to_say_are_manners() -> None:
    spoken = HEALTHY[:6] + talk(
        'Iris: Thank you, Bob. Did the key still turn?',
        'Bob: It did, thanks. The door behind it had been bricked up in the meantime, with a cat on the other side.',
        'Noor: Thank you for the cat. I have weighed eleven of them, and none was heavier than its reputation allows.',
        'Iris: Wonderful. And who fed it?',
    )
    assert found(spoken) == {}


def test_people_may_repeat_themselves() -> None:
    asked = 'Could somebody please tell me where the key to the cellar is?'
    guests = [line for line in HEALTHY[:5] for line in (line, Spoken('Alice', asked, is_human=True))]
    assert found(HEALTHY[5:] + guests) == {}


@pytest.mark.parametrize('disease', Disease)
def test_a_disease_is_forgotten_soon_after_it_is_gone(disease: Disease) -> None:
    """Three lines of something else, and the guard that cried is content: no second answer to what is cured."""
    news = talk(
        'Noor: Stop. Who moved the piano out of the laundry last Thursday?',
        'Bob: Not the piano, only its stool; your landlady wanted firewood before the frost.',
        'Iris: Then why did I hear Chopin through the boiler, badly fingered, around midnight?',
    )
    assert disease not in found([*ILL[disease][0], *news])


def test_a_failed_turn_changes_nothing() -> None:
    guards = Guards(LOOP)
    assert guards.hear(Spoken('Iris', 'A wholly new sentence about zebras.', state='failed')) == guards.findings
    assert guards.hear(Spoken('Iris', ' \n')) == Guards(LOOP).findings


# And costs little


def test_after_a_restart_the_last_lines_are_enough() -> None:
    spoken = demo_talk(0, 0, 60) + LOOP + SATURATED[12:]
    whole, after = Guards(spoken), Guards(spoken[-MEMORY:])
    assert whole.findings == after.findings != ()


@pytest.mark.parametrize('spoken', [demo_talk(1, 0, 320), list(islice(cycle(LOOP), 320))], ids=['demo', 'loop'])
def test_turn_300_works_no_more_than_turn_60(spoken: list[Spoken]) -> None:
    """Lines of code that run in the conversation and its measures, means over ten turns. Turn 30 still has few lines
    behind it, so it may be a little cheaper."""
    guards = Guards()
    work = [_work(guards, replace(line, text=f'{line.text} {number}')) for number, line in enumerate(spoken)]
    at_30, at_60, at_300 = (sum(work[at : at + 10]) / 10 for at in (30, 60, 300))
    assert at_300 < 1.3 * at_60
    assert at_300 < 2 * at_30


def _work(guards: Guards, spoken: Spoken) -> int:
    home = str(Path(app.conversation.__file__).parent.parent)
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(home):
            return None
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        guards.hear(spoken)
    finally:
        sys.settrace(before)
    return count


texts = st.one_of(
    st.text(st.characters(), max_size=60),
    st.sampled_from(['', ' ', 'Yes.', '🙂🙂', '为什么？', 'Thank you!', '\ud800', 'a' * 3000, '\n\n', '“Quite so.”']),
    st.sampled_from([spoken.text for spoken in LOOP + THANKS + AGREEMENT]),
)
spokens = st.builds(Spoken, st.sampled_from(['Iris', 'Bob', '', '{found}']), texts, st.booleans())


@settings(max_examples=80)
@given(st.lists(spokens, max_size=30))
def test_whatever_is_said_the_guards_keep_calm(spoken: list[Spoken]) -> None:
    guards = Guards()
    for line in spoken:
        findings = guards.hear(line)
        assert all(0 < finding.strength <= 1 and len(finding.sentence) < 300 for finding in findings)
    assert guards.findings == Guards(spoken).findings

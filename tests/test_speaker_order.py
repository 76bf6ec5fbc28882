"""Who speaks next. Iris, Bob and Noor are in the room; Alice is the human."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversation.speaker_order import (
    ORDERS,
    VETO,
    Choice,
    NobodyMaySpeak,
    Order,
    Rules,
    Seat,
    addressed_first,
    last_mention,
    listed,
    round_robin,
    weighted_random,
)
from app.store.tables import Kind, Message, Participant
from tests.cast import ADA


def seat(name: str, number: int, **persona: Any) -> Seat:
    participant = Participant(id=name.lower(), workspace_id='home', conversation_id='c', seat=number, name=name)
    return Seat(participant, ADA.model_copy(update={'id': name.lower(), 'name': name, **persona}))


IRIS = seat('Iris', 1, talkativeness=0.9)
BOB = seat('Bob', 2, talkativeness=0.4, aliases=('the cook', 'Bobby'))
NOOR = seat('Noor', 3, talkativeness=0.5)
SEATS = [IRIS, BOB, NOOR]


def said(*lines: str) -> list[Message]:
    """'Iris: Why?' and so on, as a transcript."""
    return [_message(number, *line.split(': ', 1)) for number, line in enumerate(lines, 1)]


def _message(number: int, speaker: str, text: str) -> Message:
    return Message(
        workspace_id='home',
        conversation_id='c',
        number=number,
        participant_id=speaker.lower(),
        speaker=speaker,
        text=text,
    )


def next_name(*lines: str) -> str:
    return addressed_first(SEATS, said(*lines), 1).seat.participant.name


def test_round_robin_goes_round() -> None:
    lines: list[str] = []
    for _ in range(7):
        lines.append(f'{round_robin(SEATS, said(*lines), 1).seat.participant.name}: Bob, what do you say?')
    assert [line.split(':')[0] for line in lines] == ['Iris', 'Bob', 'Noor', 'Iris', 'Bob', 'Noor', 'Iris']


def test_a_human_does_not_move_the_round() -> None:
    assert round_robin(SEATS, said('Iris: Hm.', 'Alice: Noor?'), 1) == Choice(BOB, 'Next in the round after Iris.')
    assert round_robin(SEATS, said('Alice: Begin!'), 1) == Choice(IRIS, 'Opens the round.')


def test_the_most_talkative_opens() -> None:
    assert addressed_first(SEATS, [], 1) == Choice(IRIS, 'Opens: the most talkative of the cast.')


def test_who_is_spoken_to_answers() -> None:
    assert addressed_first(SEATS, said('Iris: So, Bob, is it?'), 1) == Choice(BOB, 'Iris spoke to Bob.')
    assert next_name('Iris: bobby knows.') == 'Bob'
    assert next_name('Iris: Let The Cook speak!') == 'Bob'
    assert next_name('Noor: Yes, Iris.') == 'Iris'
    assert next_name('Iris: Hm.', 'Alice: Noor, and you?') == 'Noor'


def test_the_last_name_in_a_line_is_whom_it_is_handed_to() -> None:
    assert next_name('Iris: Bob is wrong. Noor?') == 'Noor'
    assert next_name('Iris: Noor is wrong. Bob?') == 'Bob'


def test_a_name_within_a_word_or_ones_own_name_is_no_address() -> None:
    assert last_mention(('Bob',), 'Bobsleighs bob about; kabobs') == 11
    assert last_mention(('Bob',), 'Bobsleighs, kabobs') is None
    assert last_mention(('A.*',), 'Anything') is None
    assert next_name('Bob: I, Bob, said so.') != 'Bob'


def test_an_unanswered_question_is_owed() -> None:
    lines = said('Iris: Noor, why?', 'Bob: Let me say something first.')
    assert addressed_first(SEATS, lines, 1) == Choice(NOOR, 'Still owes Iris an answer.')


def test_a_debt_is_paid_by_speaking() -> None:
    choice = addressed_first(SEATS, said('Iris: Noor, why?', 'Noor: Because.', 'Bob: I see.'), 1)
    assert 'owes' not in choice.because


def test_a_new_address_goes_before_an_old_debt() -> None:
    assert next_name('Iris: Noor, why?', 'Bob: Iris, leave it.') == 'Iris'


def test_who_has_been_silent_longest_comes_next() -> None:
    lines = ['Bob: Hello.'] + ['Iris: Yes.', 'Noor: No.'] * 6
    choice = addressed_first(SEATS, said(*lines), 1)
    assert choice == Choice(BOB, 'Silent for 12 lines.')


def test_nobody_stays_silent_for_ever() -> None:
    """However little they talk."""
    quiet = [IRIS, seat('Bob', 2, talkativeness=0), NOOR]
    lines: list[str] = []
    for _ in range(24):
        lines.append(f'{addressed_first(quiet, said(*lines), 3).seat.participant.name}: Hm.')
    assert any(line.startswith('Bob') for line in lines)


def test_a_duo_takes_turns() -> None:
    duo, lines = [IRIS, BOB], ['Iris: Hm.']
    for _ in range(6):
        lines.append(f'{addressed_first(duo, said(*lines), 5).seat.participant.name}: Iris, Bob, hm.')
    assert [line.split(':')[0] for line in lines] == ['Iris', 'Bob'] * 3 + ['Iris']


# A list


def run_list(*names: str, turns: int, start: tuple[str, ...] = ()) -> list[str]:
    lines = list(start)
    for _ in range(turns):
        lines.append(f'{listed(SEATS, said(*lines), 1, Rules(listed=names)).seat.participant.name}: Hm.')
    return [line.split(':')[0] for line in lines]


def test_a_list_is_gone_down_and_begun_again() -> None:
    assert run_list('noor', 'iris', 'noor', 'bob', turns=6) == ['Noor', 'Iris', 'Noor', 'Bob', 'Noor', 'Iris']
    assert run_list('bob', 'bob', 'iris', turns=5) == ['Bob', 'Bob', 'Iris', 'Bob', 'Bob']
    assert listed(SEATS, [], 1, Rules(listed=['bob'])) == Choice(BOB, 'First on the list.')
    assert listed(SEATS, said('Bob: Hm.'), 1, Rules(listed=['bob', 'iris'])) == Choice(
        IRIS, 'Next on the list after Bob.'
    )


def test_a_human_does_not_move_the_list() -> None:
    assert run_list('noor', 'iris', turns=2, start=('Noor: Hm.', 'Alice: Hm.'))[2:] == ['Iris', 'Noor']


def test_a_list_without_anybody_who_sits_here_goes_round_the_table() -> None:
    assert listed(SEATS, said('Iris: Hm.'), 1, Rules(listed=['zora'])).because == 'Next in the round after Iris.'


# A lot


def test_the_lot_gives_the_talkative_more_lines_and_everybody_some() -> None:
    lines: list[str] = []
    for _ in range(120):
        lines.append(f'{weighted_random(SEATS, said(*lines), 7).seat.participant.name}: Hm.')
    iris, bob, noor = (sum(line.startswith(name) for line in lines) for name in ('Iris', 'Bob', 'Noor'))
    assert iris > noor
    assert iris > bob
    assert min(bob, noor) > 20
    assert weighted_random(SEATS, said('Iris: Hm.', 'Bob: Hm.', 'Iris: Hm.'), 1).because.startswith('Drawn by lot, ')


# Whoever may not speak

# All but the one that leaves the choice to a person.
CHOOSING = {name: order for name, order in ORDERS.items() if name != 'human_picks'}


@pytest.mark.parametrize('order', CHOOSING.values(), ids=list(CHOOSING))
def test_nobody_who_is_vetoed_is_chosen_by_any_order(order: Order) -> None:
    lines: list[str] = []
    for _ in range(8):
        choice = order(SEATS, said(*lines), 1, Rules(steering={'bob': VETO}, listed=['bob', 'iris', 'noor']))
        lines.append(f'{choice.seat.participant.name}: Bob, what about you?')
    assert {line.split(':')[0] for line in lines} == {'Iris', 'Noor'}
    with pytest.raises(NobodyMaySpeak):
        order([], [], 1)


talk = st.lists(
    st.builds(
        '{}: {}'.format,
        st.sampled_from(['Iris', 'Bob', 'Noor', 'Alice']),
        st.sampled_from(
            [
                'Hm.',
                'Why, Bob?',
                'Noor!',
                'Iris, Bob and Noor?',
                'the cook',
                'And you?',
                'You never measure anything.',
                '🙂',
            ]
        ),
    ),
    max_size=30,
)


@pytest.mark.parametrize('order', CHOOSING.values(), ids=list(CHOOSING))
@settings(deadline=None)
@given(lines=talk, seed=st.integers(0, 9))
def test_any_order_is_pure_explains_itself_and_lets_nobody_answer_themselves(
    order: Order, lines: list[str], seed: int
) -> None:
    transcript = said(*lines)
    before = [message.model_dump() for message in transcript]
    choice = order(SEATS, transcript, seed)
    assert choice == order(tuple(SEATS), tuple(transcript), seed)
    assert [message.model_dump() for message in transcript] == before
    assert not transcript or choice.seat.participant.id != transcript[-1].participant_id
    assert choice.because[0].isupper()
    assert choice.because.endswith('.')


def test_a_human_is_never_chosen_to_speak() -> None:
    assert Kind.HUMAN not in {addressed_first(SEATS, said('Iris: Alice?'), n).seat.participant.kind for n in range(9)}

"""Who wants the floor, and why. Iris, Bob, Noor and Wren are in the room; Alice is the human."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversation.orders.address import last_call
from app.conversation.orders.words import is_contrary, stems_of
from app.conversation.speaker_order import VETO, NobodyMaySpeak, Rules, Seat, urge
from app.conversation.urge import Bid, hear_bids
from tests.test_speaker_order import said, seat, talk

PLAIN = {'talkativeness': 0.5, 'interests': ('one', 'two', 'three'), 'values': ('four', 'five')}
IRIS = seat('Iris', 1, **PLAIN)
BOB = seat('Bob', 2, **PLAIN | {'aliases': ('the cook',)})
NOOR = seat('Noor', 3, **PLAIN | {'interests': ('weather', 'fungi', 'machines'), 'values': ('evidence first', 'five')})
WREN = seat('Wren', 4, **PLAIN)
SEATS = [IRIS, BOB, NOOR, WREN]
ROUND = ('Iris: So.', 'Bob: Yes.', 'Noor: Well.', 'Wren: Hm.')


def bid(whose: Seat, *lines: str, seats: Sequence[Seat] = SEATS, rules: Rules | None = None) -> Bid:
    bids = hear_bids(seats, said(*lines), 1, rules or Rules()).bids
    return next(bid for bid in bids if bid.seat is whose)


def weight(whose: Seat, part: str, *lines: str) -> float:
    return next((found.weight for found in bid(whose, *lines).parts if found.name == part), 0.0)


def why(whose: Seat, part: str, *lines: str) -> str:
    return next(found.why for found in bid(whose, *lines).parts if found.name == part)


def chosen(*lines: str, seats: Sequence[Seat] = SEATS, rules: Rules | None = None) -> str:
    return urge(seats, said(*lines), 1, rules or Rules()).seat.participant.name


# The parts of a bid


def test_a_name_called_out_weighs_most() -> None:
    assert why(NOOR, 'called by name', *ROUND, 'Iris: And you, Noor?') == 'was asked by Iris'
    assert why(BOB, 'called by name', *ROUND, 'Iris: Thank you, the cook.') == 'was called by Iris'
    assert chosen(*ROUND, 'Iris: Bob is wrong about this. Noor, what do you say?') == 'Noor'
    assert chosen(*ROUND, 'Iris: Noor, what do you say? Bob is wrong about this.') == 'Noor'


def test_a_name_talked_about_is_not_called_out() -> None:
    assert weight(BOB, 'called by name', *ROUND, 'Iris: I told Bob so.') == 0
    assert 0 < weight(BOB, 'talked about', *ROUND, 'Iris: I told Bob so.') < 1


def test_the_last_of_several_called_has_the_better_claim() -> None:
    line = 'Iris: Wren, you are right. But Bob?'
    assert weight(BOB, 'called by name', *ROUND, line) > weight(WREN, 'called by name', *ROUND, line) > 0


@pytest.mark.parametrize(
    'text',
    [
        'Noor, why?',
        'And you, Noor?',
        'Bob and Noor?',
        '**Noor**: so?',
        '@Noor hm',
        'What do you think Noor?',
        'Dr Noor!',
    ],
)
def test_ways_to_call_somebody(text: str) -> None:
    assert last_call(('Noor',), text) is not None


@pytest.mark.parametrize(
    'text', ['Noor knows.', "Noor's hedge.", 'I told Noor.', 'Noorish, no?', 'Let Noor speak.', '']
)
def test_ways_to_mention_somebody(text: str) -> None:
    assert last_call(('Noor',), text) is None


def test_you_means_whoever_spoke_before() -> None:
    assert why(WREN, 'meant by “you”', *ROUND, 'Iris: Do you think so?') == 'was meant when Iris said “you”'
    assert chosen(*ROUND, 'Iris: Do you think so?') == 'Wren'


def test_you_means_whoever_said_what_it_is_about() -> None:
    lines = ('Iris: So.', 'Bob: I sold my boat in March.', 'Noor: Well.', 'Iris: Why did you sell the boat?')
    assert chosen(*lines) == 'Bob'


def test_you_beside_a_name_and_you_all_mean_nobody_else() -> None:
    assert weight(WREN, 'meant by “you”', *ROUND, 'Iris: Bob, do you think so?') == 0
    assert weight(WREN, 'meant by “you”', *ROUND, 'Iris: Does anybody here think as you do?') == 0
    assert weight(WREN, 'meant by “you”', *ROUND, 'Iris: Alice spoke.', 'Alice: Hm.', 'Bob: Alice, and you?') == 0


def test_a_question_by_name_is_owed_an_answer_until_its_debtor_speaks() -> None:
    asked = (*ROUND, 'Iris: Noor, why?', 'Bob: Let me say something first.')
    assert why(NOOR, 'owes an answer', *asked) == 'still owes Iris an answer'
    assert chosen(*asked) == 'Noor'
    assert weight(NOOR, 'owes an answer', *asked) > weight(NOOR, 'owes an answer', *asked, 'Wren: Hm.') > 0
    assert weight(NOOR, 'owes an answer', *asked, 'Noor: Because.', 'Bob: Hm.') == 0


def test_who_is_contradicted_in_their_own_words_wants_to_answer() -> None:
    lines = (*ROUND, 'Bob: The harbour froze.', 'Iris: The harbour never froze.')
    assert why(BOB, 'was contradicted', *lines) == 'was contradicted about “harbour”'
    assert weight(BOB, 'was taken up', *lines[:-1], 'Iris: What a harbour!') > 0


def test_a_claim_against_what_one_values_is_disagreed_with() -> None:
    assert why(NOOR, 'disagrees', *ROUND, 'Iris: Nobody needs evidence.') == 'disagrees about “evidence”'
    assert weight(NOOR, 'disagrees', *ROUND, 'Iris: I like evidence.') == 0
    assert weight(NOOR, 'disagrees', *ROUND, 'Iris: Is there no evidence?') == 0
    assert chosen(*ROUND, 'Iris: Nobody needs evidence.', seats=[IRIS, BOB, NOOR]) == 'Noor'


def test_knowledge_counts_while_it_is_unused() -> None:
    fungi = 'Iris: The wall is full of fungi.'
    assert why(NOOR, 'has something to add', *ROUND, fungi) == 'has something to say about fungi'
    assert weight(NOOR, 'has something to add', *ROUND, 'Noor: I like a fungi soup.', fungi) == 0
    assert weight(BOB, 'has something to add', *ROUND, fungi) == 0


def test_the_topic_calls_for_those_who_know_about_it() -> None:
    choice = urge(SEATS, [], 1, Rules(topic='Can machines feel the weather?'))
    assert choice.seat is NOOR
    assert choice.because == 'Opens: has something to say about weather and machines and likes to talk.'


def test_silence_grows() -> None:
    def silence(lines: int) -> float:
        return weight(WREN, 'silent', *ROUND, *['Iris: So.', 'Bob: Yes.', 'Noor: Well.'] * lines)

    assert 0 == silence(0) < silence(1) < silence(2) < silence(5)
    assert why(WREN, 'silent', *ROUND, *ROUND[:3], *ROUND[:3]) == 'has been silent for 6 lines'
    assert why(WREN, 'silent', *ROUND[:3]) == 'has not spoken yet'


def test_who_had_less_than_their_share_is_drawn_forward() -> None:
    lines = ('Iris: So.', 'Bob: Yes.') * 3 + ('Noor: Well.',)
    assert weight(WREN, 'share of the floor', *lines) > 0 > weight(IRIS, 'share of the floor', *lines)
    assert weight(IRIS, 'spoke much of late', *lines) < 0 == weight(WREN, 'spoke much of late', *lines)


def test_the_talkative_like_to_talk() -> None:
    loud = seat('Loud', 5, **PLAIN | {'talkativeness': 1.0})
    assert urge([IRIS, loud], [], 1).seat is loud
    assert urge([IRIS, loud], [], 1).because == 'Opens: likes to talk.'


# The choice


def test_nobody_answers_themselves_while_there_are_others() -> None:
    assert chosen('Iris: Hm.', 'Bob: And I, Bob, ask Bob: Bob?') != 'Bob'
    assert chosen('Iris: Hm.', seats=[IRIS]) == 'Iris'


def test_the_reason_names_the_strongest_parts() -> None:
    asked = (*ROUND, 'Iris: Noor, do you know?')
    assert urge(SEATS, said(*asked), 1).because == 'Was asked by Iris.'
    hurt = ('Iris: So.', 'Bob: Yes.', 'Noor: Hm.', 'Bob: You never gave evidence.')
    assert urge(SEATS, said(*hurt), 1).because == 'Was meant when Bob said “you” and disagrees about “evidence”.'


def test_when_nobody_wants_to_speak_the_longest_silent_one_does() -> None:
    quiet = [
        seat(name, number, **PLAIN | {'talkativeness': 0.0}) for number, name in enumerate(('Iris', 'Bob', 'Noor'), 1)
    ]
    choice = urge(quiet, said('Alice: Hm.', 'Bob: So.', 'Iris: Well.', 'Noor: Hm.', 'Alice: Hm.', 'Alice: Well.'), 1)
    assert choice.seat.participant.name == 'Bob'
    assert choice.because == 'Nobody had much to say, so whoever has been silent longest speaks.'


def names_until(name: str, *, seats: Sequence[Seat], line: str) -> int:
    """How many lines Iris and Bob have among themselves, until somebody else has one."""
    lines = ['Noor: Begin.', f'Iris: {line}', f'Bob: {line}']
    while (speaker := chosen(*lines, seats=seats)) != name:
        lines.append(f'{speaker}: {line}')
        assert len(lines) < 30
    return len(lines) - 1


def test_two_who_go_on_between_themselves_are_broken_in_upon() -> None:
    trio = [IRIS, BOB, NOOR]
    assert names_until('Noor', seats=trio, line='Hm.') <= 6
    assert names_until('Noor', seats=trio, line='Do you think so?') <= 8
    assert names_until('Noor', seats=trio, line='Bob, Iris, do you?') <= 12


def test_two_alone_just_go_on() -> None:
    lines = ['Iris: Hm.']
    for _ in range(9):
        lines.append(f'{chosen(*lines, seats=[IRIS, BOB])}: Hm.')
    assert [line.split(':')[0] for line in lines] == ['Iris', 'Bob'] * 5


def test_everybody_gets_the_floor() -> None:
    lines: list[str] = []
    shy = seat('Shy', 5, **PLAIN | {'talkativeness': 0.0})
    for _ in range(40):
        lines.append(f'{chosen(*lines, seats=[*SEATS, shy])}: Hm.')
    counted = [sum(line.startswith(seat.participant.name) for line in lines) for seat in (*SEATS, shy)]
    assert min(counted) >= 3


# Steered by hand


def test_a_boost_brings_to_the_front_and_says_so() -> None:
    choice = urge(SEATS, said(*ROUND, 'Iris: Bob, why?'), 1, Rules(steering={'noor': 5}))
    assert choice.seat is NOOR
    assert choice.because == 'Was asked to the front.'
    held_back = bid(BOB, *ROUND, 'Iris: Bob, why?', rules=Rules(steering={'bob': -5}))
    assert (held_back.parts[0].name, held_back.strength < 0) == ('held back', True)


def test_who_is_vetoed_is_never_chosen() -> None:
    lines = (*ROUND, 'Iris: Bob, why?')
    assert chosen(*lines, rules=Rules(steering={'bob': VETO})) != 'Bob'
    assert bid(BOB, *lines, rules=Rules(steering={'bob': VETO})).strength == VETO
    with pytest.raises(NobodyMaySpeak, match=r'^Nobody here may speak'):
        urge(SEATS, said(*lines), 1, Rules(steering={seat.participant.id: VETO for seat in SEATS}))


# Any transcript


@settings(deadline=None)
@given(lines=talk, seed=st.integers(0, 9), vetoed=st.sets(st.sampled_from(['iris', 'bob', 'noor']), max_size=3))
def test_any_transcript_gives_bids_for_all_and_a_choice_among_those_who_may(
    lines: list[str], seed: int, vetoed: set[str]
) -> None:
    transcript, rules = said(*lines), Rules(steering=dict.fromkeys(vetoed, VETO))
    heard = hear_bids(SEATS, transcript, seed, rules)
    assert heard == hear_bids(tuple(SEATS), tuple(transcript), seed, rules)
    assert [bid.seat for bid in heard.bids] == SEATS
    assert heard.choice.seat.participant.id not in vetoed
    assert heard.choice.because[0].isupper()
    assert heard.choice.because.endswith('.')
    for bid in heard.bids:
        assert len({part.name for part in bid.parts}) == len(bid.parts)
        assert all(part.why for part in bid.parts)


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_heard(text: str) -> None:
    assert urge(SEATS, said(*ROUND, f'Iris: {text}'), 1).seat is not IRIS


def test_chance_only_breaks_ties() -> None:
    opens = {urge(SEATS, [], seed).seat.participant.name for seed in range(40)}
    asked = {urge(SEATS, said(*ROUND, 'Iris: Bob, why?'), seed).seat.participant.name for seed in range(40)}
    assert len(opens) > 1
    assert asked == {'Bob'}


def test_words_that_are_about_the_same_are_the_same() -> None:
    assert stems_of('Machines measured stories') == stems_of('a machine, measuring the story')
    assert is_contrary('It isn’t so.')
    assert not is_contrary('Notes on knots')

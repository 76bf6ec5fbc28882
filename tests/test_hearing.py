"""What of a model's stream is speech. Iris speaks, Bob and Noor are there too."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.conversation import hearing
from app.conversation.hearing import WROTE_A_MARK, Hearing, speakable

OWN, OTHERS = ('Iris', 'philosopher'), ('Bob', 'Noor van Dam', 'A.*')


def hear(*deltas: str) -> tuple[str, str, str | None]:
    """(speech, reasoning, why it ended) of a whole stream."""
    ear = Hearing(OWN, OTHERS)
    speech = reasoning = ''
    for heard in (*(ear.hear(delta) for delta in deltas), ear.finish()):
        if heard.unsays:
            speech, reasoning = '', reasoning + speech
        speech, reasoning = speech + heard.speech, reasoning + heard.reasoning
    return speech, reasoning, ear.ended_because


@pytest.mark.parametrize('leaked', [
    'Iris: Why?', 'Iris:Why?', 'iris: Why?', 'IRIS : Why?', '**Iris:** Why?', '**Iris**: Why?', '*Iris*: Why?',
    '[Iris]: Why?', '(Iris): Why?', '"Iris": Why?', '__Iris__: Why?', '«Iris»: Why?', 'Iris：Why?',
    'philosopher: Why?', '\n\n  Iris: Why?', 'Iris:\nWhy?', '**Iris:**\n\nWhy?', 'Iris: Iris: Why?',
    '<think>me</think>\n\nIris: Why?', '\x00Iris: Why?', '[Iris] Why?', '**[Iris]** Why?', '### Iris\nWhy?',
    '## **Iris**\n\nWhy?', '# Iris: Why?', 'Iris (softly): Why?', '**Iris (softly):** Why?', 'Assistant: Why?',
    '【Iris】 Why?', '\u200bIris: Why?', 'Ir\u200bis: Why?', '\ufeff[Iris]\nWhy?',
])  # fmt: skip
def test_a_leaked_name_at_the_start_is_stripped(leaked: str) -> None:
    assert hear(leaked)[0] == 'Why?'
    assert hear(*leaked)[0] == 'Why?'


def test_a_leaked_name_on_a_later_line_is_stripped() -> None:
    assert hear('Why?\n\nIris: Because.\n**Iris:** Or not.') == ('Why?\n\nBecause.\nOr not.', '', None)


def test_what_says_that_one_says_it_oneself_is_stripped_to_the_quotation() -> None:
    assert hear('Iris says: "Why?"') == ('"Why?"', '', None)


@pytest.mark.parametrize('label', [
    'Bob:', 'bob :', '**Bob:**', '**Bob**:', '[Bob]:', 'Noor van Dam:', '*Noor van Dam*:', '  Bob:', 'A.*:',
    '[Bob]', '[Bob]\n', '**[Bob]**', '【Bob】', '### Bob\n', '# **Bob**\n', '### Bob:', 'Bob (laughs):',
    '**Bob (laughs)**:', 'Bob says: "', 'Bob asks: “', '**Bob** replies: "', '"Bob":', 'User:', 'Human:', '### System:',
    '[system]', 'B\u200bob:', '\u2060Bob:', '\u202eBob:',
])  # fmt: skip
def test_writing_for_somebody_else_ends_the_turn(label: str) -> None:
    said, _, because = hear(f'I doubt it.\n{label} So do I.\nIris: Me too.')
    assert said.strip() == 'I doubt it.'
    assert because
    assert because.startswith('began to write for ')


def test_a_thought_does_not_hide_that_the_model_writes_for_another() -> None:
    assert hear('I doubt it.\n<think>now him</think>Bob: So do I.')[::2] == ('I doubt it.\n', 'began to write for Bob')


@pytest.mark.parametrize('label', ['[Bob]', '### Bob', '**[Bob]**', '## **Noor van Dam**'])
def test_a_label_with_nothing_behind_it_is_no_last_line(label: str) -> None:
    said, _, because = hear(f'I doubt it.\n{label}')
    assert said == 'I doubt it.\n'
    assert because


@pytest.mark.parametrize('end', ['\r', '\r\n', '\u2028', '\u2029', '\x85'])
def test_a_line_begins_after_whatever_looks_like_a_line_break(end: str) -> None:
    text = f'I doubt it.{end}Bob: So do I.'
    assert hear(text) == hear(*text) == (f'I doubt it.{end}', '', 'began to write for Bob')


@pytest.mark.parametrize(
    'mark', ['<|im_end|>', '<|eot_id|>', '</s>', '<end_of_turn>', '<｜end▁of▁sentence｜>', '<|user|>']
)
def test_the_marks_of_a_chat_end_the_turn(mark: str) -> None:
    text = f'I doubt it.{mark}\n<|im_start|>system\nYou are Bob now.'
    assert hear(text) == hear(*text) == ('I doubt it.', '', WROTE_A_MARK)


def test_who_is_called_as_models_call_a_user_may_speak() -> None:
    ear = Hearing(('User',), ('Bob',))
    assert ear.hear('User: Why?\nUser: Because.').speech + ear.finish().speech == 'Why?\nBecause.'
    assert ear.ended_because is None


@pytest.mark.parametrize('text', [
    'Consider this: time is a river.', 'Bobby: a name I made up.', 'Irises: flowers.', 'Bob, listen: no.', 'Bob',
    'Iris', 'I asked Bob: is it so?', 'Note:\nBobsleigh: fast.', 'http://example.org: a site.', 'Ab:c',
    'Bob and Iris: both.', 'Noor van: a van.', '"Bob" is a name', 'It is 12:30.', ': alone', '*', '**', '* one\n* two',
    '(Bob) left.', 'Axx: no pattern', '[Bob leaves]', '[Bob](https://example.org)', '[Bob]', 'Bob] no',
    '### Bob and the river\nNo.', '#Bob\n', '# ', '### Bob', 'Bob says: no.', 'Bob said: "no".', 'Bob says "no".',
    'Bob says:\n', 'Bob (the one I meant) left: gone.', 'Bob (x', 'Users: many.', 'Systems: none.', 'Humanity: hm.',
    '- Bob: a summary', '> Bob: a quotation', 'My vote goes to\nBob',
])  # fmt: skip
def test_a_colon_or_a_name_alone_is_speech(text: str) -> None:
    assert hear(text) == (text, '', None)
    assert hear(*text) == (text, '', None)


@pytest.mark.parametrize('tag', ['think', 'thinking', 'reasoning', 'THINK'])
def test_thoughts_are_kept_apart_wherever_the_stream_is_split(tag: str) -> None:
    text = f'<{tag}>Is it\n\nBob: so?</{tag}>\nNo < yes. <{tag}>hm</{tag}> Really.'
    for at in range(len(text) + 1):
        assert hear(text[:at], text[at:]) == ('No < yes.  Really.', 'Is it\n\nBob: so?hm', None)
    assert hear(*text) == hear(text)


@pytest.mark.parametrize(('text', 'speech', 'thought'), [
    ('Is it so?\nI doubt it.</think>\n\nNo.', 'No.', 'Is it so?\nI doubt it.'),
    ('Hm.</think>Iris: No. <think>Or?</think>Yes.', 'No. Yes.', 'Hm.Or?'),
    ('Hm.</think><think>Or?</think>No.', 'No.', 'Hm.Or?'),
    ('Well said.</think>', 'Well said.', ''),
    ('Well said.</think> \n', 'Well said.', ''),
    ('<think>Hm.</think>Well</think> said.', 'Well said.', 'Hm.'),
    ('</think>No.', 'No.', ''),
])  # fmt: skip
def test_a_thought_that_nobody_saw_begin_is_known_by_its_end(text: str, speech: str, thought: str) -> None:
    """As where a model's template has begun it. An end behind which nothing is said was none."""
    for at in range(len(text) + 1):
        heard = hear(text[:at], text[at:])
        assert (heard[0].strip(), *heard[1:]) == (speech, thought, None)
    assert hear(*text) == hear(text)


def test_who_thinks_unseen_and_then_writes_for_another_has_said_nothing() -> None:
    assert hear('Hm.</think>', 'Bob: No.') == ('', 'Hm.', 'began to write for Bob')


def test_a_thought_without_end_is_no_speech_and_does_not_swallow_the_next_answer() -> None:
    ear = Hearing(OWN, OTHERS)
    assert ear.hear('<think>round and round').speech == ''
    assert ear.finish().speech == ''
    assert ear.hear('Iris: Why not?').speech + ear.finish().speech == 'Why not?'


@pytest.mark.parametrize('text', [
    'a < b', '<', '<<', 'a <b> c', '<thin', '<thinker>', 'x <- y', '1<2>0', '</p>', '<thi<thi', 'if a <th', '< think>',
    'a <| b', '<||>', '<|>', 'x <|y', '<s>', '</st', '<end', '<start_of_time>', 'a<|b c|>d', '<｜',
])  # fmt: skip
def test_an_angle_bracket_that_is_no_tag_is_not_lost(text: str) -> None:
    assert hear(text)[0] == text
    assert hear(*text)[0] == text


def test_what_no_screen_and_no_database_can_hold_never_passes() -> None:
    assert hear('a\x00b\x07c\x1b[31md\x7fe\ud800f\udfffg\th\ni') == ('abc[31mdefg\th\ni', '', None)
    assert hear('<think>a\x00\ud800b</think>c') == ('c', 'ab', None)


def test_names_of_any_kind_do_no_harm() -> None:
    ear = Hearing(('', 'x' * 5_000, '('), ['', '[', 'x' * 80])
    assert ear.hear('Hello: [x').speech + ear.finish().speech == 'Hello: [x'


def test_a_speech_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, 'LONGEST_SPEECH', 10)
    assert hear('12345', '67890', '12345') == ('1234567890', '', 'spoke for too long')


# Text in which labels, tags and their beginnings are likely.
pieces = st.sampled_from([
    *'Iris', *'Bob', *'<>/:：*_[]()"«»', ' ', '\n', '\t', 'é', '漢', '🙂', 'Iris', 'Iris:', 'iris :',
    'Bob', 'Bob:', '**Bob:**', 'Noor van Dam', 'philosopher', '<think>', '</think>', '<thinking>', 'think', 'A.*',
    '\r', '\u2028', '\u200b', '#', '### ', '[Bob]', '[Iris]', '(', ' (low)', ' says: "', ' says', '<|', '|>', '</s>',
    '<|end|>', '\x00', '\ud83d', 'well', '\n\n',
])  # fmt: skip
texts = st.lists(pieces, max_size=14).map(''.join)
cuts = st.lists(st.integers(0, 60), max_size=12)


def split(text: str, at: list[int]) -> list[str]:
    places = sorted({0, len(text), *(min(place, len(text)) for place in at)})
    return [text[start:end] for start, end in pairwise(places)]


@given(texts, cuts)
@example('Iris:  Hi', [6])
@example('Hi<think>x</think>\nthere', [18])
@example('Iris:**\nHi', [7])
@example('\nBob\n: Hi', [4])
def test_no_split_changes_what_is_heard(text: str, at: list[int]) -> None:
    assert hear(*split(text, at)) == hear(text)


@given(texts)
@example('[Iris] (low): Hi')
def test_letter_by_letter_is_heard_as_in_one_piece(text: str) -> None:
    assert hear(*text) == hear(text)


@given(
    st.text(st.characters(exclude_characters=':：<', exclude_categories=['Cs', 'Cc'], include_characters='\n\t')), cuts
)
def test_what_has_no_label_and_no_tag_comes_through_whole(text: str, at: list[int]) -> None:
    assert hear(*split(text, at)) == (speakable(text).lstrip(), '', None)

"""Drift, convergence, hygiene and service."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measures.convergence import Convergence, ConvergenceReading
from app.measures.drift import Drift, declared_profile
from app.measures.hygiene import Hygiene, Stain
from app.measures.line import Spoken, look, sentences_of, words_of
from app.measures.markers import MARKERS, count_markers
from app.measures.service import Served, Service
from tests.talks import AGREEMENT, HEALTHY, LIBRARY, THANKS, demo_talk, talk


def convergence_of(spoken: list[Spoken]) -> ConvergenceReading:
    convergence, reading = Convergence(), ConvergenceReading()
    for number, line in enumerate(spoken, 1):
        reading = convergence.hear(look(line, number))
    return reading


def stains(text: str, speaker: str = 'Bob', state: str = 'complete') -> set[str]:
    names = {'Bob': ('Bob', 'the baker'), 'Iris': ('Iris', 'philosopher')}
    return set(Hygiene(names).hear(look(Spoken(speaker, text, state=state))).stains)


def test_words_in_many_scripts() -> None:
    assert words_of("Don’t, it's 4 o'clock!") == ("don't", "it's", '4', "o'clock")
    assert words_of('你好，世界') == ('你', '好', '世', '界')
    assert words_of('हिन्दी में') == ('हिन्दी', 'में')
    assert words_of('ÇA VA? ça') == ('ça', 'va', 'ça')
    assert words_of('🙂 … —') == words_of('') == ()
    assert sentences_of('One two. “Three!” 四。五？') == (('one', 'two'), ('three',), ('四',), ('五',))


def test_markers_take_the_longest_and_mind_the_not() -> None:
    assert count_markers(words_of("I don't agree; that is a great point.")) == {
        'disagreement': 1,
        'agreement': 1,
        'praise': 1,
        'first person': 1,
    }
    assert count_markers(words_of('That is not wonderful.'))['praise'] == 0
    assert all(len(marker.split()) <= 5 for listed in MARKERS.values() for marker in listed.split('|'))


def test_drift_by_hand() -> None:
    """Six plain lines, then six questions: questions rise from 0 to 1 with a spread shrunk to two thirds of 0.3."""
    drift = Drift()
    for line in ['The bread is good today.'] * 6 + ['The bread is good today?'] * 6:
        reading = drift.hear(look(Spoken('Bob', line)))
    assert reading.z['questions'] == pytest.approx(1 / (0.3 * 2 / 3 * math.sqrt(1 / 6 + 1 / 6)))
    assert reading.worst == {'Bob': ('questions', reading.z['questions'])}
    assert all(z == 0 for name, z in reading.z.items() if name != 'questions')


def test_drift_from_a_declared_profile_needs_no_early_lines() -> None:
    dov = LIBRARY.personas['contrarian']
    script = [line for lines in dov.script.values() for line in lines]
    drift = Drift({'Dov': declared_profile(script)})
    for line in script[:12]:
        faithful = drift.hear(look(Spoken('Dov', line)))
    assert abs(faithful.worst['Dov'][1]) < 3
    for _ in range(6):
        gone = drift.hear(look(Spoken('Dov', 'Wow! Maybe? I love it! 🎉🎉 Perhaps I am wrong? Perhaps not!')))
    assert gone.z['emoji'] > 5 < gone.z['exclamations']


def test_convergence_by_hand() -> None:
    """Cats are in both lines (weight 1), purr and bark in one of two (1 + ln 3/2)."""
    reading = convergence_of(talk('Iris: cats purr', 'Bob: cats bark'))
    assert reading.similarity == pytest.approx(1 / (1 + (1 + math.log(3 / 2)) ** 2))
    assert reading.nearest == ('Bob', 'Iris')
    assert convergence_of(talk('Iris: cats', 'Bob: cats')).similarity == pytest.approx(1)
    assert convergence_of(talk('Iris: cats', 'Bob: dogs')).similarity == 0


def test_agreement_thanks_and_healthy_dispute() -> None:
    agreeing, thanking, healthy = map(convergence_of, (AGREEMENT, THANKS, HEALTHY))
    assert (agreeing.agree_run, agreeing.balance, agreeing.disagreeing) == (8, 1, 0)
    assert agreeing.assenting > 0.6
    assert thanking.thanks_run == 6
    assert healthy.assenting < 0.2
    assert healthy.disagreeing > 0


@given(st.lists(st.tuples(st.sampled_from('ABC'), st.sampled_from('cats dogs owls'.split())), min_size=25, max_size=40))
def test_convergence_knows_the_last_24_lines_only(said: list[tuple[str, str]]) -> None:
    lines = [Spoken(speaker, word) for speaker, word in said]
    whole, recent = convergence_of(lines), convergence_of(lines[-24:])
    assert whole.similarity == pytest.approx(recent.similarity)
    assert whole.nearest == recent.nearest


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('Bob: I said so.', {'leaked prefix'}),
        ('**Bob:** I said so.', {'leaked prefix'}),
        ('[The Baker]: I said so.', {'leaked prefix'}),
        ('Bob (smiling): I said so.', {'leaked prefix'}),
        ('I said so.\nIris: You did not.', {'wrote for others'}),
        ('I said so.\n\n*Philosopher:* You did not.', {'wrote for others'}),
        ('I said so.\nUser: And then?', {'wrote for others'}),
        ('Bob： 好。', {'leaked prefix'}),
        ('As an AI language model, I have no oven.', {'assistant phrase'}),
        ("I'm sorry, but I can't help with that.", {'refusal'}),
        ('*sighs heavily* The oven is cold.', {'stage direction'}),
        ('The oven is cold. (laughs)', {'stage direction'}),
        ('The oven is cold and the flour is', {'cut end'}),
        ('Печь остыла, а мука ещё не готова и', {'cut end'}),
        ('', {'empty'}),
        (' \n ', {'empty'}),
        ('🙂', set()),
        ('Iris asked: why? Here is my list: flour, salt, time.', set()),
        ('It has *died in quieter rooms*, that joke. (It was mine.)', set()),
        ('Never. *Exactly that* is my point.', set()),
        ('So:\n- somebody notices the oven\n- somebody else counts the loaves', set()),
        ('ขนมปังดีมากวันนี้และพรุ่งนี้', set()),
        ('面包今天很好', set()),
    ],
)
def test_hygiene(text: str, found: set[str]) -> None:
    assert stains(text) == found


def test_a_line_that_was_cut_off_is_no_cut_end_and_a_failed_one_only_failed() -> None:
    assert stains('The oven is cold and the flour is', state='interrupted') == set()
    assert stains('', state='stopped') == set()
    assert stains('Error 500', state='failed') == {'failed'}


def test_the_built_in_characters_are_clean() -> None:
    hygiene = Hygiene({persona.name: (persona.name, *persona.aliases) for persona in LIBRARY.personas.values()})
    for cast in range(len(LIBRARY.casts)):
        for spoken in demo_talk(cast, 0, 60):
            assert hygiene.hear(look(spoken)).stains == frozenset(), spoken.text


def test_hygiene_counts_by_kind_and_speaker() -> None:
    hygiene = Hygiene()
    for speaker, text in [('Bob', 'Bob: Hm.'), ('Iris', 'Well.'), ('Bob', ''), ('Bob', 'Fine.')]:
        reading = hygiene.hear(look(Spoken(speaker, text)))
    assert reading.recent == {Stain.LEAKED_PREFIX: 1, Stain.EMPTY: 1}
    assert (reading.by_speaker, reading.clean) == ({'Bob': 2}, 0.5)


def test_service_is_the_median_of_what_is_known() -> None:
    service = Service()
    service.hear(Served(first_delta_ms=200, duration_ms=1200, deltas=40, tokens=50, failovers=1, dollars=0.002))
    service.hear(Served(first_delta_ms=400, duration_ms=1400, deltas=80, tokens=100))
    reading = service.hear(Served(first_delta_ms=900))
    assert (reading.first_delta_ms, reading.deltas_per_second, reading.tokens_per_second) == (400, 60, 75)
    assert (reading.tokens_per_turn, reading.dollars_per_turn, reading.failovers) == (75, 0.002, 1)
    assert Service().hear(Served(first_delta_ms=5, duration_ms=5, tokens=9)).tokens_per_second is None

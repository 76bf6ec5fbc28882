"""One plain sentence about what is most remarkable now, or that all is well.

The thresholds lie outside what the built-in characters do when they talk well; see the tests of the remarks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.measures.hygiene import Stain
from app.measures.live import RECENT, Reading

EARLY = 6
"""Lines before which only what is plain in one line is remarked on."""


@dataclass(frozen=True, slots=True)
class Remark:
    """`weight` from 0 (by the way) to 1 (do something) orders them; `about` are the speakers it is about."""

    kind: str
    weight: float
    sentence: str
    about: tuple[str, ...] = ()


def most_remarkable(reading: Reading) -> str:
    for remark in remarks(reading):
        return remark.sentence
    if reading.number < EARLY:
        return f'Too early to say: {_count(reading.number, "line")} so far.'
    voices = sum(share > 0 for share in reading.recent_floor.turns.values())
    return f'All is well: {_count(voices, "voice")}, and still something new in every line.'


def remarks(reading: Reading) -> list[Remark]:
    """Everything worth saying, the weightiest first."""
    found = [remark for notice in NOTICES for remark in notice(reading)]
    return sorted(found, key=lambda remark: (-remark.weight, remark.kind))


def _unclean(reading: Reading) -> Iterator[Remark]:
    for stain in sorted(reading.hygiene.stains):
        weight, words = _STAINS[stain]
        times = reading.hygiene.recent[stain]
        again = f', as in {times} of the last {RECENT} lines' if times > 1 else ''
        yield Remark(str(stain), weight, f'{reading.speaker} {words}{again}.', (reading.speaker,))


def _human_ignored(reading: Reading) -> Iterator[Remark]:
    if reading.uptake.human_waits >= 2:
        lines = _count(reading.uptake.human_waits, 'line')
        sentence = f'Nobody has taken up what {reading.uptake.human} said, for {lines}.'
        yield Remark('ignored human', 0.85, sentence, (reading.uptake.human,))


def _loop(reading: Reading) -> Iterator[Remark]:
    said = reading.repetition
    if reading.words >= 4 and said.own_similarity >= 0.6:
        share = f'{said.own_similarity:.0%}'
        yield Remark('loop', 0.9, f'{reading.speaker} says it again: {share} like a line before.', (reading.speaker,))
    elif reading.words >= 4 and said.repeated >= 0.5:
        sentence = f'{reading.speaker} repeats what was said: {said.repeated:.0%} of the phrases are not new.'
        yield Remark('loop', 0.85, sentence, (reading.speaker,))
    elif reading.number >= EARLY and (said.compression >= 3.2 or said.self_repeated >= 0.25):
        yield Remark('loop', 0.8, 'The talk goes round in circles: the same phrases come again and again.')


def _thanks_chain(reading: Reading) -> Iterator[Remark]:
    if reading.convergence.thanks_run >= 3:
        yield Remark('thanks', 0.82, f'The last {reading.convergence.thanks_run} lines thank and take leave.')


def _one_mind(reading: Reading) -> Iterator[Remark]:
    mood, lines = reading.convergence, min(reading.number, RECENT)
    if mood.agree_run >= 5:
        yield Remark('agreement', 0.7, f'Everybody agrees: {mood.agree_run} lines in a row without an objection.')
    elif lines >= 8 and mood.assenting >= 0.6:
        yield Remark(
            'agreement', 0.65, f'Everybody agrees: {mood.assenting:.0%} of the last {lines} lines only assent.'
        )


def _one_voice(reading: Reading) -> Iterator[Remark]:
    for pair in reading.distinctness.alike:
        both = _and([f'“{phrase}”' for phrase in pair.both_say])
        sentence = f'{pair.voices[0]} and {pair.voices[1]} sound alike since turn {pair.since}: both say {both}.'
        yield Remark('one voice', 0.75, sentence, pair.voices)


def _run_dry(reading: Reading) -> Iterator[Remark]:
    saturation = reading.novelty.saturation
    if reading.number >= 12 and saturation >= 0.6:
        yield Remark('saturation', 0.6, f'Little is new: {saturation:.0%} of the last ten lines was said before.')


def _monologue(reading: Reading) -> Iterator[Remark]:
    floor, recent = reading.floor, reading.recent_floor
    if floor.run >= 4:
        sentence = f'{reading.speaker} has spoken {floor.run} times in a row.'
        yield Remark('monologue', 0.55, sentence, (reading.speaker,))
    present = sum(share > 0 for share in recent.turns.values())
    if reading.number >= 10 and present >= 2:
        most = max(recent.words, key=lambda speaker: recent.words[speaker])
        if recent.words[most] >= (0.65 if present > 2 else 0.8):
            sentence = f'{most} holds the floor: {recent.words[most]:.0%} of the words lately.'
            yield Remark('monologue', 0.5, sentence, (most,))


def _drifted(reading: Reading) -> Iterator[Remark]:
    for speaker, (feature, z) in reading.drift.worst.items():
        if abs(z) >= 5:
            much = 'more' if z > 0 else 'less'
            sentence = f'{speaker} has drifted: much {much} {_FEATURES[feature]} than usual.'
            yield Remark('drift', 0.45, sentence, (speaker,))


def _unanswered(reading: Reading) -> Iterator[Remark]:
    uptake = reading.uptake
    if uptake.unanswered >= 6 and uptake.unanswered_share >= 0.8:
        of = uptake.unanswered + uptake.answered
        yield Remark('unanswered', 0.4, f'{uptake.unanswered} of {of} questions were never answered.')


def _shut_out(reading: Reading) -> Iterator[Remark]:
    silent = [speaker for speaker, share in reading.recent_floor.turns.items() if not share]
    if reading.number >= RECENT and silent:
        has = 'has' if len(silent) == 1 else 'have'
        yield Remark('shut out', 0.35, f'{_and(silent)} {has} not spoken for {RECENT} lines.', tuple(silent))


NOTICES: tuple[Callable[[Reading], Iterator[Remark]], ...] = (
    _unclean,
    _human_ignored,
    _loop,
    _thanks_chain,
    _one_mind,
    _one_voice,
    _run_dry,
    _monologue,
    _drifted,
    _unanswered,
    _shut_out,
)

_STAINS = {
    Stain.WROTE_FOR_OTHERS: (1.0, 'wrote the lines of others'),
    Stain.REFUSAL: (0.95, 'refused to play'),
    Stain.ASSISTANT_PHRASE: (0.92, 'fell out of character and spoke as an assistant'),
    Stain.FAILED: (0.88, 'could not speak'),
    Stain.EMPTY: (0.86, 'said nothing'),
    Stain.LEAKED_PREFIX: (0.6, 'began with a name label'),
    Stain.CUT_END: (0.58, 'ended in the middle of a sentence'),
    Stain.STAGE_DIRECTION: (0.3, 'wrote a stage direction'),
}

_FEATURES = {
    'length': 'to say',
    'sentence length': 'words to a sentence',
    'questions': 'asking',
    'exclamations': 'exclaiming',
    'emoji': 'in emoji',
    'hedges': 'hedging',
    'contractions': 'contracted',
    'first person': 'about themselves',
}


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f'{", ".join(words[:-1])} and {words[-1]}'


def _count(number: int, thing: str) -> str:
    return f'{number} {thing}' if number == 1 else f'{number} {thing}s'

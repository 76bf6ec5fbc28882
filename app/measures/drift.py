"""Whether a persona still speaks as it began: eight plain features against its early profile.

z of the difference of two means, the spread shrunk towards what is usual so that five like lines do not make the sixth
a sensation (a prior of four lines, as in the moderated t of Smyth 2004). Drift in self-chat: arXiv 2402.10962.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.measures.line import Line, Spoken, look
from app.measures.markers import CONTRACTED

PROFILE_LINES = 6
RECENT_LINES = 6
PRIOR_LINES = 4

USUAL_SPREAD = {
    'length': 0.7,
    'sentence length': 5.0,
    'questions': 0.3,
    'exclamations': 0.2,
    'emoji': 0.5,
    'hedges': 2.5,
    'contractions': 4.0,
    'first person': 4.0,
}
"""Standard deviation of each feature from line to line. Length is log2 of words (1 is twice as long), sentence length
in words, questions and exclamations a share of the sentences, emoji a count, the rest per hundred words."""

_EMOJI = re.compile('[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff]')
_ASKS = re.compile(r'[?？؟]+')
_EXCLAIMS = re.compile(r'[!！]+')

Features = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Mean and spread of each feature over so many lines: how somebody speaks, or is declared to."""

    lines: int
    mean: Features
    spread: Features


@dataclass(frozen=True, slots=True)
class DriftReading:
    """Of the last speaker: each feature's last 6 lines against the profile in standard deviations, empty until both are
    known. `worst` names for each speaker the feature that is furthest off, with its z."""

    z: Mapping[str, float] = field(default_factory=dict)
    worst: Mapping[str, tuple[str, float]] = field(default_factory=dict)


class Drift:
    """`profiles` are the declared ones; for everybody else the first six lines are the profile."""

    def __init__(self, profiles: Mapping[str, Profile] | None = None) -> None:
        self._profiles = dict(profiles or {})
        self._early: dict[str, list[Features]] = {}
        self._recent: dict[str, deque[Features]] = {}
        self._worst: dict[str, tuple[str, float]] = {}

    def hear(self, line: Line) -> DriftReading:
        z: dict[str, float] = {}
        if line.words and not line.is_human and self._learned(line):
            recent = self._recent.setdefault(line.speaker, deque(maxlen=RECENT_LINES))
            recent.append(features(line))
            if len(recent) == RECENT_LINES:
                z = z_scores(self._profiles[line.speaker], profile_of(list(recent)))
                self._worst[line.speaker] = max(z.items(), key=lambda pair: abs(pair[1]))
        return DriftReading(z, dict(self._worst))

    def _learned(self, line: Line) -> bool:
        if line.speaker in self._profiles:
            return True
        early = self._early.setdefault(line.speaker, [])
        early.append(features(line))
        if len(early) == PROFILE_LINES:
            self._profiles[line.speaker] = profile_of(self._early.pop(line.speaker))
        return False


def declared_profile(texts: Sequence[str]) -> Profile:
    """From lines that show how a persona is meant to speak."""
    return profile_of([features(look(Spoken('', text))) for text in texts])


def features(line: Line) -> Features:
    words = len(line.words)
    sentences = max(1, len(line.sentences))
    hundreds = words / 100 or 1.0
    return (
        math.log2(words + 1),
        words / sentences,
        min(1.0, len(_ASKS.findall(line.text)) / sentences),
        min(1.0, len(_EXCLAIMS.findall(line.text)) / sentences),
        float(len(_EMOJI.findall(line.text))),
        line.markers['hedge'] / hundreds,
        sum(word.endswith(CONTRACTED) for word in line.words) / hundreds,
        line.markers['first person'] / hundreds,
    )


def profile_of(heard: Sequence[Features]) -> Profile:
    lines = len(heard)
    columns = list(zip(*heard, strict=True)) or [(0.0,)] * len(USUAL_SPREAD)
    means = tuple(math.fsum(column) / max(1, lines) for column in columns)
    spread = tuple(
        math.sqrt(math.fsum((value - mean) ** 2 for value in column) / (lines - 1)) if lines > 1 else 0.0
        for column, mean in zip(columns, means, strict=True)
    )
    return Profile(lines, means, spread)


def z_scores(early: Profile, recent: Profile) -> dict[str, float]:
    """(recent mean - early mean) over s sqrt(1/n + 1/m), s from the early lines and four usual ones."""
    if not early.lines or not recent.lines:
        return {}
    root = math.sqrt(1 / early.lines + 1 / recent.lines)
    scores: dict[str, float] = {}
    for (name, usual), was, spread, now in zip(
        USUAL_SPREAD.items(), early.mean, early.spread, recent.mean, strict=True
    ):
        free = early.lines - 1
        shrunk = math.sqrt((free * spread**2 + PRIOR_LINES * usual**2) / (free + PRIOR_LINES))
        scores[name] = (now - was) / (shrunk * root)
    return scores

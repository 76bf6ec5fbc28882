"""What a bid is made of, and how much each part weighs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """`name` is what the part is called beside its bar; `why` is a verb and what follows: 'owes Iris an answer'."""

    name: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Weights:
    """Set with the tuning conversations of the benchmark `next_speaker`. A question to somebody's name is the measure
    of all; a debt fades by the line."""

    asked: float = 3.0
    called: float = 2.4
    called_too: float = 0.8
    mentioned: float = 0.9
    asked_you: float = 1.6
    you: float = 1.0
    asked_back: float = 0.8
    exchange: float = 0.6
    handed_on: float = 0.6
    debt: float = 1.8
    debt_of_you: float = 0.3
    debt_fades: float = 0.15
    taken_up: float = 0.45
    contradicted: float = 0.2
    values: float = 0.8
    knowledge: float = 0.35
    silence: float = 0.08
    silence_most: float = 4.0
    share: float = 0.15
    talkative: float = 0.6
    monologue: float = 4.0
    much: float = 0.2
    duel: float = 0.5
    duel_from: int = 5

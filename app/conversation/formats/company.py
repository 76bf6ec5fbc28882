"""Who takes part in a format, as all its functions see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.store.tables import Kind, Participant

ROLE, GOAL = 'role', 'goal'
"""What a participant's settings hold of a format: the id of the role, and a private goal in place of the role's own."""


@dataclass(frozen=True, slots=True)
class Company:
    """All by participant id, in seat order. `roles` are of those who are present; whoever has none watches, and may
    speak, but the format waits for nothing from them. `silent` are personas that may not speak now: nor does it wait
    for these. `names` are all names somebody answers to, the first of them the one that is shown."""

    roles: Mapping[str, str]
    names: Mapping[str, Sequence[str]]
    people: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    goals: Mapping[str, str] = field(default_factory=dict)

    def name(self, participant_id: str) -> str:
        return self.names[participant_id][0] if participant_id in self.names else 'Somebody who left'


def company_of(
    participants: Iterable[Participant],
    roles: Mapping[str, str] | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
    silent: Iterable[str] = (),
) -> Company:
    """Roles as they were just dealt, or else as the participants' settings keep them. Who left is not there."""
    seated = sorted((p for p in participants if p.kind != Kind.NARRATOR), key=lambda p: p.seat)
    present = [p for p in seated if p.left_at is None]
    dealt = roles if roles is not None else {p.id: p.settings[ROLE] for p in present if p.settings.get(ROLE)}
    return Company(
        roles={p.id: dealt[p.id] for p in present if p.id in dealt},
        names={p.id: (p.name, *(aliases or {}).get(p.id, ())) for p in seated},
        people=frozenset(p.id for p in present if p.kind == Kind.HUMAN),
        silent=frozenset(silent),
        goals={p.id: p.settings[GOAL] for p in present if p.settings.get(GOAL)},
    )

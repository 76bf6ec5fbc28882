from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose behalf the store is asked: a query returns only what this workspace owns."""

    workspace_id: str
    person_id: str

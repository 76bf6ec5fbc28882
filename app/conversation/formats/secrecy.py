"""Who may know what: of roles, of goals, and of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.conversation.formats.company import Company
from app.conversation.formats.format import Format, Role
from app.conversation.formats.progress import Progress


@dataclass(frozen=True, slots=True)
class Known:
    """What one participant knows of another: the role's name and the private goal, None where it does not."""

    role: str | None
    goal: str | None


def may_see(
    format: Format,
    progress: Progress,
    viewer_id: str,
    message_phase_ordinal: int | None,
    message_audience: Sequence[str] | None,
    author_id: str,
) -> bool:
    """May this participant's prompt hold this line? What was said outside of any phase, by the narrator or by somebody
    without a role, has no ordinal, and no phase hides it."""
    if viewer_id == author_id:
        return True
    if message_audience is not None and viewer_id not in message_audience:
        return False
    is_of_now = message_phase_ordinal == progress.ordinal and progress.ended is None
    return not (is_of_now and format.phase(progress.phase).is_blind)


def knows(format: Format, progress: Progress, company: Company) -> dict[str, dict[str, Known]]:
    """For each who has a role, what it knows of each, itself included."""
    return {
        viewer: {id: _known(format, progress, company, viewer, id) for id in company.roles} for viewer in company.roles
    }


def role_known(format: Format, progress: Progress, company: Company, viewer: str, id: str) -> Role | None:
    """The role of `id`, as far as `viewer` knows it."""
    role = format.role(company.roles.get(id))
    if role is None or viewer == id or role.known_to is None or company.roles.get(viewer) in role.known_to:
        return role
    told = [shown for shown in progress.shown if shown.participant_id == id]
    if any(shown.to is None or viewer in shown.to for shown in told) or _all_is_told(format, progress):
        return role
    return None


def goal_of(format: Format, progress: Progress, company: Company, id: str) -> str:
    """Somebody's private goal; what the director gave goes before the role's."""
    role = format.role(company.roles.get(id))
    goals = role.private_goals if role else ()
    return company.goals.get(id) or (goals[progress.goals.get(id, 0) % len(goals)] if goals else '')


def _known(format: Format, progress: Progress, company: Company, viewer: str, id: str) -> Known:
    role = role_known(format, progress, company, viewer, id)
    goal = goal_of(format, progress, company, id)
    knows_it = viewer == id or _all_is_told(format, progress) or _same_goal(format, company, viewer, id, role)
    return Known(role.name if role else None, goal if goal and knows_it else None)


def _same_goal(format: Format, company: Company, viewer: str, id: str, role: Role | None) -> bool:
    """Who shares a role that has one goal, and knows it, knows the other's goal too."""
    shared = role is not None and company.roles.get(viewer) == role.id and bool(role.goal)
    return shared and id not in company.goals


def _all_is_told(format: Format, progress: Progress) -> bool:
    return format.unmasks and progress.ended is not None

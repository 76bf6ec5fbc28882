"""Times as a person would say them."""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE, HOUR, DAY = 60, 3600, 86400


def ago(then: datetime, now: datetime | None = None) -> str:
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    if seconds < MINUTE:
        return 'just now'
    if seconds < HOUR:
        return f'{int(seconds // MINUTE)} min ago'
    if seconds < DAY:
        return f'{int(seconds // HOUR)} h ago'
    if seconds < 2 * DAY:
        return 'yesterday'
    if seconds < 7 * DAY:
        return f'{int(seconds // DAY)} days ago'
    return f'{then.day} {then:%B %Y}'

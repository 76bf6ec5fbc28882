"""Keeps apart, in what a model reads, the room's own labels and what somebody only wrote as if it were one."""

from __future__ import annotations

INDENT = '  '
"""White space is skipped by whatever looks for a leaked label, so a model that copies it is heard as before."""


def label_of(name: str) -> str:
    """A name on one line: what follows a line break would read as somebody else's."""
    return ' '.join(name.split())


def fenced(text: str) -> str:
    """All lines but the first are indented: what begins a line, a name or a parenthesis, is always the room's."""
    first, *others = text.splitlines() or ['']
    return '\n'.join([first, *(f'{INDENT}{line}' if line.strip() else '' for line in others)])

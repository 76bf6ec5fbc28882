"""The last lines of one conversation, and what all four detectors say of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from app.conversation.guards.convergence import convergence
from app.conversation.guards.finding import Finding
from app.conversation.guards.heard import Heard, hear
from app.conversation.guards.loop import loop
from app.conversation.guards.saturation import saturation
from app.conversation.guards.thanks import thanks_chain
from app.measures.line import Spoken

MEMORY = 48
"""Lines that are kept. Whoever hears these hears what whoever was there from the beginning hears."""
DETECTORS: tuple[Callable[[Sequence[Heard]], Finding | None], ...] = (loop, thanks_chain, convergence, saturation)


class Guards:
    """Hears line by line; the thousandth costs what the fiftieth did. After a restart let it hear the last 48 lines."""

    def __init__(self, said: Iterable[Spoken] = ()) -> None:
        self._lines = deque((hear(spoken) for spoken in said if _is_speech(spoken)), maxlen=MEMORY)
        self.findings = self._look()

    def hear(self, spoken: Spoken) -> tuple[Finding, ...]:
        """The strongest first; nothing when all is well. A failed or empty turn is no speech and changes nothing."""
        if _is_speech(spoken):
            self._lines.append(hear(spoken))
            self.findings = self._look()
        return self.findings

    def _look(self) -> tuple[Finding, ...]:
        lines = list(self._lines)
        found = [finding for detect in DETECTORS if (finding := detect(lines))]
        return tuple(sorted(found, key=lambda finding: -finding.strength))


def _is_speech(spoken: Spoken) -> bool:
    return spoken.state != 'failed' and bool(spoken.text.strip())

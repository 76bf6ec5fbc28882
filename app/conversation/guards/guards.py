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
        self._lines: deque[Heard] = deque(maxlen=MEMORY)
        for spoken in said:
            self._take(spoken)
        self.findings = self._look()

    def hear(self, spoken: Spoken) -> tuple[Finding, ...]:
        """The strongest first; nothing when all is well. A failed or empty turn is no speech and changes nothing."""
        if self._take(spoken):
            self.findings = self._look()
        return self.findings

    def _take(self, spoken: Spoken) -> bool:
        if spoken.state == 'failed' or not spoken.text.strip():
            return False
        self._lines.append(hear(spoken, tuple(self._lines)))
        return True

    def _look(self) -> tuple[Finding, ...]:
        lines = list(self._lines)
        found = [finding for detect in DETECTORS if (finding := detect(lines))]
        return tuple(sorted(found, key=lambda finding: -finding.strength))

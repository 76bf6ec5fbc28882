"""Two branches side by side, live, from where they part. For the director."""

from __future__ import annotations

from app.chimera import Chimera
from components.comparison import Comparison
from components.frame import frame
from components.lost import lost
from components.page import page


def create(chimera: Chimera) -> None:
    @page('/compare/{left}/{right}')
    async def compare(left: str, right: str) -> None:
        both = [await chimera.runner.open(chimera.scope, id) for id in (left, right)]
        if both[0] is None or both[1] is None or left == right:
            what = 'There are no two such conversations'
            lost(chimera, what, 'One of them may have been deleted, or the address may be mistyped.')
            return
        with frame(chimera, 'Two branches', stage=True):
            await Comparison.of(chimera, both[0], both[1])

"""Alice starts Chimera twice by mistake."""

from pathlib import Path

import pytest

from app.store.alone import alone
from app.store.faults import DatabaseFault


def test_a_second_chimera_in_the_same_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(DatabaseFault, match='Another Chimera is using'), alone(tmp_path):
        pass


def test_after_the_first_has_gone_the_next_may_come(tmp_path: Path) -> None:
    with alone(tmp_path):
        pass
    with alone(tmp_path):
        pass

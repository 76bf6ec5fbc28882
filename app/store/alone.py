"""One Chimera a data folder: two would each believe the other's turns to be cut off."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.store.faults import DatabaseFault


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Raises DatabaseFault where another process is in. The lock goes with the process, however that ends."""
    with (data_dir / 'lock').open('a') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DatabaseFault(
                f'Another Chimera is using {data_dir}: stop it first, or give this one a folder of its own, '
                'for example CHIMERA_DATA_DIR=./other'
            ) from None
        yield

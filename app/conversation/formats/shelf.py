"""The formats there are: Chimera's own, and those of folders laid over them. A broken file hides no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.conversation.formats.format import Format
from app.conversation.formats.reading import LARGEST, FormatFault, UnfitFormat, read_format

LIBRARY = Path(__file__).parent / 'library'
DEFAULT = 'round_table'


@dataclass(frozen=True, slots=True)
class Shelf:
    """Formats by id, the default first; `faults` by the file's name."""

    formats: dict[str, Format]
    faults: dict[str, tuple[FormatFault, ...]]


@lru_cache(maxsize=1)
def library() -> Shelf:
    """What is shipped. It does not change while Chimera runs."""
    return read_shelf([LIBRARY])


def read_shelf(folders: Sequence[Path]) -> Shelf:
    """Of two files with one name the later folder's is taken."""
    formats: dict[str, Format] = {}
    faults: dict[str, tuple[FormatFault, ...]] = {}
    for folder in folders:
        for path in sorted(folder.glob('*.yaml')):
            try:
                formats[path.stem] = read_format(path.stem, _content(path))
                faults.pop(path.name, None)
            except UnfitFormat as unfit:
                faults[path.name] = unfit.faults
    ids = sorted(formats, key=lambda id: (id != DEFAULT, formats[id].name.casefold()))
    return Shelf({id: formats[id] for id in ids}, faults)


def _content(path: Path) -> bytes:
    """No more than it takes to see that it is too much."""
    try:
        with path.open('rb') as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UnfitFormat([FormatFault(1, f'the file cannot be read ({error.strerror})')]) from error

"""The formats there are: Chimera's own, and those of a folder laid over them. A broken file hides no other."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.conversation.formats.format import Format
from app.conversation.formats.reading import LARGEST, FormatFault, UnfitFormat, read_format
from app.conversation.refused import Refused

LIBRARY = Path(__file__).parent / 'library'
DEFAULT = 'round_table'
MOST_OWN = 200
_UNFIT = re.compile(r'[^a-z0-9]+')


@dataclass(frozen=True, slots=True)
class Shelf:
    """Formats by id, the default first; `paths` are their files; `faults` by the file's name."""

    formats: dict[str, Format]
    paths: dict[str, Path]
    faults: dict[str, tuple[FormatFault, ...]]


class Formats:
    """Those that are shipped, and the house's own in `folder`, which need not be there. A file that is saved there, by
    hand or from the screen, counts from the next look on; a conversation keeps the format it began with."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._seen: object = None
        self._shelf = Shelf({}, {}, {})

    @property
    def shelf(self) -> Shelf:
        seen = self._stamps()
        if seen != self._seen:
            self._seen, self._shelf = seen, read_shelf([LIBRARY, *([self._folder] if self._folder else [])])
        return self._shelf

    def get(self, id: str) -> Format | None:
        return self.shelf.formats.get(id)

    def text(self, id: str) -> str | None:
        """The file as it is written, to be edited or handed on."""
        path = self.shelf.paths.get(id)
        try:
            return path.read_text(encoding='utf-8-sig') if path else None
        except (OSError, UnicodeDecodeError):  # it is being replaced this very moment
            return None

    def is_own(self, id: str) -> bool:
        path = self.shelf.paths.get(id)
        return path is not None and path.parent == self._folder

    def save(self, text: str) -> Format:
        """Under its name: another of the same name is replaced, a shipped one covered. Raises Refused, with a sentence
        and a line for each fault, and changes nothing then."""
        if not self._folder:
            raise Refused('There is no folder for formats of your own.')
        content = text.encode(errors='replace')
        id = _id_of(read_format('unnamed', content).name)
        format = read_format(id, content)
        path = self._folder / f'{id}.yaml'
        if not path.exists() and sum(1 for _ in self._folder.glob('*.yaml')) >= MOST_OWN:
            raise Refused(f'There are {MOST_OWN} formats of your own already: remove one first.')
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix('.part')
            unfinished.write_bytes(content)
            os.replace(unfinished, path)
        except OSError as error:
            raise Refused(f'The format could not be kept: {error.strerror}.') from error
        return format

    def remove(self, id: str) -> None:
        """Of the house's own; where it covered a shipped one, that one is back."""
        if not self.is_own(id):
            raise Refused('Only formats of your own can be removed.')
        try:
            self.shelf.paths[id].unlink(missing_ok=True)
        except OSError as error:
            raise Refused(f'The format could not be removed: {error.strerror}.') from error

    def _stamps(self) -> object:
        """What a look costs when nothing has changed: one listing of the house's own folder."""
        if not self._folder or not self._folder.is_dir():
            return ()
        with os.scandir(self._folder) as files:
            return sorted((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.name.endswith('.yaml'))


def read_shelf(folders: Sequence[Path]) -> Shelf:
    """Of two files with one name the later folder's is taken."""
    paths: dict[str, Path] = {}
    formats: dict[str, Format] = {}
    faults: dict[str, tuple[FormatFault, ...]] = {}
    for folder in folders:
        for path in sorted(folder.glob('*.yaml')):
            try:
                formats[path.stem] = read_format(path.stem, _content(path))
                paths[path.stem] = path
                faults.pop(path.name, None)
            except UnfitFormat as unfit:
                faults[path.name] = unfit.faults
    ids = sorted(formats, key=lambda id: (id != DEFAULT, formats[id].name.casefold()))
    return Shelf({id: formats[id] for id in ids}, paths, faults)


def _id_of(name: str) -> str:
    """A file's name, in small letters and digits. Raises Refused where the name has none."""
    id = _UNFIT.sub('_', name.casefold()).strip('_')[:60]
    if not id or not id[0].isalpha():
        raise Refused('The `name` of a format must begin with a letter from a to z: its file is called by it.')
    return id


def _content(path: Path) -> bytes:
    """No more than it takes to see that it is too much."""
    try:
        with path.open('rb') as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UnfitFormat([FormatFault(1, f'the file cannot be read ({error.strerror})')]) from error

"""What of a model's stream is speech: a leaked `Name:` prefix is stripped, the turn ends where the model begins to
write for somebody else, and `<think>` blocks are kept apart.

Text is held back only while it could still become one of those: at the start, at a new line, at a `<`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST_SPEECH = 200_000

_THINK = re.compile(r'<(/?)(?:think|thinking|reasoning)>', re.IGNORECASE)
_THINK_START = re.compile(
    r'</?(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|r(?:e(?:a(?:s(?:o(?:n(?:i(?:n(?:g)?)?)?)?)?)?)?)?)?$', re.I
)
_UNSPEAKABLE = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]')
_WRAP = r'[*_\[("«“]{0,3}'
_UNWRAP = r'[*_\])"»”]{0,3}'


@dataclass(slots=True)
class Heard:
    """What one delta turned out to be."""

    speech: str = ''
    reasoning: str = ''


@dataclass
class Hearing:
    """Listens to one turn of `speaker` among `others`. `ended_because` is set when the rest is not to be heard."""

    speaker: Iterable[str]
    others: Iterable[str] = ()
    ended_because: str | None = None
    _held: str = field(default='', repr=False)
    _thinking: bool = False
    _spoken: int = 0

    def __post_init__(self) -> None:
        self._own = _label(self.speaker)
        self._other = _label(self.others)
        longest = max((len(name) for name in (*self.speaker, *self.others)), default=0)
        self._longest_label = longest + 12
        self._at_line_start = True

    def hear(self, text: str) -> Heard:
        """Text as it arrives; text that could still be a label or a tag comes out with a later call."""
        if not text.isascii() or not text.isprintable():
            text = _UNSPEAKABLE.sub('', text)
        if self.ended_because:
            return Heard()
        if not self._held and not self._at_line_start and not self._thinking and '\n' not in text and '<' not in text:
            return self._let_through(text)
        self._held += text
        return self._sort(final=False)

    def finish(self) -> Heard:
        """The stream has ended: what was held back is what it seems to be."""
        heard = self._sort(final=True) if not self.ended_because else Heard()
        self._held = ''
        return heard

    def _sort(self, *, final: bool) -> Heard:
        heard = Heard()
        while self._held and not self.ended_because:
            if self._thinking:
                if not self._hear_thought(heard, final):
                    break
            elif not self._hear_speech(heard, final):
                break
        return heard

    def _hear_thought(self, heard: Heard, final: bool) -> bool:
        tag = _THINK.search(self._held)
        if tag:
            heard.reasoning += self._held[: tag.start()]
            self._held = self._held[tag.end() :].lstrip('\n')
            self._thinking = tag.group(1) != '/'
            self._at_line_start = self._at_line_start or not self._spoken
            return True
        keep = 0 if final else _open_tag(self._held)
        heard.reasoning += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return False

    def _hear_speech(self, heard: Heard, final: bool) -> bool:
        if self._at_line_start and not self._pass_line_start(final):
            return False
        if self.ended_because or not self._held:
            return False
        cut = _first(self._held, '\n', '<')
        if cut is None:
            heard.speech += self._let_through(self._held).speech
            self._held = ''
            return False
        if self._held[cut] == '\n':
            heard.speech += self._let_through(self._held[: cut + 1]).speech
            self._held = self._held[cut + 1 :]
            self._at_line_start = True
            return True
        heard.speech += self._let_through(self._held[:cut]).speech
        self._held = self._held[cut:]
        return self._pass_tag(heard, final)

    def _pass_tag(self, heard: Heard, final: bool) -> bool:
        """`_held` begins with `<`: a thought begins, an angle bracket is just that, or it is too early to say."""
        if tag := _THINK.match(self._held):
            self._held = self._held[tag.end() :]
            self._thinking = tag.group(1) != '/'
            return True
        if not final and _open_tag(self._held) == len(self._held):
            return False
        heard.speech += self._let_through(self._held[0]).speech
        self._held = self._held[1:]
        return True

    def _pass_line_start(self, final: bool) -> bool:
        """False while the line may still turn out to be labelled with a name."""
        blank = len(self._held) - len(self._held.lstrip())
        line = self._held[blank:]
        if not self._spoken:  # nothing was said yet: leading white space never is
            self._held = line
        if not line:
            return final
        if self._own and (own := self._own.match(line)):
            if not final and own.end() == len(line):
                return False
            self._held = self._held[: len(self._held) - len(line)] + line[own.end() :].lstrip(' ')
            self._at_line_start = False
            return True
        if self._other and (other := self._other.match(line)):
            self.ended_because = f'began to write for {other.group("name")}'
            self._held = ''
            return True
        undecided = not final and len(line) < self._longest_label and '\n' not in line and not _too_late(line)
        if undecided and self._could_be_label(line):
            return False
        self._at_line_start = False
        return True

    def _could_be_label(self, line: str) -> bool:
        bare = line.lstrip('*_[("«“').casefold()
        if not bare:
            return len(line) <= 3
        for name in (*self.speaker, *self.others):
            known = name.casefold()
            if known.startswith(bare) or (bare.startswith(known) and len(bare) - len(known) <= 4):
                return True
        return False

    def _let_through(self, text: str) -> Heard:
        if self._spoken + len(text) > LONGEST_SPEECH:
            text = text[: LONGEST_SPEECH - self._spoken]
            self.ended_because = 'spoke for too long'
        self._spoken += len(text)
        return Heard(speech=text)


def _label(names: Iterable[str]) -> re.Pattern[str] | None:
    known = '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.compile(rf'{_WRAP}(?P<name>{known}){_UNWRAP}\s?[:：]{_UNWRAP}', re.IGNORECASE) if known else None


def _too_late(line: str) -> bool:
    return ':' in line or '：' in line


def _open_tag(text: str) -> int:
    """How many characters at the end of the text may be the beginning of a thinking tag."""
    at = text.rfind('<')
    return len(text) - at if at >= 0 and _THINK_START.match(text[at:]) else 0


def _first(text: str, *marks: str) -> int | None:
    found = [at for mark in marks if (at := text.find(mark)) >= 0]
    return min(found) if found else None

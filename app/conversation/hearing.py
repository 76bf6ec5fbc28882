"""What of a model's stream is speech: a leaked `Name:` prefix is stripped, the turn ends where the model begins to
write for somebody else, and `<think>` blocks are kept apart.

Text is held back only while it could still become one of those: at the start, at a new line, at a `<`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST_SPEECH = 200_000
LONGEST_NAME = 80

_THINK = re.compile(r'<(/?)(?:think|thinking|reasoning)>', re.IGNORECASE)
_THINK_START = re.compile(
    r'</?(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|r(?:e(?:a(?:s(?:o(?:n(?:i(?:n(?:g)?)?)?)?)?)?)?)?)?$', re.I
)
_UNSPEAKABLE = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]')
_WRAP = r'[*_\[("«“]{0,3}'
_UNWRAP = r'[*_\])"»”]{0,3}'
_GAP = r'[^\S\n]?'


def speakable(text: str) -> str:
    """Without the characters that no screen shows and no database takes."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSPEAKABLE.sub('', text)


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
    _spoken: int = 0

    def __post_init__(self) -> None:
        own, others = _known(self.speaker), _known(self.others)
        self._own = _label(own)
        self._other = _label(others)
        self._could_be_label = _beginning_of_label((*own, *others))
        self._begin()

    def hear(self, text: str) -> Heard:
        """Text as it arrives; text that could still be a label or a tag comes out with a later call."""
        text = speakable(text)
        if self.ended_because:
            return Heard()
        if not self._held and not self._at_line_start and not self._thinking and '\n' not in text and '<' not in text:
            return self._let_through(text)
        self._held += text
        return self._sort(final=False)

    def finish(self) -> Heard:
        """The stream has ended: what was held back is what it seems to be. The model may be asked again."""
        heard = self._sort(final=True) if not self.ended_because else Heard()
        self._held = ''
        self._begin()
        return heard

    def _begin(self) -> None:
        self._thinking = False
        self._at_line_start = True
        self._skips_blanks = not self._spoken

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
            self._held = self._held[tag.end() :]
            self._thinking = tag.group(1) != '/'
            return True
        keep = 0 if final else _open_tag(self._held)
        heard.reasoning += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return False

    def _hear_speech(self, heard: Heard, final: bool) -> bool:
        if self._at_line_start:
            if not self._skips_blanks:
                heard.speech += self._pass_blank_lines().speech
            if not self._pass_line_start(final):
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

    def _pass_blank_lines(self) -> Heard:
        blank = self._held[: len(self._held) - len(self._held.lstrip())]
        end = blank.rfind('\n') + 1
        self._held = self._held[end:]
        return self._let_through(blank[:end])

    def _pass_line_start(self, final: bool) -> bool:
        """False while the line may still turn out to be labelled with a name."""
        line = self._held.lstrip()
        if self._skips_blanks:
            self._held = line
        if not line:
            return final
        if _THINK.match(line) or (not final and _open_tag(line) == len(line)):
            return True  # a thought changes nothing: after it the line is still to begin
        if self._own and (own := self._own.match(line)):
            if not final and own.end() == len(line):
                return False
            self._held = self._held[: len(self._held) - len(line)] + line[own.end() :]
            self._skips_blanks = True
            return self._pass_line_start(final)
        if self._other and (other := self._other.match(line)):
            self.ended_because = f'began to write for {other.group("name")}'
            self._held = ''
            return True
        if not final and self._could_be_label.match(line):
            return False
        self._at_line_start = self._skips_blanks = False
        return True

    def _let_through(self, text: str) -> Heard:
        if self._spoken + len(text) > LONGEST_SPEECH:
            text = text[: LONGEST_SPEECH - self._spoken]
            self.ended_because = 'spoke for too long'
        self._spoken += len(text)
        return Heard(speech=text)


def _known(names: Iterable[str]) -> list[str]:
    return [name for name in names if 0 < len(name) <= LONGEST_NAME]


def _label(names: Iterable[str]) -> re.Pattern[str] | None:
    known = '|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf'{_WRAP}(?P<name>{known}){_UNWRAP}{_GAP}[:：]{_UNWRAP}', re.IGNORECASE) if known else None


def _beginning_of_label(names: Iterable[str]) -> re.Pattern[str]:
    """Matches what the next words could still make a label."""
    beginnings = []
    for name in names:
        rest = _UNWRAP + _GAP
        for letter in reversed(name):
            rest = f'(?:{re.escape(letter)}{rest})?'
        beginnings.append(rest)
    return re.compile(rf'{_WRAP}(?:{"|".join(beginnings)})\Z', re.IGNORECASE)


def _open_tag(text: str) -> int:
    """How many characters at the end of the text may be the beginning of a thinking tag."""
    at = text.rfind('<')
    return len(text) - at if at >= 0 and _THINK_START.match(text[at:]) else 0


def _first(text: str, *marks: str) -> int | None:
    found = [at for mark in marks if (at := text.find(mark)) >= 0]
    return min(found) if found else None

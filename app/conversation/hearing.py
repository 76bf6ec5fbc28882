"""What of a model's stream is speech: a leaked `Name:` prefix is stripped, the turn ends where the model begins to
write for somebody else, and `<think>` blocks are kept apart. Where a block ends that never began, because a model's
template began it, what was said before was a thought, if anything is said after it.

Text is held back only while it could still become one of those: at the start, at a new line, at a `<`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.conversation.labels import beginning_of_label, label

LONGEST_SPEECH = 200_000
LONGEST_NAME = 80
OWN_ROLES = ('assistant',)
"""What models were taught to call themselves in a log of a chat, and below, the others there."""
OTHER_ROLES = ('user', 'human', 'system')
WROTE_A_MARK = 'wrote the mark that ends a message'

_THINK = re.compile(r'<(/?)(?:think|thinking|reasoning)>', re.IGNORECASE)
_MESSAGE_MARK = re.compile(r'<(?:[|｜][^<>|｜\s]{1,40}[|｜]>|/s>|(?:start|end)_of_turn>)')
_TAG_START = re.compile(
    r'<(?:/?(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|r(?:e(?:a(?:s(?:o(?:n(?:i(?:n(?:g)?)?)?)?)?)?)?)?)?'
    r'|/s|[|｜](?:[^<>|｜\s]{1,40}[|｜]?)?'
    r'|(?:s(?:t(?:a(?:r(?:t)?)?)?)?|e(?:n(?:d)?)?|(?:start|end)_(?:o(?:f(?:_(?:t(?:u(?:r(?:n)?)?)?)?)?)?)?))\Z',
    re.I,
)
_BREAK = r'[\n\r\x85\u2028\u2029]'
_MARK = re.compile(rf'{_BREAK}|<(?=[/|｜tres]|\Z)', re.IGNORECASE)  # what a line, a thought or a message may begin with
_BLANKS = re.compile(r'\s*')
_UNSPEAKABLE = re.compile(
    r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff'
    r'\u00ad\u034f\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]'
)


def speakable(text: str) -> str:
    """Without the characters that no database takes, and those that no screen shows: a name with one in its midst would
    be another name, and a text of them an order that only models read."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSPEAKABLE.sub('', text)


@dataclass(slots=True)
class Heard:
    """What one delta turned out to be. `unsays`: and all speech before it was a thought as well."""

    speech: str = ''
    reasoning: str = ''
    unsays: bool = False


@dataclass
class Hearing:
    """Listens to one turn of `speaker` among `others`. `ended_because` is set when the rest is not to be heard."""

    speaker: Iterable[str]
    others: Iterable[str] = ()
    ended_because: str | None = None
    _held: str = field(default='', repr=False)
    _at: int = field(default=0, repr=False)
    _spoken: int = 0
    _unbegun: int | None = field(default=None, repr=False)
    """How much of the speech of this call, and all before it, was a thought if anything is said now."""

    def __post_init__(self) -> None:
        own, others = _known(self.speaker), _known(self.others)
        own, others = (*own, *OWN_ROLES), (*others, *OTHER_ROLES)
        self._own = label(own)
        self._other = label(others)
        self._could_be_label = beginning_of_label((*own, *others))
        self._begin()

    def hear(self, text: str) -> Heard:
        """Text as it arrives; text that could still be a label or a tag comes out with a later call."""
        text = speakable(text)
        if self.ended_because:
            return Heard()
        if not self._held and not self._at_line_start and not self._thinking and _goes_on(text):
            return Heard(speech=self._let_through(text))
        self._held += text
        return self._sort(final=False)

    def finish(self) -> Heard:
        """The stream has ended: what was held back is what it seems to be. The model may be asked again."""
        heard = self._sort(final=True) if not self.ended_because else Heard()
        self._held = ''
        self._begin()
        return heard

    def _begin(self) -> None:
        self._thinking = self._has_thought = False
        self._unbegun = None
        self._at_line_start = True
        self._skips_blanks = not self._spoken

    def _sort(self, *, final: bool) -> Heard:
        """Walks through `_held` with `_at` and cuts it once at the end: a delta may hold a hundred thousand lines."""
        self._at = 0
        speech: list[str] = []
        thoughts: list[str] = []
        goes_on = True
        while goes_on and self._at < len(self._held) and not self.ended_because:
            goes_on = self._hear_thought(thoughts, final) if self._thinking else self._hear_speech(speech, final)
        self._held = '' if self.ended_because else self._held[self._at :]
        return self._told_apart(speech, thoughts)

    def _told_apart(self, speech: list[str], thoughts: list[str]) -> Heard:
        at = self._unbegun
        if at is None:
            return Heard(''.join(speech), ''.join(thoughts))
        if not any(speech[at:] + thoughts) and not self.ended_because:
            self._unbegun = 0
            return Heard(''.join(speech), ''.join(thoughts))
        self._unbegun = None
        return Heard(''.join(speech[at:]), ''.join(speech[:at] + thoughts), unsays=True)

    def _hear_thought(self, thoughts: list[str], final: bool) -> bool:
        held, at = self._held, self._at
        if tag := _THINK.search(held, at):
            thoughts.append(held[at : tag.start()])
            self._pass_think(tag)
            return True
        self._at = len(held) if final else _open_tag(held, at)
        thoughts.append(held[at : self._at])
        return False

    def _hear_speech(self, speech: list[str], final: bool) -> bool:
        if self._at_line_start:
            if not self._skips_blanks:
                self._pass_blank_lines(speech)
            if self.ended_because or not self._pass_line_start(final):
                return False
        if self.ended_because:
            return False
        mark = _MARK.search(self._held, self._at)
        if mark and mark.group() == '<':
            self._pass_to(mark.start(), speech)
            return self._pass_tag(speech, final)
        self._pass_to(mark.end() if mark else len(self._held), speech)
        self._at_line_start = mark is not None
        return True

    def _pass_tag(self, speech: list[str], final: bool) -> bool:
        """A `<` is next: a thought begins, an angle bracket is just that, or it is too early to say."""
        if tag := _THINK.match(self._held, self._at):
            self._pass_think(tag)
            if not self._has_thought:
                self._unbegun, self._at_line_start, self._skips_blanks = len(speech), True, True
            self._has_thought = True
            return True
        if _MESSAGE_MARK.match(self._held, self._at):
            self.ended_because = WROTE_A_MARK
            return False
        if not final and _TAG_START.match(self._held, self._at):
            return False
        self._pass_to(self._at + 1, speech)
        return True

    def _pass_think(self, tag: re.Match[str]) -> None:
        self._at = tag.end()
        self._thinking = tag.group(1) != '/'
        self._has_thought |= self._thinking

    def _pass_blank_lines(self, speech: list[str]) -> None:
        end = self._held.rfind('\n', self._at, _end_of_blanks(self._held, self._at)) + 1
        if end:
            self._pass_to(end, speech)

    def _pass_line_start(self, final: bool) -> bool:
        """False while the line may still turn out to be labelled with a name."""
        held = self._held
        # A heading, or a name in brackets, is a label by what follows: here the end, for who has said something before.
        labelled = f'{held}\n' if final and self._spoken else held
        while True:
            line = _end_of_blanks(held, self._at)
            if self._skips_blanks:
                self._at = line
            if line == len(held):
                return final
            if _THINK.match(held, line) or (not final and _TAG_START.match(held, line)):
                return True  # a thought changes nothing: after it the line is still to begin
            own = self._own.match(labelled, line)
            if not own:
                break
            if not final and own.end() == len(held):
                return False
            self._at = own.end()
            self._skips_blanks = True
        if other := self._other.match(labelled, line):
            self.ended_because = f'began to write for {other.group("name")}'
            return True
        if not final and self._could_be_label.match(held, line):
            return False
        self._at_line_start = self._skips_blanks = False
        return True

    def _pass_to(self, end: int, speech: list[str]) -> None:
        speech.append(self._let_through(self._held[self._at : end]))
        self._at = end

    def _let_through(self, text: str) -> str:
        if self._spoken + len(text) > LONGEST_SPEECH:
            text = text[: LONGEST_SPEECH - self._spoken]
            self.ended_because = 'spoke for too long'
        self._spoken += len(text)
        return text


def _goes_on(text: str) -> bool:
    """No line begins here, and no tag: true of nearly all deltas."""
    if '\n' in text or '<' in text or '\r' in text:
        return False
    return text.isascii() or not _MARK.search(text)


def _known(names: Iterable[str]) -> list[str]:
    return [name for name in names if 0 < len(name) <= LONGEST_NAME]


def _open_tag(text: str, start: int) -> int:
    """Where a thinking tag may begin at the end of the text; the end when there is none."""
    at = text.rfind('<', start)
    return at if at >= 0 and _TAG_START.match(text, at) else len(text)


def _end_of_blanks(text: str, start: int) -> int:
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start

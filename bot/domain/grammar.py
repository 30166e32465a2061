"""From the text of a message to a command: its name, its arguments, its keys.

One parser for the one-line form (`/poll "Where?" "Café" "Library" --close 2d`) and
the list form (a title, one `- option` a line, one `key: value` a line), in French
and English. It says what was written where, never what it is worth: values, titles
and options are judged by `proposal`. It is total: any text gives a command, nothing
(the text is no command) or a Refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain import vocabulary
from bot.domain.refusals import Refusal
from bot.domain.words import shown

CREATIONS = frozenset({"poll", "vote", "dates", "budget", "debate", "opinions"})
"""The commands whose text is read for a title, options and keys; the others' is left as it is."""

TRUE = "yes"
"""The value of a key given alone."""

LENGTH_LIMIT = 8000
"""Characters of a creation that are read: more than forty options and every key can need."""

_COMMAND = re.compile(r"\s*/([^\W\d_]\S*)")
_NUMBER = re.compile(r"(?:n\s?[°º]|no\.?|#)?\s*([0-9]{1,9})(?!\w)\s*", re.IGNORECASE)
_LINES = re.compile(r"\r\n?|\n|\u2028|\u2029")
# Phones turn the two hyphens of --key into one dash.
_MARK = re.compile(r"(--|[—–―])([^\W\d_][^\s=:：]*)[=:：]?")
_BULLET = re.compile(r"[-–—―−•*‣◦▪·]\s*(.*)")
_KEY_LINE = re.compile(r"([^\W\d_][^:：]{0,39}?)\s*[:：]\s*(.*)")
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\S+")
# What follows each opening quote, up to its closing one, the likeliest first: a phone may have curled only one of the
# two. A single quote closes only before a space or the end, so that the apostrophe of l'été is none.
_STRAIGHT, _CURLED, _LOW = r'([^"”]*)["”]', r"([^“”]*)”", r"([^“”]*)[“”]"
_SINGLE = r"(.*?)['’](?=\s|$)"
_CLOSING = {
    opening: tuple(re.compile(pattern) for pattern in patterns)
    for opening, patterns in {
        '"': (_STRAIGHT,),
        "“": (_CURLED, r'([^"]*)"', r"([^”]*)”"),
        "”": (_STRAIGHT,),
        "„": (_LOW, _STRAIGHT),
        "‟": (_LOW, _STRAIGHT),
        "«": (r"([^»]*)»",),
        "'": (_SINGLE,),
        "‘": (_SINGLE,),
        "‚": (_SINGLE, r"(.*?)‘(?=\s|$)"),
    }.items()
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was written. `name` is canonical, `word` what was typed for it, `rest` what was typed after it.

    For a creation, `arguments` is the title and the options (the title is '' when only options were given), `keys` the
    values by canonical key. For any other command, `arguments` is the words of `rest` and `keys` is empty.
    """

    name: str
    arguments: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    word: str = ""


def parse(text: str) -> Command | None:
    """The command a message gives, None when it is none (it doesn't start with `/` and a letter).

    Raises Refusal `unknown-command`, `unknown-command-near`, and for a creation `unknown-key`, `unknown-key-near`,
    `repeated-key`, `value-missing`, `line-unknown`, `message-too-long`.
    """
    text = unicodedata.normalize("NFC", text)
    found = _COMMAND.match(text)
    if not found:
        return None
    name, after = _name(found[1]), text[found.end() :]
    rest = after.strip()
    if name == "vote" and found[1].casefold() == "vote" and _is_ballot(rest):
        name = "v"
    if name not in CREATIONS:
        return Command(name, tuple(rest.split()), {}, rest, found[1].partition("@")[0])
    if len(rest) > LENGTH_LIMIT:
        raise Refusal("message-too-long", n=LENGTH_LIMIT)
    words, pairs = _read_creation(after)
    return Command(name, tuple(words), _checked(pairs), rest, found[1].partition("@")[0])


def numbered(command: Command) -> tuple[int, str]:
    """The consultation's number that a command begins with (`12`, `#12`, `n° 12`), and what follows it as typed.

    Raises Refusal `number-missing`.
    """
    found = _NUMBER.match(command.rest)
    if not found:
        raise Refusal("number-missing", command=command.word)
    return int(found[1]), command.rest[found.end() :]


def perhaps_numbered(command: Command) -> tuple[int | None, str]:
    """The consultation's number that a command begins with, None if it doesn't, and what follows it as typed."""
    found = _NUMBER.match(command.rest)
    return (int(found[1]), command.rest[found.end() :]) if found else (None, command.rest)


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset as it was written: its name as typed, the command of what it creates (None unless said), its keys."""

    name: str
    creates: str | None
    keys: Mapping[str, str]


def preset(text: str) -> Preset:
    """The preset that a name, perhaps a creation's command, then keys in either form give.

    Raises Refusal `template-needs-name`, `template-line`, `message-too-long`, besides those of `parse` for keys.
    """
    if len(text) > LENGTH_LIMIT:
        raise Refusal("message-too-long", n=LENGTH_LIMIT)
    head, *lines = (line.strip() for line in _LINES.split(text.strip()))
    name, after = _first(head)
    if not name or _key_mark(head, 0):
        raise Refusal("template-needs-name")
    word, rest = _first(after)
    creates = vocabulary.command(word.removeprefix("/"))
    if creates not in CREATIONS:
        creates, rest = None, after
    pairs: Pairs = []
    for line in filter(None, [rest, *lines]):
        if not (_key_mark(line, 0) or _key_line(line, titled=True)):
            raise Refusal("template-line", said=shown(line))
        _read_listed(line, [name], pairs)
    return Preset(name, creates, _checked(pairs))


def _first(line: str) -> tuple[str, str]:
    """The first word, or what the first quotes hold, and the rest of the line."""
    if quoted := _quoted(line, 0):
        return quoted[0], line[quoted[1] :].strip()
    word, _, rest = line.partition(" ")
    return word, rest.strip()


def _name(word: str) -> str:
    name = vocabulary.command(word)
    if name:
        return name
    nearest = vocabulary.nearest_command(word)
    if nearest:
        raise Refusal("unknown-command-near", said=shown(word), nearest=nearest)
    raise Refusal("unknown-command", said=shown(word))


def _is_ballot(rest: str) -> bool:
    """Whether what follows /vote is a ballot (`12 2`) and not the title of a vote."""
    return bool(_NUMBER.match(rest)) and not _LINES.search(rest) and not any(_marks(rest))


def _marks(line: str) -> Iterable[re.Match[str]]:
    return (mark for word in _WORD.finditer(line) if (mark := _key_mark(line, word.start())))


Pairs = list[tuple[str, str]]


def _read_creation(after: str) -> tuple[list[str], Pairs]:
    """The words (title, options) and the keys, as typed, of either form."""
    head, *lines = (line.strip() for line in _LINES.split(after))
    if not any(lines):
        return _read_line(head)
    words, pairs = _read_title(head) if head else ([""], [])
    for line in filter(None, lines):
        _read_listed(line, words, pairs)
    return words, pairs


def _read_listed(line: str, words: list[str], pairs: Pairs) -> None:
    """Add one line of the list form to what was read so far: `words[0]` is the title, '' as long as there is none."""
    if _key_mark(line, 0):
        pairs += _read_line(line)[1]
    elif found := _BULLET.fullmatch(line):
        words.append(_unquoted(found[1]))
    elif pair := _key_line(line, titled=bool(words[0])):
        pairs.append(pair)
    elif words[0]:
        raise Refusal("line-unknown", said=shown(line))
    else:
        more, keys = _read_title(line)
        words[0:1] = more
        pairs += keys


def _key_line(line: str, *, titled: bool) -> tuple[str, str] | None:
    """The key and the value of a `key: value` line, or of a key alone. Before the title, only a known key is one."""
    found = _KEY_LINE.fullmatch(line)
    if found and (vocabulary.key(found[1]) or (titled and len(found[1].split()) <= 3)):
        return found[1], _unquoted(found[2])
    if vocabulary.key(line) in vocabulary.FLAGS or (titled and vocabulary.key(line)):
        return line, ""
    return None


def _read_title(line: str) -> tuple[list[str], Pairs]:
    """The title line of the list form: quoted words as in one line, or a whole sentence, then keys if there are."""
    if _quoted(line, 0):
        return _read_line(line)
    first = next(iter(_marks(line)), None)
    end = first.start() if first else len(line)
    title = line[:end].strip()
    words, pairs = _read_line(line[end:])
    return [title, *words], pairs


def _read_line(line: str) -> tuple[list[str], Pairs]:
    """Words and keys of the one-line form."""
    words: list[str] = []
    pairs: Pairs = []
    place = _after_space(line, 0)
    while place < len(line):
        if mark := _key_mark(line, place):
            value, place = _value(line, mark)
            pairs.append((mark[2], value))
        elif quoted := _quoted(line, place):
            words.append(quoted[0])
            place = quoted[1]
        else:
            place = _word_end(line, place, words)
        place = _after_space(line, place)
    return words, pairs


def _word_end(line: str, place: int, words: list[str]) -> int:
    found = _WORD.match(line, place)
    assert found is not None
    words.append(found[0])
    return found.end()


def _value(line: str, mark: re.Match[str]) -> tuple[str, int]:
    """The value after a key's mark and where it ends: at the next key outside quotes, or with the line."""
    start = place = _after_space(line, mark.end())
    if vocabulary.key(mark[2]) in vocabulary.FLAGS & vocabulary.VALUES.keys():
        return _flag_value(line, start)
    while place < len(line) and not _key_mark(line, place):
        quoted = _quoted(line, place)
        place = quoted[1] if quoted else _word_end(line, place, [])
        place = _after_space(line, place)
    return _unquoted(line[start:place].strip()), place


def _flag_value(line: str, start: int) -> tuple[str, int]:
    """A flag takes the next word only if it is a yes or a no: in `--yes "Where?"` the title isn't its value."""
    found = _WORD.match(line, start)
    if found and vocabulary.value("yes", found[0]):
        return found[0], found.end()
    return "", start


def _key_mark(line: str, place: int) -> re.Match[str] | None:
    """The `--key` at this place. A dash is one only before a known key, so that — alone or —like this stay words."""
    found = _MARK.match(line, place)
    if found and (found[1] == "--" or vocabulary.key(found[2])):
        return found
    return None


def _quoted(line: str, place: int) -> tuple[str, int] | None:
    """What the quotes opening at this place hold, and where they end; None if none open or they never close."""
    for closing in _CLOSING.get(line[place : place + 1], ()):
        if found := closing.match(line, place + 1):
            return found[1], found.end()
    return None


def _unquoted(value: str) -> str:
    quoted = _quoted(value, 0)
    return quoted[0] if quoted and quoted[1] == len(value) else value


def _after_space(line: str, place: int) -> int:
    found = _SPACE.match(line, place)
    assert found is not None
    return found.end()


def _checked(pairs: Pairs) -> dict[str, str]:
    """The values by canonical key, each key known, given once and, unless it is a flag, with a value."""
    keys: dict[str, str] = {}
    for word, value in pairs:
        canonical = _canonical_key(word)
        if canonical in keys:
            raise Refusal("repeated-key", said=shown(word))
        if not value.strip() and canonical not in vocabulary.FLAGS:
            raise Refusal("value-missing", said=shown(word))
        keys[canonical] = value.strip() or TRUE
    return keys


def _canonical_key(word: str) -> str:
    canonical = vocabulary.key(word)
    if canonical:
        return canonical
    nearest = vocabulary.nearest_key(word)
    if nearest:
        raise Refusal("unknown-key-near", said=shown(word), nearest=nearest)
    raise Refusal("unknown-key", said=shown(word))

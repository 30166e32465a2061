"""From what somebody typed to a contribution: its text and source, its sign, what it answers, and who may touch it.

It knows the rules of one debate and no store: whether the debate or the argument named
exists is found out where they are read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState, DebateRules
from bot.domain.lookalikes import LATIN
from bot.domain.refusals import Refusal
from bot.domain.words import tidy

SOURCE_LIMIT = 300
"""Characters of a source's address."""

SIGNS: Mapping[str, ArgumentKind] = {
    "+": ArgumentKind.FOR,
    "-": ArgumentKind.AGAINST,
    "?": ArgumentKind.QUESTION,
    "*": ArgumentKind.PROPOSAL,
    "!": ArgumentKind.ORDER,
}
"""What the first character of a reply to the card makes of it; any dash is a minus."""

_LINK = re.compile(r"(?:^|\s)[(<\[]*(https?://\S+)$", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)>]"
_HOST = re.compile(r"[^\W_](?:[\w.-]{0,250}[^\W_])?")
_DEBATE = re.compile(r"\s*(?:n[oº°]?([0-9]{1,6})\b\s?:?|([0-9]{1,6})\s?:)(?=\s|$)", re.IGNORECASE)
_PARENT = re.compile(r"\s*#\s?([0-9]{1,6})\b\s?[:,]?(?=\s|$)")


def read_contribution(text: str, rules: DebateRules) -> tuple[str, str]:
    """The text as it will stand, on one line, and the link it ended with ('' for none).

    Characters are counted without the link. Raises Refusal `argument-empty`, `argument-too-long`,
    `argument-bad-source`, `unreadable-characters`.
    """
    cleaned = tidy(text)
    found = _LINK.search(cleaned)
    source = _source(found[1].rstrip(_AFTER_LINK)) if found else ""
    words = cleaned[: found.start()].rstrip() if found else cleaned
    if not words:
        raise Refusal("argument-empty")
    if len(words) > rules.length:
        raise Refusal("argument-too-long", n=len(words), most=rules.length)
    return words, source


def _source(link: str) -> str:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError as unreadable:
        raise Refusal("argument-bad-source", most=SOURCE_LIMIT) from unreadable
    # An address with a user name shows one site and leads to another.
    misleading = "@" in parts.netloc or "\\" in link
    host = parts.hostname or ""
    if len(link) > SOURCE_LIMIT or misleading or port == 0 or "." not in host or not _HOST.fullmatch(host):
        raise Refusal("argument-bad-source", most=SOURCE_LIMIT)
    return link


def read_sign(text: str) -> tuple[ArgumentKind | None, int | None, str]:
    """What a reply to the card is by its first character, the argument it answers, and the rest.

    `#3 …` alone is a reply, `+ #3 …` an argument that answers #3. No sign, or a sign before nothing but a number
    (`+1` is applause), gives (None, None, the text).
    """
    kind = SIGNS.get(_plain(text.lstrip()[:1]))
    _, parent, rest = _leading(text.lstrip()[1:] if kind else text, debate=False)
    if kind is None and parent is not None:
        kind = ArgumentKind.REPLY
    if kind is None or (parent is None and re.fullmatch(r"[0-9\s]*", rest)):
        return None, None, text
    return kind, parent, rest


def leading(text: str) -> tuple[int | None, int | None, str]:
    """The debate (`n9`, `n°9`, `9:`) and the argument (`#3`) a text names first, each None if it doesn't; the rest."""
    return _leading(text, debate=True)


def _leading(text: str, *, debate: bool) -> tuple[int | None, int | None, str]:
    named = _DEBATE.match(text) if debate else None
    rest = text[named.end() :] if named else text
    answered = _PARENT.match(rest)
    rest = rest[answered.end() :] if answered else rest
    number = int(named[1] or named[2]) if named else None
    return number, int(answered[1]) if answered else None, rest.strip()


def _plain(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign.translate(LATIN)).translate(LATIN)


def may_weigh(argument: Argument, alias: int) -> None:
    """Return if this participant may support or rate it. Raises Refusal `argument-gone`, `own-argument`."""
    if argument.state is not ArgumentState.PUBLISHED:
        raise Refusal("argument-gone", argument=str(argument.number))
    if argument.alias == alias:
        raise Refusal("own-argument", argument=str(argument.number))


def may_revise(argument: Argument, alias: int) -> None:
    """Return if this participant may reword or withdraw it: its author, while it is published or waits to be.

    Raises Refusal `not-your-argument`, `argument-gone`.
    """
    if argument.alias != alias:
        raise Refusal("not-your-argument", argument=str(argument.number))
    if argument.state not in {ArgumentState.PUBLISHED, ArgumentState.PENDING}:
        raise Refusal("argument-gone", argument=str(argument.number))


def limit(rules: DebateRules, count: int) -> None:
    """Return if someone with so many contributions may make another. Raises Refusal `argument-limit`."""
    if rules.each is not None and count >= rules.each:
        raise Refusal("argument-limit", n=rules.each)

"""From what a voter types to a whole ballot of the consultation's kind: options, a ranking, marks.

`answers` knows how one option is called; this knows how options are put together. It
never guesses between two readings, and refuses with what it understood and an example.
"""

from __future__ import annotations

import re

from bot.domain.answers import LONGEST, answer, is_withdrawal, option_called
from bot.domain.ballot_checks import example, named
from bot.domain.ballots import MARKED, RANKED, Answer, Chosen, Ranking, Withdrawal, aside, to_text
from bot.domain.consultation import BallotType, Definition
from bot.domain.marked_answers import marks
from bot.domain.reasons import apart
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import CONSENTS, SIGNATURES
from bot.domain.words import fold, shown

_TOKENS = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d|\u00ab[^\u00bb]*\u00bb|.", re.DOTALL)
_COMMAS = frozenset(",;\n")
_SPACED_NUMBERS = re.compile(r"[0-9]{1,3}(?:\s+[0-9]{1,3})+")


def read(text: str, definition: Definition) -> Answer | Withdrawal:
    """The ballot that a text means: "2", "1, 3", "Library"; "2>1=3", "2, 1, 3"; "1:5 2:0", "1 yes, 3 no"; "blank";
    "block: too dear"; "sign"; "-".

    Raises Refusal `ranking-unknown`, `option-twice`, and those of `answers.answer` and `marked_answers.marks`. Whether
    the rules allow the ballot is for `ballots.amend`.
    """
    if is_withdrawal(text, definition.options):
        return Withdrawal()
    if definition.ballot is BallotType.CONSENT:
        return _consent(text, definition)
    if definition.ballot is BallotType.SIGNATURE and fold(text).strip(" .!") in SIGNATURES:
        return Answer((definition.options[0].number,))
    if definition.ballot not in RANKED | MARKED:
        return answer(text, definition.options)
    if len(text) > LONGEST:
        raise Refusal("answer-unknown", said=shown(text))
    nothing = _aside(text, definition)
    if nothing is not None:
        return Answer(aside(definition, nothing))
    return Answer(_ranking(text, definition) if definition.ballot in RANKED else marks(text, definition))


def _aside(text: str, definition: Definition) -> int | None:
    """The blank or abstaining option that the whole text names."""
    number = option_called(text, [option for option in definition.options if option.aside])
    return number if number in definition.asides else None


def _consent(text: str, definition: Definition) -> Answer | Withdrawal:
    """One of the four answers, perhaps with the reason after it."""
    said, reason = apart(text)
    role = CONSENTS.get(fold(said).strip(" .!"))
    meant = next((option.number for option in definition.options if option.role == role), None)
    meant = option_called(said, definition.options) if meant is None else meant
    return answer(text, definition.options) if meant is None else Answer((meant,), reason)


def _ranking(text: str, definition: Definition) -> Ranking:
    """The options by rank: `>` puts one before another, as commas do where there is no `>`; `=` makes them equal."""
    levels: list[Chosen] = []
    seen: set[int] = set()
    for part in _parts(text, definition):
        level: list[int] = []
        for item in _split(part, {"="}):
            number = option_called(item, definition.options)
            if number is None:
                understood = to_text(Ranking((*levels, tuple(level)) if level else tuple(levels)))[1:]
                raise Refusal(
                    "ranking-unknown",
                    said=shown(item or text),
                    understood=understood or "-",
                    example=example(definition),
                )
            if number in seen:
                raise Refusal("option-twice", option=named(definition, number))
            seen.add(number)
            level.append(number)
        levels.append(tuple(sorted(level)))
    return Ranking(tuple(levels))


def _parts(text: str, definition: Definition) -> list[str]:
    """The levels as typed. A whole name may hold a comma, and numbers with blanks between are an order too."""
    if ">" in text:
        return _split(text, {">"})
    if option_called(text, definition.options) is not None:
        return [text]
    if _SPACED_NUMBERS.fullmatch(text.strip()):
        return text.split()
    return [part for part in _split(text, _COMMAS) if part] or [text]


def _split(text: str, separators: set[str] | frozenset[str]) -> list[str]:
    """What stands between separators that are outside quotes."""
    parts = [""]
    for token in _TOKENS.findall(text):
        if token in separators:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]

"""ABIF, the aggregated ballot information format: `27: A > B = C` or `27: A/5, B/3`.

`#` begins a comment line, `{…}` metadata in JSON (`max_rating` is read), `=A:[Full name]`
declares a token. Tokens are words, `"quoted"` or `[bracketed]`; `/` gives a score. Order
is read from `>` and `=`; where there are only commas, from the scores, or else all are
equal. For marks, a ballot with scores chooses what it scores above 0, and any other its
first group. A ballot that says nothing is blank. Source: the electorama/abif project.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.reading import Box, Options, decimal, lines, shown, whole
from bot.ballot_files.rules import PaperRules
from bot.domain.tally.profile import Form, Profile

_BALLOTS = re.compile(r"\s*([0-9]+)\s*[:*](.*)")
_DECLARED = re.compile(r"\s*=\s*(\[[^\]]+\]|\"[^\"]+\"|[^\s:\[\]\"]+)\s*:\s*(.+)")
_TOKEN = re.compile(
    r"\s*(?:\[(?P<bracketed>[^\]]+)\]|\"(?P<quoted>[^\"]+)\"|(?P<word>[^\s>=,/\[\]\"{}:*]+))"
    r"\s*(?:/\s*(?P<score>-?[0-9.]+))?\s*(?P<then>[>=,]|$)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One option in a ballot, its score if it has one, and the sign that follows."""

    option: int
    score: Fraction | None
    then: str


def read_abif(path: Path, form: Form, rules: PaperRules) -> Profile:
    """The ballots of an ABIF file."""
    options = Options()
    box = Box(form, options, rules)
    top: Fraction | None = None
    for line, text in lines(path):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if text.lstrip().startswith("{"):
            top = _top(text, line) or top
        elif declared := _DECLARED.fullmatch(text):
            options.add(_bare(declared.group(1)), line, _bare(declared.group(2).strip()))
        elif ballots := _BALLOTS.fullmatch(text):
            _put(box, _said(ballots.group(2), options, line), whole(ballots.group(1), line), line)
        else:
            raise BallotFileError(line, "count.why.abif-line", text=shown(text))
    return replace(box.profile(), top=top)


def _bare(token: str) -> str:
    return token[1:-1] if token[:1] + token[-1:] in {"[]", '""'} else token


def _top(text: str, line: int) -> Fraction | None:
    """The best score that metadata declare."""
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        raise BallotFileError(line, "count.why.abif-line", text=shown(text)) from None
    highest = facts.get("max_rating") if isinstance(facts, dict) else None
    return decimal(str(highest), line) if isinstance(highest, int | float) else None


def _said(text: str, options: Options, line: int) -> list[Said]:
    said: list[Said] = []
    start, text = 0, text.strip()
    while start < len(text):
        token = _TOKEN.match(text, start)
        if token is None or (token.group("then") and token.end() == len(text)):
            raise BallotFileError(line, "count.why.abif-line", text=shown(text))
        word = token.group("bracketed") or token.group("quoted") or token.group("word")
        score = decimal(token.group("score"), line) if token.group("score") else None
        said.append(Said(options.add(word.strip(), line), score, token.group("then")))
        start = token.end()
    if len({each.option for each in said}) < len(said):
        raise BallotFileError(line, "count.why.named-twice")
    return said


def _put(box: Box, said: list[Said], count: int, line: int) -> None:
    scores = {each.option: each.score for each in said if each.score is not None}
    ordered = any(each.then in {">", "="} for each in said)
    if said and not scores and box.form is Form.SCORES:
        raise BallotFileError(line, "count.why.no-scores")
    box.weigh(count, line)
    if scores and (box.form is not Form.RANKING or not ordered):
        box.ballots.score(scores, count)
    else:
        box.ballots.rank(box.rules.said(_groups(said)), count)


def _groups(said: list[Said]) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    for each in said:
        groups[-1].append(each.option)
        if each.then == ">":
            groups.append([])
    return groups

"""Checking a bundle with Palabre's own engine: whether its files, its journal and its result are as they should be.

The second of two implementations, and independent of the first: `verify.py` goes with
every bundle and imports nothing of this; this runs nothing of a bundle.
Both answer the same questions, whose names are those of `CHECKS`.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from bot.domain.ballot_codes import receipts_digest
from bot.domain.ballots import Answer as WholeBallot
from bot.domain.ballots import Choice, amend, from_text, to_text
from bot.domain.canonical import canonical, digest
from bot.domain.chain import content_digest, line_hash
from bot.domain.charter import disclosure_digest, from_facts, holders
from bot.domain.consultation import (
    DELIBERATIONS,
    Consultation,
    Definition,
    Option,
    Secrecy,
    State,
    definition_facts,
)
from bot.domain.joint import LEAST
from bot.domain.manifest import FORMAT, MANIFEST, fingerprint_of, manifest_of
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Opinion, Statement, StatementState
from bot.domain.receipts import Receipt
from bot.domain.refusals import Refusal
from bot.domain.result_facts import result_facts
from bot.domain.results import commitment, conclude
from bot.domain.results_apart import may_be_told, own_facts, rule_of
from bot.usecases.export import map_facts
from storage.mapping import definition as read_definition

Files = Mapping[str, bytes]
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""A time for what has one and isn't published."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: for each question, what is not as it should be (nothing where all is); the bundle's fingerprint,
    and the journal's heads at the opening and at the closing ("" where there is none to be read)."""

    wrong: Mapping[str, tuple[str, ...]]
    fingerprint: str
    opened: str
    closed: str

    @property
    def holds(self) -> bool:
        """Whether everything is as it should be."""
        return not any(self.wrong.values())


def verify(files: Files) -> Verified:
    """Ask every question about a bundle, given as the bytes of each file by its name."""
    bundle = Published(files)
    wrong = {name: tuple(_answered(check, bundle)) for name, check in CHECKS.items()}
    return Verified(wrong, fingerprint_of(files.get(MANIFEST, b"")), _head(bundle, "opened"), _head(bundle, "closed"))


def _answered(check: Callable[[Published], Iterator[str]], bundle: Published) -> Iterator[str]:
    try:
        yield from check(bundle)
    except Exception as error:  # a file that was changed may be unreadable in any way
        yield f"{type(error).__name__}: {error}"


def _head(bundle: Published, kind: str) -> str:
    try:
        return str(bundle.line(kind)["hash"])
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""


class Published:
    """The files of a bundle, read as what they are when first asked for; one that is no such file raises an error."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def json(self, name: str) -> Any:
        """A JSON file."""
        return json.loads(self.files[name].decode("utf-8"))

    def rows(self, name: str) -> list[dict[str, str]]:
        """A CSV file, line by line."""
        return list(csv.DictReader(io.StringIO(self.files[name].decode("utf-8"), newline=""), strict=True))

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What `consultation.json` says."""
        facts: Mapping[str, Any] = self.json("consultation.json")
        return facts

    @cached_property
    def frozen(self) -> Definition:
        """The definition of the opening."""
        return read_definition(canonical(self.facts["definition"]))

    @cached_property
    def consultation(self) -> Consultation:
        """The consultation, as far as its result depends on it."""
        added = (
            Option(each["number"], each["text"], added_at=datetime.fromisoformat(each["added_at"]))
            for each in self.facts["added_options"]
        )
        return Consultation(
            number=self.facts["number"], organisation=0, author=0, state=State(self.facts["state"]),
            definition=replace(self.frozen, options=(*self.frozen.options, *added)), rooms=(),
            created_at=_LONG_AGO, opens_at=_LONG_AGO, roll_size=self.json("roll.json")["size"],
            tie_choices=tuple(self.facts["tie_choices"]), seed=self.facts["seed"],
        )  # fmt: skip

    @cached_property
    def journal(self) -> list[dict[str, Any]]:
        """The lines of the journal."""
        return [json.loads(line) for line in self.files["journal.jsonl"].decode("utf-8").splitlines()]

    def line(self, kind: str) -> dict[str, Any]:
        """The last line of this kind about this consultation."""
        return [line for line in self.journal if line.get("kind") == kind][-1]

    @cached_property
    def tally(self) -> Mapping[Choice, int]:
        """The tally sheet's ballots."""
        return {from_text(row["ballot"]): int(row["count"]) for row in self.rows("tally-sheet.csv")}

    @property
    def deliberates(self) -> bool:
        """Whether it has no ballots."""
        return self.frozen.kind in DELIBERATIONS


def _files(bundle: Published) -> Iterator[str]:
    if manifest_of(bundle.files) == bundle.files[MANIFEST]:
        return
    said = bundle.json(MANIFEST)
    made = json.loads(manifest_of(bundle.files))
    names = sorted({*said["files"], *made["files"]})
    differ = [name for name in names if said["files"].get(name) != made["files"].get(name)]
    yield from differ if differ and said["format"] == FORMAT else [MANIFEST]


def _definition(bundle: Published) -> Iterator[str]:
    facts, opening = bundle.facts, bundle.line("opened")
    found = digest(definition_facts(bundle.frozen))
    if not found == digest(facts["definition"]) == facts["definition_digest"] == opening["facts"]["definition"]:
        yield "consultation.json: definition"
    if (facts["opened_at"], facts["number"]) != (opening["at"], opening["number"]):
        yield "consultation.json: opened_at, number"


def _disclosure(bundle: Published) -> Iterator[str]:
    disclosure = from_facts(bundle.json("disclosure.json"))
    posted = bundle.line("disclosed")["facts"]["digest"]
    found = disclosure_digest(bundle.frozen, disclosure)
    if not found == disclosure.digest == bundle.facts["disclosure_digest"] == posted:
        yield "disclosure.json"


def _journal(bundle: Published) -> Iterator[str]:
    last: tuple[int, str] | None = None
    for line in bundle.journal:
        ours = "facts" in line
        about = (line["at"], line["kind"], line["number"], line["facts"]) if ours else None
        content = content_digest(*about) if about else line["content"]
        place = line["sequence"], line_hash(line["sequence"], line["previous"], content)
        follows = last is None or (last[0] + 1, last[1]) == (place[0], line["previous"])
        elsewhere = ours and line["number"] != bundle.facts["number"]
        if place[1] != line["hash"] or elsewhere or not follows:
            yield f"journal.jsonl: {place[0]}"
        last = place


def _roll(bundle: Published) -> Iterator[str]:
    roll, opening, closing = bundle.json("roll.json"), bundle.line("opened")["facts"], bundle.line("closed")["facts"]
    salted = f"{roll['digest']}:{roll['salt']}" if roll["salt"] else roll["digest"]
    if (salted, roll["known"]) != (opening["roll_digest"], opening["roll_known"]):
        yield "roll.json: digest"
    if (roll["size"] or 0, roll["voters"]) != (opening["roll"], closing.get("voters")):
        yield "roll.json: size, voters"
    seniority = None if bundle.frozen.seniority is None else int(bundle.frozen.seniority.total_seconds())
    if (roll["source"], roll["seniority"]) != (bundle.frozen.roll, seniority):
        yield "roll.json: source, seniority"
    yield from _proxies(bundle)


def _by_proxy(bundle: Published) -> int | None:
    """How many ballots the journal's closing says were cast by proxy."""
    found = bundle.line("closed")["facts"].get("by_proxy")
    return found if type(found) is int else None


def _proxies(bundle: Published) -> Iterator[str]:
    if bundle.deliberates:
        return
    roll, closing, found = bundle.json("roll.json"), bundle.line("closed")["facts"], _by_proxy(bundle)
    if bundle.frozen.proxies is None:
        possible = "by_proxy" not in roll and "by_proxy" not in closing
    else:
        possible = found is not None and found in range(closing["voters"] + 1) and roll.get("by_proxy") == found
    if not possible:
        yield "roll.json: by_proxy"


def _decisions(bundle: Published) -> Iterator[str]:
    told = [(line["kind"], line["facts"]) for line in bundle.journal if "facts" in line]
    ties = tuple(facts["option"] for kind, facts in told if kind == "tie-decided")
    hidden = Counter(facts["option"] for kind, facts in told if kind == "option-hidden")
    shown = Counter(facts["option"] for kind, facts in told if kind == "option-added") - hidden
    texts = {facts["option"]: facts["text"] for kind, facts in told if kind == "option-added"}
    added = {option.number: option.text for option in bundle.consultation.definition.options if option.added_at}
    if (ties, {number: texts[number] for number in shown}) != (bundle.consultation.tie_choices, added):
        yield "consultation.json: added_options, tie_choices"


def _seed(bundle: Published) -> Iterator[str]:
    promised = bundle.frozen.seed_commitment
    if promised and commitment(bundle.facts["seed"]) != promised:
        yield "consultation.json: seed"


def _sheet(bundle: Published) -> Iterator[str]:
    if bundle.deliberates:
        return
    lines, closing = [row["ballot"] for row in bundle.rows("tally-sheet.csv")], bundle.line("closed")["facts"]
    definition = bundle.consultation.definition
    yield from (f"tally-sheet.csv: {line}" for line in lines if not _may_be_cast(definition, line))
    given = {to_text(choice): times for choice, times in bundle.tally.items()}
    if lines != sorted(given) or given != closing["ballots"]:
        yield "tally-sheet.csv"
    if (sum(given.values()), bundle.facts["seed"]) != (closing["voters"], closing["seed"]):
        yield "tally-sheet.csv: voters"


def _receipts(bundle: Published) -> Iterator[str]:
    told = {line["kind"] for line in bundle.journal if "facts" in line}
    shows = bundle.frozen.receipt
    if shows is Receipt.NONE or "erased" in told:
        yield from (name for name in bundle.files if name == "receipts.csv")
        return
    lines = [(row["receipt"], row["ballot"]) for row in bundle.rows("receipts.csv")]
    said = bundle.line("closed")["facts"]["receipts"]
    if any(before >= after for before, after in pairwise(lines)) or receipts_digest(lines) != said["digest"]:
        yield "receipts.csv"
    if len({receipt for receipt, _ in lines}) != said["count"] or len(lines) != sum(bundle.tally.values()):
        yield "receipts.csv: count"
    sheet = Counter({to_text(choice): times for choice, times in bundle.tally.items()})
    if Counter(ballot for _, ballot in lines) != (sheet if shows is Receipt.CHOICE else Counter(len(lines) * [""])):
        yield "receipts.csv: ballot"


def _organisations(bundle: Published) -> Iterator[str]:
    held = holders(from_facts(bundle.json("disclosure.json")))
    if bundle.deliberates or not held:
        yield from (name for name in bundle.files if name == "organisations.json")
        return
    said = bundle.json("organisations.json")
    told = [each for each in said["organisations"] if each["ballots"] is not None]
    named = tuple(each["name"] for each in said["organisations"])
    if (named, said["rule"], said["least"]) != (held, rule_of(bundle.frozen), LEAST):
        yield "organisations.json: name, rule, least"
    published = [{"name": each["name"], "ballots": each["ballots"]} for each in told]
    silent = all(each["result"] is None for each in said["organisations"] if each not in told)
    if published != bundle.line("closed")["facts"]["organisations"] or not silent:
        yield "organisations.json: ballots"
    sheets = [{from_text(ballot): times for ballot, times in each["ballots"].items()} for each in told]
    if not may_be_told(bundle.frozen, len(named), bundle.tally, sheets):
        yield "organisations.json: rule"
    for each, sheet in zip(told, sheets, strict=True):
        found = json.loads(canonical(own_facts(bundle.consultation, sheet)))
        if each["result"] != found:
            yield f"organisations.json: {each['name']}"


def _names(bundle: Published) -> Iterator[str]:
    if "names.csv" not in bundle.files:
        return
    if bundle.frozen.secrecy is not Secrecy.PUBLIC or bundle.deliberates:
        yield "names.csv"
    elif Counter(from_text(row["ballot"]) for row in bundle.rows("names.csv")) != bundle.tally:
        yield "names.csv: ballot"


def _may_be_cast(definition: Definition, line: str) -> bool:
    """Whether a ballot, whole, says what the rules allow it to say."""
    choice = from_text(line)
    try:
        return amend(definition, None, WholeBallot(choice)) == choice
    except Refusal:
        return False


def _count(bundle: Published) -> Iterator[str]:
    if bundle.deliberates:
        return
    said = bundle.json("result.json")
    found = json.loads(
        canonical(
            result_facts(
                bundle.consultation.definition, conclude(bundle.consultation, bundle.tally, _by_proxy(bundle) or 0)
            )
        )
    )
    yield from (f"result.json: {key}" for key in sorted({*said, *found}) if said.get(key) != found.get(key))


def _answers(bundle: Published) -> Iterator[str]:
    if bundle.frozen.opinions is None:
        return
    statements, answers = bundle.rows("statements.csv"), bundle.rows("votes.csv")
    given = Counter((row["statement"], row["opinion"]) for row in answers)
    for row in statements:
        if any(int(row[opinion]) != given[row["statement"], opinion] for opinion in Opinion):
            yield f"statements.csv: {row['statement']}"
    if _groups(bundle, statements, answers) != bundle.json("groups.json"):
        yield "groups.json"


def _groups(bundle: Published, statements: Iterable[Mapping[str, str]], answers: Iterable[Mapping[str, str]]) -> Any:
    """The groups, worked out from the published answers."""
    assert bundle.frozen.opinions is not None
    made = [
        Statement(int(row["statement"]), 0, row["text"], _LONG_AGO, StatementState(row["state"])) for row in statements
    ]
    by_alias: dict[int, dict[int, Opinion]] = defaultdict(dict)
    for row in answers:
        by_alias[int(row["alias"])][int(row["statement"])] = Opinion(row["opinion"])
    return map_facts(opinion_map(made, by_alias, bundle.frozen.opinions.minimum))


CHECKS: Mapping[str, Callable[[Published], Iterator[str]]] = {
    "files": _files,
    "definition": _definition,
    "disclosure": _disclosure,
    "journal": _journal,
    "roll": _roll,
    "decisions": _decisions,
    "seed": _seed,
    "sheet": _sheet,
    "receipts": _receipts,
    "count": _count,
    "organisations": _organisations,
    "names": _names,
    "answers": _answers,
}
"""What is asked of a bundle; the sentence for each is `proof.<name>`."""

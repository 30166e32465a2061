"""Checks a bundle of a consultation: run `python3 verify.py` in its folder (Python 3.9 or later, nothing else needed).

It imports nothing of Palabre. It answers line by line whether each thing is as it should be, in French or English
(`--lang`), and exits with 0 if all are, else 1. `--fingerprint` also compares the bundle
with the fingerprint that was told in the room. To trust it, read it, or take it from somewhere else.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Files = Mapping[str, bytes]
FORMAT, MANIFEST = "palabre-bundle-1", "manifest.json"
DELIBERATIONS = {"debate", "opinions"}
SHOWN, LEAST = 20, 5
OWN = {
    "ballots",
    "expressed",
    "winners",
    "empty",
    "leaders",
    "tie_broken",
    "options",
    "rounds",
    "tie_breaks",
}
"""What is said of one organisation's own result."""


def canonical(value: Any) -> bytes:
    """The JSON text of a value as RFC 8785 writes it (there are no floats in a bundle)."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def digest(value: Any) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(value)).hexdigest()


class Bundle:
    """The files, read as what they should be. Whatever can't be read so raises ValueError, LookupError or TypeError."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def json(self, name: str) -> Any:
        """A JSON file."""
        return json.loads(self.files[name].decode())

    def rows(self, name: str) -> list[dict[str, str]]:
        """A CSV file, line by line."""
        return list(csv.DictReader(io.StringIO(self.files[name].decode(), newline=""), strict=True))

    @property
    def journal(self) -> list[Any]:
        """The lines of the journal."""
        return [json.loads(line) for line in self.files["journal.jsonl"].decode().splitlines()]

    def line(self, kind: str) -> Any:
        """The last line of this kind about this consultation."""
        return [each for each in self.journal if each.get("kind") == kind][-1]

    @property
    def sheet(self) -> dict[str, int]:
        """The tally sheet: how many ballots say each thing."""
        return {row["ballot"]: int(row["count"]) for row in self.rows("tally-sheet.csv")}

    @property
    def votes(self) -> bool:
        """Whether ballots were cast, rather than arguments or answers."""
        return self.json("consultation.json")["definition"]["kind"] not in DELIBERATIONS


def check_files(bundle: Bundle) -> Iterator[str]:
    """Every file is there, as the manifest says, and no other."""
    files = {name: data for name, data in bundle.files.items() if name != MANIFEST}
    sums = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
    if bundle.files[MANIFEST] == canonical({"files": sums, "format": FORMAT}) + b"\n":
        return
    said = bundle.json(MANIFEST)["files"]
    differ = [name for name in sorted({*said, *sums}) if said.get(name) != sums.get(name)]
    yield from differ or [MANIFEST]


def check_definition(bundle: Bundle) -> Iterator[str]:
    """The definition is the one of the opening; its digest is in the journal."""
    facts, opening = bundle.json("consultation.json"), bundle.line("opened")
    found = digest(facts["definition"])
    if found != facts["definition_digest"] or found != opening["facts"]["definition"]:
        yield "consultation.json: definition"
    if facts["opened_at"] != opening["at"] or facts["number"] != opening["number"]:
        yield "consultation.json: opened_at, number"


def check_disclosure(bundle: Bundle) -> Iterator[str]:
    """The disclosure is the one that was posted before the opening."""
    facts, disclosure = bundle.json("consultation.json"), bundle.json("disclosure.json")
    told = {key: value for key, value in disclosure.items() if key != "digest"}
    found = digest({"definition": facts["definition"], "disclosure": told})
    if not found == disclosure["digest"] == facts["disclosure_digest"] == bundle.line("disclosed")["facts"]["digest"]:
        yield "disclosure.json"


def check_journal(bundle: Bundle) -> Iterator[str]:
    """Each line has its hash, which the next one names; lines about others are there by their digest alone."""
    number, before = bundle.json("consultation.json")["number"], None
    for line in bundle.journal:
        content = line.get("content") or digest({key: line[key] for key in ("at", "facts", "kind", "number")})
        found = digest({"content": content, "previous": line["previous"], "sequence": line["sequence"]})
        follows = before is None or (before["hash"], before["sequence"] + 1) == (line["previous"], line["sequence"])
        if found != line["hash"] or not follows or line.get("number", number) != number:
            yield f"journal.jsonl: {line['sequence']}"
        before = line


def check_roll(bundle: Bundle) -> Iterator[str]:
    """The roll's size and digest are those of the opening, the number of voters that of the closing."""
    roll, opening, closing = bundle.json("roll.json"), bundle.line("opened")["facts"], bundle.line("closed")["facts"]
    if (
        ":".join(filter(None, (roll["digest"], roll["salt"]))) != opening["roll_digest"]
        or roll["known"] != opening["roll_known"]
    ):
        yield "roll.json: digest"
    if (roll["size"] or 0) != opening["roll"] or roll["voters"] != closing.get("voters"):
        yield "roll.json: size, voters"
    yield from check_proxies(bundle, roll, closing)


def check_proxies(bundle: Bundle, roll: Any, closing: Any) -> Iterator[str]:
    """Where votes can be cast by proxy, how many were is the same everywhere, and no more than there are; elsewhere it
    is said nowhere."""
    told = [roll, closing, *([bundle.json("result.json")] if bundle.votes else [])]
    counts = [each.get("by_proxy") for each in told]
    admitted = bundle.json("consultation.json")["definition"].get("proxies") is not None
    if not admitted and any("by_proxy" in each for each in told):
        yield "roll.json: by_proxy"
    if admitted and (len(set(counts)) > 1 or type(counts[0]) is not int or not 0 <= counts[0] <= closing["voters"]):
        yield "roll.json: by_proxy"


def check_decisions(bundle: Bundle) -> Iterator[str]:
    """The options added by voters and the ties decided by organisers are those of the journal."""
    facts, added, ties = bundle.json("consultation.json"), {}, []
    for line in bundle.journal:
        if line.get("kind") == "option-added":
            added[line["facts"]["option"]] = line["facts"]["text"]
        elif line.get("kind") == "option-hidden":
            del added[line["facts"]["option"]]
        elif line.get("kind") == "tie-decided":
            ties.append(line["facts"]["option"])
    if {each["number"]: each["text"] for each in facts["added_options"]} != added or facts["tie_choices"] != ties:
        yield "consultation.json: added_options, tie_choices"


def check_seed(bundle: Bundle) -> Iterator[str]:
    """The seed of the draw is the one committed to before the opening."""
    facts = bundle.json("consultation.json")
    promised = facts["definition"]["seed_commitment"]
    if promised and hashlib.sha256(facts["seed"].encode()).hexdigest() != promised:
        yield "consultation.json: seed"


def check_sheet(bundle: Bundle) -> Iterator[str]:
    """The tally sheet has the totals of the closing, in order, and as many ballots as there were voters."""
    if not bundle.votes:
        return
    lines, closing = [row["ballot"] for row in bundle.rows("tally-sheet.csv")], bundle.line("closed")["facts"]
    if lines != sorted(set(lines)) or bundle.sheet != closing["ballots"]:
        yield "tally-sheet.csv"
    if sum(bundle.sheet.values()) != closing["voters"] or bundle.json("consultation.json")["seed"] != closing["seed"]:
        yield "tally-sheet.csv: voters"


def check_receipts(bundle: Bundle) -> Iterator[str]:
    """Where codes show something, the receipts are those of the closing, one for each ballot, until they are erased."""
    shows = bundle.json("consultation.json")["definition"].get("receipt", "none") if bundle.votes else "none"
    if shows == "none" or any(line.get("kind") == "erased" for line in bundle.journal):
        if "receipts.csv" in bundle.files:
            yield "receipts.csv"
        return
    lines = [[row["receipt"], row["ballot"]] for row in bundle.rows("receipts.csv")]
    said, ballots = bundle.line("closed")["facts"]["receipts"], sum(bundle.sheet.values())
    if lines != sorted(lines) or digest(lines) != said["digest"]:
        yield "receipts.csv"
    if not len({receipt for receipt, _ in lines}) == len(lines) == said["count"] == ballots:
        yield "receipts.csv: count"
    shown = [ballot for _, ballot in lines]
    expected = bundle.sheet if shows == "choice" else {"": ballots}
    if any(shown.count(ballot) != count for ballot, count in expected.items()):
        yield "receipts.csv: ballot"


def check_count(bundle: Bundle) -> Iterator[str]:
    """Counting the sheet again gives the result, its quorum and its majority."""
    if not bundle.votes:
        return
    facts, result, roll = bundle.json("consultation.json"), bundle.json("result.json"), bundle.json("roll.json")
    again = _recounted(facts, bundle.sheet, roll["size"] or 0)
    for key, value in again.items():
        if value != (_titles(result) if key == "rounds" else result[key]):
            yield f"result.json: {key}"


def check_organisations(bundle: Bundle) -> Iterator[str]:
    """Where several organisations held the vote, what is told of each is counted right and within the whole."""
    says = [say for item in bundle.json("disclosure.json")["items"] for say in item["says"]]
    held = [say["facts"]["organisations"] for say in says if say["key"] == "joint.with"]
    if not held or not bundle.votes:
        if "organisations.json" in bundle.files:
            yield "organisations.json"
        return
    facts, said = bundle.json("consultation.json"), bundle.json("organisations.json")
    rule = {"public": "all", "unlinked": "whole"}.get(facts["definition"]["secrecy"], "groups")
    if [each["name"] for each in said["organisations"]] != held[0] or (said["rule"], said["least"]) != (rule, LEAST):
        yield "organisations.json: name, rule, least"
    told = [each for each in said["organisations"] if each["ballots"] is not None]
    closing = bundle.line("closed")["facts"]["organisations"]
    if [{"name": each["name"], "ballots": each["ballots"]} for each in told] != closing or any(
        each["result"] is not None for each in said["organisations"] if each["ballots"] is None
    ):
        yield "organisations.json: ballots"
    if not _within(rule, len(held[0]), bundle.sheet, [each["ballots"] for each in told]):
        yield "organisations.json: rule"
    alone = {**facts, "definition": {**facts["definition"], "quorum": None, "majority": None}, "tie_choices": []}
    for each in told:
        again, result = _recounted(alone, each["ballots"], 0), each["result"]
        same = all(result[key] == again[key] for key in OWN - {"rounds", "tie_breaks"})
        if set(result) != OWN or not same or _titles(result) != again["rounds"]:
            yield f"organisations.json: {each['name']}"


def _within(rule: str, held_by: int, whole: Mapping[str, int], told: list[Mapping[str, int]]) -> bool:
    """Whether these sheets are as many as the rule wants, part of the whole, and not those of a few or of all but a
    few."""
    if any(count > whole.get(ballot, 0) for sheet in told for ballot, count in sheet.items()):
        return False
    if rule != "groups":
        return len(told) == (held_by if rule == "all" else 0)
    rest = [(sum(sheet.values()), sum(whole.values()) - sum(sheet.values())) for sheet in told]
    return all(size >= LEAST and (left == 0 or left >= LEAST) for size, left in rest)


def check_names(bundle: Bundle) -> Iterator[str]:
    """Names stand beside ballots of public votes only, and these ballots are those of the sheet."""
    if "names.csv" not in bundle.files:
        return
    ballots = [row["ballot"] for row in bundle.rows("names.csv")]
    if not bundle.votes or bundle.json("consultation.json")["definition"]["secrecy"] != "public":
        yield "names.csv"
    elif {ballot: ballots.count(ballot) for ballot in ballots} != bundle.sheet:
        yield "names.csv: ballot"


def _titles(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of the working, what is compared: the name and the figures of each round."""
    return [{"title": each["title"], "tallies": each["tallies"]} for each in result["rounds"]]


def _recounted(facts: Mapping[str, Any], sheet: Mapping[str, int], roll: int) -> dict[str, Any]:
    programs = [_program(name) for name in ("count_marks.py", "count_rankings.py", "count_budgets.py")]
    methods = {name: count for program in programs for name, count in program["METHODS"].items()}
    found: dict[str, Any] = _program("recount.py")["recount"](facts, sheet, roll, methods)
    return found


@cache
def _program(name: str) -> Mapping[str, Any]:
    return runpy.run_path(str(Path(__file__).with_name(name)))


def check_answers(bundle: Bundle) -> Iterator[str]:
    """On an opinion map, the figures of each statement are those of the published answers."""
    if "votes.csv" not in bundle.files:
        return
    given = [(row["statement"], row["opinion"]) for row in bundle.rows("votes.csv")]
    for row in bundle.rows("statements.csv"):
        if any(int(row[said]) != given.count((row["statement"], said)) for said in ("agree", "disagree", "pass")):
            yield f"statements.csv: {row['statement']}"


CHECKS: Mapping[str, Callable[[Bundle], Iterator[str]]] = {
    "files": check_files,
    "definition": check_definition,
    "disclosure": check_disclosure,
    "journal": check_journal,
    "roll": check_roll,
    "decisions": check_decisions,
    "seed": check_seed,
    "sheet": check_sheet,
    "receipts": check_receipts,
    "count": check_count,
    "organisations": check_organisations,
    "names": check_names,
    "answers": check_answers,
}
UNREADABLE = (ArithmeticError, AttributeError, AssertionError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a file that isn't as it should be raises."""


def verify(files: Files) -> dict[str, list[str]]:
    """What is not as it should be, by the name of each check; nothing for a check that holds."""
    bundle, found = Bundle(files), {}
    for name, check in CHECKS.items():
        try:
            found[name] = list(check(bundle))
        except Exception as error:
            # A changed file, or a changed program, may raise anything: then it is not as it should be.
            found[name] = [f"{type(error).__name__}: {error}"]
    return found


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; what is no file has no bytes, which no manifest allows."""
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()}


def heads(files: Files) -> dict[str, str]:
    """The bundle's fingerprint, and the journal's heads as rooms were shown them."""
    bundle, found = Bundle(files), {"fingerprint": hashlib.sha256(files.get(MANIFEST, b"")).hexdigest()}
    for kind in ("opened", "closed"):
        try:
            found[kind] = str(bundle.line(kind)["hash"])
        except UNREADABLE:
            found[kind] = "?"
    return found


def as_shown(value: str) -> str:
    """The beginning of a hash as rooms show it: `7F3A 22C9 0B41 E8D7 95CA`."""
    head = value[:SHOWN].upper()
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))


def _words(files: Files, language: str) -> Callable[[str], str]:
    try:
        said = json.loads(files["verify-words.json"].decode())[language]
    except UNREADABLE:
        said = {}
    return lambda key: str(said.get(f"proof.{key}", key))


def _language() -> str:
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if named.lower().startswith("fr") else "en"


def main() -> int:
    """Check the folder given, or the one this file is in."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--lang", choices=("fr", "en"), default=_language())
    parser.add_argument("--fingerprint", default="", help="the fingerprint that was told in the room")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without accents still gets its answer
    files = read_folder(options.folder)
    say, found, told = _words(files, options.lang), verify(files), heads(files)
    wanted = "".join(options.fingerprint.lower().split())
    if wanted:
        found["fingerprint"] = [] if told["fingerprint"].startswith(wanted) else [as_shown(told["fingerprint"])]
    for name, wrong in found.items():
        reason = f" ({', '.join(wrong)})" if wrong else ""
        sys.stdout.write(f"{say('wrong' if wrong else 'right')} {say(name)}{reason}\n")
    for name, value in told.items():
        sys.stdout.write(f"{say(f'head-{name}')} {as_shown(value)}\n")
    failed = any(found.values())
    sys.stdout.write(say("false" if failed else "true") + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

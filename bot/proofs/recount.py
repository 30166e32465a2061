"""Works the result of a bundle out again from its tally sheet, by the rules of its format (standard library alone).

Written from the description of the format (`docs/bundle.md` in Palabre's sources), not from the program
that counted first. Figures are whole numbers and exact fractions. The methods are in
`count_marks.py`, `count_rankings.py` and `count_budgets.py`; `verify.py` hands them over.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

Figures = dict[int, Fraction]
Found = tuple[list[int], list[int]]
Methods = Mapping[str, Callable[["Count"], Found]]
NAMING = {"single", "approval", "consent", "signature"}
BY_VOTES = {"plurality", "two-round", "approval", "consent"}
AYE = {"pour", "oui", "for", "yes", "approve", "approuver", "j'approuve", "adopter", "adopt", "aye"}

APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u201b\u02bc\u02b9\u02bb\u02bd\ua78c\u2032\u2035\u00b4`", "'"))
"""What keyboards produce for an apostrophe."""


class Count:
    """A count under way: its rules, its ballots, its rounds, and the ties for a seat that the declared rule decided."""

    def __init__(self, rules: Mapping[str, Any], options: Sequence[int], ballots: list[Any], seed: str) -> None:
        self.rules, self.options, self.ballots, self.seed = rules, list(options), ballots, seed
        self.seats: int = rules.get("seats", 1)
        self.preferred: list[int] = []
        self.rounds: list[dict[str, Any]] = []
        self.drawn: list[tuple[list[int], list[int]]] = []

    def without_rule(self) -> Count:
        """The same options and seats, where nothing decides a tie."""
        return Count({**self.rules, "tie": "organiser"}, self.options, [], "")

    @property
    def decides(self) -> bool:
        """Whether the declared rule decides a tie by itself."""
        rule = self.rules["tie"]
        return rule == "first" or (rule == "draw" and self.seed != "")

    def in_order(self, tied: Iterable[int]) -> list[int]:
        """Tied options, those first that go first: by lots, else by the order of the options."""
        if self.rules["tie"] == "draw" and self.seed:
            return sorted(tied, key=lambda number: hashlib.sha256(f"{self.seed}:{number}".encode()).hexdigest())
        return self.listed(tied)

    def listed(self, some: Iterable[int]) -> list[int]:
        """These options in the order of the options."""
        chosen = set(some)
        return [number for number in self.options if number in chosen]

    def picked(self, tied: Sequence[int], room: int, *, seat: bool = True) -> list[int]:
        """Who of those level gets the places there are: what organisers decided, each once, else the declared rule."""
        chosen: list[int] = []
        while len(chosen) < room and self.preferred and self.preferred[0] in tied:
            chosen.append(self.preferred.pop(0))
        if chosen or not self.decides:
            return chosen
        chosen = self.in_order(tied)[:room]
        if seat:
            self.drawn.append((self.listed(tied), chosen))
        return chosen

    def round(self, title: str, figures: Figures) -> None:
        """Take down a round."""
        self.rounds.append({"title": title, "tallies": {str(n): str(figures[n]) for n in sorted(figures)}})

    def groups(self, figures: Figures) -> list[list[int]]:
        """Options with the same figure together, the highest first."""
        return [[n for n in figures if figures[n] == value] for value in sorted(set(figures.values()), reverse=True)]

    def highest(self, title: str, figures: Figures) -> Found:
        """One round; the highest figures have the seats."""
        self.round(title, figures)
        return self.seat(self.groups(figures), self.seats)

    def seat(self, groups: list[list[int]], seats: int) -> Found:
        """Fill the seats from groups of equal options, best first: who has one, and who is left level for the last."""
        elected: list[int] = []
        for group in groups:
            left = seats - len(elected)
            if left <= 0:
                break
            if len(group) <= left:
                elected += self.listed(group)
                continue
            chosen = self.picked(group, left)
            elected += chosen
            if len(chosen) < left:
                return elected, self.listed(set(group) - set(chosen))
        return elected, []

    def told_apart(self, tied: list[int], past: list[Figures], sign: int) -> int:
        """Who goes first (`sign` 1: has most; -1: has least) by the latest round that tells, else by the rule."""
        left = list(tied)
        for figures in reversed(past):
            furthest = max(sign * figures[number] for number in left)
            left = [number for number in left if sign * figures[number] == furthest]
        return left[0] if len(left) == 1 else self.in_order(left)[0 if sign > 0 else -1]


class Case:
    """What the result follows from: the rules, the options, the ballots that count and those that choose something."""

    def __init__(self, facts: Mapping[str, Any], sheet: Mapping[str, int], roll: int) -> None:
        self.facts, self.rules, self.roll = facts, facts["definition"], roll
        self.options: list[Any] = [
            *self.rules["options"],
            *({**each, "role": "option"} for each in facts["added_options"]),
        ]
        self.asides = {each["number"] for each in self.options if each["role"] in {"blank", "abstention"}}
        self.nones = {each["number"] for each in self.options if each["role"] == "none"}
        self.numbers = [each["number"] for each in self.options if each["number"] not in self.asides]
        ballots = [(read_ballot(text), times) for text, times in sheet.items()]
        self.counted = [(b, k) for b, k in ballots if len(named_on(b)) >= self.rules["at_least"] or self.aside(b)]
        self.chosen = [(b, k) for b, k in self.counted if not self.aside(b)]
        self.ballots, self.expressed = (sum(k for _, k in some) for some in (self.counted, self.chosen))

    def aside(self, ballot: Any) -> bool:
        """Whether a ballot is blank or an abstention."""
        return bool(self.asides & set(named_on(ballot)))


def read_ballot(text: str) -> Any:
    """A ballot of the tally sheet: `>2>1=3` as levels, `1:5,3:0` as marks by number, `1,3` as numbers."""
    if text.startswith(">"):
        return [[int(number) for number in level.split("=")] for level in text[1:].split(">")]
    if ":" in text:
        return {int(number): int(mark) for number, mark in (each.split(":") for each in text.split(","))}
    return [int(number) for number in text.split(",")]


def named_on(ballot: Any) -> list[int]:
    """The options that a ballot names, in whatever way."""
    if isinstance(ballot, list) and ballot and isinstance(ballot[0], list):
        return [number for level in ballot for number in level]
    return list(ballot)


def best_mark(rules: Mapping[str, Any]) -> int:
    """The highest mark of a ballot that gives marks."""
    if rules["ballot"] == "points":
        return isqrt(rules["points"]) if rules.get("quadratic") else int(rules["points"])
    return {"score": rules.get("scale") or 0, "judgment": len(rules.get("grades", ())) - 1}.get(rules["ballot"], 2)


def option_facts(case: Case) -> list[dict[str, Any]]:
    """For each option its votes, and how many ballots give it each mark."""
    facts = []
    marked = case.rules["ballot"] in {"score", "judgment", "points", "availability"}
    for each in case.options:
        number, marks = each["number"], []
        firsts = ((b[0] if case.rules["ballot"] == "ranking" else b, k) for b, k in case.counted)
        votes = sum(k for ballot, k in firsts if number in ballot)
        if marked and number not in case.asides:
            given = [(ballot.get(number, 0), k) for ballot, k in case.chosen]
            marks = [sum(k for mark, k in given if mark == value) for value in range(best_mark(case.rules) + 1)]
            summed = case.rules["ballot"] in {"score", "points"}
            votes = sum(mark * k for mark, k in enumerate(marks)) if summed else sum(marks[1:])
        facts.append({"number": number, "votes": votes, "marks": marks})
    return facts


def recount(facts: Mapping[str, Any], sheet: Mapping[str, int], roll: int, methods: Methods) -> dict[str, Any]:
    """The result, as `result.json` has it, without which ties were decided on the way."""
    case = Case(facts, sheet, roll)
    found = _counted(case, methods)
    quorum = _quorum(case)
    base = {"cast": case.expressed, "voters": case.ballots, "roll": roll}[case.rules["base"]]
    figures = option_facts(case)
    verdict = Verdict(case, found, base, {each["number"]: each["votes"] for each in figures})
    return {
        "method": case.rules["method"],
        "seats": case.rules.get("seats", 1),
        "ballots": case.ballots,
        "expressed": case.expressed,
        "roll": roll,
        "quorum": quorum,
        "base": base,
        **verdict.facts(quorum),
        "options": figures,
        "rounds": found["rounds"],
    }


def _quorum(case: Case) -> int | None:
    """How many must vote: a number; or the smallest whole number that reaches the share of the roll (or of those who
    take part)."""
    asked = case.rules["quorum"]
    if asked is None:
        return None
    if asked["count"] is not None:
        return int(asked["count"])
    share = Fraction(asked["share"])
    whole = case.ballots if case.rules.get("quorum_of_present") else case.roll
    return -((-share.numerator * whole) // share.denominator)


def _counted(case: Case, methods: Methods) -> dict[str, Any]:
    """The count once each decision of the organisers is taken into account, where the count was in a tie."""
    found, decided, among = _once(case, methods, []), list[int](), dict[int, None]()
    if case.rules["tie"] == "organiser":
        for choice in case.facts["tie_choices"]:
            if choice not in found["tied"]:
                break
            decided, among = [*decided, choice], {**among, **dict.fromkeys(found["tied"])}
            found = _once(case, methods, decided)
    drawn: list[int] = next((tied for tied, _ in found["drawn"]), [])
    broken = "organiser" if decided else case.rules["tie"] if drawn else None
    return {**found, "leaders": found["tied"] or list(among) or drawn or found["elected"], "broken": broken}


def _once(case: Case, methods: Methods, decided: list[int]) -> dict[str, Any]:
    method = case.rules["method"]
    count = Count(case.rules, case.numbers, case.chosen, case.facts["seed"])
    count.preferred = list(decided)
    if method == "signature" or not case.expressed:
        return {"elected": [], "tied": [], "rounds": [], "drawn": []}
    if method == "consent":
        return {"elected": _consent(case, count), "tied": [], "rounds": count.rounds, "drawn": []}
    elected, tied = methods[method](count)
    drawn = count.drawn
    if method in BY_VOTES | {"score", "points"}:
        # An option that nobody gave anything has no seat.
        some = {int(number) for number, figure in count.rounds[0]["tallies"].items() if figure != "0"}
        elected, tied = ([n for n in group if n in some] for group in (elected, tied))
        drawn = [each for each in drawn if set(each[1]) <= set(elected)]
    return {"elected": elected, "tied": tied, "rounds": count.rounds, "drawn": drawn}


def _consent(case: Case, count: Count) -> list[int]:
    """A proposal passes when someone agrees and nobody blocks."""
    said = {each["number"]: sum(k for ballot, k in case.chosen if each["number"] in ballot) for each in case.options}
    count.round("votes", {number: Fraction(votes) for number, votes in said.items()})
    roles = {each["role"]: each["number"] for each in case.options}
    return [roles["agreement"]] if said[roles["agreement"]] and not said[roles["block"]] else []


class Verdict:
    """What a quorum and a majority make of a count."""

    def __init__(self, case: Case, found: Mapping[str, Any], base: int, votes: Mapping[int, int]) -> None:
        self.case, self.found, self.base, self.votes = case, found, base, votes
        self.rules = case.rules

    def facts(self, quorum: int | None) -> dict[str, Any]:
        """The verdict, who is elected and who was level."""
        verdict, yes = self._verdict(quorum), self._motion()
        standing, broken, leaders = self._standing(self.found["elected"]), self.found["broken"], self.found["leaders"]
        if verdict == "won":
            if broken is None or (standing != self.found["elected"] and not set(leaders) & set(standing)):
                leaders, broken = standing, None
        else:
            broken = None
        if verdict not in {"won", "tied"}:
            standing = [yes] if verdict == "passed" and yes is not None else []
        elected = [n for n in standing if n not in self.case.nones]
        second = self.rules["method"] == "two-round" and verdict == "short-of-majority"
        return {
            "verdict": "none" if verdict == "won" and not elected else verdict,
            "winners": elected,
            "empty": [n for n in standing if n in self.case.nones],
            "leaders": leaders,
            "tie_broken": broken,
            "finalists": self._finalists() if second else [],
        }

    def _verdict(self, quorum: int | None) -> str:
        case, elected = self.case, self.found["elected"]
        if quorum is not None and (case.expressed if self.rules.get("quorum_of_present") else case.ballots) < quorum:
            return "no-quorum"
        if self.rules["ballot"] == "signature":
            return "passed" if case.ballots else "no-votes"
        if self.rules["ballot"] == "consent":
            return ("passed" if self._standing(elected) else "rejected") if case.expressed else "no-votes"
        yes = self._motion()
        if self.rules["majority"] is not None and yes is not None:
            return "passed" if self._reaches(self.rules["majority"], yes) else "rejected"
        if not self.found["leaders"]:
            return "no-votes"
        if self.found["tied"] and self._standing(self.found["leaders"]):
            return "tied"
        return "won" if self._standing(elected) else "short-of-majority"

    def _motion(self) -> int | None:
        """The option that says yes: to a text to sign, to a proposal, to a motion."""
        options = self.case.options
        if self.rules["ballot"] == "signature":
            return int(options[0]["number"])
        if self.rules["ballot"] == "consent":
            return next(int(each["number"]) for each in options if each["role"] == "agreement")
        choices = [each for each in options if each["role"] == "option"]
        if len(choices) != 2 or self.case.nones or folded(choices[0]["text"]).strip(" .!") not in AYE:
            return None
        return int(choices[0]["number"])

    def _standing(self, some: Sequence[int]) -> list[int]:
        """Those of these who have the majority that is asked."""
        majority, two = self.rules["majority"], self.rules["method"] == "two-round"
        if majority is None and two:
            majority = {"fraction": "1/2", "strict": True}
        free = set() if two else self.case.nones
        return [n for n in some if majority is None or n in free or self._reaches(majority, n)]

    def _reaches(self, majority: Mapping[str, Any], number: int) -> bool:
        votes = self.votes[number]
        if majority["fraction"] is None:
            return votes > max((self.votes[n] for n in self.case.numbers if n != number), default=0)
        needed = Fraction(majority["fraction"]) * self.base
        return votes > needed if majority["strict"] else votes >= needed and votes > 0

    def _finalists(self) -> list[int]:
        """The two with most votes, and whoever has as many as the second."""
        ordered = sorted(self.case.numbers, key=lambda number: -self.votes[number])
        second = self.votes[ordered[:2][-1]]
        return [number for number in ordered if self.votes[number] >= second]


def folded(text: str) -> str:
    """Without accents, case, odd apostrophes and spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(APOSTROPHES)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())

"""`palabre count`: count a ballot file and show the working, to people or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.ballot_files import BallotFileError, read
from bot.ballot_files.reading import shown
from bot.ballot_files.rules import AS_WRITTEN, PAPER_METHODS, PaperRules
from bot.domain.tally import METHODS, Method, count
from bot.domain.tally.outcome import Outcome, Purpose, Round, Rule, TieBreak, Title
from bot.domain.tally.profile import Form, Profile
from bot.text.catalogue import Speech

DONE, USAGE = 0, 2
TITLES: Mapping[Title, str] = {
    Title.VOTES: "count.round.votes",
    Title.APPROVALS: "count.round.approvals",
    Title.POINTS: "count.round.points",
    Title.SCORES: "count.round.scores",
    Title.FIRST_CHOICES: "count.round.first-choices",
    Title.QUOTA: "count.round.quota",
    Title.TRANSFER: "count.round.transfer",
    Title.SURPLUS: "count.round.surplus",
    Title.EXCLUSION: "count.round.exclusion",
    Title.RUNOFF: "count.round.runoff",
    Title.DUELS: "count.round.duels",
    Title.CHAINS: "count.round.chains",
    Title.BEATEN: "count.round.beaten",
    Title.LOCKED: "count.round.locked",
    Title.GRADE: "count.round.grade",
    Title.MEDIANS: "count.round.medians",
    Title.SUPPORT: "count.round.support",
    Title.SHARE: "count.round.share",
    Title.PRICE: "count.round.price",
    Title.LEFT: "count.round.left",
}
PURPOSES: Mapping[Purpose, str] = {
    Purpose.ELECTION: "count.purpose.election",
    Purpose.ORDER: "count.purpose.order",
    Purpose.ELIMINATION: "count.purpose.elimination",
    Purpose.SURPLUS: "count.purpose.surplus",
    Purpose.RUNOFF: "count.purpose.runoff",
    Purpose.LOCKING: "count.purpose.locking",
    Purpose.FUNDING: "count.purpose.funding",
}
RULES: Mapping[Rule, str] = {
    Rule.EARLIER_ROUNDS: "count.rule.earlier-rounds",
    Rule.HEAD_TO_HEAD: "count.rule.head-to-head",
    Rule.TOP_SCORES: "count.rule.top-scores",
    Rule.SCORES: "count.rule.scores",
    Rule.DRAW: "count.rule.draw",
    Rule.ORDER: "count.rule.order",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A file that has been counted, and the language to tell it in."""

    method: str
    seats: int
    profile: Profile
    outcome: Outcome
    speech: Speech

    def names(self, options: Iterable[int]) -> list[str]:
        """The names of these options."""
        return [self.profile.options[option] for option in options]

    def figure(self, value: Fraction) -> str:
        """A figure, exactly."""
        return exact(value, self.outcome.places)

    def grade(self, value: Fraction) -> str:
        """A grade by its word, if grades have words."""
        return self.profile.grades[int(value)] if self.profile.grades else exact(value)


def count_file(path: Path, method: str, seats: int | None, *, as_json: bool, rules: PaperRules = AS_WRITTEN) -> int:
    """Count the file and print the result on standard output, or why not on standard error; the exit code."""
    speech = Speech(language(), ZoneInfo("UTC"))
    try:
        counted = _counted(path, method, seats, rules, speech)
    except BallotFileError as error:
        sys.stderr.write(f"palabre: {_told(speech, path, error)}\n")
        return USAGE
    text = json.dumps(as_data(counted), ensure_ascii=False) if as_json else "\n".join(as_lines(counted))
    sys.stdout.write(f"{text}\n")
    return DONE


def language() -> str:
    """The language of the environment: French if it says so, else English."""
    given = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "fr" if given.lower().startswith("fr") else "en"


def _counted(path: Path, name: str, seats: int | None, rules: PaperRules, speech: Speech) -> Counted:
    method = _method(name, seats, rules)
    try:
        profile = read(path, method.accepts, rules)
    except OSError as error:
        raise BallotFileError(0, "count.why.not-read", text=error.strerror or type(error).__name__) from None
    if method.budget and not profile.costs:
        raise BallotFileError(0, "count.why.no-budget")
    if profile.form not in ({Form.MARKS, Form.SCORES} if method.budget else {method.accepts}):
        raise BallotFileError(0, "count.why.wrong-form", method=name)
    places = seats if seats is not None else (profile.seats or 1 if method.many_seats else 1)
    if not 1 <= places <= max(len(profile.options), profile.seats or 1):
        raise BallotFileError(0, "count.why.seats", most=len(profile.options))
    return Counted(name, places, profile, count(name, profile, places), speech)


def _method(name: str, seats: int | None, rules: PaperRules) -> Method:
    """The method of this name, if it can do what is asked of it."""
    method = METHODS.get(name)
    if method is None:
        raise BallotFileError(0, "count.why.unknown-method", text=shown(name), methods=", ".join(METHODS))
    if not method.many_seats and seats not in {None, 1}:
        raise BallotFileError(0, "count.why.one-seat", method=name)
    if rules != AS_WRITTEN and name not in PAPER_METHODS:
        raise BallotFileError(0, "count.why.no-papers", method=name, methods=", ".join(PAPER_METHODS))
    if rules.skips is not None and rules.skips < 0:
        raise BallotFileError(0, "count.why.skips")
    return method


def _told(speech: Speech, path: Path, error: BallotFileError) -> str:
    why = speech.say(error.why, **error.facts)
    if not error.line:
        return speech.say("count.error", file=shown(path.name), why=why)
    return speech.say("count.error-line", file=shown(path.name), line=str(error.line), why=why)


def exact(value: Fraction, places: int | None = None) -> str:
    """A figure as a decimal if it ends as one, else as a fraction; with this many decimals if the rule counts in
    them."""
    if places is None:
        rest, places = value.denominator, 0
        while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
            rest, places = rest // (10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2), places + 1
        if rest > 1:
            return f"{value.numerator}/{value.denominator}"
    units = abs(value.numerator) * 10**places // value.denominator
    whole, part = divmod(units, 10**places)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{part:0{places}}" if places else f"{sign}{whole}"


def as_data(counted: Counted) -> dict[str, object]:
    """The result as the object that `--json` prints."""
    outcome, profile = counted.outcome, counted.profile
    return {
        "method": counted.method,
        "seats": counted.seats,
        "ballots": profile.cast,
        "blank": profile.blank,
        "invalid": profile.invalid + outcome.invalid,
        "winners": counted.names(outcome.winners),
        "tied": counted.names(outcome.tied),
        "rounds": [_round(counted, each) for each in outcome.rounds],
        "tie_breaks": [_tie_break(counted, each) for each in outcome.tie_breaks],
    }


def _round(counted: Counted, each: Round) -> dict[str, object]:
    figures = {counted.profile.options[option]: counted.figure(value) for option, value in each.tallies.items()}
    return {
        "title": _title(counted, each),
        "tallies": figures,
        "elected": counted.names(each.elected),
        "eliminated": counted.names(each.eliminated),
    }


def _title(counted: Counted, each: Round) -> str:
    about = tuple(counted.names(each.about))
    amount = counted.grade(each.amount) if each.title is Title.GRADE else exact(each.amount)
    return counted.speech.say(TITLES[each.title], about=about, amount=amount)


def _tie_break(counted: Counted, each: TieBreak) -> dict[str, object]:
    return {
        "tied": counted.names(each.tied),
        "chosen": counted.names(each.chosen),
        "for": each.purpose.value,
        "rule": each.rule.value,
        "text": _decided(counted, each),
    }


def _decided(counted: Counted, each: TieBreak) -> str:
    speech, tied = counted.speech, tuple(counted.names(each.tied))
    purpose, rule = speech.say(PURPOSES[each.purpose]), speech.say(RULES[each.rule])
    if not each.chosen:
        return speech.say("count.tie-order", tied=tied, purpose=purpose, rule=rule)
    chosen = tuple(counted.names(each.chosen))
    return speech.say("count.tie", tied=tied, chosen=chosen, purpose=purpose, rule=rule)


def as_lines(counted: Counted) -> Iterator[str]:
    """The result as people read it, round by round."""
    speech, outcome, profile = counted.speech, counted.outcome, counted.profile
    yield speech.say(
        "count.summary",
        method=counted.method,
        seats=counted.seats,
        ballots=profile.cast,
        blank=profile.blank,
        invalid=profile.invalid + outcome.invalid,
    )
    for each in outcome.rounds:
        yield ""
        yield printable(_title(counted, each))
        yield from _figures(counted, each)
    yield ""
    for tie_break in outcome.tie_breaks:
        yield printable(_decided(counted, tie_break))
    if outcome.winners:
        yield printable(speech.say("count.winners", names=tuple(counted.names(outcome.winners))))
    if outcome.tied:
        yield printable(speech.say("count.tied", names=tuple(counted.names(outcome.tied))))
    if not outcome.winners and not outcome.tied:
        yield speech.say("count.no-winner")


def _figures(counted: Counted, each: Round) -> Iterator[str]:
    names = {option: printable(counted.profile.options[option]) for option in each.tallies}
    say = counted.grade if each.title is Title.MEDIANS else counted.figure
    figures = {option: printable(say(value)) for option, value in each.tallies.items()}
    wide = max(map(len, names.values()), default=0)
    long = max(map(len, figures.values()), default=0)
    won = counted.speech.say("count.funded" if METHODS[counted.method].budget else "count.elected")
    for option in sorted(names, key=lambda option: -each.tallies[option]):
        fate = won if option in each.elected else ""
        fate = counted.speech.say("count.eliminated") if option in each.eliminated else fate
        yield f"  {names[option]:<{wide}}  {figures[option]:>{long}}  {fate}".rstrip()


def printable(text: str) -> str:
    """A line that can't steer the terminal it is shown on."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)

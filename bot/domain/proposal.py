"""From a title, options and keys to a consultation that can be shown and confirmed: defaults, checks, refusals.

It decides alone, before anything is stored: it knows no room, no roll and no
declaration but the delay to answer. What needs them (a percentage quorum needs a
known roll, rooms must exist) is checked where they are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consultation import (
    BallotType,
    Base,
    Binding,
    Definition,
    Kind,
    Method,
    Option,
    OptionRole,
    Results,
    RollSource,
    Secrecy,
    Tie,
)
from bot.domain.dates import After, At, Moment, instant, later
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ABSTENTIONS, BLANKS, NOW, UNBUILT, key_in
from bot.domain.wishes import Wishes
from bot.domain.words import clean_options, clean_title, fold

LEAST_OPTIONS = 2
MOST_OPTIONS = 40
POLL_LASTS = timedelta(days=2)
SHORTEST = timedelta(minutes=1)
"""The least time between opening and closing."""

REMINDERS = (timedelta(hours=24),)
_DAY_END = time(23, 59)
_METHODS = {BallotType.SINGLE: Method.PLURALITY, BallotType.APPROVAL: Method.APPROVAL}
_UNBUILT_KEYS = ("contest", "repeat", "template")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A consultation asked for. `opens` None is as soon as it is confirmed; `rooms` as in `Wishes.rooms`; `yes` skips
    the preview."""

    definition: Definition
    opens: At | None
    closes: Moment
    rooms: tuple[str, ...]
    yes: bool


@dataclass(frozen=True, slots=True)
class _Times:
    """When it opens and closes, and the dates that follow from it as far as they are known now."""

    opens: At | None
    closes: Moment
    answer_by: datetime | None
    reminders: tuple[timedelta, ...]


def propose(  # noqa: PLR0913 - what was typed, then what is known of the place and the hour it was typed in
    kind: Kind,
    title: str,
    options: Sequence[str],
    keys: Mapping[str, str],
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str,
    answer_days: int | None = None,
) -> Proposal:
    """The consultation these words and keys ask for, with the defaults of its kind.

    `language` is the room's. `answer_days` is the declared delay to answer, None while none is declared; it dates the
    answer only when the closing is a date and no decision is taken, else the date waits for the scheduling. Durations
    count from the opening (`close`) and from the closing (`answer_by`). Raises a Refusal for the first thing that
    can't be; for a vote, `vote-incomplete` names every missing key at once.
    """
    wishes = Wishes(keys, language)
    title = clean_title(title)
    listed = _options(options)
    _refuse_unbuilt(wishes)
    _refuse_incomplete(kind, wishes)
    times = _times(wishes, now, zone, answer_days)
    definition = _definition(kind, title, listed, wishes, times)
    return Proposal(definition, times.opens, times.closes, wishes.rooms(), wishes.listed("yes") == "yes")


def _options(texts: Sequence[str]) -> tuple[Option, ...]:
    if len(texts) < LEAST_OPTIONS:
        raise Refusal("too-few-options", n=LEAST_OPTIONS)
    if len(texts) > MOST_OPTIONS:
        raise Refusal("too-many-options", n=MOST_OPTIONS)
    options = tuple(Option(number, text, _role(text)) for number, text in enumerate(clean_options(texts), 1))
    if all(option.role is not OptionRole.SUBSTANTIVE for option in options):
        raise Refusal("nothing-to-choose")
    return options


def _role(text: str) -> OptionRole:
    label = fold(text).strip(" .!")
    if label in ABSTENTIONS:
        return OptionRole.ABSTENTION
    return OptionRole.BLANK if label in BLANKS else OptionRole.SUBSTANTIVE


def _refuse_unbuilt(wishes: Wishes) -> None:
    """Known words for what this version can't do yet are refused by name, not taken for something else."""
    if wishes.keys.get("seats", "1").strip() != "1":
        raise Refusal("not-built", said=wishes.said("seats"))
    for key in _UNBUILT_KEYS:
        if wishes.asks(key):
            raise Refusal("not-built", said=wishes.said(key))
    for key, values in UNBUILT.items():
        if wishes.listed(key) in values:
            if key in {"ballot", "method"}:
                raise Refusal("ballot-not-built", said=wishes.said(key))
            raise Refusal("not-built", said=wishes.said(key))


def _refuse_incomplete(kind: Kind, wishes: Wishes) -> None:
    if kind is Kind.VOTE:
        missing = tuple(key for key in ("purpose", "binding", "close") if key not in wishes.keys)
        if missing:
            names = tuple(key_in(wishes.language, key) for key in missing)
            raise Refusal("vote-incomplete", missing=names, n=len(names))
    if _decides(wishes) and "statutes" not in wishes.keys:
        raise Refusal("decision-needs-statutes")


def _times(wishes: Wishes, now: datetime, zone: ZoneInfo, answer_days: int | None) -> _Times:
    opens = _opening(wishes, now, zone)
    start = opens.at if opens else now
    closes = wishes.moment("close", now=now, zone=zone) if "close" in wishes.keys else After(POLL_LASTS)
    end = instant(closes, start, zone)
    if end - start < SHORTEST:
        raise Refusal("closes-too-soon", opens_at=start, closes_at=end)
    asked = wishes.reminders()
    reminders = REMINDERS if asked is None else asked
    kept = tuple(before for before in reminders if timedelta(0) < before < end - start)
    promised = _promised(wishes, now, end, zone)
    if promised is None and answer_days is not None and isinstance(closes, At) and not _decides(wishes):
        promised = later(end, timedelta(days=answer_days), zone)
    return _Times(opens, closes, promised, kept)


def _opening(wishes: Wishes, now: datetime, zone: ZoneInfo) -> At | None:
    if "open" not in wishes.keys or fold(wishes.keys["open"]) in NOW:
        return None
    return At(instant(wishes.moment("open", now=now, zone=zone), now, zone))


def _decides(wishes: Wishes) -> bool:
    return wishes.listed("binding") == Binding.DECISION


def _promised(wishes: Wishes, now: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """The date promised for the answer by `answer_by`, None if it wasn't given."""
    if "answer_by" not in wishes.keys:
        return None
    # A promise for a day is kept until its end: no hour needs to be given.
    promised = instant(wishes.moment("answer_by", now=now, zone=zone, hour=_DAY_END), end, zone)
    if promised <= end:
        raise Refusal("answer-before-close", answer_by=promised, closes_at=end)
    return promised


def _definition(kind: Kind, title: str, options: tuple[Option, ...], wishes: Wishes, times: _Times) -> Definition:
    poll = kind is Kind.POLL
    ballot, method = _ballot(wishes)
    at_least, at_most = _choices(wishes, ballot, len(options))
    binding = Binding(wishes.listed("binding") or Binding.ADVICE)
    return Definition(
        kind=kind,
        title=title,
        options=options,
        purpose=wishes.text("purpose") or title,
        binding=binding,
        language=wishes.listed("lang") or wishes.language,
        statutes=wishes.text("statutes"),
        ballot=ballot,
        method=method,
        at_least=at_least,
        at_most=at_most,
        tie=Tie(wishes.listed("tie") or Tie.ORGANISER),
        quorum=wishes.quorum(),
        majority=wishes.majority(),
        base=Base(wishes.listed("base") or Base.CAST),
        secrecy=Secrecy(wishes.listed("secrecy") or Secrecy.CONFIDENTIAL),
        results=Results(wishes.listed("results") or (Results.LIVE if poll else Results.CLOSING)),
        roll=_roll(wishes, advisory=poll and binding is Binding.ADVICE),
        seniority=wishes.duration("seniority"),
        answer_by=times.answer_by,
        reminders=times.reminders,
    )


def _ballot(wishes: Wishes) -> tuple[BallotType, Method]:
    """The ballot and a method that counts it: its usual one, which is the only one for now."""
    ballot = BallotType(wishes.listed("ballot") or BallotType.SINGLE)
    counted = wishes.listed("method")
    if counted is not None and Method(counted) is not _METHODS[ballot]:
        raise Refusal("method-needs-other-ballot", said=wishes.said("method"))
    return ballot, _METHODS[ballot]


def _choices(wishes: Wishes, ballot: BallotType, options: int) -> tuple[int, int]:
    asked = wishes.choices(options)
    if ballot is BallotType.SINGLE:
        if asked not in (None, (1, 1)):
            raise Refusal("choices-need-approval", said=wishes.said("choices"))
        return 1, 1
    return asked or (1, options)


def _roll(wishes: Wishes, *, advisory: bool) -> RollSource:
    roll = RollSource(wishes.listed("roll") or RollSource.ROOM)
    if roll is RollSource.OPEN and not advisory:
        raise Refusal("open-roll-advisory-only")
    return roll

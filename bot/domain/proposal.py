"""From a title, options and keys to a consultation that can be shown and confirmed: defaults, checks, refusals.

It decides alone, before anything is stored: it knows no room, no roll and no
declaration but the delay to answer. What needs them (a percentage quorum needs a
known roll, rooms must exist) is checked where they are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import vocabulary
from bot.domain.added_options import with_additions_allowed
from bot.domain.ballot_wishes import read_ballot
from bot.domain.budget_wishes import FOREIGN as NOT_FOR_BUDGETS
from bot.domain.budget_wishes import read_budget_ballot, read_budget_tie, read_projects
from bot.domain.budgets import BudgetRules
from bot.domain.consultation import (
    Base,
    Binding,
    Definition,
    Kind,
    Option,
    Results,
    Secrecy,
    Tie,
)
from bot.domain.contests import with_contest
from bot.domain.date_options import Slot
from bot.domain.date_wishes import FOREIGN as NOT_FOR_DATES
from bot.domain.date_wishes import must_follow, read_dates, with_date_defaults
from bot.domain.dates import After, At, Moment, instant, later
from bot.domain.deliberation_wishes import KEYS, OPINION_KEYS, Phases, debate_rules, opinion_rules, read_phases
from bot.domain.key_shares import with_key
from bot.domain.options import read_options
from bot.domain.proxies import with_proxies
from bot.domain.quorum_wishes import with_quorum
from bot.domain.receipt_wishes import with_receipts
from bot.domain.refusals import Refusal
from bot.domain.roll_wishes import read_group, read_source
from bot.domain.sealed import must_be_sealable, usual_results
from bot.domain.sequels import with_sequels
from bot.domain.vocabulary import NOW, command_in, key_in, slug
from bot.domain.wishes import Wishes
from bot.domain.words import clean_title, fold

LASTS = {
    Kind.POLL: timedelta(days=2),
    Kind.VOTE: timedelta(days=2),
    Kind.BUDGET: timedelta(days=7),
    Kind.DEBATE: timedelta(days=7),
    Kind.OPINIONS: timedelta(days=7),
    Kind.DATES: timedelta(days=2),
}
"""How long each kind lasts unless said."""

SHORTEST = timedelta(minutes=1)
"""The least time between opening and closing."""

REMINDERS = {
    Kind.POLL: (timedelta(hours=24),),
    Kind.VOTE: (timedelta(hours=24),),
    Kind.BUDGET: (timedelta(hours=24),),
    Kind.DEBATE: (),
    Kind.OPINIONS: (timedelta(hours=24),),
    Kind.DATES: (timedelta(hours=24),),
}
"""When each kind reminds unless said: the phases of a debate announce themselves, and that is enough."""

_HIDDEN = frozenset({Kind.VOTE, Kind.BUDGET})
"""The kinds whose partial counts wait for the closing unless said."""

_DAY_END = time(23, 59)
_BALLOT_KEYS = frozenset(
    {
        "ballot", "method", "seats", "choices", "tie", "quorum", "majority", "base", "secrecy", "results", "receipt",
        "contest", "key", "add_options", "grades", "scale", "points", "quadratic",
        "second_round", "early", "if_no_quorum",
    }
)  # fmt: skip
_FOREIGN_KEYS = {
    Kind.POLL: KEYS - {"moderation"},
    Kind.VOTE: KEYS,
    Kind.BUDGET: KEYS | NOT_FOR_BUDGETS,
    Kind.DEBATE: _BALLOT_KEYS,
    Kind.OPINIONS: (_BALLOT_KEYS | KEYS) - OPINION_KEYS - {"results"},
    Kind.DATES: KEYS - {"moderation"} | NOT_FOR_DATES,
}
"""The keys that mean nothing for a kind."""

_ONE_KIND = {"lasts": Kind.DATES, "amount": Kind.BUDGET, "proxies": Kind.VOTE}
"""The keys that only one kind knows."""


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
    lasts: timedelta
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
    _refuse_foreign(kind, wishes)
    _refuse_unbuilt(wishes)
    wishes = with_date_defaults(kind, wishes)
    listed, slots, budget = _listed(kind, options, wishes, now, zone)
    _refuse_incomplete(kind, wishes)
    phases = read_phases(wishes)
    times = _times(kind, wishes, _closing(kind, wishes, phases, now, zone), now, zone, answer_days)
    must_follow(slots, listed, (times.opens.at if times.opens else now) + times.lasts)
    asked = replace(_definition(kind, title, listed, wishes, times), dates=slots, budget=budget)
    definition = _with_rules(asked, wishes, phases, times)
    return Proposal(definition, times.opens, times.closes, wishes.rooms(), wishes.listed("yes") == "yes")


def _listed(
    kind: Kind, texts: Sequence[str], wishes: Wishes, now: datetime, zone: ZoneInfo
) -> tuple[tuple[Option, ...], tuple[Slot, ...], BudgetRules | None]:
    """The options; when each is if they are dates; what each costs if they are projects of a budget."""
    if kind is Kind.DATES:
        return *read_dates(texts, wishes, now=now, zone=zone), None
    if kind is Kind.BUDGET:
        options, budget = read_projects(texts, wishes)
        return options, (), budget
    return read_options(kind, texts, wishes), (), None


def _refuse_foreign(kind: Kind, wishes: Wishes) -> None:
    for key in wishes.keys:
        if key in _FOREIGN_KEYS[kind] or _ONE_KIND.get(key, kind) is not kind:
            raise Refusal("key-not-for-kind", said=wishes.said(key), kind=slug(command_in(wishes.language, kind)))


def _refuse_unbuilt(wishes: Wishes) -> None:
    """Known words for what this version can't do yet are refused by name, not taken for something else."""
    for key in sorted(vocabulary.UNBUILT_KEYS):
        if wishes.asks(key):
            raise Refusal("not-built", said=wishes.said(key))
    for key, values in vocabulary.UNBUILT.items():
        if wishes.listed(key) in values:
            raise Refusal("not-built", said=wishes.said(key))


def _refuse_incomplete(kind: Kind, wishes: Wishes) -> None:
    if kind is Kind.VOTE:
        missing = tuple(key for key in ("purpose", "binding", "close") if key not in wishes.keys)
        if missing:
            names = tuple(key_in(wishes.language, key) for key in missing)
            raise Refusal("vote-incomplete", missing=names, n=len(names))
    if _decides(wishes) and "statutes" not in wishes.keys:
        raise Refusal("decision-needs-statutes")


def _closing(kind: Kind, wishes: Wishes, phases: Phases, now: datetime, zone: ZoneInfo) -> Moment:
    """When it closes, as said by the key or by the phases of a debate. Raises Refusal `close-or-phases`."""
    if phases.total is not None and "close" in wishes.keys:
        raise Refusal("close-or-phases", close=wishes.said("close"), phases=wishes.said("phases"))
    if "close" in wishes.keys:
        return wishes.moment("close", now=now, zone=zone)
    return After(phases.total or LASTS[kind])


def _times(
    kind: Kind, wishes: Wishes, closes: Moment, now: datetime, zone: ZoneInfo, answer_days: int | None
) -> _Times:
    opens = _opening(wishes, now, zone)
    start = opens.at if opens else now
    end = instant(closes, start, zone)
    if end - start < SHORTEST:
        raise Refusal("closes-too-soon", opens_at=start, closes_at=end)
    asked = wishes.reminders()
    reminders = REMINDERS[kind] if asked is None else asked
    kept = tuple(before for before in reminders if timedelta(0) < before < end - start)
    promised = _promised(wishes, now, end, zone)
    if promised is None and answer_days is not None and isinstance(closes, At) and not _decides(wishes):
        promised = later(end, timedelta(days=answer_days), zone)
    return _Times(opens, closes, end - start, promised, kept)


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
    vote = kind is Kind.VOTE
    rules = read_budget_ballot(wishes, options) if kind is Kind.BUDGET else read_ballot(wishes, options)
    binding = Binding(wishes.listed("binding") or Binding.ADVICE)
    return Definition(
        kind=kind,
        title=title,
        options=options,
        purpose=wishes.text("purpose") or title,
        binding=binding,
        language=wishes.listed("lang") or wishes.language,
        statutes=wishes.text("statutes"),
        ballot=rules.ballot,
        method=rules.method,
        at_least=rules.at_least,
        at_most=rules.at_most,
        tie=read_budget_tie(wishes) if kind is Kind.BUDGET else Tie(wishes.listed("tie") or Tie.ORGANISER),
        quorum=wishes.quorum(),
        majority=rules.majority,
        base=Base(wishes.listed("base") or Base.CAST),
        secrecy=Secrecy(wishes.listed("secrecy") or Secrecy.CONFIDENTIAL),
        results=Results(wishes.listed("results") or usual_results(wishes, hidden=kind in _HIDDEN)),
        roll=read_source(wishes, advisory=not vote and binding is Binding.ADVICE),
        group=read_group(wishes),
        seniority=wishes.duration("seniority"),
        answer_by=times.answer_by,
        reminders=times.reminders,
        approval=wishes.listed("approval") == "yes",
        seats=rules.seats,
        scale=rules.scale,
        grades=rules.grades,
        points=rules.points,
        quadratic=rules.quadratic,
    )


def _with_rules(definition: Definition, wishes: Wishes, phases: Phases, times: _Times) -> Definition:
    if definition.kind is Kind.DEBATE:
        return replace(definition, debate=debate_rules(wishes, phases, times.lasts))
    if definition.kind is Kind.OPINIONS:
        return replace(definition, opinions=opinion_rules(wishes))
    ruled = with_additions_allowed(with_sequels(with_quorum(definition, wishes), wishes, times.lasts), wishes)
    must_be_sealable(ruled, wishes)
    return with_proxies(with_contest(with_key(with_receipts(ruled, wishes), wishes), wishes), wishes)

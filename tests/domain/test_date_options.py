"""Dates to choose among: what is understood as one, in which zone, how long it lasts, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.consultation import BallotType, Kind, Method, Secrecy, definition_facts
from bot.domain.date_options import Slot, option_date
from bot.domain.proposal import Proposal, propose
from bot.domain.refusals import Refusal

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 12, 10, 11, tzinfo=UTC)  # a Thursday, noon in Paris
TUESDAY = datetime(2026, 12, 15, 17, tzinfo=UTC)


def asked(*dates: str, language: str = "fr", zone: ZoneInfo = PARIS, **keys: str) -> Proposal:
    return propose(Kind.DATES, "Assembly", dates, keys, now=NOW, zone=zone, language=language)


def slots(*dates: str, language: str = "fr", **keys: str) -> tuple[Slot, ...]:
    return asked(*dates, language=language, **keys).definition.dates


def refused(*dates: str, language: str = "fr", **keys: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(*dates, language=language, **keys)
    return caught.value


def test_dates_are_read_in_the_zone_and_listed_in_the_order_of_time() -> None:
    proposal = asked("samedi 19 décembre", "2026-12-17 20:00", "mardi 15 déc 18h", close="3j")
    hour = timedelta(hours=1)
    assert proposal.definition.dates == (
        Slot(1, TUESDAY, TUESDAY + hour),
        Slot(2, datetime(2026, 12, 17, 19, tzinfo=UTC), datetime(2026, 12, 17, 20, tzinfo=UTC)),
        Slot(3, datetime(2026, 12, 18, 23, tzinfo=UTC), datetime(2026, 12, 19, 23, tzinfo=UTC), "2026-12-19"),
    )
    assert [(option.number, option.text) for option in proposal.definition.options] == [
        (1, "mardi 15 déc 18h"),
        (2, "2026-12-17 20:00"),
        (3, "samedi 19 décembre"),
    ]


def test_the_ballot_is_of_availability_and_public_unless_said() -> None:
    definition = asked("15 déc", "16 déc").definition
    assert (definition.ballot, definition.method) == (BallotType.AVAILABILITY, Method.AVAILABILITY)
    assert definition.secrecy is Secrecy.PUBLIC
    assert asked("15 déc", "16 déc", secrecy="confidentiel").definition.secrecy is Secrecy.CONFIDENTIAL


def test_another_zone_is_another_instant() -> None:
    there = asked("15 déc 18h", "16 déc 18h", zone=ZoneInfo("America/Martinique")).definition.dates
    assert there[0].starts == datetime(2026, 12, 15, 22, tzinfo=UTC)


@pytest.mark.parametrize(("lasts", "ends"), [("2h", timedelta(hours=2)), ("90 min", timedelta(minutes=90))])
def test_every_date_lasts_as_long_as_was_said(lasts: str, ends: timedelta) -> None:
    assert [slot.ends - slot.starts for slot in slots("15 déc 18h", "16 déc 9h", lasts=lasts)] == [ends, ends]


def test_whole_days_follow_the_calendar_across_a_change_of_hour() -> None:
    one, two = slots("27 mars 2027", "28 mars 2027", lasts="2j")
    assert one.ends - one.starts == timedelta(hours=47)  # clocks go forward in the night to the 28th
    assert one.days == (date(2027, 3, 27), date(2027, 3, 28))
    assert two.days == (date(2027, 3, 28), date(2027, 3, 29))


def test_an_hour_that_happens_twice_is_its_first_occurrence() -> None:
    (first, _) = slots("31 octobre 2027 2h30", "1 novembre 2027 2h30")
    assert first.starts == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        (("Café", "15 déc 18h"), "option-not-a-date"),
        (("3j", "15 déc 18h"), "option-not-a-date"),
        (("2 mois", "15 déc 18h"), "option-not-a-date"),
        (("hier", "15 déc 18h"), "option-not-a-date"),
        (("2026-12-09 18:00", "15 déc 18h"), "date-past"),
        (("10 déc 8h", "15 déc 18h"), "date-past"),
        (("31 février", "15 déc 18h"), "date-invalid"),
        (("mercredi 15 déc 18h", "16 déc 18h"), "weekday-mismatch"),
        (("demain matin", "15 déc 18h"), "date-without-hour"),
        (("12h", "15 déc 18h"), "hours-or-hour"),
        (("vendredi minuit", "15 déc 18h"), "midnight-ambiguous"),
        (("28 mars 2027 2h30", "15 déc 18h"), "hour-does-not-exist"),
        (("1 janvier 2040", "15 déc 18h"), "date-too-far"),
        (("15 déc 18h",), "too-few-dates"),
        (tuple(f"2027-01-{day:02} {hour}:00" for day in range(1, 22) for hour in (10, 12)), "too-many-options"),
        (("mardi 15 déc 18h", "15/12/2026 à 18:00"), "dates-equal"),
        (("19 décembre", "samedi 19 décembre"), "dates-equal"),
        (("demain 18h", "15 déc 18h"), "date-before-close"),
        (("samedi", "15 déc 18h"), "date-before-close"),
    ],
)
def test_what_is_no_date_or_not_one_to_choose_is_refused(dates: tuple[str, ...], code: str) -> None:
    assert refused(*dates).code == code


def test_an_english_date_of_two_small_numbers_is_refused() -> None:
    assert refused("5/12 18:00", "15 December", language="en").code == "date-order-ambiguous"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"lasts": "2h"}, "date-needs-hour"),
        ({"lasts": "36h"}, "date-needs-hour"),
        ({"lasts": "1 min"}, "date-length"),
        ({"lasts": "40j"}, "date-length"),
        ({"lasts": "longtemps"}, "duration-unknown"),
        ({"ballot": "unique"}, "key-not-for-kind"),
        ({"method": "schulze"}, "key-not-for-kind"),
        ({"majority": "absolue"}, "key-not-for-kind"),
    ],
)
def test_keys_that_do_not_go_with_dates_are_refused(keys: dict[str, str], code: str) -> None:
    assert refused("mardi 15 déc 18h", "samedi 19 décembre", **keys).code == code


@pytest.mark.parametrize("kind", [Kind.POLL, Kind.VOTE, Kind.DEBATE, Kind.OPINIONS])
def test_how_long_a_date_lasts_means_nothing_elsewhere(kind: Kind) -> None:
    with pytest.raises(Refusal) as caught:
        propose(kind, "Where?", ("A", "B"), {"lasts": "2h"}, now=NOW, zone=PARIS, language="en")
    assert caught.value.code == "key-not-for-kind"


def test_two_dates_may_overlap_and_a_day_is_not_its_first_hour() -> None:
    assert len(slots("15 déc", "15 déc 0h", "15 déc 0h30")) == 3


def test_the_instants_are_frozen_with_the_definition() -> None:
    definition = asked("15 déc 18h", "19 déc").definition
    assert definition_facts(definition)["dates"] == [
        {"day": "", "ends": "2026-12-15T18:00:00+00:00", "option": 1, "starts": "2026-12-15T17:00:00+00:00"},
        {"day": "2026-12-19", "ends": "2026-12-19T23:00:00+00:00", "option": 2, "starts": "2026-12-18T23:00:00+00:00"},
    ]
    assert "dates" not in definition_facts(replace(definition, dates=()))


def test_one_more_date_is_read_like_the_others() -> None:
    added = option_date("mercredi 16 déc 19h", PARIS, NOW, language="fr", lasting=timedelta(hours=2), number=4)
    starts = datetime(2026, 12, 16, 18, tzinfo=UTC)
    assert added == Slot(4, starts, starts + timedelta(hours=2))

"""Dates and durations as people write them, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import FURTHEST, After, At, Moment, duration, instant, later, moment
from bot.domain.refusals import Refusal

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=PARIS)  # a Wednesday


def read(text: str, language: str = "fr", *, now: datetime = NOW, zone: ZoneInfo = PARIS, hour: time | None = None):
    return moment(text, now=now, zone=zone, language=language, hour=hour)


def local(found: Moment, zone: ZoneInfo = PARIS) -> str:
    assert isinstance(found, At), found
    assert found.at.tzinfo is UTC
    return found.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def refusal(text: str, language: str = "fr", **given) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(text, language, **given)
    return refused.value


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("demain 18h", "2026-11-26 18:00"),
        ("Demain à 20h", "2026-11-26 20:00"),
        ("demain 8 h 30", "2026-11-26 08:30"),
        ("demain midi", "2026-11-26 12:00"),
        ("tomorrow noon", "2026-11-26 12:00"),
        ("demain soir", "2026-11-26 20:00"),
        ("demain à 8h du matin", "2026-11-26 08:00"),
        ("après-demain 10h", "2026-11-27 10:00"),
        ("vendredi 20:00", "2026-11-27 20:00"),
        ("vendredi 20h30", "2026-11-27 20:30"),
        ("Friday 20:00", "2026-11-27 20:00"),
        ("friday 8:30 pm", "2026-11-27 20:30"),
        ("next friday 6pm", "2026-11-27 18:00"),
        ("by friday at 6 p.m.", "2026-11-27 18:00"),
        ("dim. 18h", "2026-11-29 18:00"),
        ("lundi prochain 10h", "2026-11-30 10:00"),
        ("mercredi 18h", "2026-11-25 18:00"),
        ("mercredi 9h", "2026-12-02 09:00"),
        ("mercredi 14h", "2026-12-02 14:00"),
        ("mercredi prochain 18h", "2026-12-02 18:00"),
        ("jeudi 3 décembre 18h", "2026-12-03 18:00"),
        ("le 5 janvier à 9h", "2027-01-05 09:00"),
        ("1er janvier 2027 à 0h", "2027-01-01 00:00"),
        ("January 5 2027 9am", "2027-01-05 09:00"),
        ("5th of January, 9 am", "2027-01-05 09:00"),
        ("13/12 18h", "2026-12-13 18:00"),
        ("13/12/2026 18:00", "2026-12-13 18:00"),
        ("13/12/26 18:00", "2026-12-13 18:00"),
        ("le 15 à 20h", "2026-12-15 20:00"),
        ("on the 31st at 8pm", "2026-12-31 20:00"),
        ("2026-12-01 09:00", "2026-12-01 09:00"),
        ("2026-12-01T09:00", "2026-12-01 09:00"),
        ("ce soir", "2026-11-25 20:00"),
        ("ce soir 21h", "2026-11-25 21:00"),
        ("ce soir à 8h", "2026-11-25 20:00"),
        ("tonight", "2026-11-25 20:00"),
        ("cet après-midi 15h30", "2026-11-25 15:30"),
        ("today 18:00", "2026-11-25 18:00"),
        ("aujourd'hui 18h", "2026-11-25 18:00"),
        ("aujourd’hui 18h", "2026-11-25 18:00"),
        ("Aujourdʼhui 18h", "2026-11-25 18:00"),
        ("midi", "2026-11-26 12:00"),
        ("noon", "2026-11-26 12:00"),
        ("minuit", "2026-11-26 00:00"),
        ("ce soir minuit", "2026-11-26 00:00"),
        ("24h00", "2026-11-26 00:00"),
        ("20:00", "2026-11-25 20:00"),
        ("à 13h", "2026-11-26 13:00"),
        ("5pm", "2026-11-25 17:00"),
        ("12 am", "2026-11-26 00:00"),
        ("fin du mois", "2026-11-30 23:59"),
        ("end of the month", "2026-11-30 23:59"),
        ("end of the month at 6pm", "2026-11-30 18:00"),
        ("dans 2 jours à 18h", "2026-11-27 18:00"),
    ],
)
def test_dates_are_read_in_both_languages(text, expected, language):
    assert local(read(text, language)) == expected


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("in 2 hours", timedelta(hours=2)),
        ("dans 2 jours", timedelta(days=2)),
        ("dans une semaine", timedelta(weeks=1)),
        ("in two days", timedelta(days=2)),
        ("dans 18h", timedelta(hours=18)),
        ("dans 1h30", timedelta(minutes=90)),
        ("3j", timedelta(days=3)),
        ("2d", timedelta(days=2)),
        ("2h", timedelta(hours=2)),
        ("24h", timedelta(days=1)),
        ("48h", timedelta(days=2)),
        ("90min", timedelta(minutes=90)),
        ("1 semaine", timedelta(weeks=1)),
        ("1 jour et 12 heures", timedelta(hours=36)),
        ("1d12h", timedelta(hours=36)),
    ],
)
def test_durations_are_told_from_dates(text, lasting, language):
    assert read(text, language) == After(lasting)


def test_the_language_decides_forms_that_differ():
    assert local(read("5/12 18h", "fr")) == "2026-12-05 18:00"
    assert refusal("5/12 18h", "en").code == "date-order-ambiguous"
    assert local(read("12/13 18:00", "en")) == "2026-12-13 18:00"
    assert local(read("5/5 18:00", "en")) == "2027-05-05 18:00"
    assert refusal("12/13 18h", "fr").code == "date-invalid"
    assert read("18h", "en") == After(timedelta(hours=18))
    assert refusal("18h", "fr").facts["hours"] == "18h"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "date-unknown"),
        ("bientôt", "date-unknown"),
        ("hier 18h", "date-unknown"),
        ("vendredi 20", "date-unknown"),
        ("lundi mardi 10h", "date-unknown"),
        ("lundi 10h 11h", "date-unknown"),
        ("vendredi 20h, s'il vous plaît", "date-unknown"),
        ("demain 18h UTC", "date-unknown"),
        ("2j 3j", "date-unknown"),
        ("dans 3 heures à 18h", "date-unknown"),
        ("mar 5 18h", "date-unknown"),  # Tuesday or March
        ("le", "date-unknown"),
        ("soir", "date-unknown"),
        ("vendredi", "weekday-without-hour"),
        ("friday", "weekday-without-hour"),
        ("vendredi matin", "weekday-without-hour"),
        ("demain", "date-without-hour"),
        ("5 décembre", "date-without-hour"),
        ("2026-12-01", "date-without-hour"),
        ("vendredi 3 décembre 18h", "weekday-mismatch"),
        ("demain minuit", "midnight-ambiguous"),
        ("30 février 2027 18h", "date-invalid"),
        ("30 février 18h", "date-invalid"),
        ("31/11 18h", "date-invalid"),
        ("demain 25h", "date-invalid"),
        ("demain 18:75", "date-invalid"),
        ("13 pm", "date-invalid"),
        ("aujourd'hui 9h", "date-past"),
        ("2026-11-25 14:00", "date-past"),
        ("20 novembre 18h", "date-past"),
        ("0001-01-01 00:00", "date-past"),
        ("9999-12-31 23:59", "date-too-far"),
        ("2032-01-01 10:00", "date-too-far"),
        ("9999999 semaines", "date-too-far"),
        ("2 mois", "duration-loose"),
        ("dans un an", "duration-loose"),
        ("1h30", "hours-or-hour"),
        ("20 heures", "hours-or-hour"),
        ("2027-03-28 02:30", "hour-does-not-exist"),
    ],
)
def test_what_is_ambiguous_past_or_impossible_is_refused(text, code):
    assert refusal(text).code == code


def test_a_refused_weekday_is_named():
    assert dict(refusal("Vendredi").facts) == {"said": "Vendredi", "day": "vendredi"}


def test_a_day_without_an_hour_is_accepted_where_one_is_given_for_it():
    assert local(read("12 décembre", hour=time(23, 59))) == "2026-12-12 23:59"
    assert local(read("vendredi", hour=time(23, 59))) == "2026-11-27 23:59"
    assert local(read("vendredi 9h", hour=time(23, 59))) == "2026-11-27 09:00"


def test_a_date_without_a_year_is_the_next_one_unless_it_has_just_passed():
    assert local(read("20 août 10h")) == "2027-08-20 10:00"
    assert refusal("1 novembre 10h").code == "date-past"
    assert local(read("29 février 10h", now=datetime(2027, 12, 1, tzinfo=PARIS))) == "2028-02-29 10:00"


def test_days_are_those_of_the_zone():
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # already the 26th in Paris, still the 25th in Guadeloupe
    guadeloupe = ZoneInfo("America/Guadeloupe")
    assert local(read("demain 10h", now=late)) == "2026-11-27 10:00"
    assert local(read("demain 10h", now=late, zone=guadeloupe), guadeloupe) == "2026-11-26 10:00"


def test_whole_days_keep_the_wall_clock():
    before = datetime(2026, 10, 24, 18, 0, tzinfo=PARIS)
    assert later(before, timedelta(days=2), PARIS) == datetime(2026, 10, 26, 18, 0, tzinfo=PARIS)
    assert later(before, timedelta(days=1, hours=2), PARIS) == datetime(2026, 10, 25, 20, 0, tzinfo=PARIS)
    assert later(before, timedelta(hours=23), PARIS) - before.astimezone(UTC) == timedelta(hours=23)
    assert instant(After(timedelta(days=1)), before, PARIS) == datetime(2026, 10, 25, 18, 0, tzinfo=PARIS)


def test_an_hour_skipped_today_does_not_forbid_tomorrow():
    now = datetime(2027, 3, 28, 14, 0, tzinfo=PARIS)
    assert local(read("à 2h30", now=now)) == "2027-03-29 02:30"


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("24h", timedelta(hours=24)),
        ("2 jours", timedelta(days=2)),
        ("1d 12h", timedelta(hours=36)),
        ("1 semaine", timedelta(weeks=1)),
        ("trois jours", timedelta(days=3)),
        ("20h30", timedelta(hours=20, minutes=30)),
        ("1h 30min", timedelta(minutes=90)),
    ],
)
def test_a_length_of_time_is_read(text, lasting):
    assert duration(text) == lasting


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("demain", "duration-unknown"),
        ("", "duration-unknown"),
        ("2", "duration-unknown"),
        ("-1 jour", "duration-unknown"),
        ("1,5 jour", "duration-unknown"),
        ("3 mois", "duration-loose"),
        ("9999 jours", "date-too-far"),
    ],
)
def test_what_is_no_length_of_time_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        duration(text)
    assert refused.value.code == code


# -- public test data --------------------------------------------------------------------------------------------------


def data(test_data: Path, name: str):
    return json.loads((test_data / "08_adversarial" / name).read_text(encoding="utf-8"))


def test_deadline_phrases(test_data: Path):
    refusals = {"ambiguous": "date-order-ambiguous", "invalid": "date-invalid", "far future": "date-too-far"}
    for case in data(test_data, "deadline_phrases.json"):
        now, zone, expected = datetime.fromisoformat(case["now"]), ZoneInfo(case["zone"]), case["expected"]
        if expected in refusals:
            assert refusal(case["text"], case["lang"], now=now, zone=zone).code == refusals[expected]
            continue
        found = instant(read(case["text"], case["lang"], now=now, zone=zone), now, zone)
        if len(expected) == 5:
            assert found.astimezone(zone).strftime("%H:%M") == expected
        else:
            assert found == datetime.fromisoformat(expected), case


def test_hours_around_changes_of_clock(test_data: Path):
    for case in data(test_data, "dst_edges.json"):
        zone = ZoneInfo(case["zone"])
        text = case["local"].replace("T", " ")
        now = datetime.fromisoformat(case["utc_fold0"]) - timedelta(days=9)
        if case["exists"]:
            assert read(text, now=now, zone=zone) == At(datetime.fromisoformat(case["utc_fold0"])), case
        else:
            assert refusal(text, now=now, zone=zone).code == "hour-does-not-exist"


def test_written_dates_are_refused_or_right(test_data: Path):
    understood = 0
    for case in data(test_data, "dates_absolute.json"):
        expected = datetime.fromisoformat(case["expected"]).replace(tzinfo=PARIS)
        now = expected - timedelta(days=20)
        for language in ("fr", "en"):
            try:
                found = read(case["text"], language, now=now)
            except Refusal:
                continue
            understood += 1
            assert found == At(expected.astimezone(UTC)), case
    assert understood >= 6


def test_phrases_about_the_past_are_refused(test_data: Path):
    lengths = {"2 min"}  # a length of time, which says of itself neither past nor future
    for case in data(test_data, "dates_relative.json"):
        if case["text"] not in lengths:
            assert refusal(case["text"], case["language"][:2].lower()).code.startswith(("date-", "duration-"))


WORDS = """demain tomorrow vendredi friday mar mars 5 12 31 2026 2027 18h 20:00 6pm à at le the ce soir matin minuit
midi prochain next dans in 2 jours heures 3j décembre may 29 février /12 -05 aujourd'hui fin du mois 24h00 1er de"""
PHRASES = st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Europe/Paris", "America/Guadeloupe", "Pacific/Kiritimati", "Australia/Lord_Howe"])


@given(PHRASES, INSTANTS, ZONES, st.sampled_from(["fr", "en"]))
def test_any_text_is_refused_or_a_moment_to_come(text, now, zone, language):
    try:
        found = read(text, language, now=now, zone=ZoneInfo(zone))
    except Refusal:
        return
    if isinstance(found, At):
        assert now < found.at <= now + FURTHEST
        assert found.at.tzinfo is UTC
    else:
        assert timedelta(0) <= found.lasting <= FURTHEST

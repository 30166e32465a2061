"""Proxies: what can be asked for, who gives and holds them, which votes a day concerns, whom a ballot is typed for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.canonical import canonical
from bot.domain.consultation import Kind, Secrecy, State, definition_facts
from bot.domain.grammar import parse
from bot.domain.proposal import propose
from bot.domain.proxies import (
    Proxy,
    Side,
    called,
    concerns,
    day_in,
    is_code,
    meant_for,
    must_admit,
    must_be_able_to_hold,
    must_be_free_to_give,
    must_be_revocable,
)
from bot.domain.proxy_rules import ProxyRule
from bot.domain.refusals import Refusal
from bot.domain.result_facts import result_facts
from bot.domain.results import conclude
from storage.mapping import definition as stored
from tests.disclosures import NOW, consultation, vote

PARIS = ZoneInfo("Europe/Paris")
TWO = ProxyRule(2)


def asked(keys: Mapping[str, str], kind: Kind = Kind.VOTE) -> ProxyRule | None:
    formal = {"purpose": "it", "binding": "advice", "close": "2d"}
    found = propose(kind, "Adopt?", ("Yes", "No"), {**formal, **keys}, now=NOW, zone=PARIS, language="en")
    return found.definition.proxies


def refused(keys: Mapping[str, str], kind: Kind = Kind.VOTE) -> str:
    with pytest.raises(Refusal) as found:
        asked(keys, kind)
    return found.value.code


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("no", None),
        ("aucune", None),
        ("yes", ProxyRule()),
        ("Oui", ProxyRule()),
        ("1", ProxyRule(1)),
        ("99", ProxyRule(99)),
    ],
)
def test_nobody_unless_asked_then_so_many(typed: str, rule: ProxyRule | None) -> None:
    assert asked({"proxies": typed}) == rule
    assert asked({}) is None


@pytest.mark.parametrize("typed", ["0", "100", "2.5", "-1", "some", "2 each", ""])
def test_anything_else_is_refused(typed: str) -> None:
    assert refused({"proxies": typed}) == "impossible-proxies"


def test_where_there_can_be_none_it_is_refused_by_name() -> None:
    assert refused({"proxies": "2", "secrecy": "unlinked"}) == "proxies-unlinked"
    assert refused({"proxies": "2"}, Kind.POLL) == "key-not-for-kind"
    with pytest.raises(Refusal, match="proxies-signature"):
        propose(
            Kind.VOTE, "We ask for a bench.", (),
            {"purpose": "it", "binding": "advice", "close": "2d", "ballot": "signature", "proxies": "yes"},
            now=NOW, zone=PARIS, language="en",
        )  # fmt: skip


def test_the_key_has_a_name_in_both_languages() -> None:
    for typed in ("/vote A B C --proxies 2", "/scrutin A B C --procurations 2"):
        command = parse(typed)
        assert command is not None
        assert command.keys == {"proxies": "2"}


def test_a_definition_without_proxies_keeps_its_digest_and_one_with_is_read_again() -> None:
    assert "proxies" not in definition_facts(vote())
    for rule in (ProxyRule(), ProxyRule(3)):
        asked = vote(proxies=rule)
        assert stored(canonical(definition_facts(asked))).proxies == rule


def test_it_is_said_how_many_there_were_only_where_there_can_be_some() -> None:
    one = consultation(vote(proxies=ProxyRule(2)), state=State.CLOSED, roll_size=9)
    result = conclude(one, {(1,): 3, (2,): 1}, 2)
    assert (result.ballots, result.by_proxy) == (4, 2)
    assert result_facts(one.definition, result)["by_proxy"] == 2
    assert "by_proxy" not in result_facts(vote(), conclude(consultation(vote()), {(1,): 3}))


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "hours", "code"),
    [
        (State.SCHEDULED, 0, ""), (State.DISCLOSED, 0, ""), (State.OPEN, 2, ""),
        (State.OPEN, 100, "already-closed"), (State.CLOSED, 2, "already-closed"),
        (State.CERTIFIED, 2, "already-closed"), (State.CANCELLED, 2, "cancelled"),
    ],
)  # fmt: skip
def test_one_gives_a_proxy_from_the_announcement_to_the_closing(state: State, hours: int, code: str) -> None:
    one, at = consultation(vote(proxies=ProxyRule(1)), state=state), NOW + timedelta(hours=hours)
    if not code:
        assert must_admit(one, at) == ProxyRule(1)
        return
    with pytest.raises(Refusal, match=code):
        must_admit(one, at)


def test_without_the_key_nobody_gives_any() -> None:
    with pytest.raises(Refusal, match="proxies-refused"):
        must_admit(consultation(vote(), state=State.OPEN), NOW)


def hold(giver: Side, holder: Side, rule: ProxyRule = TWO) -> str:
    try:
        must_be_able_to_hold(12, rule, giver, holder)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_one_may_hold_as_many_as_the_rule_says() -> None:
    assert [hold(Side(1), Side(2, holds=held)) for held in range(4)] == ["", "", "proxy-full", "proxy-full"]
    assert [hold(Side(1), Side(2, holds=held), ProxyRule()) for held in (0, 500)] == ["", ""]


def test_a_vote_is_never_passed_on() -> None:
    gave, offered = Proxy(12, 2, holder=3), Proxy(12, 2)
    assert hold(Side(1), Side(2, gave=gave)) == "proxy-holder-gave"
    assert hold(Side(1), Side(2, gave=offered)) == ""
    assert hold(Side(1, holds=1), Side(2)) == "proxy-giver-holds"
    assert hold(Side(1), Side(1)) == "proxy-own"


def test_whoever_has_voted_gives_no_proxy() -> None:
    assert hold(Side(1, voted=True), Side(2)) == "proxy-voted-already"
    assert hold(Side(1, gave=Proxy(12, 1)), Side(2)) == ""
    for used in (False, True):
        assert hold(Side(1, gave=Proxy(12, 1, holder=3, used=used)), Side(2)) == "proxy-code-used"
    with pytest.raises(Refusal, match="proxy-used"):
        must_be_free_to_give(12, Side(1, gave=Proxy(12, 1, holder=3, used=True)))
    must_be_free_to_give(12, Side(1, gave=Proxy(12, 1)))


def test_it_is_taken_back_until_it_was_used() -> None:
    for each in (Proxy(12, 1), Proxy(12, 1, holder=2)):
        assert must_be_revocable(12, each) is each
    for left, code in ((None, "proxy-none-given"), (Proxy(12, 1, holder=2, used=True), "proxy-used")):
        with pytest.raises(Refusal, match=code):
            must_be_revocable(12, left)


# ── a day ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("opens", "closes", "there"),
    [
        ("12-04 22:59", "12-04 23:00", False),  # closes at midnight in Paris, as the day begins
        ("12-04 22:59", "12-04 23:01", True),
        ("12-01 10:00", "12-09 10:00", True),
        ("12-05 22:59", "12-07 10:00", True),
        ("12-05 23:00", "12-07 10:00", False),
    ],
)
def test_a_day_concerns_what_people_can_vote_in_on_it_where_they_live(opens: str, closes: str, there: bool) -> None:
    begins, ends = (datetime.strptime(f"2026-{each} +0000", "%Y-%m-%d %H:%M %z") for each in (opens, closes))
    one = consultation(vote(), opens_at=begins, closes_at=ends)
    assert concerns(one, date(2026, 12, 5), PARIS) is there
    assert concerns(replace(one, closes_at=None, lasts=ends - begins), date(2026, 12, 5), PARIS) is there


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("today", "en", date(2026, 12, 1)), ("aujourd'hui", "fr", date(2026, 12, 1)),
        ("tomorrow", "en", date(2026, 12, 2)), ("2026-12-05", "fr", date(2026, 12, 5)),
        ("5 décembre", "fr", date(2026, 12, 5)),
    ],
)  # fmt: skip
def test_a_day_is_written_as_people_say_it(typed: str, language: str, day: date) -> None:
    now = datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert day_in(typed, now=now, zone=PARIS, language=language) == day


@pytest.mark.parametrize("typed", ["2d", "someone", "yesterday", "12 foo", "@ana"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        day_in(typed, now=NOW, zone=PARIS, language="en")


# ── what is typed ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("for Ana: 2", ("Ana", "2")), ("pour Ana Martin : oui", ("Ana Martin", "oui")), ("FOR 2: 1>2", ("2", "1>2")),
        ("for Ana", ("Ana", None)), ("pour Léa :3", ("Léa", "3")), ("for Ana:", ("Ana", "")),
        ("2", None), ("pour", None), ("for", None), ("formal: 2", None),
    ],
)  # fmt: skip
def test_a_typed_ballot_says_whom_it_is_for(typed: str, meant: tuple[str, str | None] | None) -> None:
    assert meant_for(typed) == meant


def test_people_are_called_by_name_then_by_number() -> None:
    names = ["Ana", "Ana Martin", "Bruno", "2"]
    assert called("ana", names) == [0]
    assert called("bruno", names) == [2]
    assert called("2", names) == [3]
    assert called("3", names) == [2]
    assert called("Ana", ["Ana Martin", "Ana Lopez", "Eva"]) == [0, 1]
    for nobody in ("dave", "0", "9", ""):
        assert called(nobody, names) == []


@given(st.text(max_size=40))
def test_any_words_are_read_or_not_and_nothing_breaks(text: str) -> None:
    found = meant_for(text)
    assert found is None or called(found[0], ["Ana"]) in ([], [0])
    assert is_code(text) in {True, False}


def test_a_code_is_told_from_a_number_and_a_day() -> None:
    assert is_code("1A2B-3C4D-5E6F-7081")
    assert is_code(" 1a2b3c4d5e6f7081 ")
    assert not any(map(is_code, ("12", "2026-12-05", "today", "1A2B-3C4D", "G000-0000-0000-0000")))


def test_secrecy_of_the_other_kinds_takes_proxies() -> None:
    for secrecy in (Secrecy.CONFIDENTIAL, Secrecy.PUBLIC):
        assert asked({"proxies": "yes", "secrecy": secrecy.value}) == ProxyRule()

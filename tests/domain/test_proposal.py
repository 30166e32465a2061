"""From what was typed to a definition: defaults, values, and everything that is refused with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import vocabulary
from bot.domain.consultation import (
    BallotType,
    Base,
    Binding,
    Kind,
    Majority,
    Method,
    OptionRole,
    Quorum,
    Results,
    Secrecy,
    Tie,
    definition_facts,
)
from bot.domain.dates import After, At
from bot.domain.grammar import parse
from bot.domain.proposal import Proposal, propose
from bot.domain.refusals import Refusal
from bot.domain.roll_sources import RollSource

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=PARIS).astimezone(UTC)  # a Wednesday
COMPLETE = {"purpose": "Budget 2027", "binding": "advice", "close": "vendredi 20h"}


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc]


def proposed(
    kind: Kind = Kind.POLL,
    keys: dict[str, str] | None = None,
    options: tuple[str, ...] = ("Café", "Library"),
    *,
    title: str = "Where?",
    language: str = "fr",
    answer_days: int | None = None,
) -> Proposal:
    return propose(
        kind, title, options, keys or {}, now=NOW, zone=PARIS, language=language, answer_days=answer_days
    )  # fmt: skip


def refusal(kind: Kind = Kind.POLL, keys: dict[str, str] | None = None, *options: str, **given) -> Refusal:
    with pytest.raises(Refusal) as refused:
        proposed(kind, keys, options or ("Café", "Library"), **given)
    return refused.value


def test_a_poll_needs_a_question_and_two_options_only():
    proposal = proposed()
    definition = proposal.definition
    assert (definition.kind, definition.title, definition.purpose) == (Kind.POLL, "Where?", "Where?")
    assert [(option.number, option.text) for option in definition.options] == [(1, "Café"), (2, "Library")]
    assert (definition.binding, definition.results) == (Binding.ADVICE, Results.LIVE)
    assert (definition.ballot, definition.method) == (BallotType.SINGLE, Method.PLURALITY)
    assert (definition.at_least, definition.at_most) == (1, 1)
    assert (definition.tie, definition.base, definition.secrecy) == (Tie.ORGANISER, Base.CAST, Secrecy.CONFIDENTIAL)
    assert (definition.roll, definition.quorum, definition.majority) == (RollSource.ROOM, None, None)
    assert definition.reminders == (timedelta(hours=24),)
    assert (definition.language, definition.answer_by, definition.seniority) == ("fr", None, None)
    assert (proposal.opens, proposal.closes) == (None, After(timedelta(days=2)))
    assert (proposal.rooms, proposal.yes) == ((), False)


def test_a_vote_hides_partial_counts():
    proposal = proposed(Kind.VOTE, COMPLETE)
    assert proposal.definition.results is Results.CLOSING
    assert proposal.definition.purpose == "Budget 2027"
    assert proposal.closes == At(paris(2026, 11, 27, 20).astimezone(UTC))


def test_everything_a_vote_lacks_is_told_at_once():
    assert refusal(Kind.VOTE, {"binding": "advice"}).facts["missing"] == ("objet", "fermeture")
    refused = refusal(Kind.VOTE, {}, language="en")
    assert (refused.code, refused.facts["n"]) == ("vote-incomplete", 3)
    assert refused.facts["missing"] == ("purpose", "binding", "close")


def test_a_decision_needs_its_article():
    assert refusal(Kind.VOTE, {**COMPLETE, "binding": "decision"}).code == "decision-needs-statutes"
    definition = proposed(Kind.VOTE, {**COMPLETE, "binding": "décision", "statutes": "article 12"}).definition
    assert (definition.binding, definition.statutes) == (Binding.DECISION, "article 12")


def test_every_value_that_can_be_asked_for_today():
    keys = {
        "ballot": "approbation", "method": "approval", "choices": "1-2", "tie": "tirage", "quorum": "33,5 %",
        "majority": "2/3", "base": "votants", "secrecy": "public", "results": "direct", "roll": "salon",
        "seniority": "30 jours", "reminders": "1h, 24h", "lang": "anglais", "yes": "oui", "seats": "1",
        "contest": "aucune", "receipt": "aucun", "add_options": "non", "repeat": "non", "template": "aucun",
        "rooms": "ici, #Bureau , https://t.me/x",
    }  # fmt: skip
    proposal = proposed(Kind.VOTE, COMPLETE | keys, ("A", "B", "C"))
    definition = proposal.definition
    assert (definition.ballot, definition.method) == (BallotType.APPROVAL, Method.APPROVAL)
    assert (definition.at_least, definition.at_most) == (1, 2)
    assert (definition.tie, definition.base, definition.secrecy) == (Tie.DRAW, Base.VOTERS, Secrecy.PUBLIC)
    assert definition.quorum == Quorum(share=Fraction(67, 200))
    assert definition.majority == Majority(Fraction(2, 3), strict=False)
    assert definition.results is Results.LIVE
    assert definition.seniority == timedelta(days=30)
    assert definition.reminders == (timedelta(hours=24), timedelta(hours=1))
    assert definition.language == "en"
    assert proposal.rooms == ("", "#Bureau", "https://t.me/x")
    assert proposal.yes


@pytest.mark.parametrize(
    ("typed", "majority"),
    [
        ("none", None), ("simple", Majority()), ("absolue", Majority(Fraction(1, 2), strict=True)),
        ("Absolute", Majority(Fraction(1, 2), strict=True)), ("60%", Majority(Fraction(3, 5), strict=False)),
        ("3/4", Majority(Fraction(3, 4), strict=False)), ("⅔", Majority(Fraction(2, 3), strict=False)),
    ],
)  # fmt: skip
def test_majorities(typed, majority):
    assert proposed(keys={"majority": typed}).definition.majority == majority


@pytest.mark.parametrize(
    ("typed", "quorum"),
    [("none", None), ("aucun", None), ("20", Quorum(count=20)), ("30%", Quorum(share=Fraction(3, 10))),
     ("1/3", Quorum(share=Fraction(1, 3))), ("100 %", Quorum(share=Fraction(1)))],
)  # fmt: skip
def test_quorums(typed, quorum):
    assert proposed(keys={"quorum": typed}).definition.quorum == quorum


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [("1-", (1, 4)), ("2", (2, 2)), ("1-3", (1, 3)), ("2–3", (2, 3)), ("-3", (1, 3)), ("1 à 2", (1, 2))],
)
def test_choices_of_an_approval_ballot(typed, bounds):
    definition = proposed(keys={"ballot": "approval", "choices": typed}, options=("A", "B", "C", "D")).definition
    assert (definition.at_least, definition.at_most) == bounds


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"quorum": "beaucoup"}, "impossible-quorum"),
        ({"quorum": "0"}, "impossible-quorum"),
        ({"quorum": "120%"}, "impossible-quorum"),
        ({"quorum": "9" * 5000}, "impossible-quorum"),
        ({"majority": "grande"}, "impossible-majority"),
        ({"majority": "3/2"}, "impossible-majority"),
        ({"majority": "1/0"}, "impossible-majority"),
        ({"majority": "0%"}, "impossible-majority"),
        ({"ballot": "approval", "choices": "3"}, "impossible-choices"),
        ({"ballot": "approval", "choices": "2-1"}, "impossible-choices"),
        ({"ballot": "approval", "choices": "0-1"}, "impossible-choices"),
        ({"ballot": "approval", "choices": "-"}, "impossible-choices"),
        ({"choices": "2"}, "choices-need-approval"),
        ({"choices": "1-"}, "choices-need-approval"),
        ({"ballot": "jugment"}, "impossible-value"),
        ({"tie": "pile ou face"}, "impossible-value"),
        ({"lang": "klingon"}, "impossible-value"),
        ({"yes": "peut-être"}, "impossible-value"),
        ({"ballot": "consentement"}, "consent-has-its-options"),
        ({"ballot": "signature"}, "signature-has-no-options"),
        ({"method": "schulze"}, "method-needs-other-ballot"),
        ({"method": "equal-shares"}, "method-for-budgets"),
        ({"method": "approval"}, "method-needs-other-ballot"),
        ({"ballot": "approval", "method": "plurality"}, "method-needs-other-ballot"),
        ({"secrecy": "non relié", "results": "direct"}, "unlinked-excludes"),
        ({"secrecy": "non relié", "add_options": "oui"}, "unlinked-excludes"),
        ({"roll": "fichier, ouverte"}, "impossible-value"),
        ({"roll": "annuaire"}, "impossible-value"),
        ({"roll": "salon", "group": "bureau"}, "group-needs-list"),
        ({"roll": "fichier, salon", "group": "bureau"}, "group-needs-list"),
        ({"receipt": "preuve"}, "impossible-value"),
        ({"receipt": "choix", "secrecy": "public"}, "receipt-public"),
        ({"repeat": "hebdomadaire"}, "not-built"),
        ({"binding": "answer", "roll": "ouverte"}, "open-roll-advisory-only"),
        ({"reminders": "1h,2h,3h,4h,5h,6h"}, "too-many-reminders"),
        ({"reminders": "souvent"}, "duration-unknown"),
        ({"seniority": "3 mois"}, "duration-loose"),
        ({"purpose": "x" * 501}, "text-too-long"),
        ({"purpose": "\u3164"}, "text-empty"),
        ({"rooms": "a\x00"}, "unreadable-characters"),
        ({"close": "vendredi"}, "weekday-without-hour"),
        ({"close": "0 jours"}, "closes-too-soon"),
        ({"open": "samedi 10h", "close": "vendredi 20h"}, "closes-too-soon"),
        ({"open": "hier"}, "date-unknown"),
        ({"close": "vendredi 20h", "answer_by": "jeudi"}, "answer-before-close"),
    ],
)
def test_what_cannot_be_is_refused(keys, code):
    assert refusal(keys=keys).code == code


def test_refusals_repeat_the_key_and_the_value_in_the_language_of_the_room():
    assert refusal(keys={"close": "vendredi"}).facts["said"] == "fermeture : vendredi"
    assert refusal(keys={"close": "vendredi"}, language="en").facts["said"] == "close: vendredi"
    refused = refusal(keys={"secrecy": "secret"})
    assert refused.facts["said"] == "confidentialité : secret"
    assert refused.facts["values"] == ("confidentiel", "public", "non relié")


def test_an_open_roll_is_for_advice():
    assert proposed(keys={"roll": "open"}).definition.roll is RollSource.OPEN
    assert refusal(Kind.VOTE, COMPLETE | {"roll": "open"}).code == "open-roll-advisory-only"


# -- options -----------------------------------------------------------------------------------------------------------


def test_abstention_and_blank_are_recognised():
    options = ("Pour", "Contre", "Abstention", "VOTE BLANC")
    roles = [option.role for option in proposed(options=options).definition.options]
    assert roles == [OptionRole.SUBSTANTIVE, OptionRole.SUBSTANTIVE, OptionRole.ABSTENTION, OptionRole.BLANK]
    for label in ("Je m’abstiens.", "Abstain", "S'abstenir"):
        assert proposed(options=("A", "B", label)).definition.options[2].role is OptionRole.ABSTENTION
    for label in ("Blanc", "Bulletin blanc", "blank"):
        assert proposed(options=("A", "B", label)).definition.options[2].role is OptionRole.BLANK


def test_options_are_counted_and_told_apart():
    assert refusal(Kind.POLL, {}, "Seul").code == "too-few-options"
    assert refusal(Kind.POLL, {}, *(f"option {n}" for n in range(41))).code == "too-many-options"
    assert len(proposed(options=tuple(f"option {n}" for n in range(40))).definition.options) == 40
    assert refusal(Kind.POLL, {}, "Abstention", "Blanc").code == "nothing-to-choose"
    refused = refusal(Kind.POLL, {}, "Oui", "Non", "Оui")
    assert (refused.code, refused.facts["first"]) == ("repeated-option", "Oui")
    assert refusal(Kind.POLL, {}, "A", "\u3164").code == "option-empty"
    assert refusal(title=" ").code == "title-empty"


# -- times -------------------------------------------------------------------------------------------------------------


def test_opening_later():
    proposal = proposed(keys={"open": "demain 18h", "close": "2h"})
    assert proposal.opens == At(paris(2026, 11, 26, 18).astimezone(UTC))
    assert proposal.closes == After(timedelta(hours=2))
    assert proposed(keys={"open": "dans 2 jours"}).opens == At(paris(2026, 11, 27, 14).astimezone(UTC))
    assert proposed(keys={"open": "maintenant"}).opens is None


def test_reminders_that_fit_are_kept():
    assert proposed(keys={"close": "2h"}).definition.reminders == ()
    assert proposed(keys={"close": "2h", "reminders": "24h; 1h; 30min"}).definition.reminders == (
        timedelta(hours=1),
        timedelta(minutes=30),
    )
    assert proposed(keys={"reminders": "aucun"}).definition.reminders == ()


def test_the_promised_answer():
    by = proposed(keys={"close": "vendredi 20h", "answer_by": "12 décembre"}).definition.answer_by
    assert by == paris(2026, 12, 12, 23, 59)
    by = proposed(keys={"close": "vendredi 20h", "answer_by": "15 jours"}).definition.answer_by
    assert by == paris(2026, 12, 12, 20)
    assert proposed(keys={"close": "vendredi 20h"}, answer_days=15).definition.answer_by == paris(2026, 12, 12, 20)
    assert proposed(keys={"close": "2d"}, answer_days=15).definition.answer_by is None
    decision = {**COMPLETE, "binding": "decision", "statutes": "12"}
    assert proposed(Kind.VOTE, decision, answer_days=15).definition.answer_by is None


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_from_a_message_to_a_proposal():
    command = parse(
        "/scrutin Adopter le budget ?\n- Pour\n- Contre\n- Abstention\nobjet : Budget 2027\nportée : avis\n"
        "fermeture : vendredi 20:00\nquorum : 30%\nmajorité : simple\noui"
    )
    assert command is not None
    title, *options = command.arguments
    proposal = proposed(Kind(command.name), dict(command.keys), tuple(options), title=title)
    assert proposal.yes
    assert proposal.definition.majority == Majority()
    assert proposal.definition.options[2].role is OptionRole.ABSTENTION


VALUES = st.one_of(
    st.text(),
    st.sampled_from(["oui", "non", "none", "1", "1-", "2-3", "30%", "2/3", "0/0", "24h", "2d", "1,5h", "maintenant"]),
    st.sampled_from(["vendredi", "vendredi 20h", "demain 18h", "a", "-", ",", ";"]),
    st.sampled_from([value for words in vocabulary.VALUES.values() for pair in words.items() for value in pair]),
)


@given(
    st.sampled_from(list(Kind)),
    st.text(),
    st.lists(st.one_of(st.text(), st.sampled_from(["A", "B", "Abstention"])), max_size=5),
    st.dictionaries(st.sampled_from(sorted(vocabulary.KEYS)), VALUES, max_size=4),
    st.sampled_from(["fr", "en"]),
)
def test_any_wishes_are_proposed_or_refused(kind, title, options, keys, language):
    for typed in (title, "A?"):
        try:
            proposal = proposed(kind, keys, tuple(options), title=typed, language=language, answer_days=15)
        except Refusal:
            continue
        definition = proposal.definition
        assert (definition.debate is not None, definition.opinions is not None) == (
            kind is Kind.DEBATE, kind is Kind.OPINIONS,
        )  # fmt: skip
        assert len({option.text for option in definition.options}) == len(definition.options)
        if kind in {Kind.POLL, Kind.VOTE}:
            assert 1 <= definition.at_least <= definition.at_most <= len(definition.options) >= 2


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ({}, RollSource.ROOM),
        ({"roll": "fichier"}, RollSource.LIST),
        ({"roll": "list"}, RollSource.LIST),
        ({"group": "Bureau"}, RollSource.LIST),
        ({"roll": "codes"}, RollSource.CODES),
        ({"roll": "codes + fichier"}, RollSource.LIST),
        ({"roll": "salon, fichier"}, RollSource.LIST_AND_ROOM),
        ({"roll": "codes, salon"}, RollSource.CODES_AND_ROOM),
    ],
)
def test_the_list_its_groups_and_the_rooms_can_be_asked_for(typed, source):
    made = propose(Kind.POLL, "On ?", ["A", "B"], typed, now=NOW, zone=PARIS, language="fr").definition
    assert (made.roll, made.group) == (source, typed.get("group", ""))
    assert ("group" in definition_facts(made)) is ("group" in typed)


@pytest.mark.parametrize(("source", "known"), [("fichier", False), ("codes", False), ("fichier, salon", True)])
def test_a_list_is_known_beforehand_without_anyone_registering(source, known):
    keys = {"roll": source, "quorum": "30%"}
    made = propose(Kind.POLL, "On ?", ["A", "B"], keys, now=NOW, zone=PARIS, language="fr").definition
    assert made.needs_known_roll is known

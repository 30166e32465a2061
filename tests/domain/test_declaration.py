"""What people may declare about their association, how their answers are read, and what stands without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.charter import ITEMS
from bot.domain.declaration import (
    RULES,
    THREE_QUESTIONS,
    answer_question,
    check_field,
    parse_list,
    unanswered,
    with_defaults,
)
from bot.domain.organisation import Declared, Field
from bot.domain.refusals import Refusal
from tests.disclosures import NOW


def refusal(field: Field, text: str) -> str:
    with pytest.raises(Refusal) as refused:
        check_field(field, text)
    return refused.value.code


def test_every_standing_field_has_a_rule_and_feeds_points_that_exist() -> None:
    assert set(RULES) == set(Field)
    points = {item.id for item in ITEMS}
    assert all(rule.feeds and points.issuperset(rule.feeds) for rule in RULES.values())


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("15", "15"),
        ("15 jours", "15"),
        ("1 day", "1"),
        ("2 semaines", "14"),
        ("3 mois", "90"),
        ("30 j.", "30"),
        ("90d", "90"),
    ],
)
def test_days_are_read_in_both_languages(said: str, days: int) -> None:
    assert check_field(Field.ANSWER_DAYS, said) == str(days)


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        (Field.ANSWER_DAYS, "bientôt", "setup-not-days"),
        (Field.ANSWER_DAYS, "1.5", "setup-not-days"),
        (Field.ANSWER_DAYS, "-3", "setup-not-days"),
        (Field.ANSWER_DAYS, "0", "setup-days-range"),
        (Field.RETENTION_DAYS, "3651", "setup-days-range"),
        (Field.NAME, "A", "setup-too-short"),
        (Field.NAME, "A" * 81, "setup-too-long"),
        (Field.CONTACT, "@a", "setup-too-short"),
        (Field.FUNDING, "x" * 301, "setup-too-long"),
        (Field.NAME, " \u200b ", "setup-empty"),
        (Field.NAME, "Les Amis\x00", "unreadable-characters"),
    ],
)
def test_what_cannot_be_kept_is_refused(field: Field, said: str, code: str) -> None:
    assert refusal(field, said) == code


def test_no_backups_is_an_answer() -> None:
    assert check_field(Field.BACKUP_DAYS, "0 jour") == "0"


@pytest.mark.parametrize(
    ("said", "who", "days"),
    [
        ("le bureau, 15 jours", "le bureau", "15"),
        ("le bureau sous 15 jours", "le bureau", "15"),
        ("Le bureau ; 2 semaines.", "Le bureau", "14"),
        ("the board, within 3 weeks", "the board", "21"),
        ("Chloé et Bruno dans les 8 jours", "Chloé et Bruno", "8"),
        ("le conseil des 12", "le conseil des 12", None),
        ("le bureau", "le bureau", None),
    ],
)
def test_one_answer_may_say_who_answers_and_how_soon(said: str, who: str, days: str | None) -> None:
    stated = answer_question(Field.RESPONDER, said, "Ana", NOW)
    assert stated[Field.RESPONDER] == Declared(who, "Ana", NOW)
    assert stated.get(Field.ANSWER_DAYS) == (Declared(days, "Ana", NOW) if days else None)


def test_an_impossible_delay_refuses_the_whole_answer() -> None:
    with pytest.raises(Refusal) as refused:
        answer_question(Field.RESPONDER, "le bureau, 9000 jours", "Ana", NOW)
    assert refused.value.code == "setup-days-range"


def test_a_list_is_read_whatever_its_accents_case_and_language() -> None:
    found = parse_list(
        "# nous\nNom : Les Amis\n- QUI RÉPOND: le bureau\nRetention-Days: 2 mois\nbase légale: contrat: oui\n\n"
    )
    assert found == {
        Field.NAME: "Les Amis",
        Field.RESPONDER: "le bureau",
        Field.RETENTION_DAYS: "60",
        Field.LEGAL_BASIS: "contrat: oui",
    }


def test_every_field_has_a_key_in_a_list() -> None:
    for field, rule in RULES.items():
        value = "30" if rule.shape == "days" else "ceci"
        for key in (field.value, *rule.names):
            assert parse_list(f"{key}: {value}") == {field: value}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("couleur: bleu\nforme: ronde", "setup-unknown-key"),
        ("nom: A2\nname: B2", "setup-repeated-key"),
        ("les Amis du tilleul", "setup-not-a-pair"),
        ("\n# rien\n", "setup-nothing"),
        ("nom:", "setup-empty"),
    ],
)
def test_a_list_that_is_not_understood_changes_nothing(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_list(text)
    assert refused.value.code == code


def test_all_unknown_keys_are_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        parse_list("couleur: bleu\nnom: Les Amis\nforme: ronde")
    assert refused.value.facts["keys"] == ("couleur", "forme")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_list(text)
    except Refusal:
        return
    assert all(found.values())


@given(st.sampled_from(Field), st.text(max_size=400))
def test_what_is_kept_is_kept_unchanged_when_checked_again(field: Field, text: str) -> None:
    try:
        kept = check_field(field, text)
    except Refusal:
        return
    assert check_field(field, kept) == kept


def test_defaults_stand_visibly_and_nobody_is_named_for_them() -> None:
    filled = with_defaults({Field.ANSWER_DAYS: Declared("8", "Ana", NOW)}, backup_days=14)
    assert filled[Field.ANSWER_DAYS].by == "Ana"
    assert filled[Field.RETENTION_DAYS] == Declared("30")
    assert filled[Field.BACKUP_DAYS] == Declared("14")
    assert filled[Field.RETENTION_DAYS].default


def test_the_three_questions_are_asked_until_answered() -> None:
    assert unanswered({}) == THREE_QUESTIONS
    assert unanswered({Field.CONTACT: Declared("a@b.example", "Ana", NOW)}) == (Field.NAME, Field.RESPONDER)
    assert all(RULES[field].required and not RULES[field].default for field in THREE_QUESTIONS)

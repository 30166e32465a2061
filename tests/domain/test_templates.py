"""Presets: what is typed wins, what a preset says is judged like what is typed, and each mistake is found."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.consultation import Kind
from bot.domain.grammar import preset
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from bot.domain.templates import Template, brought, check, faults, filled, find, named

NOW, PARIS = datetime(2026, 11, 25, 12, tzinfo=UTC), ZoneInfo("Europe/Paris")
AGM = Template("Réunion d'été", Kind.VOTE, {"quorum": "30%", "close": "48h", "ballot": "ranking", "method": "borda"})


def codes(kind, keys):
    found = faults(Template("x", kind, keys), now=NOW, zone=PARIS, language="fr")
    return sorted(fault.code for fault in found)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_the_program_brings_can_be_used_with_what_it_leaves_open(language):
    names = []
    for template in brought(language):
        options = {
            Kind.DATES: ("2027-01-12 18:00", "2027-01-13 18:00"), Kind.BUDGET: ("A: 1", "B: 2"),
        }.get(template.kind, () if template.keys.get("ballot") == "consent" else ("A", "B", "C"))  # fmt: skip
        given = {"template": template.name, "purpose": "x", "statutes": "7"}
        given |= {"amount": "2"} if template.kind is Kind.BUDGET else {}
        keys = filled(template.kind, given, brought(language), language)
        made = propose(template.kind, "Title", options, keys, now=NOW, zone=PARIS, language=language)
        assert made.definition.kind is template.kind
        names.append(template.name)
    assert len(set(names)) == len(names) >= 3


def test_what_is_typed_wins_over_the_preset():
    keys = filled(Kind.VOTE, {"template": "reunion d’ete", "quorum": "3"}, [AGM], "fr")
    assert keys == {"quorum": "3", "close": "48h", "ballot": "ranking", "method": "borda"}


def test_a_ballot_typed_takes_away_what_only_the_presets_own_could_mean():
    assert filled(Kind.VOTE, {"template": AGM.name, "ballot": "approval"}, [AGM], "fr") == {
        "quorum": "30%", "close": "48h", "ballot": "approval",
    }  # fmt: skip


def test_no_preset_asked_for_is_none():
    assert filled(Kind.POLL, {"template": "aucun", "tie": "draw"}, [AGM], "fr") == {"tie": "draw"}


def test_a_preset_is_for_its_kind_and_must_be_there():
    with pytest.raises(Refusal, match="template-other-kind") as refused:
        filled(Kind.POLL, {"template": AGM.name}, [AGM], "fr")
    assert refused.value.facts["kind"] == "scrutin"
    with pytest.raises(Refusal, match="no-such-template") as refused:
        find("other", [AGM])
    assert refused.value.facts["names"] == (AGM.name,)


def test_the_programs_presets_answer_to_their_names_in_any_language_but_ones_own_comes_first():
    assert find("bureau", []).keys == find("board", []).keys
    own = Template("Board", Kind.POLL, {})
    assert find("board", [own]) is own


@pytest.mark.parametrize(
    ("kind", "keys", "expected"),
    [
        (Kind.VOTE, {}, []),
        (Kind.VOTE, {"binding": "decision"}, []),
        (Kind.VOTE, {"ballot": "approval", "choices": "1-12"}, []),
        (Kind.DEBATE, {"phases": "arguments 2j, conclusion 1j"}, []),
        (Kind.OPINIONS, {"minimum": "5"}, []),
        (Kind.VOTE, {"yes": "yes", "open": "now", "template": "x"}, ["key-not-for-template"] * 3),
        (Kind.VOTE, {"quorum": "x", "majority": "7/2", "tie": "draw"}, ["impossible-majority", "impossible-quorum"]),
        (Kind.VOTE, {"ballot": "paper", "method": "schulze"}, ["impossible-value"]),
        (Kind.DEBATE, {"quorum": "3", "signing": "name"}, ["key-not-for-kind"]),
        (Kind.POLL, {"secrecy": "unlinked", "results": "live"}, ["unlinked-excludes"]),
    ],
)
def test_every_mistake_of_a_preset_is_found(kind, keys, expected):
    assert codes(kind, keys) == expected


def test_a_preset_is_refused_for_its_first_mistake():
    with pytest.raises(Refusal, match="impossible-quorum"):
        check(Template("x", Kind.VOTE, {"quorum": "many"}), now=NOW, zone=PARIS, language="en")


@pytest.mark.parametrize("name", ["save", "Drop", "SUPPRIMER", "enregistrer", "none", "aucun", "quorum:", "-", "--x"])
def test_some_words_are_no_names(name):
    with pytest.raises(Refusal, match="template-name"):
        named(name)


def test_a_name_is_cleaned_and_short():
    assert named("  AG   d'été ") == "AG d'été"
    with pytest.raises(Refusal, match="text-too-long"):
        named("x" * 41)


@pytest.mark.parametrize(
    "text",
    [
        '"AG d\'été" scrutin --quorum 30% --portée avis',
        "« AG d'été » /scrutin\nquorum : 30%\n—portee avis",
        "“AG d'été” vote quorum: 30%\nportée: avis",
    ],
)
def test_a_preset_is_written_in_either_form(text):
    made = preset(text)
    assert (named(made.name), made.creates) == ("AG d'été", "vote")
    assert made.keys == {"quorum": "30%", "binding": "avis"}


def test_what_a_preset_creates_may_be_left_out():
    assert preset("AG --quorum 3").creates is None
    assert preset("AG").keys == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "template-needs-name"),
        ("--quorum 3", "template-needs-name"),
        ("AG bonjour", "template-line"),
        ("AG\n- Pour", "template-line"),
        ("AG\nqurum: 3", "unknown-key-near"),
        ("AG --quorum 3 --quorum 4", "repeated-key"),
        ("AG --quorum", "value-missing"),
        ("x" * 8001, "message-too-long"),
    ],
)
def test_what_is_no_preset_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        preset(text)
    assert refused.value.code == code

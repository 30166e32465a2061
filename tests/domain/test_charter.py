"""What a disclosure claims, what it admits it can't, and when it forbids the opening."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from bot.domain.charter import (
    ITEMS,
    Disclosure,
    Status,
    disclose,
    disclosure_digest,
    from_facts,
    missing_facts,
    required_missing,
    to_facts,
)
from bot.domain.charter_duties import NOT_BUILT
from bot.domain.consultation import Base, Definition, Kind, Majority, Quorum, Results, Secrecy
from bot.domain.debate.model import Budget, Measure, Phase, Review, Signing, Stage
from bot.domain.opinions.model import OpinionRules
from bot.domain.organisation import Declared, Field, Instance, Organisation
from tests.disclosures import (
    ASSOCIATION,
    BLIND_GROUP,
    DECLARATION,
    GROUP,
    INSTANCE,
    NOW,
    PLAIN_ROOM,
    REHEARSAL,
    ROOM,
    circumstances,
    consultation,
    debate,
    debate_rules,
    decision,
    opinions,
    poll,
    vote,
)


def made(definition: Definition, *rooms: object, organisation: Organisation = ASSOCIATION) -> Disclosure:
    return disclose(consultation(definition), organisation, INSTANCE, circumstances(*rooms))


def keys(disclosure: Disclosure, item: str) -> list[str]:
    state = disclosure.item(item)
    return [said.key for said in (*state.says, *state.more)]


def declaring(**facts: str) -> Organisation:
    stated = {Field(name): Declared(words, "Ana", NOW) for name, words in facts.items()}
    return replace(ASSOCIATION, declaration={**DECLARATION, **stated})


def test_list_is_that_of_the_project(test_data: Path) -> None:
    source = test_data.parent / "charter" / "items.yaml"
    if not source.is_file():
        pytest.skip(f"the test data come without the charter's list ({source})")
    theirs = yaml.safe_load(source.read_text(encoding="utf-8"))["charter_disclosures"]
    assert [item.id for item in ITEMS] == [entry["id"] for entry in theirs]
    for item, entry in zip(ITEMS, theirs, strict=True):
        applies = entry["applies_to"]
        assert item.level == entry["level"], item.id
        assert item.applies_to == ((applies,) if isinstance(applies, str) else tuple(applies)), item.id
        assert (item.mode, item.pin) == (entry["mode"], entry["pin"]), item.id
        assert (item.node, item.tier) == (entry["node"] or "", entry["tier"]), item.id
        assert item.tiers == tuple(sorted(entry.get("tiers", {}))), item.id
        assert (item.principle, list(item.parties)) == (entry["principle"], entry["party"]), item.id


@pytest.mark.parametrize(
    ("definition", "kinds"),
    [
        (poll(), {"poll"}),
        (vote(), {"vote"}),
        (decision(), {"vote", "ga_vote"}),
        (debate(), {"debate", "poll"}),
    ],
    ids=["poll", "vote", "decision", "debate"],
)
def test_every_point_stands_and_only_those_of_the_kind_apply(definition: Definition, kinds: set[str]) -> None:
    disclosure = made(definition)
    assert [state.id for state in disclosure.items] == [item.id for item in ITEMS]
    applying = {item.id for item in ITEMS if "all" in item.applies_to or kinds & set(item.applies_to)}
    concerned = {state.id for state in disclosure.items if state.status is not Status.NOT_APPLICABLE}
    assert concerned == applying
    counts = disclosure.counts
    assert counts.guaranteed + counts.declared + counts.not_declared == len(applying)


def test_what_is_not_built_is_never_claimed() -> None:
    for definition in (poll(), vote(), decision(), debate(), opinions()):
        built = {"ENG-09", "TRA-13"} if definition.kind in {Kind.DEBATE, Kind.OPINIONS} else set()
        for state in made(definition).items:
            if state.id in set(NOT_BUILT) - built:
                assert state.status in {Status.NOT_DECLARED, Status.NOT_APPLICABLE}, state.id


def test_declared_points_name_who_said_so_or_are_marked_as_defaults() -> None:
    for state in made(decision(), organisation=declaring(meetings="au local", incidents="le bureau prévient")).having(
        Status.DECLARED
    ):
        assert bool(state.by) is not state.default, state.id


def test_a_default_is_counted_as_such_until_someone_states_the_fact() -> None:
    assert made(poll()).item("TRA-09").default
    stated = made(poll(), organisation=declaring(retention_days="60"))
    assert (stated.item("TRA-09").default, stated.item("TRA-09").by) == (False, "Ana")
    assert stated.counts.defaults == made(poll()).counts.defaults - 1  # only TRA-09 is declared from it


def test_data_are_erased_so_many_days_after_the_answer_is_due() -> None:
    due = NOW + timedelta(days=20)
    said = made(poll(answer_by=due), organisation=declaring(retention_days="60")).item("TRA-09").says
    assert [each.facts["day"] for each in said] == [due + timedelta(days=60)]


def test_without_a_promised_date_the_delay_counts_from_the_closing_even_a_relative_one() -> None:
    lasting = consultation(poll(), closes_at=None, lasts=timedelta(days=2))
    disclosure = disclose(lasting, declaring(answer_days="15"), INSTANCE, circumstances())
    assert disclosure.item("ENG-08").says[0].facts["day"] == lasting.opens_at + timedelta(days=17)
    assert keys(disclosure, "TRA-02")[0] == "when.lasts"


def test_complete_consultations_may_open() -> None:
    for definition in (poll(), vote(), decision(), debate(), opinions()):
        assert required_missing(made(definition)) == ()


def test_nothing_opens_without_what_only_people_know() -> None:
    nobody = disclose(
        consultation(decision(purpose="", statutes=""), closes_at=None),
        Organisation(1, "fr", "Europe/Paris"),
        Instance("", "", "", "", "1.4.2", "a1b2"),
        circumstances(),
    )
    assert set(missing_facts(nobody)) == {
        "name", "contact", "responder", "operator_name", "operator_contact", "hosting", "source_url",
        "vote_purpose", "close", "statutes",
    }  # fmt: skip
    assert required_missing(nobody) == ("ENG-01", "ENG-02", "TRA-01", "TRA-02", "TRA-05", "TRA-06", "ENG-08", "GA-01")
    for item in required_missing(nobody):
        assert nobody.item(item).status is Status.NOT_DECLARED


def test_a_blank_answer_does_not_hide_a_default() -> None:
    blank = replace(ASSOCIATION, declaration={**DECLARATION, Field.RETENTION_DAYS: Declared("", "Ana", NOW)})
    assert required_missing(made(poll(), organisation=blank)) == ()


@pytest.mark.parametrize(("rooms", "tier"), [((GROUP,), 2), ((ROOM,), 2), ((REHEARSAL,), 1), ((REHEARSAL, GROUP), 2)])
def test_whoever_carries_the_messages_is_a_third_party(rooms: tuple[object, ...], tier: int) -> None:
    assert made(poll(), *rooms).item("TRA-08").tier == tier


@pytest.mark.parametrize(
    ("licence", "tier"), [("ODbL 1.0", 1), ("Licence Ouverte", 2), ("pas ouvertes : consultation interne", None)]
)
def test_licences_have_the_tiers_of_the_map(licence: str, tier: int | None) -> None:
    assert made(poll(), organisation=declaring(data_licence=licence)).item("COL-02").tier == tier


def test_newcomers_are_told_apart_only_where_the_bot_sees_them() -> None:
    assert "who.late" in keys(made(poll(), GROUP), "PAR-06")
    assert "who.blind" in keys(made(poll(), BLIND_GROUP), "PAR-06")
    mixed = made(poll(), BLIND_GROUP, ROOM).item("PAR-06").says
    assert [each.facts["rooms"] for each in mixed if each.key == "who.blind-rooms"] == [("Bureau",)]


def test_accounts_on_both_platforms_are_two_votes_and_it_says_so() -> None:
    assert "one.platforms" in keys(made(poll(), GROUP, ROOM), "PAR-05")
    assert keys(made(poll(), GROUP, BLIND_GROUP), "PAR-05")[:2] == ["one.account", "one.rooms"]


def test_the_least_protected_room_of_a_platform_is_the_one_spoken_of() -> None:
    for rooms in ((ROOM, PLAIN_ROOM), (PLAIN_ROOM, ROOM)):
        read = [key for key in keys(made(poll(), *rooms), "PAR-08") if key.startswith("reads.")]
        assert read == ["reads.matrix"]


def test_no_level_is_called_secret() -> None:
    assert "sees.not-secret" in keys(made(vote()), "PAR-08")
    assert keys(made(vote(secrecy=Secrecy.PUBLIC)), "PAR-08")[0] == "sees.public"


def test_backups_last_as_long_as_the_longer_of_both_statements() -> None:
    longer = made(poll(), organisation=declaring(backup_days="30"))
    shorter = made(poll(), organisation=declaring(backup_days="1"))
    assert longer.item("PAR-08").says[0].facts["n"] == 30
    assert shorter.item("PAR-08").says[0].facts["n"] == INSTANCE.backup_days


@pytest.mark.parametrize(
    ("majority", "needed"),
    [
        (Majority(Fraction(1, 2)), 31),
        (Majority(Fraction(1, 2), strict=False), 30),
        (Majority(Fraction(2, 3), strict=False), 40),
        (Majority(Fraction(59, 100), strict=False), 36),
        (Majority(Fraction(59, 100)), 36),
    ],
)
def test_majorities_of_a_known_roll_come_with_the_number(majority: Majority, needed: int) -> None:
    said = made(vote(majority=majority, base=Base.ROLL), ROOM).item("TRA-01").says
    assert [each.facts for each in said if each.key == "needs.today"] == [{"n": needed, "roll": 60}]


def test_numbers_are_not_worked_out_from_a_roll_nobody_can_list() -> None:
    said = keys(
        made(vote(quorum=Quorum(share=Fraction(3, 10)), majority=Majority(Fraction(1, 2)), base=Base.ROLL)), "TRA-01"
    )
    assert "quorum.share" in said
    assert "needs.today" not in said


def test_a_disclosure_is_kept_as_it_was_made() -> None:
    full = declaring(**{field.value: "30" for field in Field if field not in DECLARATION})
    definition = decision(quorum=Quorum(share=Fraction(1, 3)), majority=Majority(Fraction(2, 3), strict=False),
                          seniority=timedelta(days=90))  # fmt: skip
    rules = debate_rules(turn=Budget(180, Measure.SECONDS), lists=("a", "b"), grounds=("pub",), vote=True)
    deliberations = (made(debate(rules)), made(opinions()))
    for disclosure in (made(poll()), made(definition, GROUP, ROOM, REHEARSAL, organisation=full), *deliberations):
        assert from_facts(json.loads(json.dumps(to_facts(disclosure)))) == disclosure


def test_facts_that_are_not_a_disclosure_are_refused() -> None:
    facts = to_facts(made(poll()))
    facts["items"][0]["says"][0]["facts"]["name"] = {"formula": "1+1"}
    with pytest.raises(ValueError, match="not a fact"):
        from_facts(facts)


def test_the_digest_covers_the_definition_and_everything_disclosed() -> None:
    first = made(poll())
    changed = [
        made(poll(title="Quel autre projet ?")),
        made(poll(), replace(GROUP, count=44)),
        made(poll(), organisation=declaring(contact="autre@tilleul.example")),
        disclose(consultation(poll(), closes_at=NOW + timedelta(days=4)), ASSOCIATION, INSTANCE, circumstances()),
        disclose(consultation(poll()), ASSOCIATION, replace(INSTANCE, revision="fffff"), circumstances()),
    ]
    assert len({first.digest, *(each.digest for each in changed)}) == len(changed) + 1
    assert made(poll()).digest == first.digest


def test_anyone_can_work_the_digest_out_again() -> None:
    disclosure = made(vote(), ROOM)
    assert disclosure_digest(vote(), from_facts(to_facts(disclosure))) == disclosure.digest
    assert len(disclosure.digest) == 64


def test_the_kinds_here_are_those_the_bot_runs() -> None:
    ruled = {Kind.POLL, Kind.VOTE, Kind.BUDGET, Kind.DATES, Kind.DEBATE, Kind.OPINIONS}
    assert ruled == set(Kind), "a new kind needs the rules of the points that apply to it"


# -- debates and opinion maps ------------------------------------------------------------------------------------------
def test_a_debate_says_its_phases_and_how_long_each_lasts() -> None:
    stages = (Stage(Phase.ARGUMENTS, timedelta(days=2)), Stage(Phase.CONCLUSION, timedelta(hours=3)))
    said = made(debate(debate_rules(stages=stages))).item("TRA-01").says
    assert [each.facts["stages"] for each in said if each.key == "stages"] == [("arguments 172800", "conclusion 10800")]
    by_hand = made(debate(debate_rules(stages=(Stage(Phase.ARGUMENTS), Stage(Phase.DISCUSSION)))))
    told = [each for each in by_hand.item("TRA-01").says if each.key == "stages.by-hand"]
    assert [each.facts["stages"] for each in told] == [("arguments", "discussion")]


@pytest.mark.parametrize("signing", list(Signing))
def test_it_says_whose_name_stands_beside_an_argument(signing: Signing) -> None:
    disclosure = made(debate(debate_rules(signing=signing)))
    assert keys(disclosure, "PAR-08")[0] == f"signed.{signing}"
    assert keys(disclosure, "PAR-09") == [f"signing.{signing}"]
    may_sign = disclosure.item("PAR-09").status is Status.GUARANTEED
    assert may_sign is (signing is not Signing.ANONYMOUS)


@pytest.mark.parametrize("review", list(Review))
def test_moderation_says_when_on_which_grounds_how_to_appeal_and_what_the_bot_cannot_see(review: Review) -> None:
    for definition in (
        debate(debate_rules(review=review, grounds=("pub",), reports=4)),
        opinions(OpinionRules(review=review, grounds=("pub",), reports=4)),
    ):
        state = made(definition).item("TRA-17")
        assert [each.key for each in state.says] == [
            f"moderated.{review}", "moderated.grounds", "moderated.appeal", "moderated.unseen",
        ]  # fmt: skip
        assert state.says[1].facts["grounds"] == ("pub",)
        assert [each.facts["n"] for each in state.more if each.key == "moderated.reports"] == [4]


def test_a_conclusion_nobody_can_comment_on_is_not_said_to_be_reviewed() -> None:
    arguing = (Stage(Phase.ARGUMENTS, timedelta(days=1)),)
    assert keys(made(debate()), "ENG-09")[0] == "synthesis.reviewed"
    unreviewed = debate(debate_rules(stages=arguing, opinion=False))
    assert keys(made(unreviewed), "ENG-09")[0] == "synthesis.at-closing"
    assert "opinion-twice" not in keys(made(unreviewed), "TRA-01")
    assert "partial.opinion" not in keys(made(unreviewed), "PAR-10")


def test_a_vote_that_will_follow_is_announced() -> None:
    assert "vote-follows" not in keys(made(debate()), "TRA-01")
    said = made(debate(debate_rules(vote=True, vote_lasts=timedelta(days=3)))).item("TRA-01").says
    assert [each.facts["lasts"] for each in said if each.key == "vote-follows"] == [timedelta(days=3)]


@pytest.mark.parametrize(
    ("turn", "key"),
    [
        (Budget(180, Measure.SECONDS), "speaking.turn.lasting"),
        (Budget(5, Measure.MESSAGES), "speaking.turn.messages"),
        (Budget(600, Measure.CHARACTERS), "speaking.turn.characters"),
    ],
)
def test_the_rules_of_the_floor_are_told(turn: Budget, key: str) -> None:
    rules = debate_rules(turn=turn, alternate=True, lists=("a", "b"))
    told = keys(made(debate(rules)), "TRA-01")
    assert {"speaking.fair", "speaking.alternate", "speaking.lists", "speaking.room", key} <= set(told)
    assert key not in keys(made(debate()), "TRA-01")
    unsigned = debate(debate_rules(turn=turn, signing=Signing.PSEUDONYM))
    assert not [each for each in keys(made(unsigned), "TRA-01") if each.startswith("speaking.")]


@pytest.mark.parametrize("results", list(Results))
def test_an_opinion_map_says_when_it_can_be_seen_and_the_smallest_group(results: Results) -> None:
    disclosure = made(opinions(OpinionRules(minimum=7), results=results))
    assert keys(disclosure, "PAR-10") == [f"partial.opinions.{results}"]
    said = disclosure.item("TRA-01").says
    assert [each.facts["n"] for each in said if each.key == "groups.minimum"] == [7]
    assert disclosure.item("COL-04").status is Status.NOT_APPLICABLE


def test_what_the_database_keeps_is_said_in_the_words_of_the_kind() -> None:
    for definition, kind in ((debate(), "debate"), (opinions(), "opinions")):
        disclosure = made(definition)
        assert f"data.categories.{kind}" in keys(disclosure, "TRA-09")
        assert keys(disclosure, "TRA-10")[0] == f"erasure.{kind}"
        assert keys(disclosure, "TRA-14") == [f"intact.{kind}"]

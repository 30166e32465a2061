"""From what was typed to a debate or an opinion map: defaults, values, and everything refused with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import Binding, Kind, OptionRole, Results, Secrecy
from bot.domain.dates import After, At
from bot.domain.debate.model import Budget, DebateRules, Measure, Phase, Review, Signing, Stage
from bot.domain.grammar import parse
from bot.domain.opinions.model import OpinionRules
from bot.domain.proposal import Proposal, propose
from bot.domain.refusals import Refusal
from bot.domain.roll_sources import RollSource

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=PARIS).astimezone(UTC)
DAY = timedelta(days=1)


def proposed(keys=None, options=(), *, kind=Kind.DEBATE, language="fr") -> Proposal:
    return propose(kind, "Faut-il un local ?", options, keys or {}, now=NOW, zone=PARIS, language=language)


def rules(**keys: str) -> DebateRules:
    found = proposed(keys).definition.debate
    assert found is not None
    return found


def map_rules(**keys: str) -> OpinionRules:
    found = proposed(keys, kind=Kind.OPINIONS).definition.opinions
    assert found is not None
    return found


def refusal(keys, options=(), **given) -> Refusal:
    with pytest.raises(Refusal) as refused:
        proposed(keys, options, **given)
    return refused.value


def test_a_debate_needs_a_question_only():
    proposal = proposed()
    definition = proposal.definition
    assert (definition.options, definition.binding, definition.results) == ((), Binding.ADVICE, Results.LIVE)
    assert (definition.secrecy, definition.purpose) == (Secrecy.CONFIDENTIAL, "Faut-il un local ?")
    assert (proposal.closes, definition.opinions) == (After(7 * DAY), None)
    hours = [21, 84, 42, 21]
    stages = tuple(Stage(phase, timedelta(hours=n)) for phase, n in zip(Phase, hours, strict=True))
    assert definition.debate == DebateRules(stages)


def test_an_opinion_map_needs_a_question_only():
    proposal = proposed(kind=Kind.OPINIONS)
    assert (proposal.definition.options, proposal.closes) == ((), After(7 * DAY))
    assert (proposal.definition.opinions, proposal.definition.debate) == (OpinionRules(), None)
    closed = proposed({"results": "clôture"}, kind=Kind.OPINIONS).definition
    assert (closed.results, proposal.definition.results) == (Results.CLOSING, Results.LIVE)


def test_every_value_of_a_debate():
    found = rules(
        signing="pseudonyme", moderation="avant", grounds="insulte, hors sujet, Insulte", reports="2", length="500",
        each="3", minimum="10", turn="3 min", alternate="oui", lists="étudiants, personnel", opinion="non",
        final_vote="3 jours",
    )  # fmt: skip
    assert (found.signing, found.review, found.grounds) == (Signing.PSEUDONYM, Review.BEFORE, ("insulte", "hors sujet"))
    assert (found.reports, found.length, found.each, found.minimum) == (2, 500, 3, 10)
    assert (found.turn, found.alternate) == (Budget(180, Measure.SECONDS), True)
    assert (found.lists, found.opinion) == (("étudiants", "personnel"), False)
    assert (found.vote, found.vote_lasts) == (True, 3 * DAY)


def test_every_value_of_an_opinion_map():
    found = map_rules(moderation="before", grounds="insulte", reports="5", length="200", each="10", minimum="3")
    assert found == OpinionRules(Review.BEFORE, ("insulte",), 5, 200, 10, 3)


@pytest.mark.parametrize(
    ("typed", "budget"),
    [
        ("aucun", None), ("5 messages", Budget(5, Measure.MESSAGES)), ("1 message", Budget(1, Measure.MESSAGES)),
        ("600 caractères", Budget(600, Measure.CHARACTERS)), ("600 characters", Budget(600, Measure.CHARACTERS)),
        ("1h30", Budget(5400, Measure.SECONDS)),
    ],
)  # fmt: skip
def test_turns_to_speak(typed, budget):
    assert rules(turn=typed).turn == budget


# -- phases ------------------------------------------------------------------------------------------------------------


def test_phases_with_their_lengths_say_when_it_closes():
    proposal = proposed({"phases": "information 1j, arguments 2 jours, conclusion: 12h"})
    assert proposal.definition.debate is not None
    assert proposal.definition.debate.stages == (
        Stage(Phase.INFORMATION, DAY), Stage(Phase.ARGUMENTS, 2 * DAY), Stage(Phase.CONCLUSION, DAY / 2),
    )  # fmt: skip
    assert proposal.closes == After(3.5 * DAY)


def test_phases_by_hand_still_close_on_a_date():
    for typed in ("manual", "à la main"):
        proposal = proposed({"phases": typed, "close": "vendredi 20h"})
        assert proposal.definition.debate is not None
        assert proposal.definition.debate.stages == tuple(Stage(phase) for phase in Phase)
        assert proposal.closes == At(datetime(2026, 11, 27, 20, tzinfo=PARIS).astimezone(UTC))
    assert proposed({"phases": "manual"}).closes == After(7 * DAY)


def test_phases_named_alone_share_the_time():
    stages = proposed({"phases": "arguments, conclusion", "close": "5 jours"}).definition.debate.stages
    assert stages == (Stage(Phase.ARGUMENTS, 4 * DAY), Stage(Phase.CONCLUSION, DAY))


@given(st.integers(1, 100_000), st.sets(st.sampled_from(Phase)))
def test_shared_time_never_exceeds_the_debate(minutes, others):
    order = [phase for phase in Phase if phase in others | {Phase.ARGUMENTS}]
    stages = proposed({"phases": ", ".join(order), "close": f"{minutes} min"}).definition.debate.stages
    assert all(stage.lasts > timedelta(0) for stage in stages)
    left = timedelta(minutes=minutes) - sum((stage.lasts for stage in stages), timedelta())
    assert abs(left) <= timedelta(hours=1, seconds=len(stages))  # an hour where clocks change


def test_without_a_conclusion_no_second_opinion_is_promised():
    assert not rules(phases="arguments 1j").opinion
    assert rules(phases="arguments 1j, conclusion 1j").opinion
    assert refusal({"phases": "arguments 1j", "opinion": "oui"}).code == "opinion-needs-conclusion"


# -- options -----------------------------------------------------------------------------------------------------------


def test_the_vote_after_a_debate_has_its_options():
    assert refusal({}, ("Oui", "Non")).code == "debate-options-need-final-vote"
    assert refusal({"final_vote": "non"}, ("Oui", "Non")).code == "debate-options-need-final-vote"
    own = proposed({"final_vote": "yes"}, ("Louer", "Acheter")).definition
    assert [option.text for option in own.options] == ["Louer", "Acheter"]
    motion = proposed({"final_vote": "yes"}).definition.options
    assert [option.text for option in motion] == ["Pour", "Contre", "Abstention"]
    assert motion[2].role is OptionRole.ABSTENTION
    assert proposed({"final_vote": "yes", "lang": "en"}).definition.options[0].text == "For"
    assert refusal({"final_vote": "yes"}, ("Seule",)).code == "too-few-options"


def test_first_statements_of_an_opinion_map():
    found = proposed(options=("Ouvrir le soir", "Ouvrir le dimanche"), kind=Kind.OPINIONS).definition.options
    assert [(option.number, option.text) for option in found] == [(1, "Ouvrir le soir"), (2, "Ouvrir le dimanche")]
    for texts, code in (
        (tuple(f"affirmation {n}" for n in range(41)), "too-many-statements"),
        (("Ouvrir le soir", "ouvrir le SOIR"), "repeated-statement"),
        (("x" * 141,), "text-too-long"),
        (("\u3164",), "text-empty"),
    ):
        assert refusal({}, texts, kind=Kind.OPINIONS).code == code
    assert len(proposed({"length": "200"}, ("x" * 141,), kind=Kind.OPINIONS).definition.options[0].text) == 141


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"phases": "arguments 2j", "close": "5 jours"}, "close-or-phases"),
        ({"phases": "débat 2j"}, "phases-unknown"),
        ({"phases": "arguments 2j, conclusion"}, "phases-unknown"),
        ({"phases": "conclusion 1j, arguments 1j"}, "phases-out-of-order"),
        ({"phases": "arguments 1j, arguments 1j"}, "phases-out-of-order"),
        ({"phases": "information 1j, conclusion 1j"}, "phases-need-arguments"),
        ({"phases": ","}, "phases-need-arguments"),
        ({"phases": "arguments 0 jours"}, "phase-too-short"),
        ({"phases": "arguments longtemps"}, "duration-unknown"),
        ({"phases": "arguments 3 mois"}, "duration-loose"),
        ({"signing": "initiales"}, "impossible-value"),
        ({"moderation": "parfois"}, "impossible-value"),
        ({"reports": "0"}, "impossible-number"),
        ({"length": "39"}, "impossible-number"),
        ({"length": "1001"}, "impossible-number"),
        ({"length": "court"}, "impossible-number"),
        ({"each": "9" * 500}, "impossible-number"),
        ({"minimum": "2"}, "impossible-number"),
        ({"turn": "longtemps"}, "turn-unknown"),
        ({"turn": "0 messages"}, "turn-unknown"),
        ({"turn": "3 mois"}, "turn-unknown"),
        ({"alternate": "parfois"}, "impossible-value"),
        ({"lists": "pour, étudiants"}, "list-name-taken"),
        ({"lists": ",".join(f"liste {n}" for n in range(20))}, "too-many-names"),
        ({"grounds": "x" * 61}, "text-too-long"),
        ({"final_vote": "0 jours"}, "final-vote-too-short"),
        ({"final_vote": "peut-être"}, "duration-unknown"),
        ({"quorum": "30%"}, "key-not-for-kind"),
        ({"secrecy": "public"}, "key-not-for-kind"),
        ({"results": "closing"}, "key-not-for-kind"),
        ({"binding": "décision"}, "decision-needs-statutes"),
        ({"repeat": "hebdomadaire"}, "not-built"),
    ],
)
def test_what_cannot_be_is_refused(keys, code):
    assert refusal(keys).code == code


def test_a_setting_of_another_kind_is_refused_by_name():
    refused = refusal({"quorum": "30%"})
    assert (refused.facts["said"], refused.facts["kind"]) == ("quorum : 30%", "debat")
    assert refusal({"phases": "manual"}, kind=Kind.OPINIONS).code == "key-not-for-kind"
    assert refusal({"signing": "name"}, ("A", "B"), kind=Kind.POLL, language="en").facts["kind"] == "poll"
    for key in ("phases", "signing", "length", "minimum", "final_vote", "lists"):
        assert refusal({key: "1"}, ("A", "B"), kind=Kind.VOTE).code == "key-not-for-kind"


def test_an_open_roll_is_for_advice():
    assert proposed({"roll": "ouverte"}).definition.roll is RollSource.OPEN
    assert refusal({"roll": "ouverte", "binding": "réponse"}).code == "open-roll-advisory-only"


def test_from_a_message_to_a_debate():
    command = parse(
        "/débat Faut-il un local ?\n- Louer\n- Attendre\nétapes : arguments 2 jours, conclusion 1 jour\n"
        "signature : anonyme\nmotifs : insulte, hors sujet\nvote_final\noui"
    )
    assert command is not None
    title, *options = command.arguments
    proposal = propose(
        Kind(command.name), title, options, dict(command.keys), now=NOW, zone=PARIS, language="fr"
    )  # fmt: skip
    found = proposal.definition.debate
    assert found is not None
    assert (found.signing, found.vote, found.vote_lasts) == (Signing.ANONYMOUS, True, 2 * DAY)
    assert proposal.yes
    assert len(proposal.definition.options) == 2

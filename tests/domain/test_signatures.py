"""A text to sign: one option that comes with it, signatures added up, a number asked reached or not."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal, amend
from bot.domain.consultation import BallotType, Definition, Kind, Method, Quorum, Results, State
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from bot.domain.results import Verdict, conclude
from bot.domain.typed_ballots import read
from bot.text.catalogue import Speech
from bot.text.counting.verdicts import verdict_sentence
from bot.text.rules import turnout_sentence
from tests.domain.votes import NOW, concluded, consultation

PARIS = ZoneInfo("Europe/Paris")


def asked(keys: Mapping[str, str], options: tuple[str, ...] = (), language: str = "en") -> Definition:
    typed = {"ballot": "signature", **keys}
    made = propose(Kind.POLL, "For a bike shed", options, typed, now=NOW, zone=PARIS, language=language)
    return made.definition


@pytest.mark.parametrize(("language", "word"), [("en", "I sign"), ("fr", "Je signe")])
def test_it_brings_its_one_option(language: str, word: str) -> None:
    made = asked({}, language=language)
    assert [(option.number, option.text) for option in made.options] == [(1, word)]
    assert (made.ballot, made.method) == (BallotType.SIGNATURE, Method.SIGNATURE)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("majority", "simple"), ("base", "roll"), ("tie", "draw"), ("choices", "1"), ("seats", "2"),
        ("method", "plurality"), ("early", "1h"), ("second_round", "1d"), ("quorum", "30% present"),
    ],
)  # fmt: skip
def test_what_means_nothing_for_signatures_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked({key: value})
    assert caught.value.code == "key-not-for-signature"
    assert value in str(caught.value.facts["said"])


def test_it_takes_no_options() -> None:
    with pytest.raises(Refusal) as caught:
        asked({}, ("Yes", "No"))
    assert caught.value.code == "signature-has-no-options"


@pytest.mark.parametrize("text", ["1", "sign", "Sign!", "I sign", "yes", "oui", "Je signe", "signer"])
def test_every_word_that_signs(text: str) -> None:
    assert read(text, asked({})) == Answer((1,))


@pytest.mark.parametrize("text", ["no", "2", "perhaps"])
def test_nothing_else_signs(text: str) -> None:
    made = asked({})
    with pytest.raises(Refusal):
        amend(made, None, read(text, made))


def test_pressing_twice_signs_once_and_a_signature_is_withdrawn() -> None:
    made = asked({})
    assert amend(made, (1,), Press(1)) == (1,)
    assert read("-", made) == Withdrawal()
    assert amend(made, (1,), Withdrawal()) is None


@pytest.mark.parametrize(
    ("signed", "quorum", "verdict", "words"),
    [
        (0, None, Verdict.NO_VOTES, "0 people signed."),
        (1, None, Verdict.PASSED, "1 person signed."),
        (99, Quorum(count=100), Verdict.NO_QUORUM, "Threshold not reached: 99 signatures, 100 asked."),
        (100, Quorum(count=100), Verdict.PASSED, "Threshold reached: 100 signatures, 100 asked."),
        (30, Quorum(share=Fraction(3, 10)), Verdict.PASSED, "Threshold reached: 30 signatures, 30 asked."),
    ],
)
def test_the_result_says_whether_the_number_is_reached(
    signed: int, quorum: Quorum | None, verdict: Verdict, words: str
) -> None:
    from dataclasses import replace

    made = replace(asked({}), quorum=quorum)
    result = concluded(made, {(1,): signed} if signed else {})
    assert result.verdict is verdict
    one = consultation(made, state=State.CERTIFIED, roll_size=100)
    assert verdict_sentence(one, result, Speech("en", PARIS)) == words


@pytest.mark.parametrize("state", [State.OPEN, State.CERTIFIED])
@pytest.mark.parametrize("results", Results)
def test_how_many_signed_is_hidden_until_the_closing_where_counts_are(results: Results, state: State) -> None:
    made = asked({"results": results.value, "quorum": "100"})
    one = consultation(made, state=state, roll_size=50)
    told = turnout_sentence(one, conclude(one, {(1,): 37}), Speech("en", PARIS))
    hidden = results is Results.CLOSING and state is State.OPEN
    assert told == ("100 signatures asked, counted at the closing" if hidden else "37 signatures of the 100 asked")

"""Consent: nobody blocks in silence, a reason stays with the ballot it was given for, one block stops a proposal."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Answer, Choice, Gesture, Press, Withdrawal
from bot.domain.casting import Cast, Recorded, Standing, decide
from bot.domain.consultation import Definition
from bot.domain.ids import AccountRef
from bot.domain.reasons import REASON_LIMIT, GivenReason, apart
from bot.domain.refusals import Refusal
from bot.domain.results import Verdict
from bot.domain.tally.consent import consent
from bot.domain.typed_ballots import read
from bot.text.catalogue import Speech
from bot.text.reasons import reason_lines
from tests.domain.votes import NOW, concluded, consented, consultation, definition

AGREE, ABSTAIN, DISAGREE, BLOCK = 1, 2, 3, 4
MADE = consented()
ANA = AccountRef("telegram", "1")


@given(st.fixed_dictionaries({number: st.integers(0, 5) for number in (AGREE, ABSTAIN, DISAGREE, BLOCK)}))
def test_a_proposal_passes_when_someone_agrees_and_nobody_blocks(counts: dict[int, int]) -> None:
    result = concluded(MADE, {(number,): count for number, count in counts.items() if count})
    if not counts[AGREE] + counts[DISAGREE] + counts[BLOCK]:
        assert result.verdict is Verdict.NO_VOTES
        return
    passes = counts[AGREE] > 0 and counts[BLOCK] == 0
    assert result.verdict is (Verdict.PASSED if passes else Verdict.REJECTED)
    assert result.winners == ((AGREE,) if passes else ())
    assert {row.option.number: row.votes for row in result.rows} == counts


@given(st.dictionaries(st.sampled_from((AGREE, DISAGREE, BLOCK)), st.integers(0, 9).map(Fraction), min_size=3))
def test_more_agreement_never_stops_a_proposal_and_a_block_always_does(answers: dict[int, Fraction]) -> None:
    before = consent(answers, AGREE, BLOCK)
    assert set(consent({**answers, AGREE: answers[AGREE] + 1}, AGREE, BLOCK).winners) >= set(before.winners)
    assert consent({**answers, BLOCK: answers[BLOCK] + 1}, AGREE, BLOCK).winners == ()
    assert not before.tied


def cast(gesture: Gesture, previous: Choice | None = None, made: Definition = MADE) -> object:
    one = Cast("key", NOW + timedelta(hours=1), ANA, 12, gesture, accepts=True)
    return decide(one, Standing(consultation(made), seen=False, right=1, previous=previous, accepted=True))


WORDS = st.sampled_from(("", " ", "too dear", "later: in spring"))
GESTURES = st.one_of(
    st.builds(Press, st.integers(1, 4)),
    st.builds(Answer, st.integers(1, 4).map(lambda number: (number,)), WORDS),
    st.just(Withdrawal()),
)


@given(st.lists(GESTURES, max_size=12))
def test_whatever_is_done_no_block_is_on_record_without_a_reason(gestures: list[Gesture]) -> None:
    ballot: Choice | None = None
    reason = ""
    for gesture in gestures:
        ruling = cast(gesture, ballot)
        if isinstance(ruling, Recorded) and not ruling.repeated:
            ballot, reason = ruling.choice, ruling.reason
        assert ballot != (BLOCK,) or reason
        assert not reason or ballot in {(DISAGREE,), (BLOCK,)}


@pytest.mark.parametrize(
    ("gesture", "previous", "code"),
    [
        (Press(BLOCK), None, "reason-required"),
        (Press(BLOCK), (DISAGREE,), "reason-required"),
        (Answer((BLOCK,), " "), None, "reason-required"),
        (Answer((AGREE,), "lovely"), None, "reason-not-asked"),
        (Answer((DISAGREE,), "x" * (REASON_LIMIT + 1)), None, "text-too-long"),
        (Answer((BLOCK,), "a\x00b"), None, "unreadable-characters"),
    ],
)
def test_what_is_refused_leaves_the_ballot_as_it_was(gesture: Gesture, previous: Choice | None, code: str) -> None:
    ruling = cast(gesture, previous)
    assert isinstance(ruling, Refusal)
    assert ruling.code == code


def test_the_same_answer_once_more_keeps_its_reason_and_a_new_reason_replaces_it() -> None:
    assert cast(Press(BLOCK), (BLOCK,)) == Recorded((BLOCK,), (BLOCK,), repeated=True)
    again = cast(Answer((BLOCK,), "too dear"), (BLOCK,))
    assert again == Recorded((BLOCK,), (BLOCK,), repeated=False, reason="too dear")


def test_reasons_are_of_consent_ballots_only() -> None:
    ruling = cast(Answer((1,), "because"), None, definition())
    assert isinstance(ruling, Refusal)
    assert ruling.code == "reason-not-asked"


@pytest.mark.parametrize(
    ("text", "option", "reason"),
    [
        ("block: too dear", BLOCK, "too dear"),
        ("4: too dear", BLOCK, "too dear"),
        ("4 : too dear: and late", BLOCK, "too dear: and late"),
        ("Veto - too dear", BLOCK, "too dear"),
        ("disagree\ntoo dear", DISAGREE, "too dear"),
        ("pas d'accord : trop cher", DISAGREE, "trop cher"),
        ("I disagree \u2014 too dear", DISAGREE, "too dear"),
        ("block", BLOCK, ""),
        ("abstain", ABSTAIN, ""),
        ("yes", AGREE, ""),
    ],
)
def test_an_answer_and_its_reason_in_one_message(text: str, option: int, reason: str) -> None:
    assert read(text, MADE) == Answer((option,), reason)


@pytest.mark.parametrize("text", ["too dear", "the price: too high", "why - no"])
def test_words_that_begin_with_no_answer_are_not_a_ballot(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text, MADE)
    assert caught.value.code == "answer-unknown"


@given(st.text(min_size=1, max_size=40))
def test_nothing_typed_is_lost_by_taking_it_apart(text: str) -> None:
    said, reason = apart(text)
    assert said in text
    assert reason in text
    assert bool(reason) or said == text


REASONS = st.lists(
    st.builds(
        GivenReason, st.sampled_from(((DISAGREE,), (BLOCK,))), st.text("abc", min_size=1, max_size=5), st.integers(1, 3)
    ),
    max_size=6,
    unique_by=lambda given: (given.choice, given.text),
)


@given(REASONS, st.randoms(use_true_random=False))
def test_reasons_are_not_told_in_the_order_in_which_they_came(reasons: list[GivenReason], chance: object) -> None:
    from zoneinfo import ZoneInfo

    speech = Speech("en", ZoneInfo("Europe/Paris"))
    shuffled = list(reasons)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reason_lines(MADE, reasons, speech) == reason_lines(MADE, shuffled, speech)
    shown = [block.plain for block in reason_lines(MADE, reasons, speech)[1:]]
    blocks = [line.startswith("Block") for line in shown]
    assert blocks == sorted(blocks, reverse=True)

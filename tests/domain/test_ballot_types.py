"""Rankings, marks and consent: what a gesture makes of them, what is refused, and their canonical text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot_checks import cost, example
from bot.domain.ballots import (
    Answer,
    Choice,
    Gesture,
    Mark,
    Marks,
    Press,
    Ranking,
    Withdrawal,
    amend,
    aside,
    complete,
    from_text,
    to_text,
)
from bot.domain.consultation import Definition, Method
from bot.domain.reasons import Reason, clean_reason, reason_for
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from tests.domain.votes import (
    approval,
    available,
    consented,
    definition,
    judged,
    marked,
    pointed,
    ranked,
    ranking,
    scored,
)

FOUR = ("A", "B", "C", "Blanc")
RANKS, STRICT = ranking(*FOUR), ranking(*FOUR, method=Method.STV)
SCORES, GRADES, POINTS, DATES = scored(*FOUR), judged(*FOUR), pointed(*FOUR), available(*FOUR)
SQUARES = pointed(*FOUR, points=25, quadratic=True)
EVERY = (definition(*FOUR), approval(*FOUR), RANKS, STRICT, SCORES, GRADES, POINTS, SQUARES, DATES, consented())


def name(made: Definition) -> str:
    return f"{made.ballot}-{made.method}"


@pytest.mark.parametrize(
    ("made", "previous", "gesture", "becomes"),
    [
        (RANKS, None, Answer(ranked("2>3=1")), ranked("2>1=3")),
        (RANKS, None, Press(2), ranked("2")),
        (RANKS, ranked("2"), Press(1), ranked("2>1")),
        (RANKS, ranked("2>1"), Press(2), ranked("1")),
        (RANKS, ranked("2"), Press(2), None),
        (RANKS, ranked("1=2>3"), Press(1), ranked("2>3")),
        (RANKS, ranked("1>2"), Press(4), ranked("4")),  # voting blank leaves nothing else on the ballot
        (RANKS, ranked("4"), Press(1), ranked("1")),
        (RANKS, ranked("4"), Press(4), None),
        (RANKS, ranked("1>2"), Withdrawal(), None),
        (SCORES, None, Mark(1, 5), marked(o1=5)),
        (SCORES, marked(o1=5), Mark(2, 0), marked(o1=5, o2=0)),
        (SCORES, marked(o1=5, o2=0), Mark(1, 3), marked(o1=3, o2=0)),
        (SCORES, marked(o1=5, o2=0), Mark(1, None), marked(o2=0)),
        (SCORES, marked(o1=5), Mark(1, None), None),
        (SCORES, marked(o1=5), Press(4), marked(o4=1)),
        (SCORES, marked(o4=1), Mark(2, 2), marked(o2=2)),
        (POINTS, marked(o1=6, o2=4), Answer(marked(o1=10, o2=0)), marked(o1=10)),
        (POINTS, marked(o1=6, o2=4), Mark(2, 0), marked(o1=6)),
        (SQUARES, marked(o1=3), Mark(2, 4), marked(o1=3, o2=4)),
        (DATES, marked(o1=2), Mark(2, 1), marked(o1=2, o2=1)),
        (consented(), None, Press(4), (4,)),
        (consented(), (4,), Press(4), (4,)),
        (consented(), (4,), Answer((1,)), (1,)),
        (approval(*FOUR), (1, 2), Press(4), (4,)),
        (approval(*FOUR), (4,), Press(2), (2,)),
        (approval(*FOUR), (4,), Press(4), None),
    ],
)
def test_a_gesture_makes_a_ballot(made, previous: Choice | None, gesture: Gesture, becomes: Choice | None) -> None:
    assert amend(made, previous, gesture) == becomes


@pytest.mark.parametrize(
    ("made", "gesture", "code"),
    [
        (RANKS, Answer(ranked("2>9")), "no-such-option"),
        (RANKS, Answer(ranked("2>1>2")), "option-twice"),
        (RANKS, Answer(ranked("1=1")), "option-twice"),
        (RANKS, Answer(ranked("1>4")), "blank-stands-alone"),
        (RANKS, Answer((1,)), "other-ballot"),
        (RANKS, Answer(marked(o1=1)), "other-ballot"),
        (RANKS, Answer(Ranking(())), "too-few-choices"),
        (RANKS, Press(9), "no-such-option"),
        (RANKS, Mark(1, 1), "other-ballot"),
        (STRICT, Answer(ranked("1>2=3")), "ranks-shared"),
        (ranking("A", "B", "C", at_least=2), Answer(ranked("1")), "too-few-choices"),
        (ranking("A", "B", "C", at_most=2), Answer(ranked("1>2>3")), "too-many-choices"),
        (SCORES, Answer(marked(o1=6)), "mark-out-of-range"),
        (SCORES, Answer(marked(o1=-1)), "mark-out-of-range"),
        (SCORES, Answer(marked(o9=1)), "no-such-option"),
        (SCORES, Answer(marked(o1=1, o4=1)), "blank-stands-alone"),
        (SCORES, Answer(Marks(((1, 2), (1, 3)))), "option-twice"),
        (SCORES, Answer(ranked("1")), "other-ballot"),
        (SCORES, Press(1), "press-needs-mark"),
        (SCORES, Mark(9, None), "no-such-option"),
        (SCORES, Mark(4, 1), "other-ballot"),
        (GRADES, Answer(marked(o1=6)), "mark-out-of-range"),
        (DATES, Answer(marked(o1=3)), "mark-out-of-range"),
        (POINTS, Answer(marked(o1=6, o2=5)), "too-many-points"),
        (POINTS, Answer(marked(o1=-5, o2=5)), "mark-out-of-range"),
        (POINTS, Answer(marked(o1=0)), "too-few-choices"),
        (SQUARES, Answer(marked(o1=4, o2=4)), "too-many-points-squared"),
        (consented(), Answer((1, 2)), "too-many-choices"),
        (consented(), Answer((1, 3)), "too-many-choices"),
        (consented(), Press(5), "no-such-option"),
        (approval(*FOUR), Answer((1, 4)), "blank-stands-alone"),
        (approval(*FOUR), Answer(ranked("1")), "other-ballot"),
        (definition(), Mark(1, 2), "other-ballot"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(made, gesture: Gesture, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        amend(made, None, gesture)
    assert refused.value.code == code


def test_refused_points_say_by_how_much() -> None:
    with pytest.raises(Refusal) as refused:
        amend(POINTS, None, Answer(marked(o1=6, o2=7)))
    assert dict(refused.value.facts) == {"spent": 13, "budget": 10, "over": 3}
    assert cost(SQUARES, ((1, 3), (2, 4))) == 25


@pytest.mark.parametrize("made", [approval(*FOUR, at_least=2), ranking(*FOUR, at_least=2)], ids=name)
def test_a_blank_ballot_counts_however_many_options_are_asked(made: Definition) -> None:
    blank = amend(made, None, Press(4))
    assert blank == aside(made, 4)
    assert complete(made, blank)
    assert amend(made, None, read("blank", made)) == blank
    assert not complete(made, amend(made, None, Press(1)) or ())


def test_a_ranking_by_presses_counts_once_it_is_long_enough() -> None:
    made = ranking("A", "B", "C", at_least=2)
    first = amend(made, None, Press(3))
    assert first == ranked("3")
    assert not complete(made, first)
    assert complete(made, amend(made, first, Press(1)) or ())


# ── whatever people do ───────────────────────────────────────────────────────────────────────────────────────────────

NUMBERS = st.integers(-1, 6)
CHOICES: st.SearchStrategy[Any] = st.one_of(
    st.lists(NUMBERS, max_size=4).map(tuple),
    st.lists(st.lists(NUMBERS, max_size=3).map(tuple), max_size=4).map(lambda levels: Ranking(tuple(levels))),
    st.lists(st.tuples(NUMBERS, st.integers(-2, 12)), max_size=4).map(lambda given: Marks(tuple(given))),
)
GESTURES: st.SearchStrategy[Gesture] = st.one_of(
    NUMBERS.map(Press),
    st.builds(Mark, NUMBERS, st.none() | st.integers(-2, 12)),
    CHOICES.map(Answer),
    st.just(Withdrawal()),
)


@pytest.mark.parametrize("made", EVERY, ids=name)
@given(gestures=st.lists(GESTURES, max_size=12))
def test_any_gestures_leave_a_ballot_that_the_rules_allow(made: Definition, gestures: list[Gesture]) -> None:
    ballot: Choice | None = None
    for gesture in gestures:
        try:
            ballot = amend(made, ballot, gesture)
        except Refusal:
            continue
        if ballot is not None:
            assert amend(made, None, Answer(ballot)) == ballot  # canonical already, and allowed as a whole
            assert from_text(to_text(ballot)) == ballot


@pytest.mark.parametrize("made", EVERY, ids=name)
@given(previous=st.none() | CHOICES, choice=CHOICES)
def test_answering_twice_changes_nothing(made: Definition, previous: Choice | None, choice: Choice) -> None:
    try:
        once = amend(made, previous, Answer(choice))
    except Refusal:
        return
    assert amend(made, once, Answer(choice)) == once


@pytest.mark.parametrize("made", EVERY, ids=name)
def test_every_ballot_has_an_example_that_is_understood_and_allowed(made: Definition) -> None:
    assert amend(made, None, read(example(made), made)) is not None


# ── the canonical text ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("choice", "text"),
    [((2,), "2"), ((1, 3), "1,3"), (ranked("2>1=3"), ">2>1=3"), (ranked("2"), ">2"), (marked(o1=5, o3=0), "1:5,3:0")],
)
def test_each_kind_of_choice_has_a_text_of_its_own(choice: Choice, text: str) -> None:
    assert to_text(choice) == text
    assert from_text(text) == choice


@pytest.mark.parametrize("text", [">", ">2>", ">a", "1:", ":1", "1:2:3", "1:2,3", "1=2"])
def test_anything_else_is_no_choice(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|unpack"):
        from_text(text)


CANONICAL = st.one_of(
    st.sets(st.integers(1, 40), min_size=1).map(lambda numbers: tuple(sorted(numbers))),
    st.permutations(list(range(1, 8))).flatmap(
        lambda order: st.sets(st.integers(1, 6)).map(lambda cuts: cut(order, [0, *sorted(cuts), len(order)]))
    ),
    st.dictionaries(st.integers(1, 40), st.integers(0, 1000), min_size=1).map(
        lambda given: Marks(tuple(sorted(given.items())))
    ),
)


def cut(order: list[int], places: list[int]) -> Ranking:
    return Ranking(tuple(tuple(sorted(order[start:end])) for start, end in pairwise(places)))


@given(CANONICAL, CANONICAL)
def test_the_text_reads_back_and_tells_all_choices_apart(first: Choice, second: Choice) -> None:
    assert from_text(to_text(first)) == first
    assert (to_text(first) == to_text(second)) is (first == second)


# ── the reason of a consent ballot ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("choice", "wanted"), [((1,), Reason.NONE), ((2,), Reason.NONE), ((3,), Reason.ASKED), ((4,), Reason.REQUIRED)]
)
def test_who_disagrees_is_asked_why_and_nobody_blocks_in_silence(choice: Choice, wanted: Reason) -> None:
    made = consented()
    assert reason_for(made, choice) is wanted
    refused = {Reason.NONE: (" too\nsoon ", "reason-not-asked"), Reason.REQUIRED: (" ", "reason-required")}
    if wanted is not Reason.NONE:
        assert clean_reason(made, choice, " too\nsoon ") == "too soon"
    if wanted is not Reason.REQUIRED:
        assert clean_reason(made, choice, " ") == ""
    if wanted in refused:
        words, code = refused[wanted]
        with pytest.raises(Refusal) as caught:
            clean_reason(made, choice, words)
        assert caught.value.code == code


def test_no_other_ballot_asks_for_a_reason() -> None:
    assert reason_for(RANKS, ranked("1>2")) is reason_for(definition(), (3,)) is Reason.NONE

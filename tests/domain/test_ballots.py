"""What a gesture makes of the ballot on record."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Answer, Choice, Gesture, Press, Withdrawal, amend, complete, from_text, to_text
from bot.domain.refusals import Refusal
from tests.domain.votes import approval, definition

SINGLE, ANY = definition(), approval("A", "B", "C", "D")
TWO_TO_THREE = approval("A", "B", "C", "D", at_least=2, at_most=3)
EXACTLY_TWO = approval("A", "B", "C", at_least=2, at_most=2)


@pytest.mark.parametrize(
    ("made", "previous", "gesture", "becomes"),
    [
        (SINGLE, None, Press(2), (2,)),
        (SINGLE, (1,), Press(2), (2,)),
        (SINGLE, (2,), Press(2), (2,)),  # a double tap must not undo a vote
        (SINGLE, None, Answer((3,)), (3,)),
        (SINGLE, (1,), Answer((1,)), (1,)),
        (SINGLE, (1,), Withdrawal(), None),
        (SINGLE, None, Withdrawal(), None),
        (ANY, None, Press(2), (2,)),
        (ANY, (2,), Press(1), (1, 2)),
        (ANY, (1, 2), Press(1), (2,)),
        (ANY, (2,), Press(2), None),  # emptied by presses: withdrawn
        (ANY, (2,), Answer((4, 1, 4)), (1, 4)),
        (ANY, (1, 2), Withdrawal(), None),
        (TWO_TO_THREE, None, Press(1), (1,)),  # taken, not complete yet
        (TWO_TO_THREE, (1,), Press(3), (1, 3)),
        (TWO_TO_THREE, (1, 3), Press(3), (1,)),  # one may be taken off to choose another
        (TWO_TO_THREE, (1,), Press(1), None),
        (EXACTLY_TWO, (1, 2), Press(2), (1,)),
    ],
)
def test_a_gesture_makes_a_ballot(made, previous: Choice | None, gesture: Gesture, becomes: Choice | None) -> None:
    assert amend(made, previous, gesture) == becomes


@pytest.mark.parametrize(
    ("made", "previous", "gesture", "code", "facts"),
    [
        (SINGLE, (1,), Press(4), "no-such-option", {"option": "4", "last": 3}),
        (SINGLE, None, Press(0), "no-such-option", {"option": "0", "last": 3}),
        (SINGLE, None, Answer((1, 2)), "too-many-choices", {"n": 1}),
        (SINGLE, None, Answer(()), "too-few-choices", {"n": 1}),
        (ANY, None, Answer((1, 9)), "no-such-option", {"option": "9", "last": 4}),
        (TWO_TO_THREE, (1, 2, 3), Press(4), "too-many-choices", {"n": 3}),
        (TWO_TO_THREE, None, Answer((1,)), "too-few-choices", {"n": 2}),
        (TWO_TO_THREE, None, Press(9), "no-such-option", {"option": "9", "last": 4}),
        (EXACTLY_TWO, (1, 2), Press(3), "too-many-choices", {"n": 2}),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(made, previous, gesture, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        amend(made, previous, gesture)
    assert (refused.value.code, dict(refused.value.facts)) == (code, facts)


def test_with_an_exact_number_of_choices_one_can_be_exchanged_for_another_by_presses() -> None:
    ballot = None
    for press in (1, 2, 2, 3):
        ballot = amend(EXACTLY_TWO, ballot, Press(press))
    assert ballot == (1, 3)


@pytest.mark.parametrize(("choice", "counts"), [((1,), False), ((1, 2), True), ((1, 2, 3), True)])
def test_a_ballot_with_fewer_options_than_asked_is_not_complete(choice: Choice, counts: bool) -> None:
    assert complete(TWO_TO_THREE, choice) is counts


@given(st.lists(st.integers(1, 4), max_size=20), st.integers(1, 3), st.integers(0, 2))
def test_presses_never_make_a_ballot_that_the_rules_forbid(presses: list[int], least: int, more: int) -> None:
    made = approval("A", "B", "C", "D", at_least=least, at_most=min(least + more, 4))
    ballot: Choice | None = None
    for press in presses:
        try:
            ballot = amend(made, ballot, Press(press))
        except Refusal as refused:
            if refused.code != "too-many-choices":
                raise
        assert ballot is None or (0 < len(ballot) <= made.at_most and list(ballot) == sorted(set(ballot)))


@given(st.sets(st.integers(1, 4)), st.integers(1, 4))
def test_pressing_an_approval_twice_changes_nothing(chosen: set[int], press: int) -> None:
    before = tuple(sorted(chosen)) or None
    assert amend(ANY, amend(ANY, before, Press(press)), Press(press)) == before


def test_a_typed_ballot_and_the_same_one_pressed_are_one() -> None:
    for size in (1, 2, 3):
        for choice in combinations((1, 2, 3, 4), size):
            pressed: Choice | None = None
            for number in choice:
                pressed = amend(ANY, pressed, Press(number))
            assert pressed == amend(ANY, None, Answer(choice))


@given(st.sets(st.integers(1, 40), min_size=1))
def test_the_text_of_a_choice_reads_back(numbers: set[int]) -> None:
    choice = tuple(sorted(numbers))
    assert from_text(to_text(choice)) == choice


@pytest.mark.parametrize("text", ["", "a", "1,", "1;2", "1,,2"])
def test_anything_else_is_no_choice(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        from_text(text)

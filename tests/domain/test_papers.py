"""A paper filled in touch by touch: what it becomes, what it refuses, and that buttons can carry every touch."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.tokens import decode, encode
from bot.domain.ballots import Marks, Ranking
from bot.domain.consultation import BallotType, Definition, Kind
from bot.domain.ids import Action
from bot.domain.papers import FILLED_IN, PAGE, Paper, Step, paper_order, restored, saved, spent, step_in, take
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from tests.domain.test_dates import PARIS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES = ("Hall", "Festival", "Garden", "Radio", "Bicycles")
BLANK = len(NAMES) + 1


def asked(ballot: str, **keys: str) -> Definition:
    options = (*NAMES, "Blank")
    return propose(
        Kind.POLL, "Which?", options, {"ballot": ballot, **keys}, now=NOW, zone=PARIS, language="en"
    ).definition


def touch(definition: Definition, *steps: Step) -> Paper:
    paper = Paper("abc123")
    for step in steps:
        paper = take(definition, paper_order(definition, "one"), paper, step)
    return paper


def step(verb: str, option: int = 0, mark: int = 0) -> Step:
    return Step("abc123", verb, option, mark)


class TestRanking:
    definition = asked("ranking")

    def test_options_are_ranked_in_the_order_they_are_tapped(self) -> None:
        paper = touch(self.definition, step("t", 3), step("t", 1), step("t", 5))
        assert paper.draft == Ranking(((3,), (1,), (5,)))

    def test_tapping_twice_changes_nothing(self) -> None:
        assert touch(self.definition, step("t", 3), step("t", 3)).draft == Ranking(((3,),))

    def test_only_the_last_is_undone_and_only_by_its_own_button(self) -> None:
        two = (step("t", 3), step("t", 1))
        assert touch(self.definition, *two, step("u", 1)).draft == Ranking(((3,),))
        assert touch(self.definition, *two, step("u", 1), step("u", 1)).draft == Ranking(((3,),))
        assert touch(self.definition, *two, step("u", 1), step("u", 3)).draft is None

    def test_blank_stands_alone_and_gives_way(self) -> None:
        blank = touch(self.definition, step("t", 3), step("t", BLANK))
        assert blank.draft == Ranking(((BLANK,),))
        assert blank.reviewing
        assert touch(self.definition, step("t", BLANK), step("t", 2)).draft == Ranking(((2,),))

    def test_an_empty_paper_is_not_reviewed(self) -> None:
        with pytest.raises(Refusal, match="paper-empty"):
            touch(self.definition, step("r"))

    def test_too_few_ranks_are_not_reviewed(self) -> None:
        with pytest.raises(Refusal, match="too-few-choices"):
            touch(asked("ranking", choices="3"), step("t", 1), step("r"))

    def test_too_many_ranks_are_refused_at_once(self) -> None:
        with pytest.raises(Refusal, match="too-many-choices"):
            touch(asked("ranking", choices="1-2"), step("t", 1), step("t", 2), step("t", 3))

    @pytest.mark.parametrize("forged", [step("t", 99), step("m", 99, 1), step("m", 1, 1), step("a", 1)])
    def test_what_is_no_touch_of_this_paper_is_refused(self, forged: Step) -> None:
        with pytest.raises(Refusal):
            touch(self.definition, forged)


class TestMarks:
    def test_each_mark_leads_to_the_next_option_and_the_last_to_the_review(self) -> None:
        definition = asked("judgment")
        order = paper_order(definition, "one")
        paper = Paper("abc123")
        for place, number in enumerate(order):
            assert paper.at == place
            paper = take(definition, order, paper, step("m", number, 4))
        assert paper.reviewing
        assert paper.draft == Marks(tuple((number, 4) for number in range(1, len(NAMES) + 1)))

    def test_a_mark_off_the_scale_is_refused(self) -> None:
        with pytest.raises(Refusal, match="mark-out-of-range"):
            touch(asked("score"), step("m", 1, 6))

    def test_leaving_out_takes_the_mark_away(self) -> None:
        assert touch(asked("score"), step("m", 1, 5), step("x", 1)).draft is None

    def test_dates_keep_their_order(self) -> None:
        assert paper_order(asked("availability"), "anyone") == (1, 2, 3, 4, 5)

    @given(st.lists(st.tuples(st.sampled_from("as"), st.integers(1, len(NAMES))), max_size=60), st.booleans())
    def test_points_never_pass_the_budget(self, presses: list[tuple[str, int]], squared: bool) -> None:
        definition = asked("points", points="7", quadratic="yes" if squared else "no")
        paper = touch(definition, *(step(verb, option) for verb, option in presses))
        assert 0 <= spent(definition, paper.draft) <= 7

    def test_a_large_budget_is_spent_in_few_presses_and_to_the_last_point(self) -> None:
        definition = asked("points", points="1000")
        paper = touch(definition, *(step("a", 1) for _ in range(20)))
        assert paper.draft == Marks(((1, 1000),))


@settings(max_examples=50)
@given(
    st.sampled_from([each.value for each in BallotType if each in FILLED_IN]),
    st.lists(st.tuples(st.sampled_from("tuxasmprez"), st.integers(0, 7), st.integers(0, 11)), max_size=25),
)
def test_whatever_is_touched_the_draft_stays_a_ballot_and_is_kept_whole(
    ballot: str, touches: list[tuple[str, int, int]]
) -> None:
    definition = asked(ballot)
    paper = Paper("abc123")
    for touched in touches:
        try:
            paper = take(definition, paper_order(definition, "one"), paper, step(*touched))
        except Refusal:
            continue
        assert restored(**saved(paper)) == paper  # type: ignore[arg-type]


def test_every_option_comes_first_for_someone_and_a_voter_finds_the_same_order_again() -> None:
    definition = asked("ranking")
    firsts = Counter(paper_order(definition, f"7/{voter}")[0] for voter in range(500))
    assert set(firsts) == {1, 2, 3, 4, 5}
    assert min(firsts.values()) > 50  # a hundred each, and chance
    assert paper_order(definition, "7/1") == paper_order(definition, "7/1")


@pytest.mark.parametrize(
    "touched",
    [
        step("t", 40), step("u", 40), step("m", 40, 1000), step("x", 40), step("a", 40), step("s", 40), step("p", PAGE),
        step("z"), step("r"), step("e"), Step("abc123", "c", fingerprint="0123abcd"),
    ],
)  # fmt: skip
def test_a_button_carries_every_touch_and_brings_it_back(touched: Step) -> None:
    written = encode(Action("f", 999_999_999_999_999, touched.argument))
    assert len(written.encode()) <= 64
    read = decode(written)
    assert read is not None
    assert step_in(read.argument) == touched


@pytest.mark.parametrize("forged", ["", "t1", "abc123.", "abc123.t", "abc123.t12345", "abc12.t1", "abc123.m1", "zzz"])
def test_anything_else_is_no_touch(forged: str) -> None:
    with pytest.raises(Refusal, match="expired-button"):
        step_in(forged)

"""What is noted while ballots come in: counts alone, kept until they are written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.integrity import LEAST_BURST, Noted, Watch

NOW = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)


@given(st.lists(st.sampled_from(["arrived-late", "already-closed"]), max_size=20), st.integers(0, 20))
def test_every_refusal_is_written_down_once_whatever_fails(codes: list[str], failing: int) -> None:
    watch, written = Watch(), 0
    for place, code in enumerate(codes):
        watch.refused(12, code)
        noted = watch.take()
        if place < failing:
            watch.give_back(noted)
        else:
            written += sum(sum(one.refused.values()) for one in noted.values())
    written += sum(sum(one.refused.values()) for one in watch.take().values())
    assert written == len(codes)


def test_a_rush_is_the_most_within_one_minute_and_a_few_are_none() -> None:
    watch = Watch()
    for second in range(LEAST_BURST - 1):
        watch.recorded(12, NOW + timedelta(seconds=second))
    watch.recorded(12, NOW + timedelta(minutes=1))
    assert watch.take() == {}
    for second in range(LEAST_BURST + 2):
        watch.recorded(12, NOW + timedelta(minutes=5, seconds=second))
    watch.recorded(12, NOW + timedelta(minutes=6))
    assert watch.take() == {12: Noted({}, LEAST_BURST + 2)}


def test_consultations_are_watched_apart_and_what_is_none_is_not() -> None:
    watch = Watch()
    watch.refused(12, "arrived-late")
    watch.refused(13, "already-closed")
    watch.refused(99, "no-such-consultation")
    assert watch.take() == {12: Noted({"arrived-late": 1}, 0), 13: Noted({"already-closed": 1}, 0)}
    assert watch.take() == {}

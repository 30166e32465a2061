"""How arguments are ordered, put in columns and on pages, and offered to be rated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.model import ArgumentKind, ArgumentState
from bot.domain.debate.order import Order, columns, ordered, pages, to_rate
from tests.domain.debate.contributions import argument, debates


def numbers(arguments) -> list[int]:
    return [argument.number for argument in arguments]


def test_the_strongest_first():
    one_enthusiast = argument(1, ratings=1, weight=5)
    well_weighed = argument(2, ratings=9, weight=42)
    supported = argument(3, supports=9)
    silent, disliked = argument(4), argument(5, ratings=4, weight=6)
    found = ordered([disliked, silent, supported, well_weighed, one_enthusiast], Order.STRONGEST)
    assert numbers(found) == [2, 3, 1, 4, 5]


def test_what_is_level_stands_by_number():
    assert numbers(ordered([argument(3), argument(1), argument(2)], Order.STRONGEST)) == [1, 2, 3]


@given(debates(), st.sampled_from(Order), st.text(max_size=5))
def test_an_order_loses_nothing(arguments, order, seed):
    found = ordered(arguments, order, seed)
    assert sorted(numbers(found)) == numbers(arguments)
    assert found == ordered(arguments[::-1], order, seed)
    if order is Order.NEWEST:
        assert found == arguments[::-1]


@given(debates(), st.text(max_size=5))
def test_a_new_argument_does_not_shuffle_the_others(arguments, seed):
    before = ordered(arguments, Order.RANDOM, seed)
    after = ordered([*arguments, argument(99)], Order.RANDOM, seed)
    assert [kept for kept in after if kept.number != 99] == before


def test_random_orders_differ():
    many = [argument(number) for number in range(1, 30)]
    firsts = {ordered(many, Order.RANDOM, str(seed))[0].number for seed in range(40)}
    assert len(firsts) > 10


@given(debates(), st.sampled_from(Order))
def test_everything_but_comments_stands_in_one_column(arguments, order):
    found = columns(arguments, order)
    standing = [*found.pros, *found.cons, *found.proposals, *found.questions, *found.orders]
    replies = [item for item in arguments if item.kind is ArgumentKind.REPLY]
    comments = [item for item in arguments if item.kind is ArgumentKind.COMMENT]
    assert sorted(numbers([*standing, *replies, *comments])) == numbers(arguments)


def test_an_argument_that_answers_another_stands_twice():
    question = argument(1, kind=ArgumentKind.QUESTION)
    answer = argument(2, parent=1)
    hidden = argument(4, kind=ArgumentKind.REPLY, parent=3, state=ArgumentState.MODERATED)
    found = columns([question, answer, replace(question, number=3), hidden], Order.OLDEST)
    assert found.pros == (answer,)
    assert found.replies == {1: (answer,), 3: (hidden,)}
    assert found.answered == {1}


@given(st.lists(st.integers()), st.integers(1, 9))
def test_pages(items, per_page):
    found = pages(items, per_page)
    assert [item for page in found for item in page] == items
    assert all(len(page) == per_page for page in found[:-1])
    assert len(found) == max(-(-len(items) // per_page), 1)


@given(debates(), st.integers(1, 5), st.sets(st.integers(1, 12)), st.text(max_size=5))
def test_what_is_offered_to_be_rated(arguments, alias, rated, seed):
    offered = to_rate(arguments, alias, rated, seed)
    assert len(offered) <= 3
    sides = {ArgumentKind.FOR, ArgumentKind.AGAINST, ArgumentKind.PROPOSAL}
    for item in offered:
        assert item.state is ArgumentState.PUBLISHED
        assert item.kind in sides
        assert item.alias != alias
        assert item.number not in rated


def test_offering_evens_out_who_is_rated():
    arguments = {number: argument(number, alias=0) for number in range(1, 21)}
    for alias in range(1, 41):
        for item in to_rate(arguments.values(), alias, (), seed=str(alias)):
            arguments[item.number] = replace(item, ratings=item.ratings + 1)
    seen = Counter(item.ratings for item in arguments.values())
    assert set(seen) == {6}

"""Who may do what: every act, for everyone there is."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.authority import Act, Standing, authorise
from bot.domain.refusals import Refusal

OWN_WORK = {Act.EDIT_DRAFT, Act.DROP_DRAFT, Act.SEE_DRAFT, Act.CONCLUDE}
"""What authors may do with their own drafts, and with the conclusion of their own debates."""


def told(act: Act, standing: Standing) -> str:
    try:
        authorise(act, standing)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(("act", "author"), list(product(Act, (False, True))), ids=str)
def test_an_organiser_may_do_everything(act: Act, author: bool) -> None:
    assert told(act, Standing(organises=True, author=author)) == ""


@pytest.mark.parametrize("act", Act, ids=str)
def test_a_member_may_do_nothing_of_it(act: Act) -> None:
    said = {
        Act.EDIT_DRAFT: "not-your-draft", Act.SEE_DRAFT: "not-your-draft", Act.CONCLUDE: "not-your-conclusion",
    }  # fmt: skip
    assert told(act, Standing(organises=False)) == said.get(act, "organisers-only")


@pytest.mark.parametrize("act", Act, ids=str)
def test_an_author_may_do_what_is_theirs_but_not_publish(act: Act) -> None:
    assert told(act, Standing(organises=False, author=True)) == ("" if act in OWN_WORK else "organisers-only")


@pytest.mark.parametrize("act", Act, ids=str)
def test_when_a_platform_does_not_answer_nothing_is_guessed(act: Act) -> None:
    assert told(act, Standing(organises=None)) == "cannot-check-role"
    assert told(act, Standing(organises=None, author=True)) == ("" if act in OWN_WORK else "cannot-check-role")

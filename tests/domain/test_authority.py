"""Who may do what: every act, for everyone there is."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.authority import Act, Standing, authorise
from bot.domain.refusals import Refusal

OWN_DRAFT = {Act.EDIT_DRAFT, Act.DROP_DRAFT, Act.SEE_DRAFT}
"""What authors may do with their own drafts."""


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
    said = "not-your-draft" if act in {Act.EDIT_DRAFT, Act.SEE_DRAFT} else "organisers-only"
    assert told(act, Standing(organises=False)) == said


@pytest.mark.parametrize("act", Act, ids=str)
def test_an_author_may_see_change_and_drop_their_draft_but_not_publish_it(act: Act) -> None:
    assert told(act, Standing(organises=False, author=True)) == ("" if act in OWN_DRAFT else "organisers-only")


@pytest.mark.parametrize("act", Act, ids=str)
def test_when_a_platform_does_not_answer_nothing_is_guessed(act: Act) -> None:
    assert told(act, Standing(organises=None)) == "cannot-check-role"
    assert told(act, Standing(organises=None, author=True)) == ("" if act in OWN_DRAFT else "cannot-check-role")

"""Budgets in rooms: asked, voted on by button and in writing, counted at the closing, compared and exported."""

from __future__ import annotations

import pytest

from bot.domain.budgets import BudgetRules
from bot.domain.consultation import Kind, Method, Tie
from bot.domain.ids import Action
from tests.fakes.bench import Bench

BUDGET = '/budget "Which projects?" "Concert: 700" "Garden (300)" "Bikes = 100" --amount "€900" --close 2h --yes'


async def asked(bench: Bench, more: str = "") -> None:
    await bench.say("ana", f"{BUDGET} {more}", bench.salon)


async def closed(bench: Bench, more: str = "") -> str:
    """The result of number 1, whose ballots are Concert twice, Garden and bikes, Garden alone."""
    await asked(bench, more)
    for name, ballot in (("ana", "1"), ("bruno", "1"), ("chloe", "2, 3"), ("dan", "garden")):
        await bench.say(name, f"/v 1 {ballot}", bench.salon)
    posted = await bench.pass_time(hours=2)
    (result,) = [words for words in posted if words.startswith("Result")]
    return result


async def test_what_is_asked_is_kept_and_read_back(bench: Bench) -> None:
    await asked(bench, "--method greedy --tie first")
    kept = (await bench.store.read(lambda tx: tx.consultation(1))).definition
    assert (kept.kind, kept.method, kept.tie) == (Kind.BUDGET, Method.GREEDY, Tie.FIRST)
    assert kept.budget == BudgetRules(900, ((1, 700), (2, 300), (3, 100)), "€", before=True)


async def test_projects_are_approved_of_by_button_in_the_room(bench: Bench) -> None:
    await asked(bench)
    assert "Recorded: Garden (€300)" in await bench.vote("bruno", 1, 2)
    assert "Garden (€300), Bikes (€100)" in await bench.vote("bruno", 1, 3)
    assert "Concert (€700)" in await bench.vote("bruno", 1, 1)  # together they cost more than there is


async def test_voting_accepts_the_rules_and_a_ballot_typed_in_the_room_is_taken(bench: Bench) -> None:
    await asked(bench)
    (told,) = await bench.say("chloe", "/v 1 bikes", bench.salon)
    assert "Recorded: Bikes (€100)" in told


async def test_nothing_of_the_count_is_shown_before_the_closing(bench: Bench) -> None:
    await asked(bench)
    await bench.vote("bruno", 1, 2)
    (status,) = await bench.say("chloe", "/results 1", bench.salon)
    assert "▇" not in status
    assert "funded" not in status


async def test_the_result_says_who_pays_what_and_what_is_left(bench: Bench) -> None:
    result = await closed(bench, "--tie first")
    assert "Projects funded: Garden (€300) and Bikes (€100). €400 spent of €900, €500 left." in result
    assert "Garden (€300), 2 votes: each pays €150. Funded." in result
    assert "Concert (€700) isn't funded" in result


async def test_the_same_ballots_by_the_other_rule_are_no_result(bench: Bench) -> None:
    await closed(bench, "--tie first")
    (words,) = await bench.say("bruno", "/learn 1", bench.salon)
    assert words.split("\n")[1].startswith("This is not the result")
    assert "by the greedy method: Concert (€700) and Bikes (€100)" in words


async def test_the_draw_of_a_tie_has_a_seed_that_was_committed_to(bench: Bench) -> None:
    await asked(bench)
    kept = await bench.store.read(lambda tx: tx.consultation(1))
    assert kept.definition.tie is Tie.DRAW
    assert kept.definition.seed_commitment


@pytest.mark.parametrize("answers", [("€900", "Concert: 700\nGarden: 300"), ("900", "Concert: 700, Garden: 300")])
async def test_the_dialogue_asks_for_the_amount_and_the_costs(bench: Bench, answers: tuple[str, str]) -> None:
    await bench.say("ana", "/budget", bench.salon)
    await bench.say("ana", "Which projects?")
    for answer in answers:
        await bench.say("ana", answer)
    words = "\n".join(await bench.say("ana", "2d"))
    assert "to share out among these projects." in words
    assert "1. Concert (" in words


async def test_only_what_a_budget_knows_is_offered_for_change(bench: Bench) -> None:
    await bench.say("ana", BUDGET.removesuffix("--yes"), bench.salon)
    before = bench.count()
    await bench.press("ana", Action("edit", 1))
    (menu,) = bench.since(before)
    labels = [button.label for row in menu.card.buttons for button in row]
    assert {"The amount to share out", "The projects and their costs"} <= {*labels}
    assert not {"The options", "The majority", "The number of seats"} & {*labels}

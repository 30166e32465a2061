"""Ballot papers filled in on Telegram: every button within what the server takes, whatever is killed on the way."""

from __future__ import annotations

from tests.endtoend.hall import Hall

NAMES = tuple(f"Projet {number} {'Étage ' * 14}".strip() for number in range(1, 41))
LONG = "/poll Which? " + " ".join(f'"{name}"' for name in NAMES) + " --ballot ranking --close 2d --yes"


async def test_a_long_ranking_survives_a_kill_and_counts_once(hall: Hall) -> None:
    await hall.poll(LONG)
    await hall.api.start(hall.bruno, "v-1")
    paper = await hall.told(hall.bruno, "paper.how.ranking")
    assert len([label for label in paper.labels if "Étage" in label]) == 8
    first = next(label for label in paper.labels if "Étage" in label)
    await hall.press(hall.bruno, paper, first)
    await hall.api.wait(lambda: "Rank 1" in paper.text, 10, "the first rank")
    await hall.press(hall.bruno, paper, "Next")
    await hall.restart()
    second = next(label for label in paper.labels if "Étage" in label)
    await hall.press(hall.bruno, paper, second)
    await hall.api.wait(lambda: "Rank 2" in paper.text, 10, "the second rank, with the first kept")
    await hall.press(hall.bruno, paper, "Review")
    await hall.api.wait(lambda: "You are about to vote" in paper.text, 10, "the review")
    assert "Recorded" in await hall.press(hall.bruno, paper, "Confirm")
    result = await hall.close_early()
    assert first.split(". ")[1][:10] in result.text.splitlines()[1]  # the verdict


async def test_seven_projects_are_ranked_in_at_most_eleven_taps(hall: Hall) -> None:
    """From the group's card to "recorded", by someone who has never written to the bot."""
    names = [f"Project {letter}" for letter in "ABCDEFG"]
    options = " ".join(f'"{name}"' for name in names)
    card = await hall.poll(f"/poll Which? {options} --ballot ranking --close 2d --yes")
    await hall.api.follow(hall.bruno, card, "Vote in private")
    taps = 2  # the button, and "Start" in the chat that it opens
    paper = await hall.told(hall.bruno, "paper.how.ranking")
    for rank, name in enumerate(reversed(names), 1):
        await hall.press(hall.bruno, paper, next(label for label in paper.labels if name in label))
        await hall.api.wait(lambda rank=rank: f"Rank {rank}" in paper.text, 10, f"rank {rank}")  # type: ignore[misc]
        taps += 1
    await hall.press(hall.bruno, paper, "Review")
    await hall.api.wait(lambda: "You are about to vote" in paper.text, 10, "the review")
    assert "Recorded: Project G, then Project F" in await hall.press(hall.bruno, paper, "Confirm")
    assert taps + 2 <= 11


async def test_judgment_by_button_and_in_writing(hall: Hall) -> None:
    await hall.poll('/poll "Which?" "Hall" "Garden" --ballot judgment --close 2d --yes')
    await hall.api.start(hall.bruno, "v-1")
    paper = await hall.told(hall.bruno, "paper.how.judgment")
    await hall.press(hall.bruno, paper, "Very good")
    await hall.api.wait(lambda: "(2 of 2)" in paper.text, 10, "the second option")
    await hall.press(hall.bruno, paper, "Very good")
    await hall.api.wait(lambda: "You are about to vote" in paper.text, 10, "the review")
    assert "Hall: Very good · Garden: Very good" in await hall.press(hall.bruno, paper, "Confirm")
    await hall.say(hall.chloe, "/v 1 1: good, 2: poor")
    await hall.see(hall.room, "Hall: Good · Garden: Poor")
    result = await hall.close_early()
    assert "Hall" in result.text

"""An argument that was made before is shown to whoever is about to make it again."""

from __future__ import annotations

import csv
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.likeness import similar
from tests.domain.debate.contributions import argument

TEXT = "Deux associations du quartier cherchent aussi une salle à partager"
OTHERS = [argument(2, "400 € par mois, sans subvention"), argument(3, "Qui tient la clé ?")]


@pytest.fixture(scope="module")
def topics(test_data):
    """Arguments by topic: what people wrote for and against eleven motions (ArgKP 2021)."""
    with (test_data / "05_debate_and_texts" / "argkp2021" / "arguments.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list] = {}
    for number, row in enumerate(rows, 1):
        found.setdefault(row["topic"], []).append(argument(number, row["argument"]))
    return found


@pytest.mark.parametrize(
    "typed",
    [
        TEXT,
        TEXT.upper(),
        "deux associations du quartier cherchent aussi une salle a partager !!!",
        "Deux associations du quartier cherchent encore une salle à partager",
        "Deux autres associations du quartier cherchent aussi une salle à partager",
        "Des associations du quartier cherchent aussi des salles à partager",
    ],
)
def test_nearly_the_same_words_are_found(typed):
    assert [found.number for found in similar(typed, [argument(1, TEXT), *OTHERS])] == [1]


def test_the_most_alike_come_first_and_not_too_many():
    existing = [argument(number, f"{TEXT} {'vraiment ' * number}") for number in range(5, 0, -1)]
    assert [found.number for found in similar(TEXT, existing)] == [1, 2, 3]
    assert similar(TEXT, existing, at_most=1)[0].number == 1


def test_other_arguments_are_not():
    assert similar(TEXT, OTHERS) == ()
    assert similar("🙂 🙂", [*OTHERS, argument(4, "!!!")]) == ()
    assert similar(TEXT, []) == ()


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=5))
def test_any_text_may_be_compared(text, others):
    existing = [argument(number, other) for number, other in enumerate(others, 1)]
    assert set(similar(text, existing)) <= set(existing)


def test_a_copy_with_one_word_changed_is_always_found(topics):
    chance = random.Random(7)
    for arguments in topics.values():
        for original in chance.sample(arguments, 20):
            words = original.text.split()
            words[chance.randrange(len(words))] = "zebra"
            assert original in similar(" ".join(words).upper() + "!", [original, *OTHERS])


def test_what_was_said_about_another_motion_hardly_ever_is(topics):
    chance = random.Random(7)
    asked = [(topic, chance.choice(arguments)) for topic, arguments in topics.items() for _ in range(30)]
    alike = 0
    for topic, typed in asked:
        elsewhere = [other for name, arguments in topics.items() if name != topic for other in arguments]
        alike += bool(similar(typed.text, elsewhere))
    assert alike <= len(asked) // 100

"""What a conclusion says: never more than a message holds, numbers that add up, nothing about too few people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.consultation import Binding, Kind, State
from bot.domain.debate.conclusion import outline
from bot.domain.debate.figures import fairness
from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Conclusion,
    DebateRules,
    Measure,
    Shift,
    Stance,
)
from bot.domain.debate.shift import shifted
from bot.domain.words import TEXT_LIMIT, TITLE_LIMIT
from bot.text.catalogue import Speech
from bot.text.debate.conclusion import Findings, Sides, conclusion_pages, draft_text
from bot.text.debate.result import debate_result
from bot.text.fitting import CARD_LIMIT, length
from tests.domain.debate.contributions import RULES, argument
from tests.domain.votes import NOW, consultation, definition

PARIS = ZoneInfo("Europe/Paris")
HOSTILE = st.sampled_from(["a", "😀", "é ", "\u202e", "**", "{n}", "<b>", "ﷺ", "\n"])
ORGANISATION = "😀" * 80
HALF = Sides(Fraction(1, 2), Fraction(1, 2))
FOR, AGAINST, UNDECIDED = Stance.FOR, Stance.AGAINST, Stance.UNDECIDED
MOVED: Mapping[Shift, int] = {
    (FOR, FOR): 7, (AGAINST, FOR): 3, (AGAINST, AGAINST): 6, (UNDECIDED, FOR): 2, (FOR, AGAINST): 2, (FOR, None): 4,
    (None, AGAINST): 1,
}  # fmt: skip


def speech(language: str = "en") -> Speech:
    return Speech(language, PARIS)


def findings(
    arguments: list[Argument], *, rules: DebateRules = RULES, shifts: Mapping[Shift, int] | None = None,
    text: str | None = None, wrote: tuple[int, ...] = (4, 3, 2, 1, 1), closed: bool = True, title: str = "Local ?",
    spoke: tuple[int, ...] = (), statutes: str = "article 9",
) -> Findings:  # fmt: skip
    asked = definition(
        kind=Kind.DEBATE, title=title, options=(), debate=rules, binding=Binding.DECISION, statutes=statutes
    )
    ended = {"state": State.CERTIFIED, "closed_at": NOW + timedelta(days=2)} if closed else {}
    return Findings(
        consultation=consultation(asked, **ended),
        rules=rules,
        conclusion=Conclusion(1, "", NOW, None) if text is None else Conclusion(2, text, NOW, 1),
        outline=outline(arguments, rules),
        comments=tuple(one for one in arguments if one.kind is ArgumentKind.COMMENT),
        shift=shifted(shifts or {}),
        written=fairness(wrote),
        spoken=fairness(spoke),
        measure=Measure.SECONDS,
        arguments=HALF,
        floor=HALF,
    )


def result(found: Findings, language: str = "en") -> str:
    return debate_result(found, None, ORGANISATION, speech(language)).plain


@st.composite
def hostile(draw: st.DrawFn) -> list[Argument]:
    """Up to a thousand arguments as long, as supported and as strangely signed as can be."""
    piece, name = draw(HOSTILE), draw(HOSTILE)
    kinds, total = draw(st.lists(st.sampled_from(ArgumentKind), min_size=1)), draw(st.integers(0, 1_000))
    return [
        argument(
            number, piece * 1_000, kind=kinds[number % len(kinds)], signature=name * 200, alias=number,
            supports=200, ratings=200, weight=1_000, version=3,
        )
        for number in range(1, total + 1)
    ]  # fmt: skip


# -- sizes -------------------------------------------------------------------------------------------------------------
@settings(max_examples=40, deadline=None)
@given(hostile(), st.none() | HOSTILE, st.sampled_from(["en", "fr"]))
def test_the_result_fits_in_a_message_whatever_was_written(
    arguments: list[Argument], piece: str | None, language: str
) -> None:
    text = None if piece is None else (piece * 3_000)[:3_000]
    many = (9, 9, 9, 9, 9, 999_999)
    found = findings(
        arguments, shifts=MOVED, text=text, wrote=many, spoke=many, title="😀" * TITLE_LIMIT, statutes="😀" * TEXT_LIMIT
    )
    said = result(found, language)
    assert length(said) <= CARD_LIMIT
    assert str(len(arguments)) in said.replace(",", "").replace("\u202f", "").replace("\xa0", "")


@settings(max_examples=20, deadline=None)
@given(hostile(), st.none() | HOSTILE)
def test_every_page_fits_and_none_is_empty(arguments: list[Argument], piece: str | None) -> None:
    text = None if piece is None else (piece * 3_000)[:3_000]
    for page in conclusion_pages(findings(arguments, shifts=MOVED, text=text, title="😀" * 200), speech()):
        assert length(page.plain) <= CARD_LIMIT
        assert len(page.blocks) > 1


def test_pages_say_every_word_of_a_long_text() -> None:
    words = [f"word{index}" for index in range(400)]
    pages = conclusion_pages(findings([], text=" ".join(words)), speech())
    assert len(pages) > 1
    said = " ".join(page.plain for page in pages).split()
    assert [word for word in said if word.startswith("word")] == words


# -- the draft ---------------------------------------------------------------------------------------------------------
def test_the_draft_quotes_the_strongest_of_each_side_with_their_numbers() -> None:
    arguments = [
        argument(1, "Weak", supports=0),
        argument(2, "Strong", supports=9),
        argument(3, "Dear", kind=ArgumentKind.AGAINST),
        argument(4, "Who keeps the key?", kind=ArgumentKind.QUESTION),
        argument(5, "A calendar", kind=ArgumentKind.PROPOSAL, ratings=6, weight=27),
    ]
    text = draft_text(outline(arguments, RULES), RULES, speech())
    assert text.index("#2 “Strong”") < text.index("#1 “Weak”") < text.index("#3 “Dear”") < text.index("#5 “A calendar”")
    assert text.index("#5 “A calendar”") < text.index("#4 “Who keeps the key?”")


def test_what_is_hidden_after_the_draft_was_made_is_not_quoted_any_more() -> None:
    before, after = argument(1, "Slander"), argument(1, "Slander", state=ArgumentState.MODERATED)
    assert "Slander" in result(findings([before]))
    assert "Slander" not in result(findings([after]))


def test_an_edited_text_is_told_as_people_s_and_keeps_the_bot_s_figures() -> None:
    said = result(findings([argument(1), argument(2, state=ArgumentState.WITHDRAWN)], text="We agree.\nAlmost."))
    assert "version 2" in said
    assert "We agree.\nAlmost." in said
    assert "2 contributions received = 1 published + 1 withdrawn + 0 hidden by moderators + 0 refused" in said


# -- the numbers -------------------------------------------------------------------------------------------------------
def test_the_shift_is_told_among_those_who_answered_twice() -> None:
    said = result(findings([], shifts=MOVED))
    assert "of the 20 people who answered both times" in said
    assert "Before: 9 for, 9 against, 2 undecided. After: 12 for, 8 against, 0 undecided." in said
    assert "7 people changed their mind: 5 towards for, 2 towards against." in said


@pytest.mark.parametrize("twice", [0, 1, RULES.minimum - 1])
def test_too_few_answers_are_not_told(twice: int) -> None:
    said = result(findings([], shifts={(FOR, AGAINST): twice, (FOR, None): 53}))
    assert "too few answers to show" in said
    assert "Before:" not in said
    assert "53" not in said


def test_enough_answers_are_told() -> None:
    said = result(findings([], shifts={(FOR, FOR): RULES.minimum}))
    assert "Nobody changed their mind." in said


def test_the_shift_is_told_to_nobody_before_the_closing() -> None:
    pages = conclusion_pages(findings([], shifts=MOVED, closed=False), speech())
    assert not any("Before" in page.plain for page in pages)
    assert any("Before" in page.plain for page in conclusion_pages(findings([], shifts=MOVED), speech()))


def test_a_debate_that_asked_for_no_opinion_says_nothing_of_it() -> None:
    assert "Opinions" not in result(findings([], rules=replace(RULES, opinion=False)))


@pytest.mark.parametrize(
    ("wrote", "told"),
    [
        ((12, 5, 4, 2, 2), "5 people wrote; the most talkative fifth wrote 48% of the contributions (Gini index 0.37"),
        ((12, 5, 4, 2), "too few participants"),
        ((), "too few participants"),
    ],
)
def test_fairness_is_told_from_the_minimum_on(wrote: tuple[int, ...], told: str) -> None:
    assert told in result(findings([], wrote=wrote))


@pytest.mark.parametrize(("measure", "told"), [("seconds", "of the time"), ("messages", "of the messages")])
def test_the_floor_is_told_in_its_own_measure(measure: str, told: str) -> None:
    found = replace(findings([], spoke=(60, 10, 10, 10, 10)), measure=Measure(measure))
    assert f"60% {told}" in result(found)
    few: Any = replace(found, spoken=fairness((60, 10, 10, 10)))
    assert told not in result(few)

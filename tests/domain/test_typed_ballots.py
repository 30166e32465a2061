"""Rankings, marks and consent by text, in both languages; what is mistyped is refused with what was understood."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import answer
from bot.domain.ballot_checks import as_typed
from bot.domain.ballots import Answer, Choice, Marks, Ranking, Withdrawal, amend, to_text
from bot.domain.consultation import Definition
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.domain.vocabulary import CONSENT_OPTIONS, GRADES
from tests.domain.votes import (
    approval,
    available,
    consented,
    definition,
    judged,
    marked,
    pointed,
    ranked,
    ranking,
    scored,
)

PLACES = ("Café", "Library", "Au parc, dehors", "Blanc")
RANKS = ranking(*PLACES)
SCORES = scored(*PLACES)
JUDGED = judged(*PLACES)
ENGLISH = judged(*PLACES, grades=GRADES["en"])
POINTS = pointed(*PLACES)
DATES = replace(available("Mardi 18:30", "Jeudi 19:00", "8 mai"), language="fr")


@pytest.mark.parametrize(
    ("text", "ballot"),
    [
        ("2>1>3", "2>1>3"), ("2 > 1 > 3", "2>1>3"), ("2=1>3", "1=2>3"), ("2, 1, 3", "2>1>3"), ("2;1", "2>1"),
        ("2 1 3", "2>1>3"), ("2", "2"), ("1=2", "1=2"), ("Library > café", "2>1"), ("library, 1", "2>1"),
        ("Au parc, dehors", "3"), ('"Au parc, dehors" > 2', "3>2"), ("«Au parc, dehors», Café = 2", "3>1=2"),
        ("#2>#1", "2>1"), ("2, 1,", "2>1"), ("2\n1\n3", "2>1>3"), ("9>1", "9>1"),
        ("blanc", "4"), ("Blank.", "4"), ("4", "4"),
    ],
)  # fmt: skip
def test_rankings(text: str, ballot: str) -> None:
    assert read(text, RANKS) == Answer(ranked(ballot))


@pytest.mark.parametrize(
    ("made", "text", "marks"),
    [
        (SCORES, "1:5 2:0", {1: 5, 2: 0}), (SCORES, "1: 5, 2: 0", {1: 5, 2: 0}), (SCORES, "1 : 5 2 : 0", {1: 5, 2: 0}),
        (SCORES, "café:5 Library:2", {1: 5, 2: 2}), (SCORES, "Library 3, Café 1", {2: 3, 1: 1}),
        (SCORES, "1=5;2=3", {1: 5, 2: 3}), (SCORES, "#1: 5", {1: 5}), (SCORES, "1 5, 2 3", {1: 5, 2: 3}),
        (SCORES, "1:5\n2:4\n", {1: 5, 2: 4}), (SCORES, "1:9", {1: 9}),
        (POINTS, "1:6 2:4", {1: 6, 2: 4}), (POINTS, "1:10", {1: 10}),
        (JUDGED, "1: Très bien, 2: à rejeter", {1: 5, 2: 0}), (JUDGED, "1 tb, 2 ab, 3 passable", {1: 5, 2: 3, 3: 2}),
        (JUDGED, "1 très bien, 2 bien", {1: 5, 2: 4}), (JUDGED, "Café: insuf, Library: BIEN", {1: 1, 2: 4}),
        (JUDGED, "1:5 2:0", {1: 5, 2: 0}), (JUDGED, "1:tb 2:b", {1: 5, 2: 4}),
        (JUDGED, "1:très bien 2:bien", {1: 5, 2: 4}),
        (ENGLISH, "1 very good, 2 poor", {1: 5, 2: 1}), (ENGLISH, "1: vg, 2: accept", {1: 5, 2: 2}),
        (DATES, "1 oui, 3 non", {1: 2, 3: 0}), (DATES, "1 oui 2 si besoin 3 non", {1: 2, 2: 1, 3: 0}),
        (DATES, "1:yes 2:maybe", {1: 2, 2: 1}), (DATES, "Mardi 18:30: oui, Jeudi 19:00 peut-être", {1: 2, 2: 1}),
        (DATES, "8 mai non", {3: 0}), (DATES, "1 if need be", {1: 1}), (DATES, "1 ok; 2 n", {1: 2, 2: 0}),
    ],
)  # fmt: skip
def test_marks(made: Definition, text: str, marks: dict[int, int]) -> None:
    assert read(text, made) == Answer(Marks(tuple(sorted(marks.items()))))


@pytest.mark.parametrize("made", [SCORES, JUDGED, POINTS], ids=lambda made: str(made.ballot))
@pytest.mark.parametrize("text", ["blanc", "BLANK", "vote blanc", "4"])
def test_voting_blank_by_marks(made: Definition, text: str) -> None:
    assert read(text, made) == Answer(marked(o4=1))


@pytest.mark.parametrize(
    ("text", "role"),
    [("1", 0), ("agree", 0), ("D'accord", 0), ("oui", 0), ("abstain", 1), ("je m’abstiens", 1), ("Disagree.", 2),
     ("pas d'accord", 2), ("veto", 3), ("I block", 3), ("4", 3)],
)  # fmt: skip
@pytest.mark.parametrize("language", CONSENT_OPTIONS)
def test_consent(text: str, role: int, language: str) -> None:
    texts = CONSENT_OPTIONS[language]
    made = consented()
    options = tuple(replace(option, text=texts[option.number - 1]) for option in made.options)
    assert read(text, replace(made, options=options)) == Answer((role + 1,))


@pytest.mark.parametrize("made", [definition(), approval(), RANKS, SCORES, JUDGED, POINTS, DATES, consented()],
                         ids=lambda made: str(made.ballot))  # fmt: skip
@pytest.mark.parametrize("text", ["-", " — ", "retirer", "Withdraw"])
def test_a_withdrawal_is_the_same_on_every_ballot(made: Definition, text: str) -> None:
    assert read(text, made) == Withdrawal()


@pytest.mark.parametrize("text", ["2", "Library", "1, 3", "café et library"])
def test_chosen_options_are_read_as_ever(text: str) -> None:
    made = approval(*PLACES)
    assert read(text, made) == answer(text, made.options)


@pytest.mark.parametrize(
    ("made", "text", "code", "understood"),
    [
        (RANKS, "2>1>nowhere", "ranking-unknown", "2>1"), (RANKS, "2>1>", "ranking-unknown", "2>1"),
        (RANKS, ">2", "ranking-unknown", "-"), (RANKS, "2>>1", "ranking-unknown", "2"),
        (RANKS, "2==1", "ranking-unknown", "2"),
        (RANKS, "2>1, 3", "ranking-unknown", "2"), (RANKS, "", "ranking-unknown", "-"),
        (RANKS, ",", "ranking-unknown", "-"),
        (RANKS, "2>1=", "ranking-unknown", "2>1"),
        (SCORES, "1:5, nowhere:3", "marks-unknown", "1:5"), (SCORES, "1:5, 2", "marks-unknown", "1:5"),
        (SCORES, "1:-2", "marks-unknown", "-"), (SCORES, "1:4,5", "marks-unknown", "1:4"),
        (SCORES, "", "marks-unknown", "-"),
        (SCORES, "1 5 2 3", "marks-unknown", "-"), (SCORES, "2", "marks-unknown", "-"),
        (DATES, "1 oui, 2 jamais", "marks-unknown", "1 oui"), (DATES, "1:2", "marks-unknown", "-"),
        (JUDGED, "1: bien, 2: génial", "marks-unknown", "1: Bien"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_refused_with_what_was_understood(made, text: str, code: str, understood: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, made)
    assert (refused.value.code, refused.value.facts["understood"]) == (code, understood)
    assert read(str(refused.value.facts["example"]), made)


@pytest.mark.parametrize(
    ("made", "text", "code"),
    [
        (RANKS, "1>2>1", "option-twice"), (SCORES, "1:5, 1:3", "option-twice"), (SCORES, "1:5 café:5", "option-twice"),
        (JUDGED, "1: a", "grade-several"),  # assez bien, à rejeter
        (scored("Salle", "Salle 2"), "Salle 2 3, Salle 2:1", "option-twice"),
        (ranking("pâte", "pâté"), "pate>2", "answer-several"),
        (ranking("1", "3", "2"), "2>1", "answer-ambiguous"),
        (RANKS, "x" * 6000, "answer-unknown"), (SCORES, "1:5 " * 2000, "answer-unknown"),
    ],
)  # fmt: skip
def test_nothing_is_guessed_between_two_readings(made: Definition, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text, made)
    assert refused.value.code == code


@given(st.text(alphabet='12345 :=>,;\n"abét', max_size=40))
@pytest.mark.parametrize("made", [RANKS, SCORES, JUDGED, POINTS, DATES, consented()], ids=lambda made: str(made.ballot))
def test_any_text_is_a_ballot_or_a_refusal(made: Definition, text: str) -> None:
    try:
        found = read(text, made)
    except Refusal:
        return
    assert found == Withdrawal() or found.options


ORDERS = st.permutations([1, 2, 3]).flatmap(
    lambda order: st.lists(st.sampled_from([">", "="]), min_size=2, max_size=2).map(
        lambda signs: f"{order[0]}{signs[0]}{order[1]}{signs[1]}{order[2]}"
    )
)


@given(ORDERS)
def test_a_ranking_as_shown_reads_back(text: str) -> None:
    ballot = amend(RANKS, None, read(text, RANKS))
    assert isinstance(ballot, Ranking)
    assert read(to_text(ballot)[1:], RANKS) == Answer(ballot)


@pytest.mark.parametrize("made", [SCORES, JUDGED, ENGLISH, POINTS, DATES], ids=lambda made: str(made.ballot))
@given(data=st.data())
def test_marks_as_shown_read_back(made: Definition, data: st.DataObject) -> None:
    given_marks = data.draw(
        st.dictionaries(st.integers(1, 3), st.integers(0, made.best_mark), min_size=1).map(
            lambda each: sorted(each.items())
        )
    )
    choice: Choice = Marks(tuple(given_marks))
    assert read(as_typed(made, given_marks), made) == Answer(choice)

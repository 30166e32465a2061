"""What people read of a result, by every method: who is elected and why, round by round, within one message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ballots import Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Base, Definition, Majority, Method, Quorum, Secrecy, State, Tie
from bot.domain.methods import METHODS_OF
from bot.domain.results import conclude
from bot.text.card import Card
from bot.text.catalogue import Speech, languages
from bot.text.counting.pictures import alternative
from bot.text.fitting import CARD_LIMIT, length
from bot.text.results import Concluded, chart, result_card, result_page, result_pages
from bot.text.rules import rule_sentence
from tests.domain.votes import (
    approval,
    available,
    consented,
    consultation,
    definition,
    judged,
    marked,
    pointed,
    ranked,
    ranking,
    scored,
)

LANGUAGES = languages()
CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
TENNESSEE = {ranked("1>2>3>4"): 42, ranked("2>3>4>1"): 26, ranked("3>4>2>1"): 15, ranked("4>3>2>1"): 17}
FORTY_FIVE = {
    ranked(text): times
    for text, times in (
        ("1>3>2>5>4", 5), ("1>4>5>3>2", 5), ("2>5>4>1>3", 8), ("3>1>2>5>4", 3), ("3>1>5>2>4", 7), ("3>2>1>4>5", 2),
        ("4>3>5>2>1", 7), ("5>2>1>4>3", 8),
    )
}  # fmt: skip
"""The example of Schulze's article, section 3.1."""
FOOD = {ranked("1"): 4, ranked("2>1"): 2, ranked("3>4"): 8, ranked("3>5"): 4, ranked("4"): 1, ranked("5"): 1}
"""Twenty guests, three dishes: the textbook example of the single transferable vote."""


def speech(language: str) -> Speech:
    return Speech(language, ZoneInfo("Europe/Paris"))


def ended(made: Definition, tally: Mapping[Choice, int], **changes: Any) -> Concluded:
    one = consultation(made, state=State.CERTIFIED, **{"roll_size": 120, **changes})
    return Concluded(one, conclude(one, tally), (), "Octet")


def told(made: Definition, tally: Mapping[Choice, int], language: str = "en", **changes: Any) -> str:
    return result_card(ended(made, tally, **changes), speech(language)).plain


# ── published elections ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_capital_of_tennessee_by_duels() -> None:
    lines = told(ranking(*CITIES), TENNESSEE).split("\n")
    assert lines[1] == "Nashville wins: voters prefer it to each of the other options."
    assert "Nashville beats Chattanooga (68 to 32), Knoxville (68 to 32), and Memphis (58 to 42)." in lines
    assert "Chattanooga beats Knoxville (83 to 17) and Memphis (58 to 42)." in lines
    assert "100 voters of 120; 20 did not vote." in lines


def test_the_capital_of_tennessee_by_eliminations_in_french() -> None:
    lines = told(ranking(*CITIES, method=Method.IRV), TENNESSEE, "fr").split("\n")
    assert lines[1] == "Knoxville l'emporte au tour 3 avec 58 voix sur 100 encore en jeu."
    assert lines[2] == "Tour 1, les premiers choix : Memphis 42 · Nashville 26 · Knoxville 17 · Chattanooga 15."
    assert lines[3] == (
        "Tour 2 : Chattanooga sort, ses voix (15) passent au choix suivant : Knoxville +15. "
        "Cela donne Memphis 42 · Knoxville 32 · Nashville 26."
    )
    assert lines[5] == "Élu : Knoxville."


def test_the_capital_of_tennessee_by_points() -> None:
    blanks = {**TENNESSEE, ranked("5"): 3}
    words = told(ranking(*CITIES, "Blanc", method=Method.BORDA), blanks)
    assert "Nashville wins with 194 points." in words
    assert all(f"{points} points" in words for points in (126, 194, 173, 107))
    assert "Blanc: 3 ballots, counted among the voters and not in the calculation." in words


def test_the_forty_five_voters_of_schulze() -> None:
    words = told(ranking(*"ABCDE"), FORTY_FIVE)
    assert "E wins: no option wins all its duels, and its chains of duels are the strongest." in words
    for line in ("A: 25; back: 24", "B: 28; back: 24", "C: 28; back: 24", "D: 31; back: 24"):
        assert f"From E to {line}." in words


def test_the_forty_five_voters_by_ranked_pairs() -> None:
    words = told(ranking(*"ABCDE", method=Method.RANKED_PAIRS), FORTY_FIVE)
    assert "A wins: no option wins all its duels" in words
    assert "A 4 · C 3 · E 2 · B 1 · D 0." in words


def test_ranked_pairs_says_which_duels_were_set_aside() -> None:
    made = ranking("A", "B", "C", method=Method.RANKED_PAIRS)
    tally = {ranked("1>2>3"): 7, ranked("2>3>1"): 6, ranked("3>1>2"): 4}
    # A beats B 11 to 6, B beats C 13 to 4, and C beats A 10 to 7, which the two others contradict.
    said = told(made, tally)
    assert "The duels set aside, since clearer duels say the opposite:\nC beats A (10 to 7)." in said
    assert "set aside" not in told(made, {ranked("1>2>3"): 7, ranked("2>1>3"): 6})


@pytest.mark.parametrize("method", [Method.IRV, Method.STV], ids=str)
def test_who_leaves_without_a_vote_passes_none_on(method: Method) -> None:
    made = ranking("A", "B", "C", "D", method=method, seats=2 if method is Method.STV else 1)
    said = told(made, {ranked("1"): 4, ranked("2"): 3, ranked("4"): 3})
    assert "C leaves and has no votes to pass on. That makes A 4" in said
    assert "(0)" not in said


def test_a_tie_for_several_seats_says_how_many() -> None:
    made = approval("A", "B", "C", "D", seats=3)
    assert "Tie between B, C, and D for the 2 seats left." in told(made, {(1,): 5, (2,): 3, (3,): 3, (4,): 3})
    twice = told(made, {(1,): 5, (2,): 3, (3,): 3, (4,): 3}, tie_choices=(4, 2), tie_reason="older · local")
    assert "decided by the organisers for D and B. Reason: older · local" in twice


def test_a_motion_says_what_its_majority_is_a_share_of() -> None:
    for base, words in (
        (Base.CAST, "half of “For” + “Against”"), (Base.VOTERS, "half of those who vote"), (Base.ROLL, "whole roll"),
    ):  # fmt: skip
        made = definition("For", "Against", "Abstention", majority=Majority(Fraction(1, 2)), base=base)
        assert words in rule_sentence(consultation(made, roll_size=120), 31, speech("en"))


@pytest.mark.parametrize("quorum", [Quorum(count=40), Quorum(share=Fraction(1, 3))], ids=["number", "share"])
def test_a_quorum_says_how_many_of_how_many_and_how_many_have_voted(quorum: Quorum) -> None:
    made = definition("For", "Against", quorum=quorum)
    assert "Quorum 40 of 120; 31 have voted." in rule_sentence(consultation(made, roll_size=120), 31, speech("en"))


def test_transfers_are_told_to_the_last_vote() -> None:
    dishes = ranking("Oranges", "Pears", "Chocolate", "Strawberries", "Sweets", method=Method.STV, seats=3)
    words = told(dishes, FOOD)
    assert "Elected, in this order: Chocolate, Oranges, and Strawberries." in words
    assert "(quota: 6): Chocolate 12" in words
    assert "the votes Chocolate has to spare (6) go to the next choice: Strawberries +4, Sweets +2." in words
    assert "Pears leaves, its votes (2) go to the next choice: Oranges +2." in words
    assert "no next choice 3" in words
    assert "Elected short of the quota, as no more options are left than seats: Strawberries." in words


def test_decimals_are_written_as_the_language_does() -> None:
    """A surplus of 1 in 3 papers leaves thirds, cut at five decimals as the Scottish rules say."""
    made = ranking("A", "B", "C", "D", method=Method.STV, seats=2)
    tally = {ranked("1>2"): 4, ranked("1>3"): 3, ranked("4"): 4, ranked("2"): 2, ranked("3"): 1}
    assert "+1.14284" in told(made, tally)
    assert "+1,14284" in told(made, tally, "fr")


# ── the other ballots ────────────────────────────────────────────────────────────────────────────────────────────────

SCORES = {marked(o1=5, o2=2): 4, marked(o1=0, o2=5, o3=4): 3, marked(o2=3, o3=5): 2}


def test_scores_are_told_with_their_average() -> None:
    words = told(scored("Room", "Fair", "Grants"), SCORES, "fr")
    assert "Fair l'emporte avec un total de 29 (moyenne : 3,22 sur 5)." in words


def test_a_final_is_told_after_the_totals() -> None:
    words = told(scored("Room", "Fair", "Grants", method=Method.STAR), SCORES)
    assert "Totals: Fair 29 · Grants 22 · Room 20." in words
    assert "Fair wins the final against Grants: 7 preferences to 2." in words


def test_grades_are_told_by_their_words() -> None:
    words = told(judged("Room", "Fair", "Grants"), SCORES, "fr")
    assert "Grants l'emporte avec la meilleure mention majoritaire : Bien." in words
    assert "Grants : Bien, cette mention ou mieux pour 5 votants sur 9 (Très bien 2 · Bien 3 · À rejeter 4)." in words


def test_the_same_grade_says_how_it_was_told_apart() -> None:
    made = judged("Room", "Fair", grades=("Good", "Fair enough", "Poor"))
    words = told(made, {marked(o1=1, o2=2): 2, marked(o1=1, o2=1): 2, marked(o1=0, o2=1): 1})
    assert "Fair wins with the majority grade Fair enough, ahead of Room with the same grade." in words
    assert "With the same grade:" in words


def test_dates_say_who_can_come() -> None:
    tally = {marked(o1=2, o2=1, o3=0): 4, marked(o2=2, o3=1): 3}
    words = told(available("Tuesday", "Thursday", "Friday"), tally)
    assert "Thursday wins: 7 people can come, 3 of them with a plain yes." in words
    assert "Tuesday: 4 yes, 0 if need be, 3 no." in words


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        ({(1,): 5, (3,): 1}, "Passed, nobody blocks: 5 agree, 1 against."),
        ({(1,): 5, (4,): 1}, "Rejected: 1 person blocks it (5 agreed)."),
        ({(3,): 2}, "Rejected, though nobody blocks: 0 agree, 2 against."),
        ({(2,): 2}, "No vote was cast for an option: there are only blank ballots or abstentions."),
        ({}, "Nobody voted."),
    ],
)
def test_consent_says_what_stood_in_the_way(tally: dict[Choice, int], words: str) -> None:
    assert told(consented(), tally).split("\n")[1] == words


def test_a_first_round_names_those_of_the_second() -> None:
    words = told(definition(method=Method.TWO_ROUND), {(1,): 4, (2,): 3, (3,): 2})
    assert "Café and Library" in words.split("\n")[1]


def test_several_seats_say_who_has_them_and_which_stay_empty() -> None:
    words = told(approval("A", "B", "C", seats=3), {(1,): 4, (1, 2): 1})
    assert words.split("\n")[1] == "Elected, in this order: A and B. 1 seat stays empty."


def test_a_tie_for_the_last_seat_says_who_is_in_already() -> None:
    words = told(approval("A", "B", "C", seats=2), {(1,): 4, (2,): 1, (3,): 1})
    assert words.split("\n")[1] == "Elected: A. Tie between B and C for the last seat."


def test_a_draw_says_who_got_the_seat_and_not_who_had_one_already() -> None:
    words = told(approval("A", "B", "C", seats=2, tie=Tie.FIRST), {(1,): 4, (2,): 1, (3,): 1})
    assert "Tie between B and C: the first in the announced order wins, B." in words


def test_a_tie_on_the_way_says_who_left_and_by_which_rule() -> None:
    tally = {ranked("1"): 5, ranked("2>1"): 2, ranked("3>4"): 2, ranked("4"): 3}
    words = told(ranking("A", "B", "C", "D", method=Method.IRV), tally)
    assert "Tie between B and C (for who leaves), decided by the order of the options" in words


# ── the denominator ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_majority_of_the_roll_says_its_number_before_anyone_votes() -> None:
    made = definition(
        majority=Majority(Fraction(2, 3), strict=False), base=Base.ROLL, quorum=Quorum(share=Fraction(3, 10))
    )
    said = rule_sentence(consultation(made, roll_size=61), 7, speech("en"))
    assert "That is 41 votes, with a roll of 61." in said
    assert "Quorum 19 of 61; 7 have voted." in said


def test_a_majority_of_the_votes_cast_says_its_number_after_the_closing() -> None:
    half = definition(majority=Majority(Fraction(1, 2)))
    assert "It took 6 votes, of 10." in told(half, {(1,): 6, (2,): 4})
    third = definition(majority=Majority(Fraction(2, 3), strict=False))
    assert "Il fallait 7 voix, sur 10." in told(third, {(1,): 6, (2,): 4}, "fr")


# ── whatever is asked ────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def elections(draw: st.DrawFn) -> tuple[Definition, dict[Choice, int], str]:
    """Any ballot and method, up to forty options with hostile names, up to all of them elected."""
    number = draw(st.integers(2, 40))
    texts = draw(st.lists(NAMES, min_size=number, max_size=number))
    names = [f"{text}{place}"[-100:] for place, text in enumerate(texts)]
    made = _made(draw(st.sampled_from(sorted(MAKERS))), names, draw(st.integers(1, number)))
    language = draw(st.sampled_from(LANGUAGES))
    ballots = draw(st.lists(st.permutations(range(1, number + 1)), min_size=1, max_size=6))
    tally = {_choice(made, order, draw): draw(st.integers(1, 10**6)) for order in ballots}
    return replace(made, tie=draw(st.sampled_from(Tie)), language=language), tally, language


NAMES = st.sampled_from(["W" * 98, "👨‍👩‍👧‍👦" * 14, "Un local partagé avec les voisines", "A", "é" * 97])
MAKERS: dict[str, tuple[Callable[..., Definition], Method]] = {
    "plurality": (definition, Method.PLURALITY),
    "approval": (approval, Method.APPROVAL),
    **{method.value: (ranking, method) for method in METHODS_OF[BallotType.RANKING]},
    **{method.value: (scored, method) for method in METHODS_OF[BallotType.SCORE]},
    "majority-judgment": (judged, Method.MAJORITY_JUDGMENT),
    "points": (pointed, Method.POINTS),
    "availability": (available, Method.AVAILABILITY),
}
ONE_SEAT = {"irv", "availability"}


def _made(method: str, names: list[str], seats: int) -> Definition:
    maker, counted = MAKERS[method]
    made = maker(*names, seats=1 if method in ONE_SEAT else seats)
    return replace(made, title="T" * 200, method=counted)


def _choice(made: Definition, order: list[int], draw: st.DrawFn) -> Choice:
    match made.ballot:
        case BallotType.SINGLE:
            return (order[0],)
        case BallotType.APPROVAL:
            return tuple(sorted(order[: draw(st.integers(1, len(order)))]))
        case BallotType.RANKING:
            return Ranking(tuple((number,) for number in order))
        case _:
            return Marks(tuple(sorted((number, place % (made.best_mark + 1)) for place, number in enumerate(order))))


@settings(max_examples=60, deadline=None)
@given(elections())
def test_every_result_fits_a_message_and_names_everyone_who_is_elected(
    election: tuple[Definition, dict[Choice, int], str],
) -> None:
    made, tally, language = election
    names = tuple((f"Voter {number}", choice) for number, choice in enumerate(tally)) * 30
    concluded = replace(ended(replace(made, secrecy=Secrecy.PUBLIC), tally, seed="5eed"), names=names)
    pages = result_pages(concluded, speech(language))
    middle = max(len(pages) // 2, 2)
    assert length(result_page(concluded, str(middle), speech(language)).plain) <= CARD_LIMIT
    assert all(length(page.plain) <= CARD_LIMIT for page in pages)
    assert "{" not in pages[0].plain
    for number in concluded.result.winners:
        option = made.option(number)
        assert option is not None
        assert option.text[:6] in pages[0].plain
    assert alternative(chart(concluded, speech(language))).startswith(made.title)


def long_election() -> Concluded:
    """Thirty options that leave one by one."""
    made = ranking(*(f"Project number {number} of the neighbourhood" for number in range(30)), method=Method.IRV)
    tally: dict[Choice, int] = {
        Ranking(tuple((1 + (first + place) % 30,) for place in range(30))): 10 + first for first in range(30)
    }
    return ended(made, tally)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_count_goes_on_over_pages(language: str) -> None:
    concluded = long_election()
    first, *others = result_pages(concluded, speech(language))
    command = {"en": "/results 12 2", "fr": "/resultats 12 2"}[language]
    assert command in first.plain
    assert len(others) > 1
    whole = "\n".join(card.plain for card in others)
    rounds = {"en": "Round {}", "fr": "Tour {}"}[language]
    assert all(rounds.format(number) in whole for number in range(1, len(concluded.result.rounds) + 1))


def test_a_page_leads_to_the_next_and_there_is_none_beyond_the_last() -> None:
    concluded = long_election()
    pages = result_pages(concluded, speech("en"))

    def at(typed: str) -> Card:
        return result_page(concluded, typed, speech("en"))

    assert "/results 12 3" in at("2").plain
    assert at(str(len(pages))) == at("9999999") == pages[-1]
    assert at("") == at("1") == at("x") == at("0") == pages[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ballots_of_a_public_vote_are_told_whole_by_voter(language: str) -> None:
    made = ranking(*CITIES, secrecy=Secrecy.PUBLIC)
    concluded = replace(ended(made, TENNESSEE), names=(("Ana", ranked("2>1=3")), ("", ranked("4"))))
    words = result_card(concluded, speech(language)).plain
    (line,) = [each for each in words.split("\n") if each.startswith("Ana: ")]
    assert line.index("Nashville") < line.index("Memphis") < line.index("Chattanooga")


def test_names_that_are_cut_keep_their_numbers() -> None:
    """Thirty names that begin alike: what is left of them must still tell them apart."""
    made = ranking(
        *(f"{'A project of the neighbourhood, ' * 3}{number}" for number in range(10, 40)), method=Method.STV
    )
    tally: dict[Choice, int] = {Ranking(((number,),)): 10 + number for number in range(1, 31)}
    concluded = ended(replace(made, seats=2), tally)
    words = result_card(concluded, speech("en")).plain.split("\n")[1]
    assert "30. A project" in words
    assert "29. A project" in words

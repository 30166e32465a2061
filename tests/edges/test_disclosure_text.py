"""The disclosure as people read it, in both languages: complete, short enough, and never a word too many claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import declaration
from bot.domain.budgets import BudgetRules
from bot.domain.charter import (
    ITEMS,
    Circumstances,
    Disclosure,
    disclose,
    from_facts,
    missing_facts,
    required_missing,
    to_facts,
)
from bot.domain.charter_values import MembersToday
from bot.domain.consultation import (
    BallotType,
    Base,
    Binding,
    Consultation,
    Definition,
    Follows,
    Kind,
    Majority,
    Method,
    Option,
    OptionRole,
    Quorum,
    Results,
    Secrecy,
    Sequel,
    Tie,
)
from bot.domain.date_options import Slot
from bot.domain.debate.model import Budget, Measure, Phase, Review, Signing, Stage
from bot.domain.ids import Action
from bot.domain.joint import MOST as MOST_PARTNERS
from bot.domain.joint import Together
from bot.domain.key_holder import KeyHolder
from bot.domain.methods import BUDGET_METHODS, METHODS_OF
from bot.domain.opinions.model import OpinionRules
from bot.domain.organisation import Declared, Field, Instance, Organisation
from bot.domain.papers import FILLED_IN
from bot.domain.proxy_rules import ProxyRule
from bot.domain.receipts import Receipt
from bot.domain.remedies import IfNoQuorum, Remedy
from bot.domain.roll_sources import RollSource
from bot.domain.vocabulary import GRADES
from bot.text.catalogue import Speech, catalogue
from bot.text.disclosure import (
    CARD_LIMIT,
    complete_declaration,
    disclosure_card,
    fingerprint,
    long_form,
    missing_card,
    setup_question,
)
from tests.disclosures import (
    ASSOCIATION,
    BLIND_GROUP,
    GROUP,
    INSTANCE,
    NOW,
    PLAIN_ROOM,
    REHEARSAL,
    ROOM,
    circumstances,
    consultation,
    debate,
    debate_rules,
    decision,
    opinions,
    poll,
    vote,
)
from tests.domain.votes import consented

LANGUAGES = ("fr", "en")
MOTION = (Option(1, "Pour"), Option(2, "Contre"), Option(3, "Abstention", OptionRole.ABSTENTION))
BALLOTS = [
    {"ballot": BallotType.SINGLE},
    {"ballot": BallotType.APPROVAL, "method": Method.APPROVAL, "at_most": 3},
    {"ballot": BallotType.APPROVAL, "method": Method.APPROVAL, "at_least": 2, "at_most": 3},
    {"ballot": BallotType.APPROVAL, "method": Method.APPROVAL, "at_most": 2},
    {"ballot": BallotType.APPROVAL, "method": Method.APPROVAL, "at_least": 2, "at_most": 2},
    {"ballot": BallotType.APPROVAL, "method": Method.APPROVAL, "at_least": 2, "at_most": 3,
     "options": tuple(Option(number, f"Projet {number}") for number in range(1, 6))},
    *({"ballot": ballot, "method": method, "at_most": 3, "scale": 5, "grades": GRADES["fr"], "points": 10}
      for ballot, methods in METHODS_OF.items() if ballot in FILLED_IN for method in methods),
    {"ballot": BallotType.RANKING, "method": Method.STV, "at_most": 3, "seats": 2},
    {"ballot": BallotType.RANKING, "method": Method.IRV, "at_least": 2, "at_most": 2},
    {"ballot": BallotType.RANKING, "method": Method.BORDA, "at_least": 1, "at_most": 2},
    {"ballot": BallotType.POINTS, "method": Method.POINTS, "at_most": 3, "points": 25, "quadratic": True},
]  # fmt: skip
CONSENT = {"ballot": BallotType.CONSENT, "method": Method.CONSENT, "options": consented().options}
DATES = {
    "kind": Kind.DATES, "ballot": BallotType.AVAILABILITY, "method": Method.AVAILABILITY,
    "dates": (Slot(1, NOW, NOW + timedelta(hours=1)),),
}  # fmt: skip
SIGNATURE = {"ballot": BallotType.SIGNATURE, "method": Method.SIGNATURE, "options": (Option(1, "Je signe"),)}
MAJORITIES = [None, Majority(), Majority(Fraction(1, 2)), Majority(Fraction(2, 3), strict=False)]
QUORUMS = [None, Quorum(count=20), Quorum(share=Fraction(3, 10))]


def speech(language: str, sign: str = "/") -> Speech:
    return Speech(language, ZoneInfo("Europe/Paris"), sign)


def unlisted(platform: str, counted: bool) -> object:
    room = {"telegram": GROUP, "matrix": ROOM, "console": REHEARSAL}[platform]
    return replace(room, exact=False, count=5 if counted else None)


def rules() -> Iterator[Consultation]:
    for majority, base in product(MAJORITIES, Base):
        yield consultation(vote(majority=majority, base=base))
        yield consultation(vote(options=MOTION, majority=majority, base=base))
    for ballot in BALLOTS:
        yield consultation(vote(**ballot))
    for quorum, tie in product(QUORUMS, Tie):
        yield consultation(decision(quorum=quorum, tie=tie))
    for secrecy, results in product(Secrecy, Results):
        yield consultation(vote(secrecy=secrecy, results=results))
        yield consultation(poll(secrecy=secrecy, results=results))
        yield consultation(poll(secrecy=secrecy, results=results, **DATES))
    for secrecy, receipt in product((Secrecy.CONFIDENTIAL, Secrecy.UNLINKED), Receipt):
        yield consultation(vote(secrecy=secrecy, receipt=receipt))
    yield consultation(vote(secrecy=Secrecy.UNLINKED, key=KeyHolder.SCRUTINEERS))
    yield consultation(vote(secrecy=Secrecy.UNLINKED, approval=True))
    for review in Review:
        yield consultation(poll(add_options=review))
    for method, choosing in product(BUDGET_METHODS, (BallotType.APPROVAL, BallotType.POINTS)):
        sums = BudgetRules(2000, ((1, 300), (2, 1200), (3, 1100)), "€")
        yield consultation(
            poll(kind=Kind.BUDGET, ballot=choosing, method=method, points=6, at_most=3, budget=sums, tie=Tie.DRAW)
        )
    yield from answered_or_signed()
    yield from deliberations()
    yield consultation(vote(binding=Binding.ANSWER))
    yield consultation(poll(), closes_at=None, lasts=timedelta(days=2))


def answered_or_signed() -> Iterator[Consultation]:
    for majority, secrecy in product(MAJORITIES, Secrecy):
        yield consultation(vote(majority=majority, secrecy=secrecy, **CONSENT))
    for quorum, results in product((*QUORUMS, Quorum(count=1)), Results):
        yield consultation(poll(quorum=quorum, results=results, **SIGNATURE))


def deliberations() -> Iterator[Consultation]:
    for signing, review in product(Signing, Review):
        yield consultation(debate(debate_rules(signing=signing, review=review)))
    for measure, vote_follows in product(Measure, (True, False)):
        rules = debate_rules(turn=Budget(180, measure), alternate=True, lists=("A", "B"), vote=vote_follows, each=3)
        yield consultation(debate(rules, options=MOTION if vote_follows else ()))
    yield consultation(
        debate(debate_rules(stages=(Stage(Phase.ARGUMENTS),), opinion=False, grounds=("Pub", "Insulte")))
    )
    for results in Results:
        yield consultation(opinions(results=results))
        yield consultation(opinions(OpinionRules(review=Review.BEFORE, each=1), results=results, options=()))


def places() -> Iterator[Circumstances]:
    rooms = [GROUP, BLIND_GROUP, ROOM, PLAIN_ROOM, REHEARSAL]
    for room in rooms:
        yield circumstances(room)
    for platform, counted in product(("telegram", "matrix", "console"), (True, False)):
        yield circumstances(unlisted(platform, counted))
        yield circumstances(unlisted(platform, counted), BLIND_GROUP)
    yield circumstances(*rooms)
    yield circumstances(GROUP, observers=2)
    yield circumstances(GROUP, replace(BLIND_GROUP, title=""), BLIND_GROUP)
    for role, operates in product(("admin", "organiser", "member"), (True, False, None)):
        yield circumstances(author_role=role, author_is_operator=operates)


def organisations() -> Iterator[Organisation]:
    yield ASSOCIATION
    yield replace(ASSOCIATION, declaration={})
    yield replace(ASSOCIATION, declaration=complete_declaration("Les Amis", NOW, speech("fr")))


def instances() -> Iterator[Instance]:
    yield INSTANCE
    yield replace(INSTANCE, revision="a1b2c3d4+modified", homeserver="", backup_days=0)


def all_disclosures() -> Iterator[tuple[Consultation, Disclosure]]:
    for each in rules():
        for place in (circumstances(GROUP), circumstances(ROOM)):
            yield each, disclose(each, ASSOCIATION, INSTANCE, place)
    definitions = (
        poll(), poll(roll=RollSource.OPEN), vote(seniority=timedelta(days=90)), decision(), debate(), opinions(),
    )  # fmt: skip
    settings = [*((ASSOCIATION, place) for place in places()), *((each, circumstances()) for each in organisations())]
    for definition, (association, place) in product(definitions, settings):
        each = consultation(definition)
        yield each, disclose(each, association, INSTANCE, place)
    for definition, place in product(followed(), (circumstances(GROUP), circumstances(ROOM))):
        each = consultation(definition)
        yield each, disclose(each, ASSOCIATION, INSTANCE, place)
    yield from listed()
    yield from together()
    unsigned = debate_rules(signing=Signing.ANONYMOUS)
    for instance, definition in product(instances(), (poll(), debate(), debate(unsigned), opinions())):
        each = consultation(definition)
        unbacked = replace(
            ASSOCIATION, declaration={**ASSOCIATION.declaration, Field.BACKUP_DAYS: Declared("0", "Ana")}
        )
        yield each, disclose(each, unbacked, instance, circumstances())


def listed() -> Iterator[tuple[Consultation, Disclosure]]:
    """Votes by an organisation's list: all of it or a group, some or all of them with an account, rooms besides."""
    for source, group, unclaimed in product([each for each in RollSource if each.listed], ("", "bureau"), (0, 1, 5)):
        each = consultation(vote(roll=source, group=group, quorum=Quorum(share=Fraction(1, 2))))
        for place in (circumstances(GROUP), circumstances(GROUP, ROOM)):
            members = MembersToday(43, unclaimed)
            yield each, disclose(each, ASSOCIATION, INSTANCE, replace(place, members=members))


def together() -> Iterator[tuple[Consultation, Disclosure]]:
    """What others hold too, or are invited to."""
    joined = Together("Les Amis du chêne", "contact@chene.example", "le conseil", "Les Amis du chêne")
    invited = replace(joined, name="Le Verger", invited_until=NOW + timedelta(days=1))
    asked = (*(vote(secrecy=secrecy) for secrecy in Secrecy), debate(), opinions())
    for definition, others in product(asked, ((joined,), (invited,), (joined, invited))):
        each = consultation(definition)
        yield each, disclose(each, ASSOCIATION, INSTANCE, circumstances(GROUP, ROOM, together=others))


def followed() -> Iterator[Definition]:
    """Votes that do something by themselves: a second round, a closing before or after their time, a second vote."""
    half = Majority(Fraction(1, 2), strict=True)
    for base, majority in product(Base, (half, Majority(Fraction(2, 3), strict=False))):
        two = {"method": Method.TWO_ROUND, "second_round": timedelta(days=1), "majority": majority, "base": base}
        yield vote(**two)
    yield vote(early=timedelta(hours=2))
    yield vote(contest=timedelta(days=2), approval=True)
    for most, more in product((None, 2), ({}, {"receipt": Receipt.CHOICE}, {"secrecy": Secrecy.PUBLIC})):
        yield vote(proxies=ProxyRule(most), **more)
    refusing = (Option(1, "Anne"), Option(2, "Aucun des candidats", OptionRole.NONE), Option(3, "RON", OptionRole.NONE))
    for options in (refusing, refusing[:2]):
        yield vote(options=options)
        yield vote(options=options, ballot=BallotType.RANKING, method=Method.STV, at_most=2, seats=2)
        yield vote(options=options, method=Method.TWO_ROUND, second_round=timedelta(days=1), majority=half)
    for sequel in Sequel:
        yield vote(follows=Follows(1, sequel))
    for remedy, made in product(Remedy, (vote, decision)):
        yield made(quorum=Quorum(count=20), if_no_quorum=IfNoQuorum(remedy, timedelta(days=2)))
    yield vote(options=MOTION, quorum=Quorum(share=Fraction(1, 2)), quorum_of_present=True)
    yield decision(options=MOTION, quorum=Quorum(share=Fraction(2, 3)), quorum_of_present=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_disclosure_can_be_told_and_every_sentence_is_used(language: str) -> None:
    voice, told = speech(language), set()
    for each, disclosure in all_disclosures():
        cards = (disclosure_card(each, disclosure, voice), *long_form(each, disclosure, voice))
        assert all(len(card.plain) < CARD_LIMIT for card in cards)
        assert not any(re.search(r"\{|\}|  |\.\.| ,|«  »", card.plain) for card in cards), cards
        told |= {said.key for state in disclosure.items for said in (*state.says, *state.more)}
    written = {key.removeprefix("charter.say.") for key in catalogue(language) if key.startswith("charter.say.")}
    assert told == written


def test_both_languages_have_the_same_sentences_with_the_same_facts() -> None:
    french, english = (
        {key: _facts(text) for key, text in catalogue(language).items() if key.startswith("charter.")}
        for language in LANGUAGES
    )
    assert french == english


def _facts(text: str | tuple[str, ...]) -> list[frozenset[str]]:
    forms = (text,) if isinstance(text, str) else text
    return [frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_point_has_a_title(language: str) -> None:
    titles = {key.removeprefix("charter.title.") for key in catalogue(language) if key.startswith("charter.title.")}
    assert titles == {item.id for item in ITEMS}


def longest_definitions() -> Iterator[Definition]:
    words = {"title": "T" * 200, "purpose": "P" * 500, "seniority": timedelta(days=90)}
    names = tuple(f"{each:03}" + "G" * 57 for each in range(12))
    for number in (2, 40):
        options = tuple(Option(each, f"{each:03}" + "W" * 97) for each in range(1, number + 1))
        asides = (Option(98, "B" * 100, OptionRole.BLANK), Option(99, "A" * 100, OptionRole.ABSTENTION))
        yield decision(
            statutes="S" * 500, options=(*options, *asides), base=Base.VOTERS, receipt=Receipt.CHOICE, **words,
            majority=Majority(Fraction(2, 3), strict=False), quorum=Quorum(share=Fraction(1, 3)), proxies=ProxyRule(99),
        )  # fmt: skip
        yield opinions(OpinionRules(review=Review.BEFORE, grounds=names, each=1000), options=options, **words)
        for signing in Signing:
            rules = debate_rules(
                signing=signing, review=Review.BEFORE, grounds=names, each=1000, length=1000, lists=names, vote=True,
                alternate=True, turn=Budget(20_000, Measure.CHARACTERS),
                stages=tuple(Stage(phase, timedelta(days=200, hours=23)) for phase in Phase),
            )  # fmt: skip
            yield debate(rules, options=options, **words)


LONG = "P" * 200
PARTNERS = tuple(Together(f"{number}{LONG}", LONG, LONG, LONG) for number in range(MOST_PARTNERS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("partners", [(), PARTNERS], ids=["alone", "together"])
@pytest.mark.parametrize("definition", list(longest_definitions()), ids=lambda each: each.kind.value)
def test_the_longest_words_still_fit_in_one_message(
    language: str, definition: Definition, partners: tuple[Together, ...]
) -> None:
    stated = {
        field: Declared("999" if rule.shape == "days" else "D" * rule.most, "N" * 300, NOW)
        for field, rule in declaration.RULES.items()
    }
    instance = replace(INSTANCE, operator="O" * 300, contact="C" * 300, hosting="H" * 500, homeserver="M" * 200,
                       source_url="https://" + "s" * 120, revision="f" * 40 + "+modified")  # fmt: skip
    rooms = [replace(room, title=f"{index}" + "R" * 254) for index, room in enumerate((BLIND_GROUP, PLAIN_ROOM) * 4)]
    each = consultation(definition)
    place = circumstances(*rooms, author_name="N" * 300, author_is_operator=True, together=partners)
    disclosure = disclose(each, replace(ASSOCIATION, declaration=stated), instance, place)
    card = disclosure_card(each, disclosure, speech(language, "!"))
    pages = long_form(each, disclosure, speech(language))
    assert len(card.plain) < CARD_LIMIT
    assert all(len(page.plain) < CARD_LIMIT for page in pages)
    whole = "".join(page.plain for page in pages)
    assert all(f"{index}RRRRRRRRRR" in whole for index in range(len(rooms)))
    stated_there = Field.OTHER_MEANS if definition.kind is Kind.VOTE else Field.DOCUMENTS
    assert "D" * declaration.RULES[stated_there].most in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_disclosure_reads_as_it_was_made(language: str) -> None:
    each = consultation(decision(quorum=Quorum(share=Fraction(1, 3)), seniority=timedelta(days=90)))
    disclosure = disclose(each, ASSOCIATION, INSTANCE, circumstances(GROUP, ROOM))
    kept = from_facts(to_facts(disclosure))
    voice = speech(language)
    assert disclosure_card(each, kept, voice) == disclosure_card(each, disclosure, voice)
    assert long_form(each, kept, voice) == long_form(each, disclosure, voice)


def card_of(definition: object, *rooms: object, language: str = "fr", sign: str = "/") -> str:
    each = consultation(definition)
    disclosure = disclose(each, ASSOCIATION, INSTANCE, circumstances(*rooms))
    return disclosure_card(each, disclosure, speech(language, sign)).plain


def test_the_questions_come_in_the_order_people_ask_them() -> None:
    french = card_of(poll())
    questions = [
        "Qui demande ?",
        "Pourquoi ?",
        "Qui vote ?",
        "Comment ?",
        "Quand ?",
        "Qui voit quoi ?",
        "Vos données ?",
    ]
    assert [
        line[: len(question)] for line, question in zip(french.splitlines()[2:], questions, strict=False)
    ] == questions
    assert "Logiciel libre" in french
    assert "Carte Palabre v1" in french


def test_the_card_says_what_the_settings_are() -> None:
    french = card_of(poll())
    assert "43 d'après Telegram" in french
    assert "ses comptes liés (/lier) comptent une fois, d'autres ne peuvent être reconnus" in french
    assert "Telegram peut le lire aussi" in french
    assert "Ce n'est pas un scrutin secret." in french
    assert "https://git.example/palabre" in french
    assert "vendredi 4 décembre 2026" in french
    english = card_of(
        vote(quorum=Quorum(share=Fraction(3, 10)), majority=Majority(Fraction(1, 2))), ROOM, language="en"
    )
    assert "30% of everyone on the roll, that is 18 voters of 60 today" in english
    assert "more than half of the ballots" in english
    assert "nobody sees the totals, not even the organisers" in english


def test_a_debate_says_who_takes_part_in_what_and_how_it_is_moderated() -> None:
    french = card_of(debate(debate_rules(vote=True), options=MOTION)).replace("\N{NO-BREAK SPACE}", " ")
    assert french.startswith("Avant de débattre · n° 12")
    assert "Qui participe ?" in french
    assert "information (1 jour), arguments (1 jour), discussion (1 jour) et conclusion (1 jour)" in french
    assert "attaque personnelle, illégal ou haineux, hors sujet, données personnelles et publicité" in french
    assert "Contre" not in french  # the choices are those of the vote that follows: the long form has them
    english = card_of(opinions(OpinionRules(grounds=("spam",), minimum=7)), language="en")
    assert "Grounds: “spam”, or another said in full." in english
    assert "a group of fewer than 7 people" in english


@pytest.mark.parametrize(
    ("language", "commands"), [("fr", ("!donnees", "!charte 12")), ("en", ("!privacy", "!charter 12"))]
)
def test_commands_are_written_as_the_room_types_them(language: str, commands: tuple[str, ...]) -> None:
    plain = card_of(vote(), ROOM, language=language, sign="!")
    assert all(command in plain for command in commands)
    assert not re.search(r"(^|\s)/\w", plain)


def test_the_buttons_lead_to_the_whole_card_and_to_contesting() -> None:
    each = consultation(poll())
    card = disclosure_card(each, disclose(each, ASSOCIATION, INSTANCE, circumstances()), speech("fr"))
    (row,) = card.buttons
    assert [(each.label, each.action) for each in row] == [
        ("Tout lire", Action("charter", 12)), ("Contester", Action("contest", 12)),
    ]  # fmt: skip


def test_the_source_is_a_link_only_when_it_is_a_web_address() -> None:
    each = consultation(poll())
    for url, linked in (("https://git.example/palabre", True), ("javascript:alert(1)", False)):
        disclosure = disclose(each, ASSOCIATION, replace(INSTANCE, source_url=url), circumstances())
        card = disclosure_card(each, disclosure, speech("fr"))
        links = {span.url for block in card.blocks for span in getattr(block, "spans", ()) if span.url}
        assert links == ({url} if linked else set())
        assert url in card.plain


def test_the_fingerprint_is_the_beginning_of_the_digest() -> None:
    each = consultation(poll())
    disclosure = disclose(each, ASSOCIATION, INSTANCE, circumstances())
    shown = fingerprint(disclosure.digest)
    assert re.fullmatch(r"([0-9A-F]{4} ){4}[0-9A-F]{4}", shown)
    assert disclosure.digest.startswith(shown.replace(" ", "").lower())
    assert shown in disclosure_card(each, disclosure, speech("fr")).plain
    assert disclosure.digest in long_form(each, disclosure, speech("fr"))[-1].plain


def test_what_people_typed_stays_on_its_line_and_is_no_markup() -> None:
    each = consultation(poll())
    place = circumstances(author_name="**Ana**\n{name}\u202e<b>")
    disclosure = disclose(each, ASSOCIATION, INSTANCE, place)
    asked = disclosure_card(each, disclosure, speech("fr")).plain.splitlines()[2]
    assert "par **Ana** {name}<b>," in asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_named_with_who_can_give_it(language: str) -> None:
    each = consultation(decision(purpose="", statutes=""), closes_at=None)
    nobody = disclose(each, Organisation(1, "fr", "Europe/Paris"), Instance("", "", "", "", "1", "a"), circumstances())
    assert required_missing(nobody)
    told = missing_card(missing_facts(nobody), speech(language, "!")).plain
    assert len(told.splitlines()) == 4
    assert ("!configurer" if language == "fr" else "!setup") in told
    only_setup = missing_card(("name", "responder"), speech(language)).plain
    assert len(only_setup.splitlines()) == 2
    disclosure_card(each, nobody, speech(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", list(Field))
def test_every_fact_can_be_asked_and_its_example_is_an_answer(language: str, field: Field) -> None:
    question = setup_question(field, {}, speech(language)).plain.splitlines()[0]
    example = re.split(r"Exemple : |Example: ", question)[1]
    assert declaration.answer_question(field, example, "Ana", NOW)[field].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_says_what_stands_meanwhile(language: str) -> None:
    default = setup_question(Field.RETENTION_DAYS, {}, speech(language)).plain
    stated = setup_question(Field.RETENTION_DAYS, {Field.RETENTION_DAYS: Declared("1", "Ana")}, speech(language)).plain
    assert "30" in default.splitlines()[1]
    assert stated.splitlines()[1] in {"Actuellement : 1 jour.", "At present: 1 day."}
    assert len(setup_question(Field.CONTROLLER, {}, speech(language)).plain.splitlines()) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rehearsal_declares_everything(language: str) -> None:
    stated = complete_declaration("Les Amis du tilleul", NOW, speech(language))
    assert set(stated) == set(Field)
    assert all(declared.value and declared.by and declared.at == NOW for declared in stated.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_of_a_declaration_has_its_sentence(language: str) -> None:
    codes = re.findall(r'Refusal\("([\w-]+)"', Path(declaration.__file__).read_text(encoding="utf-8"))
    assert len(set(codes)) == 9
    assert all(f"refusal.{code}" in catalogue(language) for code in codes)

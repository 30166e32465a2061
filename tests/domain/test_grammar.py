"""What people type as commands, in one line and as a list, in French and in English, on phones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import vocabulary
from bot.domain.grammar import Command, numbered, parse
from bot.domain.refusals import Refusal

CONTRACT_COMMANDS = """
help aide list liste status etat results resultats export exporter charter charte mine moi v voter
claim inscrire verify verifier link lier privacy donnees forget oublier contest contester lang langue learn comprendre
open ouvrir close clore extend prolonger cancel annuler remind rappeler excuse dispenser answer repondre minutes pv
schedule calendrier template modele setup configurer join rejoindre roles roll liste_electorale rooms salons invite for
pour against contre ask question floor parole next suivant hide masquer phase poll sondage vote scrutin dates petition
debate debat opinions text texte budget draw tirage"""
CONTRACT_KEYS = """
purpose objet binding portee open ouverture close fermeture ballot bulletin method methode seats sieges
choices choix tie egalite quorum majority majorite base secrecy confidentialite results resultats roll liste
seniority anciennete rooms salons answer_by reponse_avant receipt recu contest contestation reminders rappels
add_options ajouts repeat repetition template modele lang langue yes oui statutes statuts"""
OWN_KEYS = """
phases etapes signing signature moderation grounds motifs reports signalements length longueur each par_membre
turn tour alternate alternance lists listes opinion avis final_vote vote_final minimum grades mentions scale echelle
points quadratic quadratique second_round second_tour early anticipee amount montant
if_no_quorum sans_quorum lasts duree group groupe approval double_accord
key cle proxies procurations"""


def read(text: str) -> Command:
    command = parse(text)
    assert command is not None
    return command


def outcome(text: str) -> Command | Refusal | None:
    try:
        return parse(text)
    except Refusal as refused:
        return refused


def refusal(text: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        parse(text)
    return refused.value


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("/help", "help"), ("/AIDE", "help"), ("/resultats 3", "results"), ("/Résultats 3", "results"),
        ("/pétition", "petition"), ("/petition", "petition"), ("/liste_electorale", "roll"),
        ("/liste-électorale", "roll"), ("/liste", "list"), ("/voter 3 1", "v"), ("/pv 3", "minutes"),
        ("/état 2", "status"), ("/e\u0301tat 2", "status"), ("/tirage", "draw"), ("/start p-12", "start"),
    ],
)  # fmt: skip
def test_command_words_of_both_languages(typed, name):
    assert read(typed).name == name


def test_the_whole_contract_of_commands_is_known():
    assert [word for word in CONTRACT_COMMANDS.split() if vocabulary.command(word) is None] == []


@pytest.mark.parametrize("text", ["", "hello", "oui", "1,3", "/", "/ 12", "//", "/12", "a /poll b", "-", "\x00"])
def test_other_messages_are_no_commands(text):
    assert parse(text) is None


def test_a_mistyped_command_is_answered_with_the_nearest():
    assert refusal("/sondag").facts["nearest"] == "sondage"
    assert refusal("/xyzzzy").code == "unknown-command"


def test_other_commands_keep_their_text_as_it_was_typed():
    command = read('/annuler 12  Erreur -- de "date" --oui\nTant pis')
    assert command.name == "cancel"
    assert command.rest == '12  Erreur -- de "date" --oui\nTant pis'
    assert command.arguments[:3] == ("12", "Erreur", "--")
    assert command.keys == {}


def test_a_number_begins_most_commands():
    assert numbered(read("/v 12 2>1")) == (12, "2>1")
    assert numbered(read("/cancel #12 Erreur de date")) == (12, "Erreur de date")
    assert numbered(read("/cancel n° 12\nErreur")) == (12, "Erreur")
    assert numbered(read("/close 12")) == (12, "")
    for text in ("/close", "/close douze", "/close 12e", "/close 99999999999"):
        with pytest.raises(Refusal) as refused:
            numbered(read(text))
        assert refused.value.code == "number-missing"


def test_vote_and_a_number_is_a_ballot():
    assert read("/vote 12 2").name == "v"
    assert read("/vote 12").name == "v"
    assert read("/VOTE n°12 2>1>3").name == "v"
    assert read("/scrutin 12 A B").name == "vote"
    assert read('/vote "12 projets ?" A B').name == "vote"
    assert read("/vote 12 projets ?\n- A\n- B").name == "vote"
    assert read("/vote 12 A B --close 2d").name == "vote"


# -- one line ----------------------------------------------------------------------------------------------------------


def test_one_line_with_quotes_and_keys():
    command = read('/poll "Where do we meet?" "Café" "Library" --close 2d --ballot approval')
    assert command.name == "poll"
    assert command.arguments == ("Where do we meet?", "Café", "Library")
    assert command.keys == {"close": "2d", "ballot": "approval"}


def test_one_line_of_single_words():
    assert read("/poll Lunch? Yes No").arguments == ("Lunch?", "Yes", "No")
    assert read("/poll").arguments == ()
    assert read("/poll Lunch?").arguments == ("Lunch?",)


@pytest.mark.parametrize(
    "text",
    [
        "/poll “Où ?” “L’été ici” “d'hiver”",
        "/poll « Où ? » « L’été ici » « d'hiver »",
        "/poll „Où ?“ „L’été ici“ „d'hiver“",
        "/poll ”Où ?” ”L’été ici” ”d'hiver”",
        "/poll ‘Où ?’ ‘L’été ici’ d'hiver",
        "/poll 'Où ?' 'L’été ici' d'hiver",
        "/poll “Où ?\" “L’été ici” d'hiver",
    ],
)
def test_quotes_of_every_phone(text):
    title, summer, winter = read(text).arguments
    assert [title.strip(), summer.strip(), winter.strip()] == ["Où ?", "L’été ici", "d'hiver"]


def test_a_quote_that_never_closes_is_a_character():
    assert read('/poll A? "oui non').arguments == ("A?", '"oui', "non")


def test_dashes_of_phones_before_a_known_key():
    command = read("/sondage A? — B – C —fermeture jeudi 20h –oui")
    assert command.arguments == ("A?", "—", "B", "–", "C")
    assert command.keys == {"close": "jeudi 20h", "yes": "yes"}
    assert read("/sondage A? —Paris —Lyon").arguments == ("A?", "—Paris", "—Lyon")


def test_a_value_runs_to_the_next_key_quotes_optional():
    keys = read(
        '/vote A? B C --purpose Choisir l’heure d\'été --statuts "art. 12 --a" --RÉPONSE-AVANT=12 décembre'
    ).keys
    assert keys == {"purpose": "Choisir l’heure d'été", "statutes": "art. 12 --a", "answer_by": "12 décembre"}


def test_flags_leave_the_rest_of_the_line_alone():
    command = read('/poll --yes "Where?" A B --ajouts non --close 2d')
    assert command.arguments == ("Where?", "A", "B")
    assert command.keys == {"yes": "yes", "add_options": "non", "close": "2d"}
    assert read("/poll Q A B --oui").keys == {"yes": "yes"}


# -- the list form -----------------------------------------------------------------------------------------------------


LIST = """/scrutin Quel projet financer cette année ?
- Un local partagé
- Un festival
- Des bourses de voyage
objet: choisir le projet 2027
portee: decision
statuts: article 12
ouverture: demain 18h
fermeture: vendredi 20h
bulletin: jugement
confidentialite: non relie
quorum: 30%
"""


def test_the_list_form():
    command = read(LIST)
    assert command.name == "vote"
    assert command.arguments == (
        "Quel projet financer cette année ?", "Un local partagé", "Un festival", "Des bourses de voyage",
    )  # fmt: skip
    assert command.keys == {
        "purpose": "choisir le projet 2027", "binding": "decision", "statutes": "article 12", "open": "demain 18h",
        "close": "vendredi 20h", "ballot": "jugement", "secrecy": "non relie", "quorum": "30%",
    }  # fmt: skip


def test_the_list_form_as_phones_write_it():
    title_and_options = '« Où : ici ? »\r\n• L’été\n— Un festival\n* "Abstention"\n– Non'
    command = read(f"/sondage\r\n\r\n{title_and_options}\n\nFERMETURE\u00a0: 20:00\n—oui\n")
    assert [word.strip() for word in command.arguments] == ["Où : ici ?", "L’été", "Un festival", "Abstention", "Non"]
    assert command.keys == {"close": "20:00", "yes": "yes"}


def test_keys_may_follow_the_title_and_stand_alone():
    command = read("/poll Un titre — long --close 2h\n- A\n- B -- C\nOui\nRéponse avant : lundi 9h")
    assert command.arguments == ("Un titre — long", "A", "B -- C")
    assert command.keys == {"close": "2h", "yes": "yes", "answer_by": "lundi 9h"}


def test_a_quoted_line_then_keys():
    command = read('/poll "Where?" "A" "B"\nclose: 2d\nballot: approval')
    assert command.arguments == ("Where?", "A", "B")
    assert command.keys == {"close": "2d", "ballot": "approval"}


def test_options_without_a_title():
    assert read("/poll\n- A\n- B\nclose: 2d").arguments == ("", "A", "B")


def test_a_title_may_be_a_key_word():
    assert read("/poll\nQuorum\n- A\n- B").arguments == ("Quorum", "A", "B")


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("/poll A B C --xyz bleu", "unknown-key", "xyz"),
        ("/poll A B C --fermture 2d", "unknown-key-near", "fermture"),
        ("/poll A\n- B\n- C\nfermture: 2d", "unknown-key-near", "fermture"),
        ("/poll A B C --close 2d --Fermeture 3d", "repeated-key", "Fermeture"),
        ("/poll A\n- B\n- C\nclose: 2d\n--clôture 3d", "repeated-key", "clôture"),
        ("/poll A B C --close --yes", "value-missing", "close"),
        ('/poll A B C --purpose ""', "value-missing", "purpose"),
        ("/poll A\n- B\n- C\nquorum", "value-missing", "quorum"),
        ("/poll A " + "-" * 8000, "message-too-long", None),
        ("/poll A\n- B\nvoici une ligne perdue", "line-unknown", "voici une ligne perdue"),
    ],
)
def test_what_is_not_understood_is_named(text, code, said):
    refused = refusal(text)
    assert (refused.code, refused.facts.get("said")) == (code, said)


def test_every_key_is_known_in_both_languages():
    words = (CONTRACT_KEYS + OWN_KEYS).split()
    for word in words:
        (key,) = read(f"/poll A B C --{word.upper()} oui").keys
        assert key == vocabulary.key(word)
    assert len({vocabulary.key(word) for word in words}) == len(vocabulary.KEYS) == 53


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("binding", "Réponse", "answer"), ("ballot", "jugement", "judgment"), ("tie", "egalite", None),
        ("ballot", "DISPONIBILITÉ", "availability"), ("secrecy", "non relie", "unlinked"),
        ("secrecy", "non-relié", "unlinked"), ("method", "majority judgment", "majority-judgment"),
        ("base", "exprimes", "cast"), ("roll", "ouverte", "open"), ("results", "cloture", "closing"),
        ("receipt", "aucun", "none"), ("lang", "Français", "fr"),
    ],
)  # fmt: skip
def test_listed_values_in_both_languages(key, typed, value):
    assert vocabulary.value(key, typed) == value


# -- totality ----------------------------------------------------------------------------------------------------------


PIECES = st.sampled_from(
    ["/poll", "/vote", "/scrutin", " ", "\n", '"', "«", "»", "“", "”", "’", "'", "--", "—", "–", "- ", "• ", "close",
     "30%", "oui", "yes", ":", " : ", "=", "A", "été", "12", "foo", "\x00", "\u200b", "\u0301", "\ud800", "l'",
     "--close 2d"]
)  # fmt: skip
MESSAGES = st.one_of(
    st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda found: "/poll " + "".join(found))
)


@given(MESSAGES)
def test_any_text_is_a_command_nothing_or_a_refusal(text):
    command = outcome(text)
    if isinstance(command, Refusal):
        assert all(len(str(fact)) <= 60 for fact in command.facts.values())
    elif command is not None:
        assert command.name in vocabulary.COMMANDS
        assert set(command.keys) <= set(vocabulary.KEYS)
        assert all(command.keys.values())


NAMES = st.text(st.characters(categories=["L", "N", "Po"], exclude_characters='"“”„‟'), min_size=1)


@given(NAMES, st.lists(NAMES, min_size=2, max_size=5))
def test_whatever_is_quoted_survives(title, options):
    quoted = " ".join(f'"{word}"' for word in (title, *options))
    assert [word.strip() for word in read(f"/poll {quoted} --close 2d").arguments] == [
        word.strip()
        for word in read("/poll\n" + "\n".join([f'"{title}"', *(f"- {word}" for word in options)])).arguments
    ]


def test_naughty_strings_are_harmless_titles_and_options(test_data: Path):
    strings = json.loads((test_data / "08_adversarial" / "naughty_strings.json").read_text(encoding="utf-8"))
    for text in strings:
        for message in (
            f'/poll "{text}" "{text}" B --close 2d',
            f"/poll {text}\n- {text}\n- B\nclose: 2d",
            f"/v 12 {text}",
        ):
            if isinstance(outcome(message), Refusal):
                assert any(mark in text for mark in ("--", ":", '"', "\u2028")), message

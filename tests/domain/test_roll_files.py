"""A pasted roll: read whole or refused with the number of its first bad line, whatever a spreadsheet made of it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import AccountRef
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.domain.roll_changes import Listed, changes_of
from bot.domain.roll_files import RollFile, RollLine, read_roll
from bot.domain.roll_words import asked
from bot.domain.words import fold

SHAPES = {"telegram": "[1-9][0-9]{0,18}", "matrix": r"@[0-9a-z._=/+-]+:[0-9A-Za-z.\-\[\]:]+"}
LETTERS = st.characters(categories=("Lu", "Ll", "Nd", "Zs", "Po", "Pd"), exclude_characters="@")
NAMES = st.text(LETTERS, min_size=1, max_size=30).filter(lambda name: fold(name) and name.strip() == name)


def read(text: str) -> RollFile:
    return read_roll(text, SHAPES)


def refused(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "header",
    ["Nom;Groupe;telegram_id;matrix_id", "label,group,telegram,matrix", "NAME\tGROUPE\tTelegram ID\tid matrix"],
)
def test_either_language_separator_and_line_end_says_the_same(mark: str, end: str, header: str) -> None:
    separator = next(each for each in ";\t," if each in header)
    lines = [
        header,
        separator.join(["Chloé", "bureau", "4242", "@chloe:example.org"]),
        "",
        separator.join(["Dan", "", "", ""]),
    ]
    chloe, dan = read(mark + end.join(lines)).lines
    both = (AccountRef("telegram", "4242"), AccountRef("matrix", "@chloe:example.org"))
    assert (chloe.label, chloe.group, chloe.accounts) == ("Chloé", "bureau", both)
    assert (dan.number, dan.label, dan.group, dan.accounts) == (4, "Dan", "", ())


def test_a_file_without_a_column_of_groups_says_nothing_of_them() -> None:
    assert [line.group for line in read("name\nAna\n").lines] == [None]


def test_first_names_stand_before_names() -> None:
    assert [line.label for line in read("nom;prénom\nMartin;Ana\nMartin;Bob\n").lines] == ["Ana Martin", "Bob Martin"]


@pytest.mark.parametrize("hint", ["@ana", "ana", "https://t.me/ana", "t.me/ana"])
def test_a_name_that_changes_hands_is_counted_and_left_out(hint: str) -> None:
    found = read(f"name;telegram\nAna;{hint}\n")
    assert (found.hints, found.lines[0].accounts) == (1, ())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "roll-nobody", None),
        ("name\n\n \n", "roll-nobody", None),
        ("Ana\nBruno\n", "roll-no-columns", None),
        ("name;name\nAna;B\n", "roll-no-columns", None),
        ("name;poids\nAna;2\n", "roll-weights", None),
        ("name;group\nAna;board;more\n", "roll-line-cells", 2),
        ('name\nAna\n"Bruno\nChloe\n', "roll-line-cells", None),
        ("name;group\nAna;\n;board\n", "roll-line-unnamed", 3),
        (f"name\nAna\n{'x' * 81}\n", "roll-line-unreadable", 3),
        ("name\nAna\nB\x07ob\n", "roll-line-unreadable", 3),
        ("name;telegram\nAna;42x\n", "roll-line-account", 2),
        ("name;telegram\nAna;-10042\n", "roll-line-account", 2),
        ("name;matrix\nAna;@ana:\n", "roll-line-account", 2),
        ("name\nAna\nBruno\n\nÀNA\n", "roll-line-twice", 5),
        ("name;telegram\nAna;42\nBruno;42\n", "roll-line-twice", 3),
        ("name\n" + "\n".join(f"Member {n}" for n in range(5001)), "roll-too-long", None),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_line(text: str, code: str, line: int | None) -> None:
    refusal = refused(text)
    assert refusal.code == code
    if line is not None:
        assert refusal.facts["line"] == line


def test_columns_nobody_knows_are_named_and_not_kept() -> None:
    found = read("nom;téléphone;adresse\nAna;06 12;rue des Lilas\n")
    assert found.ignored == ("téléphone", "adresse")
    assert "Lilas" not in repr(found.lines)


@given(st.lists(st.tuples(NAMES, NAMES | st.just("")), min_size=1, max_size=8, unique_by=lambda one: fold(one[0])),
       st.sampled_from(";,\t"))  # fmt: skip
def test_what_a_spreadsheet_writes_is_read_back(people: list[tuple[str, str]], separator: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator)
    writer.writerow(("nom", "groupe"))
    writer.writerows(people)
    try:
        found = read(file.getvalue())
    except Refusal as refusal:
        code = refusal.code
    else:
        code = ""
    if code:
        assert code in {"roll-line-unreadable", "roll-line-twice"}
        return
    assert [(fold(line.label), fold(line.group or "")) for line in found.lines] == [
        (fold(name), fold(group)) for name, group in people
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        lines, code = read(text).lines, "roll-"
    except Refusal as refusal:
        lines, code = (), refusal.code
    assert code.startswith("roll-")
    assert len({fold(line.label) for line in lines}) == len(lines)


@given(st.integers(1, 5), st.integers(0, 4))
def test_a_file_cut_at_the_end_of_a_line_reads_the_same(size: int, cut: int) -> None:
    lines = ["nom;groupe", *(f"Membre {number};g" for number in range(size))]
    cut = min(cut, size - 1) + 1
    first = read("\n".join(lines[: cut + 1]))
    rest = "\n".join(lines[cut + 1 :])
    more = read_roll(rest, SHAPES, first.columns, first.last).lines if rest else ()
    assert [line.label for line in (*first.lines, *more)] == [line.label for line in read("\n".join(lines)).lines]


# ── what an import would change ──────────────────────────────────────────────────────────────────────────────────────


def listed(number: int, label: str, *accounts: AccountRef, group: str = "") -> Listed:
    return Listed(Member(number, 1, number, label, group), frozenset(accounts))


ANA, BRUNO = AccountRef("telegram", "1"), AccountRef("telegram", "2")


def test_a_line_is_about_whoever_has_its_account_then_its_name() -> None:
    roll = [listed(1, "Ana", ANA), listed(2, "Bruno"), listed(3, "Chloe")]
    lines = [RollLine(2, "Ana Martin", None, (ANA,)), RollLine(3, "bruno", None), RollLine(4, "Dan", None)]
    changes = changes_of(roll, lines)
    assert [line.label for line in changes.new] == ["Dan"]
    assert [each.member.id for each, _ in changes.changed] == [1, 2]
    assert [member.id for member in changes.missing] == [3]


def test_an_account_of_one_member_under_the_name_of_another_is_refused() -> None:
    with pytest.raises(Refusal, match="roll-line-other") as caught:
        changes_of([listed(1, "Ana", ANA), listed(2, "Bruno")], [RollLine(2, "Bruno", None, (ANA,))])
    assert caught.value.facts["line"] == 2


def test_a_file_gives_an_account_to_those_who_have_none_and_links_nothing() -> None:
    matrix = AccountRef("matrix", "@ana:example.org")
    fresh = changes_of([], [RollLine(2, "Ana", None, (ANA, matrix))])
    assert (len(fresh.new), fresh.aside) == (1, 1)
    known = changes_of([listed(1, "Ana", ANA)], [RollLine(2, "Ana", None, (ANA, matrix))])
    assert (known.same, known.aside, known.changed) == (1, 1, ())
    assert listed(1, "Ana").takes(RollLine(2, "Ana", None, (ANA, matrix))) == ANA


def test_what_is_asked_of_a_roll_is_understood_in_both_languages() -> None:
    assert (asked("").does, asked("Importer").does, asked("rétablir 12").does) == ("show", "import", "restore")
    assert asked("import\nname\nAna").rest == "name\nAna"
    assert asked("suspendre n° 12 pas payé").reason() == (12, "pas payé")
    assert asked("merge 12 15").two_members() == (12, 15)
    assert asked("codes tous").everyone
    assert (asked("Ana Martin").does, asked("Ana Martin").rest) == ("find", "Ana Martin")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("code", "roll-member-missing"), ("merge 12", "roll-two-members"), ("merge 12 12", "roll-two-members")],
)
def test_a_member_is_asked_for_by_number(typed: str, code: str) -> None:
    words = asked(typed)
    with pytest.raises(Refusal, match=code):
        words.two_members() if words.does == "merge" else words.member()


def test_a_suspension_has_a_reason() -> None:
    with pytest.raises(Refusal, match="roll-reason-missing"):
        asked("suspend 12").reason()

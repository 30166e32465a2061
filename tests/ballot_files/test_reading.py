"""Every format is read as its makers define it; a file that isn't what it should be is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from bot.ballot_files import BallotFileError, read
from bot.domain.tally.profile import Form, Profile, levels_of

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def said(profile: Profile) -> dict[str, int]:
    """The ballots as words: `A1 B2` gives A level 1 and B level 2; levels of scores are shown as scores."""
    shown = {}
    for ballot, number in profile.ballots.items():
        levels = [
            f"{name}{profile.values[level - 1] if profile.form is Form.SCORES else level}"
            for name, level in zip(profile.options, levels_of(ballot), strict=True)
            if level
        ]
        shown[" ".join(levels)] = number
    return shown


BLT = """4 2 # four candidates for two seats
-3
3 1 2 4 0
2 2=4 - 1 0
5 3 0
0
"Ann"
Bo
"Cy"
"Di"
"A ward"
"""


def test_blt_leaves_withdrawn_candidates_out(write: Write) -> None:
    profile = read(write("ward.blt", BLT), Form.RANKING)
    assert profile.options == ("Ann", "Bo", "Di")
    assert said(profile) == {"Ann1 Bo2 Di3": 3, "Ann2 Bo1 Di1": 2}
    assert (profile.seats, profile.blank, profile.cast) == (2, 5, 10)


PREFLIB = """# FILE NAME: x.toi
# NUMBER ALTERNATIVES: 3
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Bo: the second
# ALTERNATIVE NAME 3: Cy
4: 2,{1,3}
1: 3
"""
CATEGORIES = """# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: Maybe
# CATEGORY NAME 3: No
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Bo
2: {1,2},{},{}
3: {},2,1
"""


def test_preflib_orders_and_categories(write: Write) -> None:
    orders = write("x.toi", PREFLIB)
    assert said(read(orders, Form.RANKING)) == {"Ann2 Bo: the second1 Cy2": 4, "Cy1": 1}
    assert said(read(orders, Form.MARKS)) == {"Bo: the second1": 4, "Cy1": 1}
    categories = write("x.cat", CATEGORIES)
    assert said(read(categories, Form.MARKS)) == {"Ann1 Bo1": 2}
    assert read(categories, Form.MARKS).blank == 3
    assert said(read(categories, Form.RANKING)) == {"Ann1 Bo1": 2, "Ann2 Bo1": 3}
    assert said(read(categories, Form.SCORES)) == {"Ann2 Bo2": 2, "Ann0 Bo1": 3}


ABIF = """# a comment
{"title": "Capital", "max_rating": 10}
=N:[Nashville, TN]
=M:"Memphis"
27: N > M = [Chattanooga, TN]
4 * N/5, M/7
2:
"""


def test_abif_takes_orders_scores_names_and_blanks(write: Write) -> None:
    path = write("x.abif", ABIF)
    profile = read(path, Form.RANKING)
    assert profile.options == ("Nashville, TN", "Memphis", "Chattanooga, TN")
    assert said(profile) == {"Nashville, TN1 Memphis2 Chattanooga, TN2": 27, "Nashville, TN2 Memphis1": 4}
    assert (profile.blank, profile.top) == (2, 10)
    with pytest.raises(BallotFileError) as refused:
        read(path, Form.SCORES)
    assert refused.value.line == 5


def test_csv_takes_typed_ballots_columns_of_ranks_scores_and_places(write: Write) -> None:
    typed = write("typed.csv", "count,ballot\n3,Le Café>B=C\n2,\n")
    assert said(read(typed, Form.RANKING)) == {"Le Café1 B2 C2": 3}
    assert read(typed, Form.RANKING).blank == 2
    ranks = write("ranks.csv", "Ann;Bo;Cy\n1;3;\n1;1;2\n")
    assert said(read(ranks, Form.RANKING)) == {"Ann1 Bo2": 1, "Ann1 Bo1 Cy2": 1}
    scores = write("scores.csv", 'voterID,"Ann, dear",Bo\nx,4,0.5\ny,,5\n')
    assert said(read(scores, Form.SCORES)) == {"Ann, dear4 Bo1/2": 1, "Bo5": 1}
    marks = write("marks.csv", "Ann,Bo\n1,1\n0,1\n")
    assert said(read(marks, Form.MARKS)) == {"Ann1 Bo1": 1, "Bo1": 1}
    places = write("places.csv", "count,rank1,rank2,rank3\n2,B,,A\n1,B,overvote,A\n1,A,A,B|C\n")
    assert said(read(places, Form.RANKING)) == {"B1 A2": 2, "B1": 1, "B2 A1 C2": 1}


PB = """META
key;value
budget;100,5
vote_type;cumulative
rule;greedy
PROJECTS
project_id;cost;name
p1;60;A bench
p2;40,0;Trees
VOTES
voter_id;vote;points
1;p1,p2;7,3
2;p2;10
"""


def test_pabulib_takes_costs_points_and_the_declared_rule(write: Write) -> None:
    profile = read(write("x.pb", PB), Form.MARKS)
    assert profile.options == ("p1", "p2")
    assert profile.costs == (60, 40)
    assert (profile.budget, profile.variant) == (Fraction("100.5"), "greedy")
    assert said(profile) == {"p17 p23": 1, "p210": 1}


@pytest.mark.parametrize(
    ("name", "text", "form", "line"),
    [
        ("x.blt", "", Form.RANKING, 0),
        ("x.blt", "three 1\n", Form.RANKING, 1),
        ("x.blt", "99999999 1\n", Form.RANKING, 1),
        ("x.blt", "2 1\n1 1 2 0\n1 3 0\n0\na\nb\n", Form.RANKING, 3),
        ("x.blt", "2 1\n1 1 1 0\n0\na\nb\n", Form.RANKING, 2),
        ("x.blt", "2 1\n1 1 2\n0\na\nb\n", Form.RANKING, 2),
        ("x.blt", "2 1\n1 1 2 0\n", Form.RANKING, 2),
        ("x.blt", "2 1\n1 1 2 0\n0\na\n", Form.RANKING, 4),
        ("x.blt", "2 1\n-1 1 2 0\n0\na\nb\n", Form.RANKING, 2),
        ("x.blt", "2 1\n9999999999999 1 0\n0\na\nb\n", Form.RANKING, 2),
        ("x.blt", "2 1\n1 \N{ARABIC-INDIC DIGIT ONE} 0\n0\na\nb\n", Form.RANKING, 2),
        ("x.blt", "2 1\n1 1 0\n0\na\nb\n", Form.SCORES, 2),
        ("x.soi", "# ALTERNATIVE NAME 1: A\n1: 1,\n", Form.RANKING, 2),
        ("x.soi", "# ALTERNATIVE NAME 1: A\n1: 2\n", Form.RANKING, 2),
        ("x.soi", "# ALTERNATIVE NAME 1: A\n1: 1,1\n", Form.RANKING, 2),
        ("x.soi", "# ALTERNATIVE NAME 1: A\n1 1\n", Form.RANKING, 2),
        ("x.toc", "# ALTERNATIVE NAME 1: A\n1: {1\n", Form.RANKING, 2),
        ("x.cat", "# CATEGORY NAME 1: Yes\n# ALTERNATIVE NAME 1: A\n1: 1,1\n", Form.MARKS, 3),
        ("x.abif", "1: A >\n", Form.RANKING, 1),
        ("x.abif", "1: A > A\n", Form.RANKING, 1),
        ("x.abif", "1: A/x\n", Form.SCORES, 1),
        ("x.abif", "1: A/1.2.3\n", Form.SCORES, 1),
        ("x.abif", "A > B\n", Form.RANKING, 1),
        ("x.abif", "{broken\n", Form.RANKING, 1),
        ("x.abif", "\n", Form.RANKING, 0),
        ("x.csv", "", Form.RANKING, 0),
        ("x.csv", "ballot\nA>>B\n", Form.RANKING, 2),
        ("x.csv", "ballot\nA>A\n", Form.RANKING, 2),
        ("x.csv", "A,B\n1\n", Form.RANKING, 2),
        ("x.csv", "A,B\n1,x\n", Form.RANKING, 2),
        ("x.csv", "A,B\n0,1\n5,3\n", Form.RANKING, 3),
        ("x.csv", "A,A\n1,2\n", Form.RANKING, 1),
        ("x.csv", "count,A\n-1,1\n", Form.RANKING, 2),
        ("x.csv", 'A,B\n"1"x,2\n', Form.RANKING, 2),
        ("x.csv", "A,B\n1,nan\n", Form.SCORES, 2),
        ("x.csv", "A,B\n1,1e999\n", Form.SCORES, 2),
        ("x.pb", "budget;1\n", Form.MARKS, 1),
        ("x.pb", PB.replace("p2;10", "p9;10"), Form.MARKS, 13),
        ("x.pb", PB.replace("p2;10", "p2;1,2"), Form.MARKS, 13),
        ("x.pb", PB.replace("p2;40,0", "p1;40"), Form.MARKS, 9),
        ("x.pb", PB.replace("cumulative", "veto"), Form.MARKS, 12),
        ("x.pb", PB.replace("p1;60", "p1;-60"), Form.MARKS, 8),
        ("x.txt", "1", Form.RANKING, 0),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(write: Write, name: str, text: str, form: Form, line: int) -> None:
    with pytest.raises(BallotFileError) as refused:
        read(write(name, text), form)
    assert refused.value.line == line


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    for name in ("x.csv", "x.blt", "x.abif"):
        path = tmp_path / name
        for content in (b"\xff\xfe\x00", b"ballot\n\0\n", b"a" * 1_000_001):
            path.write_bytes(content)
            with pytest.raises(BallotFileError):
                read(path, Form.RANKING)


def test_published_parser_cases(test_data: Path) -> None:
    folder = test_data / "01_ranked/abif"
    refused = set()
    for path in sorted(folder.glob("*.abif")):
        try:
            read(path, Form.RANKING)
        except BallotFileError:
            refused.add(path.name)
    # An empty file, and one that its own comment calls obsolete.
    assert refused == {"empty.abif", "test007.abif"}
    tennessee = read(folder / "tennessee-example-blank-prefstr.abif", Form.SCORES)
    assert (tennessee.cast, tennessee.blank) == (1000, 500)

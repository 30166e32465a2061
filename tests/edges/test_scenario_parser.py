"""How the lines of a scenario are read: every form of the contract, and every way to write one wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.acts import (
    AskAcceptance,
    Down,
    Expect,
    Found,
    Mistake,
    Move,
    Open,
    Press,
    Remark,
    Restart,
    Say,
    Wait,
)
from adapters.console.foresight import foresee
from adapters.console.script import read_script


def only(line):
    [act] = read_script(line)
    return act


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("# a comment", Remark(1, "a comment")),
        (
            'room #assembly "General assembly" members: ana*, bruno, chloe',
            Open(1, "assembly", "General assembly", ("ana", "bruno", "chloe"), frozenset({"ana"})),
        ),
        (
            "room #bureau “Le bureau” members: ana*, élodie* lang: en",
            Open(1, "bureau", "Le bureau", ("ana", "élodie"), frozenset({"ana", "élodie"}), "en"),
        ),
        ('room #vide "Vide"', Open(1, "vide", "Vide", (), frozenset())),
        ('organisation "Les Amis du tilleul"', Found(1, "Les Amis du tilleul")),
        ('ana in #a: /poll "Where?" "Café"', Say(1, "ana", "a", '/poll "Where?" "Café"')),
        ("bruno in #a: 1", Say(1, "bruno", "a", "1")),
        ("bruno in #a : 1", Say(1, "bruno", "a", "1")),
        ("bruno to bot: /mine", Say(1, "bruno", "", "/mine")),
        ("ana in #a: bruno in #a: 1", Say(1, "ana", "a", "bruno in #a: 1")),
        ('chloe in #a presses "Library"', Press(1, "chloe", "a", "Library")),
        ("chloe in #a presses « Au café »", Press(1, "chloe", "a", "Au café")),
        ('bruno presses "Confirm"', Press(1, "bruno", "", "Confirm")),
        ("dave joins #a", Move(1, "dave", "a", joined=True)),
        ("dave leaves #a", Move(1, "dave", "a", joined=False)),
        ("restart", Restart(1)),
        ("down 3h", Down(1, timedelta(hours=3))),
        ('expect "Library"', Expect(1, "", "Library", absent=False)),
        ('expect #a "Library"', Expect(1, "#a", "Library", absent=False)),
        ('expect bruno "said "hi""', Expect(1, "bruno", 'said "hi"', absent=False)),
        ('expect not "Café"', Expect(1, "", "Café", absent=True)),
        ('expect not #a "Café"', Expect(1, "#a", "Café", absent=True)),
        ('expect bruno not "Café"', Expect(1, "bruno", "Café", absent=True)),
        ("expect nothing", Expect(1, "", None, absent=True)),
        ("expect #a nothing", Expect(1, "#a", None, absent=True)),
        ("ask acceptance", AskAcceptance(1)),
    ],
)
def test_a_line_is_one_act(line, act):
    assert only(line) == act


@pytest.mark.parametrize(
    ("written", "lasting"),
    [
        ("2h", timedelta(hours=2)),
        ("90m", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("3j", timedelta(days=3)),
        ("1d12h", timedelta(days=1, hours=12)),
        ("1d 12h", timedelta(days=1, hours=12)),
        ("30s", timedelta(seconds=30)),
        ("2 h", timedelta(hours=2)),
        ("2 hours", timedelta(hours=2)),
    ],
)
def test_durations(written, lasting):
    assert only(f"+{written}") == Wait(1, lasting)
    assert only(f"down {written}") == Down(1, lasting)


def test_the_clock_is_set_in_its_time_zone():
    assert only("at 2026-12-01 18:00 Europe/Paris").when == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert only("at 2026-07-01 9:00").when == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_lines_that_begin_with_two_spaces_belong_to_the_act_above():
    acts = read_script(
        "ana in #a: /scrutin Quel projet ?\n"
        "  - Un local\n"
        "\n"
        "# pendant ce temps\n"
        "  - Un festival\n"
        "  fermeture: 2d\n"
        "restart\n"
    )
    assert acts == (
        Say(1, "ana", "a", "/scrutin Quel projet ?\n- Un local\n- Un festival\nfermeture: 2d"),
        Remark(4, "pendant ce temps"),
        Restart(7),
    )


def test_what_people_did_while_the_bot_was_down_belongs_to_it():
    acts = read_script('down 3h\n  ana in #a presses "Oui"\n  +1h\n  bruno to bot: /v 1 2\n')
    assert acts == (
        Down(
            1,
            timedelta(hours=3),
            (Press(2, "ana", "a", "Oui"), Wait(3, timedelta(hours=1)), Say(4, "bruno", "", "/v 1 2")),
        ),
    )


def test_line_ends_and_byte_order_marks_of_other_systems_are_read():
    assert read_script("\ufeffrestart\r\nrestart\r\n") == (Restart(1), Restart(2))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("restart\nana dances", 2, "not-understood"),
        ("expect", 1, "not-understood"),
        ("expect Library", 1, "not-understood"),
        ("ana in #a presses Library", 1, "not-understood"),
        ("room assembly", 1, "not-understood"),
        ('room #a "A" members: ana*, b c', 1, "name"),
        ("  - an option", 1, "nothing-above"),
        ("restart\n  - an option", 2, "nothing-above"),
        ("down 3h\n  restart", 2, "not-while-down"),
        ("at 2026-12-01 18:00 Europe/Nowhere", 1, "zone"),
        ("at 2026-12-01 18:00 ../../etc/passwd", 1, "zone"),
        ("at 2026-02-30 18:00", 1, "date"),
        ("at 0001-01-01 00:00", 1, "date"),
        ("+soon", 1, "duration"),
        ("+2h3", 1, "duration"),
        ("+99999d", 1, "duration"),
        ('organisation "X"', 1, "organisation"),
    ],
)
def test_a_line_not_understood_is_named(text, line, code):
    with pytest.raises(Mistake) as mistake:
        read_script(text)
    assert (mistake.value.line, mistake.value.code) == (line, code)


ROOM = 'room #a "A" members: ana*, bruno\n'


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("ana in #b: 1", 1, "no-room"),
        (ROOM + "dave in #a: 1", 2, "nobody"),
        (ROOM + "bruno leaves #a\nbruno in #a: 1", 3, "not-there"),
        (ROOM + 'dave in #b presses "Oui"', 2, "no-room"),
        (ROOM + "ana joins #a", 2, "already-there"),
        (ROOM + "dave leaves #a", 2, "nobody"),
        (ROOM + ROOM, 2, "room-twice"),
        (ROOM + 'expect #b "x"', 2, "no-room"),
        (ROOM + "ana in #a: x\nat 2026-01-01 10:00", 3, "backwards"),
        (ROOM + "down 1h\n  dave in #a: 1", 3, "nobody"),
        (ROOM + "+3000d\n" * 40, 35, "too-far"),
    ],
)
def test_what_could_not_happen_is_found_before_anything_is_played(text, line, code):
    with pytest.raises(Mistake) as mistake:
        foresee(read_script(text))
    assert (mistake.value.line, mistake.value.code) == (line, code)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("restart", datetime(2026, 1, 5, 11, tzinfo=UTC)),
        ("at 2020-02-29 12:00 UTC\nrestart", datetime(2020, 2, 29, 12, tzinfo=UTC)),
        (ROOM + "at 2020-02-29 12:00 UTC\nrestart", datetime(2020, 2, 29, 12, tzinfo=UTC)),
        (ROOM + "at 2026-12-01 12:00 UTC\nrestart", datetime(2026, 1, 5, 11, tzinfo=UTC)),
    ],
)
def test_where_the_clock_starts(text, start):
    assert foresee(read_script(text)) == start


WORDS = (
    *('room #a "A"', "members:", "ana*", "ana", "in #a:", "to bot:", "presses", '"Oui"', "«", "+2h", "down", "at"),
    *("expect", "not", "nothing", "2026-12-01", "18:00", "\n", "  ", "#", "lang: en", "1", "\x00", "é"),
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_any_text_is_either_a_scenario_or_a_mistake_with_its_line(text):
    try:
        foresee(read_script(text))
    except Mistake as mistake:
        line = mistake.line
    else:
        line = 1
    assert 1 <= line <= text.count("\n") + text.count("\r") + 1

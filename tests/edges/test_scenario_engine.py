"""The console platform around a bot of a few lines: what reaches it, what people see, how a scenario ends."""

import io
import os
import pty
from datetime import UTC, timedelta

import pytest

from adapters.console.play import play_script
from adapters.console.player import Player
from adapters.console.prompt import _converse
from adapters.console.transcript import Transcript, harmless
from adapters.console.world import BEGINNING
from bot.domain.ids import AccountRef, Action
from bot.ports import BotMoved, MemberMoved, Pressed, Reply, Said, Spoke
from bot.text.card import Button, Card, File, Line, Span

ROOM = 'room #a "Room A" members: ana*, bruno, chloe lang: en\n'


def say(key, **facts):
    """Keys and facts as they are: which sentence is said matters here, not its words."""
    return " ".join([key, *(f"{name}={value}" for name, value in facts.items())])


def card(text, *labels, **actions):
    buttons = [Button(label, Action("v", 1, str(number))) for number, label in enumerate(labels, 1)]
    return Card((Line((Span(text),)),), (tuple(buttons),) if buttons else (), **actions)


class Drawer:
    """What outlives a kill: the database of the bot below."""

    def __init__(self):
        self.post = None
        self.votes = []
        self.closes_at = None
        self.heard = []
        self.accepted = set()
        self.starts = 0


class SmallBot:
    """Posts a card on /poll, closes it after two hours, echoes everything else."""

    def __init__(self, messenger, clock, language, drawer):
        self.messenger, self.clock, self.language, self.drawer = messenger, clock, language, drawer
        self.dead = False
        self.sent = 0

    async def start(self):
        self.drawer.starts += 1

    async def __call__(self, incoming):
        assert not self.dead
        self.drawer.heard.append(incoming)
        match incoming:
            case Said(text=text) if text.startswith("/poll"):
                await self._poll(incoming)
            case Said(text="oui" | "yes", private=True):
                self.drawer.accepted.add(incoming.who.name)
                await self._whisper(incoming, "accepted")
            case Said(text=text) if incoming.who.name not in self.drawer.accepted and text == "2":
                return Reply(asks_acceptance=True)
            case Said():
                await self._whisper(incoming, f"heard {incoming.text}")
            case Pressed(action=Action(argument="3")):
                return Reply(start="vote-1")
            case Pressed():
                return self._press(incoming)
            case MemberMoved() | BotMoved():
                pass
        return Reply()

    async def _poll(self, said):
        delivered = await self.messenger.post(said.room, card("Where?", "Café", "Cafétéria", "In private"), said.key)
        self.drawer.post = delivered.post
        self.drawer.closes_at = self.clock.now() + timedelta(hours=2)

    async def _whisper(self, said, text):
        file = File(b"three", "plan\x1b[2J.ics", "text/calendar") if said.text == "/file" else None
        await self.messenger.whisper(said.who.account, card(text, file=file), said.key, open_chat=True)

    def _press(self, pressed):
        first = pressed.who.name not in self.drawer.accepted
        self.drawer.accepted.add(pressed.who.name)
        if first:
            return Reply(toast="press again", asks_acceptance=True)
        self.drawer.votes.append((pressed.who.name, pressed.action.argument))
        return Reply(toast="recorded")

    async def settle(self):
        if self.drawer.closes_at and self.clock.now() >= self.drawer.closes_at:
            self.drawer.closes_at = None
            await self.messenger.edit(self.drawer.post, card("closed"))
            await self.messenger.post(self.drawer.post.room, card("result", pin=True), "result")

    async def next_due(self):
        return self.drawer.closes_at

    async def found_organisation(self, name, rooms):
        self.drawer.heard.append((name, [room.id for room in rooms]))

    async def set_room_language(self, room, language):
        self.drawer.heard.append((room.id, language))

    def abandon(self):
        self.dead = True


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def factory(drawer):
    async def make(messenger, clock, language):
        return SmallBot(messenger, clock, language, drawer)

    return make


async def play(factory, script):
    out, complaints = io.StringIO(), io.StringIO()
    code = await play_script(script, factory, out, "fr", say, complaints)
    return code, out.getvalue(), complaints.getvalue()


async def passes(factory, script):
    code, out, complaints = await play(factory, script)
    assert code == 0, complaints
    return out


async def test_a_press_finds_its_button_and_accepts_the_rules_once(factory, drawer):
    await passes(
        factory,
        ROOM + 'ana in #a: /poll\nexpect #a "Where?"\nbruno in #a presses "Café"\nexpect bruno "recorded"\n'
        'expect not ana "recorded"\nbruno in #a presses "Cafét"\nexpect "recorded"\nexpect not "press again"\n',
    )
    assert drawer.votes == [("bruno", "1"), ("bruno", "2")]


async def test_asking_for_acceptance_leaves_it_to_the_script(factory, drawer):
    await passes(
        factory,
        ROOM + 'ask acceptance\nana in #a: /poll\nbruno in #a presses "Café"\nexpect bruno "press again"\n'
        'expect not "recorded"\nbruno in #a presses "Café"\nexpect "recorded"\n',
    )
    assert len(drawer.votes) == 1


async def test_a_typed_ballot_is_accepted_in_private_in_the_room_s_language(factory, drawer):
    await passes(factory, ROOM + 'ana in #a: /poll\nbruno in #a: 2\nexpect bruno "accepted"\nexpect not #a "accepted"')
    said = [heard for heard in drawer.heard if isinstance(heard, Said)]
    assert [(one.text, one.private) for one in said[1:]] == [("2", False), ("yes", True)]
    assert said[1].reply_to == drawer.post


async def test_talk_in_a_room_without_a_card_never_reaches_the_bot(factory, drawer):
    await passes(factory, ROOM + "ana in #a: hello\nexpect nothing\n")
    assert not any(isinstance(heard, Said) for heard in drawer.heard)


async def test_people_can_write_the_last_code_that_was_shown_to_anyone(factory):
    await passes(
        factory,
        ROOM + "ana to bot: 1A2B-3C4D-5E6F-7A8B\nbruno to bot: /use {code}\n"
        'expect bruno "heard /use 1A2B-3C4D-5E6F-7A8B"\n',
    )


async def test_a_button_can_lead_to_the_private_chat(factory):
    await passes(
        factory, ROOM + 'ana in #a: /poll\nchloe in #a presses "private"\nexpect chloe "heard /start vote-1"\n'
    )


async def test_time_stops_where_something_is_due(factory):
    out = await passes(
        factory, ROOM + 'ana in #a: /poll\n+3h\nexpect #a "result"\nexpect #a "closed"\n+1d\nexpect nothing'
    )
    due = (BEGINNING + timedelta(hours=2)).astimezone(UTC)
    assert out.index(f"console.clock when={due}") < out.index("result")


async def test_a_button_that_has_just_gone_can_still_be_pressed(factory):
    out = await passes(
        factory, ROOM + 'ana in #a: /poll\n+3h\nbruno in #a presses "Cafétéria"\nexpect bruno "recorded"\n'
    )
    assert "console.presses-stale" in out


async def test_a_kill_loses_nothing_that_was_kept(factory, drawer):
    await passes(
        factory,
        ROOM + 'ana in #a: /poll\nrestart\nexpect nothing\nbruno in #a presses "Cafétéria"\ndown 3h\n'
        '  chloe in #a presses "Cafétéria"\n  +4h\nexpect #a "result"\nexpect chloe "recorded"\n',
    )
    assert drawer.starts == 3
    assert drawer.votes == [("bruno", "2"), ("chloe", "2")]
    late = [heard for heard in drawer.heard if isinstance(heard, Pressed)][-1]
    assert late.at == BEGINNING + timedelta(hours=4)


async def test_rooms_and_people_are_told_as_a_platform_would(factory, drawer):
    await passes(factory, ROOM + 'organisation "Friends"\nroom #b "B" members: ana*\ndave joins #a\nana leaves #a')
    language, added, founded, second, bound, joined, left = drawer.heard
    assert (added.room.id, added.room_title, added.by.name, added.present) == ("a", "Room A", "ana", True)
    assert language == ("a", "en")
    assert founded == ("Friends", ["a"])
    assert second.room.id == "b"
    assert bound == ("Friends", ["b"])
    assert (joined.who.name, joined.joined, left.who.name, left.joined) == ("dave", True, "ana", False)
    keys = [heard.key for heard in drawer.heard if hasattr(heard, "key")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("line", "code", "why"),
    [
        ('expect #a "Library"', 1, "console.expected-text-there text=Library place=#a"),
        ('expect not "Where"', 1, "console.expected-not-text"),
        ("expect nothing", 1, "console.expected-not-something"),
        ('bruno in #a presses "Library"', 1, "console.no-such-button"),
        ('bruno in #a presses "Caf"', 1, "console.ambiguous-button"),
        ('bruno presses "Café"', 1, "console.no-buttons"),
    ],
)
async def test_a_scenario_that_does_not_hold_says_where_and_what_happened(factory, line, code, why):
    ended, _, complaints = await play(factory, f"{ROOM}ana in #a: /poll\n{line}\n")
    assert ended == code
    assert "number=3" in complaints
    assert why in complaints
    if line.startswith("expect"):
        assert "[#a] Where?" in complaints


async def test_a_line_not_understood_stops_everything_before_it_begins(factory, drawer):
    code, out, complaints = await play(factory, f"{ROOM}ana in #a: /poll\nana dances\n")
    assert (code, out, drawer.heard) == (2, "", [])
    assert "number=3" in complaints


async def test_expectations_read_as_people_do(factory):
    await passes(factory, ROOM + 'ana to bot: l’été 12\u202f%\u2068!\u2069\nexpect ana "heard l\'été 12 %!"\n')


async def test_nothing_typed_drives_the_terminal(factory):
    out = await passes(factory, ROOM + "ana to bot: \x1b[2Jevil \u202etxt\x07\n")
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out
    assert harmless("a\nb\ud800é 한 👍🏽") == "a\nb\ufffdé 한 👍🏽"


async def test_a_message_reads_with_its_buttons_and_bars(factory):
    out = await passes(factory, ROOM + "ana in #a: /poll")
    assert "[#a] ana: /poll\n[#a] palabre:\n    Where?\n    [Café] [Cafétéria] [In private]\n" in out


async def test_a_file_is_told_by_its_name_and_size_and_can_be_expected(factory):
    out = await passes(factory, ROOM + 'ana to bot: /file\nexpect ana "console.file name=plan"\nexpect "n=5"\n')
    assert "console.file name=plan\N{SYMBOL FOR ESCAPE}[2J.ics n=5" in out
    assert "three" not in out


async def test_the_prompt_goes_on_after_mistakes_and_until_it_is_left(factory, drawer):
    typist, terminal = pty.openpty()
    out = io.StringIO()
    lines = (
        ROOM,
        "ana dances\n",
        "help\n",
        "ana in #a: /poll \\\n",
        "- Café\n",
        'expect "Where?"\n',
        "quit\n",
        "restart\n",
    )
    player = Player(factory, Transcript(out, say), "en")
    os.write(typist, "".join(lines).encode())
    with os.fdopen(terminal, encoding="utf-8") as stdin:
        await _converse(player, stdin, out, say)
    os.close(typist)
    assert drawer.starts == 1
    assert drawer.heard[-1].text == "/poll\n- Café"
    for key in ("wrong.not-understood", "rehearsal.help", "rehearsal.holds", "rehearsal.goodbye"):
        assert f"console.{key}" in out.getvalue()


class Chair(SmallBot):
    """Gives the floor of a room to whom it is told, closes it to all, and opens it again."""

    async def __call__(self, incoming):
        match incoming:
            case Said(text=text, room=room) if text.startswith("/floor"):
                self.drawer.heard.append(incoming)
                speaker = text.removeprefix("/floor").strip()
                if speaker == "open":
                    await self.messenger.free_floor(room, self.drawer.saved)
                else:
                    account = AccountRef("console", speaker) if speaker else None
                    self.drawer.saved = getattr(self.drawer, "saved", None) or await self.messenger.floor(room)
                    await self.messenger.give_floor(room, self.drawer.saved, account)
                return Reply()
        return await super().__call__(incoming)


async def test_in_a_held_room_only_the_speaker_and_administrators_are_heard(drawer):
    async def make(messenger, clock, language):
        return Chair(messenger, clock, language, drawer)

    lines = [
        "ana in #a: /floor bruno", "chloe in #a: me too", "chloe in #a: /list", "bruno in #a: my words",
        "ana in #a: hear him", "restart", "chloe in #a: still not", "ana in #a: /floor", "bruno in #a: mine no more",
        "ana in #a: /floor open", "chloe in #a: at last",
    ]  # fmt: skip
    out = await passes(make, ROOM + "\n".join(lines))
    spoken = [(one.who.name, one.length) for one in drawer.heard if isinstance(one, Spoke)]
    assert spoken == [("bruno", 8), ("ana", 8), ("chloe", 7)]
    assert out.count("console.not-delivered who=chloe") == 3
    assert out.count("console.not-delivered who=bruno") == 1
    assert [line.split()[1] for line in out.splitlines() if "console.floor" in line] == [
        "console.floor",
        "console.floor-closed",
        "console.floor-open",
    ]


async def test_a_speaker_can_still_answer_a_card_by_its_signs(drawer):
    async def make(messenger, clock, language):
        return Chair(messenger, clock, language, drawer)

    lines = ["ana in #a: /poll x", "ana in #a: /floor bruno", "bruno in #a: plain words", "bruno in #a: + an argument"]
    await passes(make, ROOM + "\n".join(lines))
    assert [one.length for one in drawer.heard if isinstance(one, Spoke)] == [11]
    assert [one.text for one in drawer.heard if isinstance(one, Said)][-1] == "+ an argument"

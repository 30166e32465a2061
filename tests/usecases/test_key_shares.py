"""A key that two scrutineers hold: nobody else opens the ballots, and nothing opens before both have their share."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from dataclasses import replace

import pytest

from bot.domain.key_shares import combined, share_in
from bot.domain.members import Role
from bot.store import Transaction
from bot.text.card import Button
from bot.usecases.bundle import bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.fakes.platforms import Posted
from tests.usecases.test_contesting import organisation, scrutineer
from tests.usecases.test_linking import code_of, link, persons

VOTE = (
    '/vote "Which project?" "Hall" "Festival" "Garden" --purpose x --binding advice --close 2h '
    "--secrecy unlinked --key scrutineers --rooms Salon,Hall --yes"
)
CODE = re.compile(r"\b[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}\b")
SHARE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){13}")
HOLDERS = ("chloe", "emma")
"""One on each platform: the first has buttons, the second types."""


async def appoint(bench: Bench, *names: str) -> None:
    """Make them scrutineers of the association."""
    for name in names:
        await scrutineer(bench, name)


@pytest.fixture
async def asked(bench: Bench) -> Bench:
    """… with an unlinked vote, number 1, whose key two scrutineers are asked to keep."""
    await bench.meet_everyone()
    await appoint(bench, *HOLDERS)
    await bench.say("ana", VOTE, bench.salon)
    return bench


@pytest.fixture
async def shared(asked: Bench) -> Bench:
    """… which is open, for both confirmed having their shares."""
    for name in HOLDERS:
        await asked.say(name, "/share 1 kept")
    assert asked.state() == "open"
    return asked


def inbox(bench: Bench, name: str) -> list[Posted]:
    platform = bench.platform_of(name)
    return platform.at(platform.chat(name))


def share_of(bench: Bench, name: str) -> str:
    """The last share that was sent to them."""
    found = [SHARE.search(posted.plain) for posted in inbox(bench, name)]
    return next(match[0] for match in reversed(found) if match)


def secret_of(bench: Bench, name: str) -> bytes:
    typed = share_of(bench, name)
    return next(found for share in (1, 2) if (found := share_in(1, share, typed)))


def whole_key(bench: Bench) -> bytes:
    """What nobody is to have: both shares together."""
    return combined(*(secret_of(bench, name) for name in HOLDERS))


def folder(bench: Bench) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(bench.database.with_name("keys").glob("*"))}


def button(posted: Posted) -> Button:
    ((found,),) = posted.card.buttons
    return found


async def cast(bench: Bench, name: str, typed: str) -> str:
    (review, *_) = await bench.say(name, f"/v 1 {typed}")
    found = CODE.search(review)
    assert found is not None, review
    assert "Recorded" in " ".join(await bench.say(name, "yes"))
    return found[0]


def sheet(bench: Bench) -> dict[str, int]:
    return dict(bench.rows("SELECT choice, count FROM sheet WHERE consultation = 1"))


async def test_the_vote_opens_once_both_have_their_share_and_the_server_none(asked: Bench) -> None:
    bench = asked
    assert bench.state() == "disclosed"
    chloe = next(posted for posted in inbox(bench, "chloe") if SHARE.search(posted.plain))
    assert chloe.card.file is not None
    assert share_of(bench, "chloe").encode() in chloe.card.file.data
    assert set(folder(bench)) == {"1.1.share", "1.2.share", "1.seal"}
    pressed = replace(bench.pressed("chloe", button(chloe).action), post=chloe.ref)
    await bench.do(pressed)
    assert bench.state() == "disclosed"
    assert len(folder(bench)) == 2
    assert "keep nothing" in inbox(bench, "chloe")[-1].plain
    await bench.say("emma", "/share 1 kept")
    assert bench.state() == "open"
    assert set(folder(bench)) == {"1.seal"}


async def test_the_ballots_are_opened_once_both_gave_their_share(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "2")
    await cast(bench, "farid", "2")
    told = " ".join(await bench.pass_time(hours=2))
    assert bench.state() == "open"
    assert "voting is over" in told
    assert "Too late" in " ".join(await bench.say("dan", "/v 1 1"))
    mine = share_of(bench, "chloe").lower()
    assert "waiting for the other" in " ".join(await bench.say("chloe", f"/reveal 1 {mine}"))
    assert bench.state() == "open"
    assert sheet(bench) == {}
    assert "both are here" in " ".join(await bench.say("emma", f"/reveal 1 {share_of(bench, 'emma')}"))
    assert bench.state() == "certified"
    assert sheet(bench) == {"2": 2}
    assert folder(bench) == {}
    assert "destroy your share" in inbox(bench, "chloe")[-1].plain


def copied(bench: Bench, log: str) -> bytes:
    """Every byte that somebody finds who copies the database, its write-ahead log, the key folder and the logs."""
    database = b"".join(path.read_bytes() for path in sorted(bench.database.parent.glob(f"{bench.database.name}*")))
    return b"\0".join((database, *folder(bench).values(), log.encode()))


def spellings(bench: Bench) -> list[bytes]:
    """The key and its shares, in every form in which they could stand somewhere."""
    secrets = [whole_key(bench), *(secret_of(bench, name) for name in HOLDERS)]
    typed = [share_of(bench, name) for name in HOLDERS]
    forms = [form for text in typed for form in (text, text.replace("-", ""), text.lower())]
    coded = [b64encode(secret).rstrip(b"=") for secret in secrets] + [secret.hex().encode() for secret in secrets]
    return [*secrets, *coded, *(form.encode() for form in forms)]


async def test_a_copy_of_everything_here_opens_no_ballot(asked: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = asked
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    wanted = spellings(bench)
    for act in ("/v 1 2", "yes", "/mine", "/status 1"):
        await bench.say("bruno", act)
        assert not [secret for secret in wanted if secret in copied(bench, caplog.text)]
    await bench.pass_time(hours=2)
    (first, second) = HOLDERS
    await bench.say(first, f"/reveal 1 {share_of(bench, first)}")
    # One share waits in the key folder, and nowhere else; the key is not there, nor the other share.
    assert [secret for secret in wanted if secret in copied(bench, caplog.text)] == [secret_of(bench, first)]
    await bench.say(second, f"/reveal 1 {share_of(bench, second)}")
    assert sheet(bench) == {"2": 1}
    assert not [secret for secret in wanted if secret in copied(bench, caplog.text)]


async def test_a_share_of_somebody_else_or_mistyped_is_refused_and_counted(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "2")
    await bench.pass_time(hours=2)
    mine, other = share_of(bench, "chloe"), share_of(bench, "emma")
    wrong = mine[:-1] + ("0" if mine[-1] != "0" else "1")
    for typed in (other, wrong, "A" * 56, mine[:20]):
        assert "not your share" in " ".join(await bench.say("chloe", f"/reveal 1 {typed}"))
    assert "hold no share" in " ".join(await bench.say("bruno", f"/reveal 1 {mine}"))
    assert set(folder(bench)) == {"1.seal"}
    for _ in range(6):
        await bench.say("chloe", f"/reveal 1 {wrong}")
    assert "Too many wrong codes" in " ".join(await bench.say("chloe", f"/reveal 1 {mine}"))
    await bench.pass_time(days=1)
    assert "waiting for the other" in " ".join(await bench.say("chloe", f"/reveal 1 {mine}"))


async def test_a_share_is_for_the_private_conversation(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "2")
    await bench.pass_time(hours=2)
    typed = share_of(bench, "chloe")
    assert "not for a room" in " ".join(await bench.say("chloe", f"/reveal 1 {typed}", bench.salon))
    assert "not for a room" in " ".join(await bench.say("chloe", "/share 1", bench.salon))
    assert set(folder(bench)) == {"1.seal"}


async def test_before_the_voting_is_over_no_share_is_taken(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "2")
    assert "Not yet" in " ".join(await bench.say("chloe", f"/reveal 1 {share_of(bench, 'chloe')}"))
    assert set(folder(bench)) == {"1.seal"}


async def test_nothing_waits_if_nobody_voted(shared: Bench) -> None:
    bench = shared
    await bench.pass_time(hours=2)
    assert bench.state() == "certified"
    assert folder(bench) == {}


async def test_a_restart_between_the_two_loses_neither(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "3")
    await bench.pass_time(hours=2)
    await bench.say("emma", f"/reveal 1 {share_of(bench, 'emma')}")
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.app.settle()
    assert bench.state() == "open"
    await bench.say("chloe", f"/reveal 1 {share_of(bench, 'chloe')}")
    assert bench.state() == "certified"
    assert sheet(bench) == {"3": 1}


async def test_both_shares_give_back_a_key_whose_file_was_lost(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    (bench.database.with_name("keys") / "1.seal").unlink()
    assert "no longer on the server" in " ".join(await bench.say("farid", "/v 1 2")) + " ".join(
        await bench.say("farid", "yes")
    )
    await bench.pass_time(hours=2)
    for name in HOLDERS:
        await bench.say(name, f"/reveal 1 {share_of(bench, name)}")
    assert sheet(bench) == {"1": 1}


async def test_it_waits_for_two_scrutineers_and_says_so_once(bench: Bench) -> None:
    await bench.meet_everyone()
    await appoint(bench, "chloe")
    told = " ".join(await bench.say("ana", VOTE, bench.salon))
    assert "two scrutineers" in told
    assert bench.state() == "disclosed"
    assert folder(bench) == {}
    assert not [line for line in await bench.pass_time(minutes=30) if "two scrutineers" in line]
    await appoint(bench, "emma")
    await bench.pass_time(minutes=10)
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "open"


async def test_whoever_cannot_be_written_to_is_passed_over(bench: Bench) -> None:
    await bench.meet_everyone()
    await appoint(bench, "bruno", "chloe", "emma")
    bench.telegram.unwritable.add("bruno")
    await bench.say("ana", VOTE, bench.salon)
    assert not inbox(bench, "bruno")
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "open"


async def test_one_of_two_out_of_reach_makes_it_wait(bench: Bench) -> None:
    await bench.meet_everyone()
    await appoint(bench, *HOLDERS)
    bench.telegram.unwritable.add("chloe")
    assert "can't write to two" in " ".join(await bench.say("ana", VOTE, bench.salon))
    await bench.say("emma", "/share 1 kept")
    assert bench.state() == "disclosed"
    bench.telegram.unwritable.clear()
    await bench.pass_time(minutes=10)
    await bench.say("chloe", "/share 1 kept")
    assert bench.state() == "open"


async def test_a_share_lost_before_the_opening_is_replaced_and_the_old_one_void(bench: Bench) -> None:
    await bench.meet_everyone()
    await appoint(bench, *HOLDERS)
    await bench.say("ana", VOTE.replace("--close 2h", "--open 23h --close 2h"), bench.salon)
    old = {name: share_of(bench, name) for name in HOLDERS}
    stale = next(posted for posted in inbox(bench, "chloe") if SHARE.search(posted.plain))
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "disclosed"
    assert "void" in " ".join(await bench.say("emma", "/share 1 new"))
    assert not {old[name] for name in HOLDERS} & {share_of(bench, name) for name in HOLDERS}
    reply = await bench.do(replace(bench.pressed("chloe", button(stale).action), post=stale.ref))
    assert "was replaced" in reply.toast
    await bench.pass_time(hours=24)
    assert bench.state() == "disclosed"  # nobody confirmed the new ones
    assert "waiting for you" in " ".join(posted.plain for posted in inbox(bench, "emma"))
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "open"
    await cast(bench, "bruno", "1")
    await bench.pass_time(hours=3)
    assert "not your share" in " ".join(await bench.say("emma", f"/reveal 1 {old['emma']}"))
    assert "Too late" in " ".join(await bench.say("emma", "/share 1 new"))


async def test_a_scrutineer_who_is_one_no_more_holds_nothing(asked: Bench) -> None:
    bench = asked
    await bench.say("chloe", "/share 1 kept")
    await appoint(bench, "dan")

    def revoke(tx: Transaction) -> None:
        chloe = tx.find_account(bench.telegram.who("chloe").account)
        assert chloe is not None
        assert tx.members.revoke(organisation(bench), None, chloe.person, Role.SCRUTINEER)

    await bench.store.write(revoke)
    await bench.pass_time(minutes=5)
    assert "hold no share" in " ".join(await bench.say("chloe", "/share 1 kept"))
    for name in ("dan", "emma"):
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "open"


async def test_closing_early_ends_the_voting_and_waits_for_the_shares(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    assert "voting of no. 1 is over" in " ".join(await bench.say("ana", "/close 1"))
    assert bench.state() == "open"
    assert "Too late" in " ".join(await bench.say("dan", "/v 1 1"))
    assert "over already" in " ".join(await bench.say("ana", "/close 1"))
    assert "can't be extended" in " ".join(await bench.say("ana", "/extend 1 2h"))
    for name in HOLDERS:
        await bench.say(name, f"/reveal 1 {share_of(bench, name)}")
    assert sheet(bench) == {"1": 1}


async def test_without_a_share_it_can_only_be_cancelled_and_nothing_is_opened(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    await bench.pass_time(hours=2)
    await bench.say("chloe", f"/reveal 1 {share_of(bench, 'chloe')}")
    asked = [line for line in await bench.pass_time(days=10) if "your share of the key is needed" in line]
    assert len(asked) == 7  # each day for a week, and only the one who has not given theirs
    assert "can't be" in " ".join(await bench.say("ana", "/extend 1 2h"))
    await bench.say("ana", "/cancel 1 Emma lost her share")
    assert bench.state() == "cancelled"
    assert folder(bench) == {}
    assert sheet(bench) == {}
    assert bench.rows("SELECT * FROM sealed_ballot") == []


async def test_the_rooms_are_told_once_and_the_card_takes_no_ballot(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    told = await bench.pass_time(hours=2)
    assert len([line for line in told if "once both scrutineers have given" in line]) == 2
    assert "Voting ended" in " ".join(await bench.say("bruno", "/status 1", bench.salon))
    assert "voting over" in " ".join(await bench.say("bruno", "/list", bench.salon))
    cards = [posted for posted in bench.telegram.at(bench.salon) if "both shares of the key" in posted.plain]
    assert cards
    assert not [posted for posted in cards if posted.card.buttons]
    assert not [line for line in await bench.pass_time(hours=1) if "voting is over" in line]


async def test_it_is_disclosed(asked: Bench) -> None:
    card = asked.telegram.at(asked.salon)[0].plain
    assert "shared between two scrutineers" in card
    assert "who runs this bot, holds it" not in card


async def test_a_key_is_for_unlinked_votes(bench: Bench) -> None:
    typed = VOTE.replace("--secrecy unlinked", "--secrecy confidential")
    assert "only the ballots of an unlinked vote" in " ".join(await bench.say("ana", typed, bench.salon))


@pytest.mark.parametrize("typed", ["/share 1 maybe", "/share 1", "/share 1 kept", "/share 1 new", "/reveal 1"])
async def test_whoever_holds_nothing_changes_nothing(shared: Bench, typed: str) -> None:
    before = shared.dump("event_key")
    told = " ".join(await shared.say("bruno", typed))
    assert told
    assert shared.dump("event_key") == before


async def test_cancelled_before_the_opening_leaves_no_share_here(asked: Bench) -> None:
    bench = asked
    await bench.say("chloe", "/share 1 kept")
    await bench.say("ana", "/cancel 1 not now")
    assert folder(bench) == {}
    assert "destroy your share" in inbox(bench, "emma")[-1].plain
    assert "was replaced" in " ".join(await bench.say("emma", "/share 1 kept"))


async def test_a_key_folder_lost_before_the_opening_is_made_anew(asked: Bench) -> None:
    bench = asked
    old = share_of(bench, "chloe")
    await bench.say("chloe", "/share 1 kept")
    for path in bench.database.with_name("keys").iterdir():
        path.unlink()
    await bench.say("emma", "/share 1 kept")
    assert bench.state() == "disclosed"
    assert share_of(bench, "chloe") != old
    for name in HOLDERS:
        await bench.say(name, "/share 1 kept")
    assert bench.state() == "open"


async def test_a_confirmation_delivered_twice_is_one(asked: Bench) -> None:
    bench = asked
    for _ in range(2):
        assert "keep nothing" in " ".join(await bench.say("chloe", "/share 1 kept", key="bench:again"))
    await bench.say("emma", "/share 1 kept")
    assert bench.rows("SELECT facts FROM journal WHERE kind = 'share-kept' ORDER BY facts") == [
        ('{"share":1}',), ('{"share":2}',),
    ]  # fmt: skip


async def test_a_share_given_twice_is_told_so_after_the_closing_too(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    await bench.pass_time(hours=2)
    for name in reversed(HOLDERS):
        await bench.say(name, f"/reveal 1 {share_of(bench, name)}", key=f"bench:{name}")
    assert bench.state() == "certified"
    again = await bench.say("chloe", f"/reveal 1 {share_of(bench, 'chloe')}", key="bench:chloe")
    assert "both are here" in " ".join(again)
    assert folder(bench) == {}
    assert "closed since" in " ".join(await bench.say("chloe", f"/reveal 1 {share_of(bench, 'chloe')}"))
    assert folder(bench) == {}


async def test_the_bundle_verifies_and_the_minutes_tell_of_the_key(shared: Bench) -> None:
    bench = shared
    await cast(bench, "bruno", "1")
    await bench.pass_time(hours=2)
    for name in HOLDERS:
        await bench.say(name, f"/reveal 1 {share_of(bench, name)}")
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1)
    assert verify(files).holds
    course = files["minutes.md"].decode()
    assert "was shared between two scrutineers" in course
    assert "wait for both shares" in course
    assert "share 2 of the key was given" in course
    for name in HOLDERS:
        assert not [data for data in files.values() if share_of(bench, name).encode() in data]
        assert name.capitalize() not in course


async def test_those_who_hold_a_share_each_stay_two_persons_until_the_closing(shared: Bench) -> None:
    bench = shared
    assert bench.rows("SELECT count(*) FROM voting_right JOIN account USING (person) WHERE ref LIKE '%:chloe'") == [
        (0,)
    ]
    code = await code_of(bench, "chloe")
    (told, *_) = await bench.say("emma", f"/link {code}")
    assert "holds a share of the key of Which project? (#1)" in told
    assert persons(bench, *HOLDERS) == 2
    await bench.pass_time(hours=2)
    for name in HOLDERS:
        await bench.say(name, f"/reveal 1 {share_of(bench, name)}")
    assert bench.state() == "certified"
    await link(bench, *HOLDERS)
    assert persons(bench, *HOLDERS) == 1

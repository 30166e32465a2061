"""One person with two accounts: the code, both agreements, the one vote that is left, and going apart again."""

from __future__ import annotations

import re

import pytest

from bot.domain.ids import Action
from bot.store import Account, Transaction
from tests.fakes.bench import Bench
from tests.usecases.conftest import VOTE

CODE = re.compile(r"\b[0-9A-F]{4}(?:-[0-9A-F]{4}){3}\b")


async def code_of(bench: Bench, who: str) -> str:
    """A fresh code that this account asked for."""
    (page,) = await bench.say(who, "/link")
    found = CODE.search(page)
    assert found is not None
    return found[0]


async def request(bench: Bench, asker: str, other: str) -> None:
    """A request of which both sides were told."""
    code = await code_of(bench, asker)
    assert len(await bench.say(other, f"/link {code}")) == 2


async def link(bench: Bench, asker: str, other: str) -> list[str]:
    """Link two accounts; what was told in the end."""
    await request(bench, asker, other)
    await bench.say(other, "/link yes")
    return await bench.say(asker, "/link yes")


def accounts(bench: Bench, tx: Transaction, *names: str) -> list[Account]:
    """These accounts, as they are kept."""
    found = [tx.find_account(bench.platform_of(name).who(name).account) for name in names]
    return [each for each in found if each is not None]


def button(bench: Bench, who: str, label: str) -> Action:
    """What the button of this label does, on the last card that someone in Telegram was sent with it."""
    cards = [one.card for one in bench.telegram.at(bench.telegram.chat(who))]
    found = [each.action for card in cards for row in card.buttons for each in row if each.label == label]
    assert found[-1] is not None
    return found[-1]


def persons(bench: Bench, *names: str) -> int:
    """How many persons these accounts are."""
    found = {bench.rows("SELECT person FROM account WHERE ref LIKE ?", f"%:{name}")[0][0] for name in names}
    return len(found)


async def test_each_side_is_shown_both_accounts_and_both_must_agree(bench: Bench) -> None:
    code = await code_of(bench, "bruno")
    asked = await bench.say("emma", f"/link {code}")
    for words in asked:
        assert "Are both of these accounts yours?" in words
        assert "Telegram bruno “Bruno”" in words
        assert "Matrix emma “Emma”" in words
    assert "Now the other account has to say yes" in (await bench.say("emma", "/link yes"))[0]
    assert persons(bench, "bruno", "emma") == 2
    await bench.press("bruno", button(bench, "bruno", "Yes, both are mine"))
    assert persons(bench, "bruno", "emma") == 1
    assert "These accounts are linked" in bench.telegram.at(bench.telegram.chat("bruno"))[-1].plain
    assert "These accounts are linked" in bench.matrix.at(bench.matrix.chat("emma"))[-1].plain


async def test_two_accounts_of_one_platform_can_be_linked(bench: Bench) -> None:
    await link(bench, "bruno", "chloe")
    assert persons(bench, "bruno", "chloe") == 1
    (page,) = await bench.say("chloe", "/link")
    assert "1. Telegram bruno “Bruno”\n2. Telegram chloe “Chloe”, this one" in page


@pytest.mark.parametrize("who", ["bruno", "emma"])
async def test_either_no_drops_it_and_both_are_told(bench: Bench, who: str) -> None:
    await request(bench, "bruno", "emma")
    agree = button(bench, "bruno", "Yes, both are mine")
    await bench.say("emma" if who == "bruno" else "bruno", "/link yes")
    told = await bench.say(who, "/link no")
    assert [words.startswith("One of the two accounts answered no") for words in told] == [True, True]
    await bench.press("bruno", agree)
    await bench.say("emma", "/link yes")
    assert persons(bench, "bruno", "emma") == 2
    assert bench.rows("SELECT count(*) FROM link_request") == [(0,)]


async def test_a_code_works_once(bench: Bench) -> None:
    code = await code_of(bench, "bruno")
    await bench.say("emma", f"/link {code}")
    assert "doesn't exist or was used" in (await bench.say("farid", f"/link {code}"))[0]
    await bench.say("emma", "/link yes")
    await bench.say("bruno", "/link yes")
    assert "doesn't exist or was used" in (await bench.say("gus", f"/link {code}"))[0]


async def test_a_fresh_code_takes_the_place_of_the_one_before(bench: Bench) -> None:
    first, second = [await code_of(bench, "bruno") for _ in range(2)]
    assert "doesn't exist or was used" in (await bench.say("emma", f"/link {first}"))[0]
    assert "Are both" in (await bench.say("emma", f"/link {second}"))[0]


async def test_a_code_lasts_ten_minutes_and_the_question_thirty(bench: Bench) -> None:
    code = await code_of(bench, "bruno")
    await bench.pass_time(minutes=10)
    assert "more than 10 minutes old" in (await bench.say("emma", f"/link {code}"))[0]
    await request(bench, "bruno", "emma")
    await bench.say("emma", "/link yes")
    await bench.pass_time(minutes=30)
    told = await bench.say("bruno", "/link yes")
    assert [words.startswith("Too late to link") for words in told] == [True, True]
    assert persons(bench, "bruno", "emma") == 2


async def test_a_code_sent_back_by_its_own_account_is_refused(bench: Bench) -> None:
    code = await code_of(bench, "bruno")
    assert "from the other one" in (await bench.say("bruno", f"/link {code}"))[0]
    assert "Are both" in (await bench.say("emma", f"/link {code}"))[0]


async def test_linked_accounts_are_told_that_they_are(bench: Bench) -> None:
    await link(bench, "bruno", "emma")
    code = await code_of(bench, "emma")
    assert "linked already" in (await bench.say("bruno", f"/link {code}"))[0]


async def test_guessing_stops_after_ten_wrong_codes_a_day(bench: Bench) -> None:
    for _ in range(10):
        assert "doesn't exist" in (await bench.say("gus", "/link AAAA-BBBB-CCCC-DDDD"))[0]
    code = await code_of(bench, "bruno")
    assert "doesn't exist" not in (await bench.say("gus", f"/link {code}"))[0]
    assert persons(bench, "bruno", "gus") == 2
    await bench.pass_time(days=1)
    code = await code_of(bench, "bruno")
    assert "Are both" in (await bench.say("gus", f"/link {code}"))[0]


async def test_a_code_never_stands_in_a_room_and_is_worth_nothing_there(bench: Bench) -> None:
    asked = await bench.say("bruno", "/link", bench.salon)
    assert [one for one in bench.telegram.at(bench.salon) if CODE.search(one.plain)] == []
    assert CODE.search(asked[0])
    code = await code_of(bench, "bruno")
    assert "done in private" in (await bench.say("emma", f"/link {code}", bench.hall))[0]
    assert "doesn't exist or was used" in (await bench.say("emma", f"/link {code}"))[0]


async def test_where_nobody_can_be_written_to_the_room_only_leads_to_the_private_chat(bench: Bench) -> None:
    bench.telegram.unwritable.add("bruno")
    (invited,) = await bench.say("bruno", "/link", bench.salon)
    assert invited.startswith("Bruno, the rest happens in private")
    bench.telegram.unwritable.clear()
    (page,) = await bench.say("bruno", "/start link-0")
    assert CODE.search(page)


async def test_only_the_two_who_are_asked_can_answer(bench: Bench) -> None:
    await request(bench, "bruno", "emma")
    agree = button(bench, "bruno", "Yes, both are mine")
    assert "nothing to answer" in await bench.press("chloe", agree)
    assert "nothing to answer" in (await bench.say("chloe", "/link no"))[0]
    await bench.press("bruno", agree)
    await bench.press("bruno", agree)
    assert persons(bench, "bruno", "emma") == 2


async def test_an_old_button_agrees_to_nothing_it_did_not_show(bench: Bench) -> None:
    await request(bench, "bruno", "emma")
    agree = button(bench, "bruno", "Yes, both are mine")
    await bench.say("emma", "/link no")
    await request(bench, "bruno", "farid")
    await bench.say("farid", "/link yes")
    assert "nothing to answer" in await bench.press("bruno", agree)
    assert persons(bench, "bruno", "farid") == 2


async def test_a_right_and_a_ballot_each_become_one_of_both(both: Bench) -> None:
    await both.vote("bruno", 1, 1)
    await both.pass_time(seconds=5)
    await both.say("emma", "/v 1 2")
    ((before,),) = both.rows("SELECT count(*) FROM voting_right")
    told = await link(both, "bruno", "emma")
    assert both.rows("SELECT choice FROM ballot") == [("2",)]
    assert both.rows("SELECT count(*) FROM voting_right") == [(before,)]
    for words in told:
        assert "you had voted twice, the later ballot stays: Library" in words
    assert "2. Library ▇▇▇▇▇▇▇▇▇▇ 1" in both.telegram.at(both.salon)[-1].plain
    for who in ("bruno", "emma"):
        assert "Library" in "".join(await both.say(who, "/mine"))
    assert "Park instead of Library" in await both.vote("bruno", 1, 3)
    assert both.rows("SELECT choice FROM ballot") == [("3",)]
    ((facts,),) = both.rows("SELECT facts FROM journal WHERE kind = 'rights-merged'")
    assert facts == '{"rights":1}'


async def test_whoever_has_the_only_right_shares_it(poll: Bench) -> None:
    await poll.vote("bruno", 1, 1)
    await link(poll, "emma", "bruno")
    assert "Park" in "".join(await poll.say("emma", "/v 1 3"))
    assert poll.rows("SELECT choice FROM ballot") == [("3",)]
    assert poll.rows("SELECT count(*) FROM right_merge") == [(0,)]


async def test_three_accounts_are_one_person_whichever_way_they_were_linked(both: Bench) -> None:
    await both.vote("bruno", 1, 1)
    await both.vote("chloe", 1, 1)
    await both.say("emma", "/v 1 1")
    await link(both, "bruno", "emma")
    await link(both, "chloe", "bruno")
    assert persons(both, "bruno", "chloe", "emma") == 1
    assert both.rows("SELECT count(*) FROM ballot") == [(1,)]
    (page,) = await both.say("emma", "/link")
    assert "These 3 accounts" in page


async def test_an_account_that_is_taken_away_votes_no_more_in_what_is_open(both: Bench) -> None:
    await both.vote("bruno", 1, 1)
    await link(both, "bruno", "emma")
    told = await both.say("bruno", "/link remove 2")
    assert "In the consultation that is open, your vote stays with your other accounts" in told[0]
    assert "can't take part in it any more" in told[1]
    assert persons(both, "bruno", "emma") == 2
    assert "unlinked during this consultation" in "".join(await both.say("emma", "/v 1 2"))
    assert both.rows("SELECT choice FROM ballot") == [("1",)]
    await both.pass_time(hours=3)
    await both.say("ana", '/poll "Again?" "Yes" "No" --close 2h --rooms Salon,Hall --yes', both.salon)
    await both.say("emma", "/v 2 1")
    assert both.rows("SELECT count(*) FROM ballot WHERE consultation = 2") == [(1,)]


async def test_linking_again_gives_back_the_vote(both: Bench) -> None:
    await both.vote("bruno", 1, 1)
    await link(both, "bruno", "emma")
    await both.say("emma", "/link remove 2")
    await link(both, "emma", "bruno")
    assert "Park" in "".join(await both.say("emma", "/v 1 3"))
    assert both.rows("SELECT choice FROM ballot") == [("3",)]


async def test_only_an_account_of_ones_own_can_be_taken_away(bench: Bench) -> None:
    await link(bench, "bruno", "emma")
    ((emma,),) = bench.rows("SELECT id FROM account WHERE ref = 'matrix:emma'")
    await bench.press("chloe", Action("unlink", emma))
    assert persons(bench, "bruno", "emma") == 1
    await bench.press("bruno", Action("unlink", emma))
    assert persons(bench, "bruno", "emma") == 2
    assert "Which one?" in (await bench.say("bruno", "/link remove 7"))[0]


async def test_the_french_words_do_the_same(bench: Bench) -> None:
    page = (await bench.say("bruno", "/lier"))[0]
    code = CODE.search(page)
    assert code is not None
    await bench.say("emma", f"/lier {code[0].casefold()}")
    await bench.say("emma", "/lier oui")
    await bench.say("bruno", "/lier oui")
    assert persons(bench, "bruno", "emma") == 1
    await bench.say("bruno", "/lier retirer 2")
    assert persons(bench, "bruno", "emma") == 2


async def test_reminders_go_to_one_of_the_accounts(both: Bench) -> None:
    await link(both, "bruno", "emma")
    left = await both.store.read(lambda tx: [each.id for each in tx.non_voters(1)])
    assert ("bruno" in left) != ("emma" in left)


async def test_someone_who_is_on_the_roll_twice_is_on_it_once_and_organisers_are_told(bench: Bench) -> None:
    def work(tx) -> None:  # type: ignore[no-untyped-def]
        for platform, name in (("telegram", "bruno"), ("matrix", "emma")):
            account = tx.find_account(bench.platforms[platform].who(name).account)
            tx.members.enrol(tx.main_organisation(), account.id, name.capitalize())

    await bench.store.write(work)
    told = await link(bench, "bruno", "emma")
    assert bench.rows("SELECT count(*) FROM member") == [(1,)]
    (organisers,) = [words for words in told if "two lines of your roll" in words]
    assert "Bruno" not in organisers
    assert "Emma" not in organisers


async def test_accounts_that_both_vote_unlinked_wait_for_the_closing(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--secrecy unlinked --rooms Salon,Hall --yes"), bench.salon)
    for who in ("bruno", "emma"):
        await bench.say(who, "/v 1 1")
        await bench.say(who, "yes")
    ((rights,),) = bench.rows("SELECT count(*) FROM voting_right")
    code = await code_of(bench, "bruno")
    (told,) = await bench.say("emma", f"/link {code}")
    assert "Not now: both accounts may vote in Which project? (#1)" in told
    assert bench.rows("SELECT count(*) FROM voting_right") == [(rights,)]
    await bench.pass_time(hours=3)
    await link(bench, "bruno", "emma")
    assert persons(bench, "bruno", "emma") == 1


async def test_an_unlinked_vote_that_opens_meanwhile_is_found_at_the_last_yes(bench: Bench) -> None:
    await request(bench, "bruno", "emma")
    await bench.say("bruno", "/link yes")
    await bench.say("ana", VOTE.replace("--yes", "--secrecy unlinked --rooms Salon,Hall --yes"), bench.salon)
    await bench.store.write(lambda tx: [tx.admit(1, one.id) for one in accounts(bench, tx, "bruno", "emma")])
    (told,) = await bench.say("emma", "/link yes")
    assert told.startswith("Not now")
    assert persons(bench, "bruno", "emma") == 2

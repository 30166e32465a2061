"""A code that a room has read is worth nothing any more, whoever wrote it there; those who keep the roll are told."""

from __future__ import annotations

import json

import pytest

from bot.ports import Speaker
from tests.fakes.bench import Bench
from tests.usecases.test_contesting import told
from tests.usecases.test_linking import code_of as link_code
from tests.usecases.test_roles import code_for
from tests.usecases.test_rolls import claim, codes, import_list

READ = "was written in a group"


async def given(bench: Bench) -> dict[str, str]:
    """Codes of all four members, by name; bruno has claimed his."""
    await import_list(bench)
    made = {name: row["code"] for name, row in (await codes(bench)).items()}
    await claim(bench, "bruno", made["Bruno B"])
    return made


def lost(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows("SELECT facts FROM journal WHERE kind = 'roll-code-read'")


async def test_the_code_of_another_member_is_void_once_the_room_has_read_it(bench: Bench) -> None:
    made = await given(bench)
    said = "\n".join(await bench.say("bruno", f"/claim {made['Chloé C']}", bench.salon))
    assert "worth nothing any more" in said
    assert "Chloé" not in "\n".join(told(bench, "bruno"))
    notice = told(bench, "ana")[-1]
    assert READ in notice
    assert "1 member has neither" in notice
    assert "Chloé" not in notice
    assert "replaced" in await claim(bench, "chloe", made["Chloé C"])
    ((facts,),) = lost(bench)
    assert set(json.loads(str(facts))) == {"codes", "organisation"}
    again = await codes(bench)
    assert list(again) == ["Chloé C"]
    assert "Chloé C" in await claim(bench, "chloe", again["Chloé C"]["code"])


@pytest.mark.parametrize("speaker", ["anonymous-admin", "channel", "foreign", "ghost"])
@pytest.mark.parametrize("words", ["/claim {}", "/link {}", "/start c-{}"])
async def test_whoever_wrote_it_there(bench: Bench, speaker: Speaker, words: str) -> None:
    made = await given(bench)
    await bench.say("dan", words.format(made["Chloé C"]), bench.salon, speaker=speaker)
    assert READ in told(bench, "ana")[-1]
    assert "replaced" in await claim(bench, "chloe", made["Chloé C"])


async def test_also_from_somebody_who_may_try_no_more_codes(bench: Bench) -> None:
    made = await given(bench)
    for wrong in range(11):
        await bench.say("dan", f"/claim 0000-0000-0000-{wrong:04}")
    await bench.say("dan", f"/claim {made['Chloé C']}", bench.salon)
    assert READ in told(bench, "ana")[-1]
    assert "replaced" in await claim(bench, "chloe", made["Chloé C"])


async def test_a_code_that_its_owner_uses_in_the_room_is_used_and_not_lost(bench: Bench) -> None:
    made = await given(bench)
    await bench.say("chloe", f"/claim {made['Chloé C']}", bench.salon)
    assert lost(bench) == []
    assert READ not in told(bench, "ana")[-1]
    assert bench.rows("SELECT count(*) FROM invitation WHERE used_at IS NOT NULL") == [(2,)]


async def test_where_nobody_was_given_the_role_the_reader_is_asked_to_tell_it(bench: Bench) -> None:
    made = await given(bench)
    await bench.store.write(lambda tx: [tx.members.revoke(each.organisation, None, each.person, each.role)
                                        for each in tx.members.roles_held(1)])  # fmt: skip
    assert bench.rows("SELECT * FROM role_grant") == []
    said = "\n".join(await bench.say("bruno", f"/claim {made['Chloé C']}", bench.salon))
    assert "tell whoever keeps the roll" in said
    assert "replaced" in await claim(bench, "chloe", made["Chloé C"])


async def test_a_wrong_code_and_a_private_one_void_nothing(bench: Bench) -> None:
    made = await given(bench)
    await bench.say("bruno", "/claim 0000-0000-0000-0000", bench.salon)
    await bench.say("bruno", f"/claim {made['Chloé C']}")
    assert lost(bench) == []
    assert "Chloé C" in await claim(bench, "chloe", made["Chloé C"])


async def test_codes_of_roles_and_of_accounts_are_void_too(bench: Bench) -> None:
    role, account = await code_for(bench, "organiser"), await link_code(bench, "emma")
    for words in (f"/claim {role}", f"/link {account}"):
        await bench.say("dan", words, bench.salon, speaker="channel")
    assert "Done." not in await claim(bench, "chloe", role)
    assert "yours?" not in "\n".join(await bench.say("chloe", f"/link {account}"))


async def test_a_message_delivered_again_tells_it_once(bench: Bench) -> None:
    made = await given(bench)
    for _ in range(2):
        await bench.say("bruno", f"/claim {made['Chloé C']}", bench.salon, key="again")
    assert len(lost(bench)) == 1
    assert sum(READ in each for each in told(bench, "ana")) == 1

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bot.domain.canonical import digest
from bot.domain.consultation import (
    BallotType,
    Base,
    Binding,
    Consultation,
    Definition,
    Kind,
    Majority,
    Method,
    Option,
    OptionRole,
    Quorum,
    Results,
    Secrecy,
    State,
    Tie,
    definition_facts,
)
from bot.domain.ids import PostRef, RoomRef
from bot.domain.refusals import Missing
from bot.domain.remedies import IfNoQuorum, Remedy
from bot.domain.roll_sources import RollSource
from bot.store import Transaction
from storage.journal import entry_hash
from storage.store import SqlStore
from tests.storage.scene import NOW, SALON, consultation, opened, poll, voter

FULL = Definition(
    kind=Kind.VOTE,
    title="Où « aller » ? \U0001f33b",
    options=(Option(1, "Ici"), Option(2, "Là"), Option(9, "Blanc", OptionRole.BLANK)),
    purpose="le lieu",
    binding=Binding.DECISION,
    language="fr",
    statutes="article 7",
    ballot=BallotType.APPROVAL,
    method=Method.APPROVAL,
    at_least=1,
    at_most=2,
    tie=Tie.DRAW,
    quorum=Quorum(share=Fraction(1, 3)),
    majority=Majority(Fraction(2, 3), strict=False),
    base=Base.VOTERS,
    secrecy=Secrecy.PUBLIC,
    results=Results.CLOSING,
    roll=RollSource.OPEN,
    seniority=timedelta(days=30),
    answer_by=datetime(2027, 1, 31, 22, 59, tzinfo=UTC),
    reminders=(timedelta(days=3), timedelta(hours=2)),
    seed_commitment="c0ffee",
)


def _everything_set(tx: Transaction) -> Consultation:
    first, second = (tx.room(RoomRef("matrix", f"!{name}:example.org"), name, NOW, "fr", "UTC").id for name in "ab")
    earlier = consultation(tx, poll())
    return consultation(
        tx,
        FULL,
        state=State.CLOSED,
        rooms=(second, first),
        excused=(first,),
        lasts=timedelta(hours=36),
        opened_at=NOW + timedelta(minutes=1),
        closed_at=NOW + timedelta(days=2, microseconds=1),
        version=3,
        disclosure_digest="d" * 64,
        roll_size=43,
        roll_digest="r" * 64,
        roll_known=False,
        extensions=1,
        replaces=earlier.number,
        cancelled_because="une erreur",
        tie_choices=(2, 3),
        put_off=True,
        contest_moves=(timedelta(minutes=3), timedelta(hours=2)),
        tie_reason="tirage",
        seed="5eed",
        erase_at=NOW + timedelta(days=365),
    )


async def test_a_consultation_comes_back_exactly_as_it_was_stored(store: SqlStore) -> None:
    stored = await store.write(_everything_set)
    assert await store.read(lambda tx: tx.consultation(stored.number)) == stored
    assert stored.definition == FULL
    assert digest(definition_facts(stored.definition)) == digest(definition_facts(FULL))
    defaults = Consultation(0, 0, 0, State.DRAFT, FULL, (), NOW, NOW)
    unset = {each.name for each in fields(stored) if getattr(stored, each.name) == getattr(defaults, each.name)}
    assert unset <= {"opens_at", "created_at", "definition"}, "this test must set every field"


async def test_a_simple_definition_comes_back_with_its_nones(store: SqlStore) -> None:
    again = IfNoQuorum(Remedy.RECONVENE, timedelta(days=2))
    present = poll(quorum=Quorum(share=Fraction(1, 2)), quorum_of_present=True)
    for definition in (
        poll(), poll(quorum=Quorum(count=12), majority=Majority()), poll(quorum=Quorum(count=12), if_no_quorum=again),
        present,
    ):  # fmt: skip
        stored = await store.write(lambda tx, definition=definition: consultation(tx, definition))
        assert (await store.read(lambda tx, n=stored.number: tx.consultation(n))).definition == definition


async def test_saving_replaces_the_whole_record(store: SqlStore) -> None:
    stored = await store.write(_everything_set)
    changed = replace(
        stored, state=State.CANCELLED, definition=poll(), rooms=stored.rooms[:1], excused=(), closes_at=None, lasts=None
    )
    await store.write(lambda tx: tx.save(changed))
    assert await store.read(lambda tx: tx.find_consultation(stored.number)) == changed


@pytest.mark.parametrize("number", [0, -1, 999, 2**31, 2**70])
async def test_a_number_nobody_gave_is_missing_however_large(store: SqlStore, number: int) -> None:
    assert await store.read(lambda tx: tx.find_consultation(number)) is None
    with pytest.raises(Missing) as refused:
        await store.write(lambda tx: tx.consultation(number, lock=True))
    assert refused.value.code == "no-such-consultation"


async def test_consultations_are_found_by_room_and_state_newest_first(store: SqlStore) -> None:
    def work(tx: Transaction) -> tuple[int, int, list[int]]:
        elsewhere = tx.room(RoomRef("matrix", "!a:example.org"), "", NOW, "fr", "UTC").id
        made = [consultation(tx, poll(), state=state) for state in (State.DRAFT, State.OPEN, State.CLOSED)]
        both = consultation(tx, poll(), rooms=(elsewhere, made[0].rooms[0]))
        return elsewhere, made[0].rooms[0], [one.number for one in (*made, both)]

    elsewhere, salon, (draft, open_, closed, both) = await store.write(work)

    async def found(**which: object) -> list[int]:
        listed = await store.read(lambda tx: tx.consultations(**which))  # type: ignore[arg-type]
        return [one.number for one in listed]

    assert await found() == [both, closed, open_, draft]
    assert await found(limit=2) == [both, closed]
    assert await found(rooms=[elsewhere]) == [both]
    assert await found(rooms=[elsewhere, salon], states=[State.OPEN]) == [both, open_]
    assert await found(states=[State.DRAFT, State.CLOSED]) == [closed, draft]
    assert await found(rooms=[]) == []


async def test_a_disclosure_is_kept_for_each_version(store: SqlStore) -> None:
    number = (await opened(store)).number
    first, second = {"purpose": "le lieu"}, {"purpose": "la date", "rooms": ["a", 2, None, True]}
    for version, facts in ((1, first), (2, second)):
        await store.write(lambda tx, version=version, facts=facts: tx.set_disclosure(number, version, facts))
    kept = await store.read(lambda tx: [tx.disclosure(number, version) for version in (1, 2, 3)])
    assert kept == [first, second, None]


async def test_a_post_is_owed_once_and_remembers_where_it_stands(store: SqlStore) -> None:
    number = (await opened(store)).number
    room = (await store.read(lambda tx: tx.find_room(SALON))).id  # type: ignore[union-attr]
    claimed = await store.write(lambda tx: tx.claim_post(number, 1, room, "card"))
    assert (claimed.state, claimed.ref, claimed.rendered, claimed.why, claimed.part) == ("sending", None, 0, "", 0)
    assert await store.write(lambda tx: tx.claim_post(number, 1, room, "card")) == claimed
    second = await store.write(lambda tx: tx.claim_post(number, 1, room, "card", part=1))
    assert second.id != claimed.id

    there = PostRef(RoomRef("telegram", "-100", "7"), "55")
    await store.write(lambda tx: tx.post_refused(claimed.id, "not-allowed"))
    assert (await store.read(lambda tx: tx.posts(number)))[0].why == "not-allowed"
    await store.write(lambda tx: tx.post_sent(claimed.id, there, 3))
    sent = await store.read(lambda tx: tx.post_at(there))
    assert sent is not None
    assert (sent.id, sent.state, sent.ref, sent.rendered, sent.why) == (claimed.id, "sent", there, 3, "")
    assert await store.read(lambda tx: tx.post_at(PostRef(SALON, "55"))) == sent, "a message number is its group's"
    await store.write(lambda tx: tx.post_rendered(claimed.id, 9))
    assert [post.rendered for post in await store.read(lambda tx: tx.posts(number))] == [9, 0]
    assert await store.read(lambda tx: tx.post_at(PostRef(SALON, "56"))) is None


async def test_a_post_that_is_not_there_can_not_be_sent(store: SqlStore) -> None:
    with pytest.raises(Missing, match="no-such-post"):
        await store.write(lambda tx: tx.post_refused(99, "rejected"))


async def test_the_journal_is_a_chain_in_order(store: SqlStore) -> None:
    number = (await opened(store)).number
    facts = {"rooms": 2, "digest": "é", "at": NOW}
    await store.write(lambda tx: tx.record(NOW, "started", {}))
    written = await store.write(lambda tx: [tx.record(NOW, kind, facts, number) for kind in ("opened", "closed")])
    entries = await store.read(lambda tx: tx.journal())
    assert [(entry.sequence, entry.kind, entry.number) for entry in entries] == [
        (1, "started", None),
        (2, "opened", number),
        (3, "closed", number),
    ]
    assert entries[0].previous == ""
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert all(entry.hash == entry_hash(entry) for entry in entries)
    assert await store.read(lambda tx: tx.journal(number)) == written
    assert written[0].facts == {"rooms": 2, "digest": "é", "at": NOW.isoformat()}


async def test_a_changed_entry_no_longer_has_its_hash(store: SqlStore) -> None:
    entry = await store.write(lambda tx: tx.record(NOW, "opened", {"rooms": 2}))
    for changed in (replace(entry, facts={"rooms": 3}), replace(entry, kind="closed"), replace(entry, previous="x")):
        assert entry_hash(changed) != entry.hash


async def test_an_unknown_author_is_refused_by_the_database(store: SqlStore) -> None:
    """Foreign keys are on, on both databases."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.write(lambda tx: consultation(tx, poll(), author=99))
    assert await store.read(lambda tx: tx.find_account(voter(0))) is None, "and nothing of that work is kept"

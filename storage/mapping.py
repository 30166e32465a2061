"""Rows to domain values and back: what is stored as text comes back exactly as it was.

It knows the stored form of each value; it refuses to know where rows come from.
Definitions are stored as their canonical text, the one that is hashed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast, get_args

from sqlalchemy import Row

from bot.domain.budgets import BudgetRules
from bot.domain.canonical import canonical
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
    State,
    Tie,
    definition_facts,
)
from bot.domain.date_options import Slot
from bot.domain.debate.model import Review
from bot.domain.ids import SEPARATOR, AccountRef, PostRef, RoomRef
from bot.domain.key_holder import KeyHolder
from bot.domain.organisation import Declaration, Declared, Field, Organisation
from bot.domain.proxy_rules import ProxyRule
from bot.domain.receipts import Receipt
from bot.domain.remedies import IfNoQuorum, Remedy
from bot.domain.roll_sources import RollSource
from bot.store import Account, JournalEntry, Post, PostState, Room
from storage.deliberation_mapping import debate_rules, opinion_rules

AnyRow = Row[Any]


def storable(text: str) -> str:
    """The text without what databases refuse in text: NUL and half characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def account_ref(text: str) -> AccountRef:
    """The account a stored address names. The platform ends at the first separator: ids have some of their own."""
    platform, _, id_ = text.partition(SEPARATOR)
    return AccountRef(platform, id_)


def account(row: AnyRow) -> Account:
    """An account from its row."""
    return Account(
        id=row.id,
        ref=account_ref(row.ref),
        person=row.person,
        name=row.name,
        language=row.language,
        greeted=row.greeted,
    )


def room(row: AnyRow) -> Room:
    """A room from its row joined to its current address."""
    return Room(
        id=row.id,
        ref=RoomRef(row.platform, row.address, row.thread),
        place=row.place or row.id,
        title=row.title,
        organisation=row.organisation,
        language=row.language,
        active=row.active,
    )


def post(row: AnyRow) -> Post:
    """A post from its row."""
    ref = None
    if row.message is not None:
        ref = PostRef(RoomRef(row.platform, row.address, row.thread), row.message)
    assert row.state in get_args(PostState)
    return Post(
        id=row.id,
        number=row.consultation,
        version=row.version,
        room=row.room,
        role=row.role,
        part=row.part,
        state=cast(PostState, row.state),
        ref=ref,
        rendered=row.rendered,
        why=row.why,
    )


def journal_entry(row: AnyRow) -> JournalEntry:
    """A line of the journal from its row."""
    return JournalEntry(
        sequence=row.sequence,
        at=row.at,
        number=row.consultation,
        kind=row.kind,
        facts=json.loads(row.facts),
        previous=row.previous,
        hash=row.hash,
    )


def organisation(row: AnyRow) -> Organisation:
    """An organisation from its row."""
    return Organisation(
        id=row.id,
        language=row.language,
        time_zone=row.time_zone,
        declaration=declaration(row.declaration),
        bound=row.bound,
    )


def declaration_text(declaration: Declaration) -> str:
    """The stored form of a declaration."""
    return canonical(
        {
            what.value: {"value": declared.value, "by": declared.by, "at": declared.at}
            for what, declared in declaration.items()
        }
    )


def declaration(text: str) -> Declaration:
    """The declaration from its stored form."""
    return {
        Field(what): Declared(declared["value"], declared["by"], _instant(declared["at"]))
        for what, declared in json.loads(text).items()
    }


def consultation(row: AnyRow, rooms: Sequence[int] = (), excused: Sequence[int] = ()) -> Consultation:
    """A consultation from its row and the rooms that take part (what its closing decided is told elsewhere)."""
    return Consultation(
        number=row.number,
        organisation=row.organisation,
        author=row.author,
        state=State(row.state),
        definition=definition(row.definition),
        rooms=tuple(rooms),
        created_at=row.created_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        lasts=_duration(row.lasts),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
        disclosure_digest=row.disclosure_digest,
        roll_size=row.roll_size,
        roll_digest=row.roll_digest,
        roll_known=row.roll_known,
        extensions=row.extensions,
        replaces=row.replaces,
        cancelled_because=row.cancelled_because,
        tie_reason=row.tie_reason,
        seed=row.seed,
        erase_at=row.erase_at,
        excused=tuple(sorted(excused)),
    )


def consultation_columns(value: Consultation) -> dict[str, Any]:
    """The columns of a consultation, its number and its rooms left out."""
    return {
        "organisation": value.organisation,
        "author": value.author,
        "kind": value.definition.kind.value,
        "state": value.state.value,
        "definition": canonical(definition_facts(value.definition)),
        "created_at": value.created_at,
        "opens_at": value.opens_at,
        "closes_at": value.closes_at,
        "lasts": None if value.lasts is None else int(value.lasts.total_seconds()),
        "opened_at": value.opened_at,
        "closed_at": value.closed_at,
        "version": value.version,
        "disclosure_digest": value.disclosure_digest,
        "roll_size": value.roll_size,
        "roll_digest": value.roll_digest,
        "roll_known": value.roll_known,
        "extensions": value.extensions,
        "replaces": value.replaces,
        "cancelled_because": value.cancelled_because,
        "tie_reason": value.tie_reason,
        "seed": value.seed,
        "erase_at": value.erase_at,
    }


@lru_cache(maxsize=512)
def definition(text: str) -> Definition:
    """The definition a canonical text stands for; remembered, since every batch of ballots needs it."""
    facts: Mapping[str, Any] = json.loads(text)
    return replace(
        _first(facts),
        debate=debate_rules(facts.get("debate")),
        opinions=opinion_rules(facts.get("opinions")),
        seats=facts.get("seats", 1),
        scale=facts.get("scale"),
        grades=tuple(facts.get("grades", ())),
        points=facts.get("points"),
        quadratic=facts.get("quadratic", False),
        second_round=_duration(facts.get("second_round")),
        follows=_follows(facts.get("follows")),
        early=_duration(facts.get("early")),
        budget=_budget(facts.get("budget")),
        add_options=Review(facts["add_options"]) if "add_options" in facts else None,
        quorum_of_present=facts.get("quorum_of_present", False),
        if_no_quorum=_if_no_quorum(facts.get("if_no_quorum")),
        dates=tuple(_slot(slot) for slot in facts.get("dates", ())),
        receipt=Receipt(facts.get("receipt", "none")),
        group=facts.get("group", ""),
        contest=_duration(facts.get("contest")),
        approval=facts.get("approval", False),
        key=KeyHolder(facts.get("key", "server")),
        proxies=_proxies(facts.get("proxies")),
    )


def _first(facts: Mapping[str, Any]) -> Definition:
    """What every definition has had since the first release."""
    return Definition(
        kind=Kind(facts["kind"]),
        title=facts["title"],
        options=tuple(Option(each["number"], each["text"], OptionRole(each["role"])) for each in facts["options"]),
        purpose=facts["purpose"],
        binding=Binding(facts["binding"]),
        language=facts["language"],
        statutes=facts["statutes"],
        ballot=BallotType(facts["ballot"]),
        method=Method(facts["method"]),
        at_least=facts["at_least"],
        at_most=facts["at_most"],
        tie=Tie(facts["tie"]),
        quorum=_quorum(facts["quorum"]),
        majority=_majority(facts["majority"]),
        base=Base(facts["base"]),
        secrecy=Secrecy(facts["secrecy"]),
        results=Results(facts["results"]),
        roll=RollSource(facts["roll"]),
        seniority=_duration(facts["seniority"]),
        answer_by=_instant(facts["answer_by"]),
        reminders=tuple(timedelta(seconds=seconds) for seconds in facts["reminders"]),
        seed_commitment=facts["seed_commitment"],
    )


def _follows(facts: Mapping[str, Any] | None) -> Follows | None:
    return None if facts is None else Follows(facts["number"], Sequel(facts["sequel"]))


def _slot(facts: Mapping[str, Any]) -> Slot:
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts", "ends"))
    return Slot(facts["option"], starts, ends, facts["day"])


def _if_no_quorum(facts: Mapping[str, Any] | None) -> IfNoQuorum | None:
    return None if facts is None else IfNoQuorum(Remedy(facts["remedy"]), timedelta(seconds=facts["lasts"]))


def _proxies(facts: Mapping[str, Any] | None) -> ProxyRule | None:
    return None if facts is None else ProxyRule(facts["most"])


def _budget(facts: Mapping[str, Any] | None) -> BudgetRules | None:
    if facts is None:
        return None
    costs = tuple((number, cost) for number, cost in facts["costs"])
    return BudgetRules(facts["amount"], costs, facts["currency"], facts["before"])


def _quorum(facts: Mapping[str, Any] | None) -> Quorum | None:
    return None if facts is None else Quorum(facts["count"], _fraction(facts["share"]))


def _majority(facts: Mapping[str, Any] | None) -> Majority | None:
    return None if facts is None else Majority(_fraction(facts["fraction"]), facts["strict"])


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _duration(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)

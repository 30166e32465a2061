"""Consultations, rooms and an association to make disclosures of, for the tests that need some."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.charter import Circumstances, RoomCircumstances
from bot.domain.consultation import Binding, Consultation, Definition, Kind, Option, Results, State
from bot.domain.debate.model import DebateRules, Phase, Stage
from bot.domain.opinions.model import OpinionRules
from bot.domain.organisation import Declared, Field, Instance, Organisation

NOW = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
GROUP = RoomCircumstances("telegram", "Étudiants du tilleul", 43, exact=False, sees_arrivals=True)
BLIND_GROUP = RoomCircumstances("telegram", "Bureau", 12, exact=False, sees_arrivals=False)
ROOM = RoomCircumstances("matrix", "Assemblée", 60, exact=True, sees_arrivals=True, encrypted=True)
PLAIN_ROOM = RoomCircumstances("matrix", "Ouvert à tous", 7, exact=True, sees_arrivals=True)
REHEARSAL = RoomCircumstances("console", "assembly", 3, exact=True, sees_arrivals=True)
INSTANCE = Instance(
    operator="l'association Octet",
    contact="admin@octet.example",
    hosting="une machine à Roubaix (France)",
    source_url="https://git.example/palabre",
    version="1.4.2",
    revision="a1b2c3d4e5f6a7b8",
    homeserver="octet.example",
)
DECLARATION = {
    Field.NAME: Declared("Les Amis du tilleul", "Ana", NOW),
    Field.CONTACT: Declared("contact@tilleul.example", "Ana", NOW),
    Field.RESPONDER: Declared("le bureau", "Bruno", NOW),
}
ASSOCIATION = Organisation(1, "fr", "Europe/Paris", DECLARATION)
OPTIONS = (Option(1, "Un local"), Option(2, "Un festival"), Option(3, "Des bourses"))


def poll(**changes: Any) -> Definition:
    title = "Quel projet ?"
    return Definition(**{"kind": Kind.POLL, "title": title, "options": OPTIONS, "purpose": title,
                         "binding": Binding.ADVICE, "language": "fr", **changes})  # fmt: skip


def vote(**changes: Any) -> Definition:
    return poll(**{"kind": Kind.VOTE, "purpose": "choisir le projet 2027", "results": Results.CLOSING, **changes})


def decision(**changes: Any) -> Definition:
    return vote(**{"binding": Binding.DECISION, "statutes": "article 12", **changes})


def debate(rules: DebateRules | None = None, **changes: Any) -> Definition:
    title = "Faut-il un local partagé ?"
    return poll(**{"kind": Kind.DEBATE, "title": title, "purpose": title, "options": (),
                   "debate": rules or debate_rules(), **changes})  # fmt: skip


def debate_rules(**changes: Any) -> DebateRules:
    return DebateRules(**{"stages": tuple(Stage(phase, timedelta(days=1)) for phase in Phase), **changes})


def opinions(rules: OpinionRules | None = None, **changes: Any) -> Definition:
    title = "Comment vivre mieux ici ?"
    return poll(**{"kind": Kind.OPINIONS, "title": title, "purpose": title,
                   "opinions": rules or OpinionRules(), **changes})  # fmt: skip


def consultation(definition: Definition, **changes: Any) -> Consultation:
    times = {"opens_at": NOW + timedelta(hours=1), "closes_at": NOW + timedelta(days=3)}
    return Consultation(**{"number": 12, "organisation": 1, "author": 1, "state": State.DRAFT, "rooms": (1,),
                           "definition": definition, "created_at": NOW, **times, **changes})  # fmt: skip


def circumstances(*rooms: RoomCircumstances, **changes: Any) -> Circumstances:
    return Circumstances(**{"author_name": "Ana L.", "author_role": "organiser", "rooms": rooms or (GROUP,),
                            "languages": ("fr", "en"), **changes})  # fmt: skip

"""How the points about people and the service stand: who consults and who runs the bot, promises, data.

Each function returns one point from what people declared, with who said so and
when, or from the configuration. A point that this version can't meet yet is not
declared and says so: it is never claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain import charter_proofs, charter_proxies
from bot.domain.charter_items import CHARTER_VERSION, RULES_VERSION
from bot.domain.charter_values import Case, ItemState, Say, Status, say
from bot.domain.consultation import POLLS, Binding
from bot.domain.organisation import Field

IN_HOUSE = frozenset({"console"})
"""Platforms that hand nothing to anybody: on every other, whoever carries the messages receives them."""

LICENCE_TIERS = (("odbl", 1), ("licence ouverte", 2), ("open licence", 2))
"""The licences that the 2016 map names, and its number for each."""


def _who_asks(case: Case) -> ItemState:
    circumstances, name = case.circumstances, case.declared(Field.NAME)
    contact = case.declared(Field.CONTACT).value
    lacks = tuple(what.value for what in (Field.NAME, Field.CONTACT) if not case.declared(what).value)
    asks = f"asks.{circumstances.author_role}" if name.value else "asks.unnamed"
    says = [say(asks, name=name.value, author=circumstances.author_name)]
    if contact:
        says.append(say("asks.contact", contact=contact))
    status = Status.NOT_DECLARED if lacks else Status.DECLARED
    return ItemState("ENG-01", status, tuple(says), by=name.by, at=name.at, lacks=lacks)


def _who_runs(case: Case) -> ItemState:
    instance = case.instance
    lacks = tuple(
        what
        for what, stated in (("operator_name", instance.operator), ("operator_contact", instance.contact))
        if not stated
    )
    if lacks:
        return ItemState("ENG-02", Status.NOT_DECLARED, lacks=lacks)
    says = (say("operator", operator=instance.operator, contact=instance.contact),)
    carried = tuple(say(f"carried.{platform}") for platform in case.circumstances.platforms)
    return ItemState("ENG-02", Status.DECLARED, says, carried, by=instance.operator)


def _rules(case: Case) -> ItemState:
    told = say("rules.poll" if case.definition.kind in POLLS else "rules.vote", version=RULES_VERSION)
    return ItemState("ENG-03", Status.GUARANTEED, (told,))


def _version(_: Case) -> ItemState:
    return ItemState("ENG-04", Status.GUARANTEED, (say("version", version=CHARTER_VERSION),))


def _roles(case: Case) -> ItemState:
    funding = case.declared(Field.FUNDING)
    paid = say("roles.funding", funding=funding.value) if funding.value else say("roles.no-funding")
    overlap = case.circumstances.author_is_operator
    if overlap is None:
        return ItemState("ENG-05", Status.NOT_DECLARED, (say("roles.unknown"),), (say("roles.voters"), paid))
    told = say("roles.same" if overlap else "roles.distinct")
    return ItemState("ENG-05", Status.GUARANTEED, (told,), (say("roles.voters"), paid))


def _binding(case: Case) -> ItemState:
    binding = case.definition.binding
    return _by_author("ENG-06", case, say(f"binding.{binding.value}", statutes=case.definition.statutes))


def _by_author(item: str, case: Case, *says: Say) -> ItemState:
    by, at = case.circumstances.author_name, case.consultation.created_at
    return ItemState(item, Status.DECLARED, says, by=by, at=at)


def _statutes(case: Case) -> ItemState:
    if not case.definition.statutes:
        return ItemState("GA-01", Status.NOT_DECLARED, lacks=("statutes",))
    return _by_author("GA-01", case, say("statutes", statutes=case.definition.statutes))


def _answer(case: Case) -> ItemState:
    responder, answered = case.declared(Field.RESPONDER), case.answered
    if not responder.value or answered is None:
        lacks = () if responder.value else (Field.RESPONDER.value,)
        return ItemState("ENG-08", Status.NOT_DECLARED, lacks=lacks)
    told = "answer.account" if case.definition.binding is Binding.DECISION else "answer.by"
    says = (say(told, responder=responder.value, day=answered),)
    return ItemState("ENG-08", Status.DECLARED, says, by=responder.by, at=responder.at, default=responder.default)


def _stated(item: str, what: Field) -> Callable[[Case], ItemState]:
    """The rule of a point that is nothing but what people declared, or did not."""

    def rule(case: Case) -> ItemState:
        declared = case.declared(what)
        if not declared.value:
            return ItemState(item, Status.NOT_DECLARED)
        says = (say(f"stated.{what.value}", words=declared.value),)
        return ItemState(item, Status.DECLARED, says, by=declared.by, at=declared.at, default=declared.default)

    return rule


def _licence(case: Case) -> ItemState:
    stated = _stated("COL-02", Field.DATA_LICENCE)(case)
    words = case.declared(Field.DATA_LICENCE).value.casefold()
    tier = next((number for name, number in LICENCE_TIERS if name in words), None)
    return ItemState(stated.id, stated.status, stated.says, tier=tier, by=stated.by, at=stated.at)


def _hosting(case: Case) -> ItemState:
    hosting = case.instance.hosting
    if not hosting:
        return ItemState("TRA-05", Status.NOT_DECLARED, lacks=("hosting",))
    held = [say(f"held.{platform}") for platform in case.circumstances.platforms]
    if case.instance.homeserver:
        held.append(say("homeserver", homeserver=case.instance.homeserver))
    says = (say("hosting", hosting=hosting),)
    return ItemState("TRA-05", Status.DECLARED, says, tuple(held), by=case.instance.operator)


def _languages(case: Case) -> ItemState:
    codes = tuple(sorted(case.circumstances.languages))
    told = say("languages", codes=codes, code=case.definition.language)
    return ItemState("PAR-03", Status.GUARANTEED, (told,))


def _access(case: Case) -> ItemState:
    contact = case.declared(Field.ACCESS_HELP).value or case.declared(Field.CONTACT).value
    helped = (say("access.help", contact=contact),) if contact else ()
    return ItemState("PAR-04", Status.GUARANTEED, (say("access"), *helped))


def _software(case: Case) -> ItemState:
    instance = case.instance
    if not instance.source_url:
        return ItemState("TRA-06", Status.NOT_DECLARED, lacks=("source_url",))
    revision, _, changed = instance.revision.partition("+")
    told = say("software.changed" if changed else "software", version=instance.version, revision=revision[:12])
    source = say("software.source", source=instance.source_url)
    return ItemState("TRA-06", Status.GUARANTEED, (told, source), (say("software.own-word"),))


def _transfers(case: Case) -> ItemState:
    outside = [platform for platform in case.circumstances.platforms if platform not in IN_HOUSE]
    if not outside:
        return ItemState("TRA-08", Status.GUARANTEED, (say("transfers.none"),), tier=1)
    told = tuple(say(f"transfers.{platform}") for platform in outside)
    return ItemState("TRA-08", Status.GUARANTEED, (*told, say("transfers.no-other")), tier=2)


def _privacy(case: Case) -> ItemState:
    keeps, erased = case.declared(Field.RETENTION_DAYS), case.erased
    if not keeps.value:
        return ItemState("TRA-09", Status.NOT_DECLARED, lacks=(Field.RETENTION_DAYS.value,))
    says = (say("data.erased", day=erased),) if erased else ()
    fields = (Field.CONTROLLER, Field.PURPOSE, Field.LEGAL_BASIS)
    more = [_or_default(case, what) for what in fields]
    more += [say("data.categories"), say("data.rights")]
    return ItemState(
        "TRA-09", Status.DECLARED, says, tuple(more), by=keeps.by, at=keeps.at, default=keeps.default
    )  # fmt: skip


def _or_default(case: Case, what: Field) -> Say:
    declared = case.declared(what)
    if declared.value:
        return say(f"stated.{what.value}", words=declared.value)
    return say(f"default.{what.value}")


def _erasure(case: Case) -> ItemState:
    erased = case.erased
    if erased is None:
        return ItemState("TRA-10", Status.NOT_DECLARED)
    more = (say("erasure.backups", n=case.backup_days), say("erasure.kept"), say("erasure.copies"))
    says = (say(f"erasure.{case.definition.secrecy.value}", day=erased),)
    return ItemState("TRA-10", Status.GUARANTEED, says, more)


def _intact(_: Case) -> ItemState:
    return ItemState("TRA-14", Status.GUARANTEED, (say("intact"),))


def _pressure(_: Case) -> ItemState:
    return ItemState("PAR-11", Status.GUARANTEED, (say("pressure"),))


def _not_built(item: str) -> Callable[[Case], ItemState]:
    """The rule of a point that this version can't meet: it says so."""

    def rule(_: Case) -> ItemState:
        return ItemState(item, Status.NOT_DECLARED, (say("not-built"),))

    return rule


NOT_BUILT = (
    "TRA-04",
    "TRA-12",
    "TRA-13",
    "TRA-15",
    "TRA-18",
    "TRA-19",
    "COL-01",
    "COL-08",
    "ENG-09",
    "ENG-10",
    "ENG-11",
    "GA-02",
    "GA-07",
    "GA-08",
    "GA-09",
)
"""Points that this version does not meet. Whoever builds one gives it a rule and takes it off; one that is met for some
kinds of consultation has its rule beside theirs."""

STATES: Mapping[str, Callable[[Case], ItemState]] = {
    "ENG-01": _who_asks,
    "ENG-02": _who_runs,
    "ENG-03": _rules,
    "ENG-04": _version,
    "ENG-05": _roles,
    "ENG-06": _binding,
    "PAR-01": _stated("PAR-01", Field.MEETINGS),
    "PAR-02": _stated("PAR-02", Field.OTHER_MEANS),
    "ENG-07": _stated("ENG-07", Field.DOCUMENTS),
    "TRA-05": _hosting,
    "PAR-03": _languages,
    "PAR-04": _access,
    "TRA-06": _software,
    "TRA-08": _transfers,
    "TRA-09": _privacy,
    "TRA-10": _erasure,
    "TRA-11": _stated("TRA-11", Field.INCIDENTS),
    "TRA-14": _intact,
    "COL-02": _licence,
    "PAR-11": _pressure,
    "ENG-08": _answer,
    "GA-01": _statutes,
    **charter_proofs.STATES,
    **charter_proxies.STATES,
    **{item: _not_built(item) for item in NOT_BUILT},
}
"""The rule of each point about people and the service."""

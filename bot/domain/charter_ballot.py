"""How the points about voting itself stand: method, calendar, roll, secrecy, partial counts, majority.

Each function reads the frozen definition and the rooms and returns one point as
sentences derived from them; none can be edited by anybody, so none can disagree
with what the bot does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.budgets import amount_words
from bot.domain.charter_joint import held_together
from bot.domain.charter_oversight import oversight, while_open
from bot.domain.charter_proxies import in_anothers_place
from bot.domain.charter_quorum import base, quorum
from bot.domain.charter_roll import on_the_list
from bot.domain.charter_secrecy import secrecy
from bot.domain.charter_values import Case, ItemState, RoomCircumstances, Say, Status, say
from bot.domain.consultation import BallotType, Definition, Kind, Majority, Method, OptionRole, Results, Secrecy
from bot.domain.papers import keeps_order
from bot.domain.results import is_motion
from bot.domain.roll_sources import RollSource

SHOWN_ROOMS = 3
"""Rooms named on the card; the long form names them all."""


def _method(case: Case) -> ItemState:
    definition = case.definition
    lacks = ("vote_purpose",) if definition.kind is Kind.VOTE and not definition.purpose else ()
    # A poll's purpose is its title unless its author says more: no need to read it twice.
    why = (say("why", purpose=definition.purpose),) if definition.purpose not in {"", definition.title} else ()
    says = (
        *why,
        *_following(definition),
        *_budget(definition),
        _ballot(definition),
        *_winning(case),
        *((say("dates.calendar"),) if definition.dates else ()),
        *quorum(case),
        *_none(definition),
        *_asides(case),
        *_additions(definition),
    )
    status = Status.NOT_DECLARED if lacks else Status.GUARANTEED
    return ItemState("TRA-01", status, (*says, *_tie(definition)), tier=3, lacks=lacks)


def _ballot(definition: Definition) -> Say:
    match definition.ballot:
        case BallotType.APPROVAL:
            return _chosen(definition)
        case BallotType.RANKING:
            return _ranked(definition)
        case BallotType.SCORE:
            return say("ballot.score", best=definition.best_mark)
        case BallotType.JUDGMENT:
            return say("ballot.judgment", grades=definition.grades, worst=definition.grades[-1])
        case BallotType.POINTS:
            return say("ballot.points-squared" if definition.quadratic else "ballot.points", n=definition.points or 0)
        case single:
            return say(f"ballot.{single.value}")


def _budget(definition: Definition) -> tuple[Say, ...]:
    """What there is to share out, and that one may approve of more than that pays for."""
    budget = definition.budget
    if budget is None:
        return ()
    told = say("budget", amount=amount_words(budget, budget.amount, definition.language))
    return (told, say("budget.over")) if definition.ballot is BallotType.APPROVAL else (told,)


def _chosen(definition: Definition) -> Say:
    low, high, last = definition.at_least, definition.at_most, len(definition.options)
    if low == high:
        return say("ballot.exactly", n=low)
    if high >= last:
        return say("ballot.at-least", n=low) if low > 1 else say("ballot.any")
    return say("ballot.between", low=low, n=high) if low > 1 else say("ballot.at-most", n=high)


def _ranked(definition: Definition) -> Say:
    low, high = definition.at_least, definition.at_most
    every = sum(not option.aside for option in definition.options)
    if low == 1 and high >= every:
        return say("ballot.ranked")
    return say("ballot.ranked-exactly", n=high) if low == high else say("ballot.ranked-between", low=low, n=high)


def _winning(case: Case) -> tuple[Say, ...]:
    seats = case.definition.seats
    return (*_rule(case), *((say("wins.seats", n=seats),) if seats > 1 else ()))


def _rule(case: Case) -> tuple[Say, ...]:
    """How the method finds who wins, and the majority that is asked of them."""
    definition = case.definition
    if definition.method is Method.TWO_ROUND and definition.majority is not None:
        return _first_round(definition.majority, case)
    if definition.ballot is BallotType.CONSENT:
        return (say("wins.by-consent"), *_consenting(definition, case))
    if definition.method not in {Method.PLURALITY, Method.APPROVAL}:
        return (say(f"wins.by-{definition.method.value}"),)
    if definition.majority is None:
        return (say("wins.most"),)
    if is_motion(definition):
        first, second = (option.text for option in definition.options if option.role is OptionRole.SUBSTANTIVE)
        if definition.majority.fraction is None:
            return (say("passes.simple", option=first, against=second),)
        return _share("passes", definition.majority, case, option=first)
    if definition.majority.fraction is None:
        return (say("wins.simple"),)
    return _share("wins", definition.majority, case)


def _consenting(definition: Definition, case: Case) -> tuple[Say, ...]:
    """The majority that is asked of a proposal besides consent, if one is."""
    if definition.majority is None:
        return ()
    words = {option.role: option.text for option in definition.options}
    agree, disagree = words[OptionRole.AGREEMENT], words[OptionRole.DISAGREEMENT]
    if definition.majority.fraction is None:
        return (say("consent.majority-too"), say("passes.simple", option=agree, against=disagree))
    return (say("consent.majority-too"), *_share("passes", definition.majority, case, option=agree))


def _first_round(majority: Majority, case: Case) -> tuple[Say, ...]:
    """What wins the first of two rounds, and what follows if nothing does."""
    lasts = case.definition.second_round
    assert lasts is not None
    return (*_share("first-round", majority, case), say("second-round", lasts=lasts))


def _following(definition: Definition) -> tuple[Say, ...]:
    """Which consultation this one follows by itself, if it does."""
    follows = definition.follows
    return (say(f"{follows.sequel.value}.of", number=str(follows.number)),) if follows is not None else ()


def _share(verb: str, majority: Majority, case: Case, **facts: str) -> tuple[Say, ...]:
    share = majority.fraction
    assert share is not None
    manner = "over" if majority.strict else "reach"
    base = case.definition.base.value
    told = say(f"{verb}.{manner}.{base}", share=share, **facts)
    if base != "roll" or case.roll is None:
        return (told,)
    needed = int(share * case.roll) + 1 if majority.strict else -((-share * case.roll) // 1)
    return (told, say("needs.today", n=needed, roll=case.roll))


def _none(definition: Definition) -> tuple[Say, ...]:
    """What follows when voters want none of the others."""
    named = tuple(each.text for each in definition.options if each.role is OptionRole.NONE)
    if not named:
        return ()
    if definition.method is Method.TWO_ROUND:
        return (say("none.two-rounds", n=len(named), options=named),)
    return (say("none.seats" if definition.seats > 1 else "none.first", n=len(named), options=named),)


def _asides(case: Case) -> tuple[Say, ...]:
    aside = tuple(each.text for each in case.definition.options if each.aside)
    if not aside:
        return ()
    weight = "weighs" if case.counts_asides else "apart"
    return (say(f"aside.{weight}", n=len(aside), options=aside),)


def _additions(definition: Definition) -> tuple[Say, ...]:
    """Whether voters may add options, who looks at them, and what becomes of ballots cast before."""
    review = definition.add_options
    return () if review is None else (say(f"add-options.{review.value}"), say("add-options.since"))


def _tie(definition: Definition) -> tuple[Say, ...]:
    if definition.ballot in {BallotType.CONSENT, BallotType.SIGNATURE}:
        return ()  # one proposal, one text: nothing can be level with it
    if definition.majority is not None and is_motion(definition):
        return ()  # a motion that is level has not reached its majority: there is nothing to decide
    return (say(f"tie.{definition.tie.value}"),)


def _calendar(case: Case) -> ItemState:
    consultation = case.consultation
    changes = (*_early(case), say("when.changes"), *oversight(case))
    opens = consultation.opens_at
    if consultation.lasts is not None and consultation.closes_at is None:
        says = (say("when.lasts", opens=opens, lasts=consultation.lasts), *changes)
    elif consultation.closes_at is not None:
        says = (say("when.dates", opens=opens, closes=consultation.closes_at), *changes)
    else:
        return ItemState("TRA-02", Status.NOT_DECLARED, lacks=("close",))
    return ItemState("TRA-02", Status.GUARANTEED, says, (say("when.clock"), while_open()), tier=3)


def _early(case: Case) -> tuple[Say, ...]:
    """Whether it may be closed before its time, which takes knowing everyone who may vote."""
    least, rooms = case.definition.early, case.circumstances.rooms
    if least is None:
        return ()
    known = registers(case.definition, rooms) or all(room.exact for room in rooms)
    return (say("when.early" if known else "when.early-never", least=least),)


def _frozen(case: Case) -> ItemState:
    said = say("frozen" if case.definition.add_options is None else "frozen-but-added")
    return ItemState("TRA-03", Status.GUARANTEED, (said,), tier=2)


def _one_vote(case: Case) -> ItemState:
    says = [say("one.account")]
    if len(case.circumstances.platforms) > 1:
        says.append(say("one.platforms"))
    elif len(case.circumstances.rooms) > 1:
        says.append(say("one.rooms"))
    return ItemState("PAR-05", Status.GUARANTEED, tuple(says), (say("one.never"),))


def _roll(case: Case) -> ItemState:
    rooms = case.circumstances.rooms
    source = case.definition.roll
    named = [_room(room) for room in rooms]
    listed = (*held_together(case), *on_the_list(case))
    if not source.observed:
        return ItemState("PAR-06", Status.GUARANTEED, (*listed, *in_anothers_place(case)))
    says = [*listed, *_who(source, rooms), *(named[:SHOWN_ROOMS] if len(rooms) > 1 else ())]
    if len(rooms) > SHOWN_ROOMS:
        says.append(say("who.others", n=len(rooms) - SHOWN_ROOMS))
    if case.definition.seniority:
        says.append(say("who.seniority", since=case.definition.seniority))
    if case.circumstances.observers:
        says.append(say("who.observers", n=case.circumstances.observers))
    if registers(case.definition, rooms):
        says.append(say("who.registered"))
    elif source is not RollSource.OPEN:
        says += _newcomers(rooms)
    says += in_anothers_place(case)
    return ItemState("PAR-06", Status.GUARANTEED, tuple(says), tuple(named[SHOWN_ROOMS:]))


def registers(definition: Definition, rooms: tuple[RoomCircumstances, ...]) -> bool:
    """Whether members must register before the opening: the quorum is a share of a roll that a platform can't list."""
    return definition.needs_known_roll and any(not room.exact for room in rooms)


def _who(source: RollSource, rooms: tuple[RoomCircumstances, ...]) -> tuple[Say, ...]:
    rule = RollSource.OPEN if source is RollSource.OPEN else RollSource.ROOM
    if len(rooms) != 1:
        return (say(f"who.{rule.value}.rooms", n=len(rooms)),)
    (room,) = rooms
    who = say(f"who.{rule.value}.{room.platform}")
    return (who,) if room.count is None else (who, say(f"size.{_counter(room)}", n=room.count))


def _room(room: RoomCircumstances) -> Say:
    if room.count is None:
        return say("room.uncounted", room=_name(room))
    return say(f"room.{_counter(room)}", room=_name(room), n=room.count)


def _name(room: RoomCircumstances) -> str:
    return room.title or room.platform


def _counter(room: RoomCircumstances) -> str:
    """Who counted: the bot, from the list of members, or the platform, which is then named."""
    return "exact" if room.exact else room.platform


def _newcomers(rooms: tuple[RoomCircumstances, ...]) -> tuple[Say, ...]:
    blind = [room for room in rooms if not room.exact and not room.sees_arrivals]
    if not blind:
        return (say("who.late"),)
    if len(rooms) == 1:
        return (say("who.blind"),)
    return (say("who.blind-rooms", n=len(blind), rooms=tuple(_name(room) for room in blind)),)


def _revote(case: Case) -> ItemState:
    said = say("revote.signature" if case.definition.ballot is BallotType.SIGNATURE else "revote")
    if case.definition.secrecy is Secrecy.UNLINKED:
        said = say("revote.unlinked")
    return ItemState("PAR-07", Status.GUARANTEED, (said,))


def _partial(case: Case) -> ItemState:
    shown = case.definition.results
    if case.definition.ballot is BallotType.SIGNATURE and shown is Results.CLOSING:
        return ItemState("PAR-10", Status.GUARANTEED, (say("partial.signatures"),))
    return ItemState("PAR-10", Status.GUARANTEED, (say(f"partial.{shown.value}"),))


def _limits(case: Case) -> ItemState:
    hidden = (say("limits.hidden"),) if case.definition.results is Results.CLOSING else ()
    public = case.definition.secrecy is Secrecy.PUBLIC
    order = say("limits.one-order" if keeps_order(case.definition) else "limits.own-order")
    return ItemState("PAR-12", Status.GUARANTEED, (*hidden, say("limits.public" if public else "limits.fair"), order))


def _assembly_quorum(case: Case) -> ItemState:
    says = quorum(case) or (say("quorum.none"),)
    return ItemState("GA-03", Status.GUARANTEED, says, (base(case.definition),))


def _assembly_majority(case: Case) -> ItemState:
    says = (*_winning(case), *_none(case.definition), *_asides(case), *_tie(case.definition))
    return ItemState("GA-04", Status.GUARANTEED, says)


def _assembly_mode(_: Case) -> ItemState:
    return ItemState("GA-06", Status.GUARANTEED, (say("mode"),))


STATES: Mapping[str, Callable[[Case], ItemState]] = {
    "TRA-01": _method,
    "TRA-02": _calendar,
    "TRA-03": _frozen,
    "PAR-05": _one_vote,
    "PAR-06": _roll,
    "PAR-07": _revote,
    "PAR-08": secrecy,
    "PAR-10": _partial,
    "PAR-12": _limits,
    "GA-03": _assembly_quorum,
    "GA-04": _assembly_majority,
    "GA-06": _assembly_mode,
}
"""The rule of each point about voting."""

"""The points of the disclosure list, version 1: which exist, whom they bind and when they apply, as data.

This is the only place where the list stands. It follows the project's reading of
the Open Democracy Now charter (mind map of 2016, principles of 2020); identifiers
and node numbers are stored in disclosures and never change once released. It knows
no sentence: titles are in the catalogues under `charter.title.<id>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CHARTER_VERSION = "1"
"""Grows whenever a point is added, removed or changes meaning; old disclosures keep theirs."""

RULES_VERSION = "1"
"""Version of the participants' rules (`charter.rules` in the catalogue): each is accepted once by each person."""

Level = Literal["required", "recommended"]
Mode = Literal["enforce", "check", "declare"]
Principle = Literal["collaboration", "participation", "transparence", "engagement"]
Party = Literal["initiateur", "prestataire", "utilisateur"]


@dataclass(frozen=True, slots=True)
class Item:
    """One point of the list.

    `applies_to` names kinds of consultation, `all`, or `ga_vote` (a vote that decides). `mode` says whether a bot can
    make the opposite impossible, measure it, or only record what people state. `pin`: it belongs on the short card.
    `node` is its place on the 2016 map ("" when it is not on it), `tier` the map's own number (1 is the most
    demanding), `tiers` the numbers of the map's alternatives under one node.
    """

    id: str
    level: Level
    applies_to: tuple[str, ...]
    mode: Mode
    pin: bool
    node: str
    principle: Principle
    parties: tuple[Party, ...]
    tier: int | None = None
    tiers: tuple[int, ...] = ()

    def concerns(self, kinds: frozenset[str]) -> bool:
        """Whether the point applies to a consultation of these kinds."""
        return "all" in self.applies_to or not kinds.isdisjoint(self.applies_to)


_I: Party = "initiateur"
_O: Party = "prestataire"
_P: Party = "utilisateur"
_ALL = ("all",)
_BALLOTS = ("poll", "vote", "petition", "ga_vote")
_GA = ("ga_vote",)

ITEMS: tuple[Item, ...] = (
    Item("ENG-01", "required", _ALL, "enforce", True, "1.1", "engagement", (_I,)),
    Item("ENG-02", "required", _ALL, "enforce", True, "1.2", "engagement", (_O,)),
    Item("ENG-03", "required", _ALL, "enforce", False, "1.3", "engagement", (_P,)),
    Item("ENG-04", "required", _ALL, "enforce", True, "1", "engagement", (_I, _O)),
    Item("ENG-05", "required", _ALL, "check", True, "", "engagement", (_I, _O)),
    Item("TRA-01", "required", _ALL, "enforce", True, "2.1", "transparence", (_I,), tier=3),
    Item("ENG-06", "required", _ALL, "enforce", True, "7.1", "engagement", (_I,)),
    Item("TRA-02", "required", _ALL, "enforce", True, "2.1", "transparence", (_I,), tier=3),
    Item("TRA-03", "required", _BALLOTS, "enforce", False, "2.2", "transparence", (_O, _I), tier=2),
    Item("TRA-04", "recommended", _ALL, "check", False, "2.2", "transparence", (_I, _O), tier=2),
    Item("PAR-01", "recommended", _ALL, "declare", False, "2.3", "participation", (_I, _O, _P), tier=1),
    Item("PAR-02", "required", ("vote", "ga_vote"), "declare", True, "2.3", "participation", (_I,)),
    Item("ENG-07", "required", ("debate", "vote", "ga_vote"), "check", False, "", "engagement", (_I,)),
    Item("TRA-05", "required", _ALL, "declare", True, "3.1", "transparence", (_O,)),
    Item("PAR-03", "required", _ALL, "check", False, "3.2", "participation", (_I, _O)),
    Item("PAR-04", "required", _ALL, "check", False, "3.3.1", "participation", (_O,)),
    Item("TRA-06", "required", _ALL, "check", True, "3.3.2", "transparence", (_O,)),
    Item("TRA-07", "required", _BALLOTS, "enforce", False, "3.3.3", "transparence", (_O, _P)),
    Item("COL-01", "recommended", _ALL, "check", False, "3.3.4", "collaboration", (_O, _I)),
    Item("TRA-08", "required", _ALL, "check", True, "3.4", "transparence", (_O,), tiers=(1, 2)),
    Item("TRA-09", "required", _ALL, "enforce", True, "", "transparence", (_I, _O)),
    Item("TRA-10", "required", _ALL, "enforce", False, "", "transparence", (_O,)),
    Item("TRA-11", "required", ("vote", "ga_vote"), "declare", False, "", "transparence", (_O,)),
    Item("TRA-12", "required", _ALL, "enforce", False, "4.1", "transparence", (_O, _I)),
    Item("TRA-13", "required", _ALL, "check", False, "4.2", "transparence", (_O, _I)),
    Item("TRA-14", "required", _ALL, "enforce", False, "4.3", "transparence", (_O, _I)),
    Item("COL-02", "recommended", _ALL, "declare", True, "4.4.1", "collaboration", (_I, _O), tiers=(1, 2)),
    Item("COL-03", "required", _ALL, "enforce", False, "4.4.2", "collaboration", (_I, _O)),
    Item("TRA-15", "required", _BALLOTS, "enforce", False, "4.5.1", "transparence", (_I, _O, _P)),
    Item("TRA-16", "recommended", _BALLOTS, "check", False, "4.5.2", "transparence", (_P,)),
    Item("PAR-05", "required", _BALLOTS, "enforce", True, "5.1.1", "participation", (_O, _I)),
    Item("PAR-06", "required", _BALLOTS, "enforce", True, "5.1.1", "participation", (_I,)),
    Item("PAR-07", "required", _BALLOTS, "enforce", True, "", "participation", (_I,)),
    Item("PAR-08", "required", _BALLOTS, "enforce", True, "5.1.2.1", "participation", (_O, _I)),
    Item("PAR-09", "recommended", ("debate", "petition"), "enforce", False, "5.1.2.2", "participation", (_P,)),
    Item("PAR-10", "required", ("poll", "vote", "ga_vote"), "enforce", True, "6.2", "participation", (_I,)),
    Item("COL-04", "recommended", ("debate",), "check", False, "5.2.1", "collaboration", (_O,), tiers=(1, 2)),
    Item("COL-05", "recommended", ("debate",), "check", False, "5.2.2", "collaboration", (_O,), tiers=(1, 2)),
    Item("COL-06", "recommended", ("debate",), "enforce", False, "5.3.1", "collaboration", (_I,)),
    Item("COL-07", "recommended", ("debate",), "check", False, "5.3.2", "collaboration", (_P,), tiers=(1, 2)),
    Item("TRA-17", "required", ("debate", "petition"), "check", True, "", "transparence", (_I, _O)),
    Item("TRA-18", "recommended", ("debate", "petition", "vote"), "declare", False, "6.1.1", "transparence", (_O, _P)),
    Item("TRA-19", "recommended", ("debate",), "enforce", False, "6.1.2", "transparence", (_O, _P)),
    Item("PAR-11", "recommended", ("poll", "vote"), "declare", False, "6.2.1", "participation", (_I, _P)),
    Item("PAR-12", "required", ("poll", "vote", "ga_vote"), "enforce", False, "6.2.2", "participation", (_O,)),
    Item("ENG-08", "required", _ALL, "check", True, "7", "engagement", (_I,)),
    Item("ENG-09", "required", ("debate", "vote", "petition"), "check", False, "7", "engagement", (_I,)),
    Item("ENG-10", "required", _ALL, "check", False, "7.1", "engagement", (_I,)),
    Item("COL-08", "recommended", _ALL, "enforce", False, "7.2", "collaboration", (_I, _P)),
    Item("ENG-11", "recommended", _ALL, "check", False, "", "engagement", (_I, _O)),
    Item("GA-01", "required", _GA, "declare", True, "", "engagement", (_I,)),
    Item("GA-02", "required", _GA, "check", False, "", "engagement", (_I,)),
    Item("GA-03", "required", _GA, "enforce", True, "", "transparence", (_I,)),
    Item("GA-04", "required", _GA, "enforce", True, "", "transparence", (_I,)),
    Item("GA-05", "required", _GA, "enforce", True, "", "participation", (_I, _P)),
    Item("GA-06", "required", _GA, "enforce", True, "5.1.2.1", "participation", (_I, _O)),
    Item("GA-07", "required", ("ga_vote", "vote"), "check", True, "", "transparence", (_I,)),
    Item("GA-08", "recommended", _GA, "enforce", False, "", "transparence", (_I,)),
    Item("GA-09", "required", _GA, "enforce", False, "", "engagement", (_I,)),
)
"""Every point, in the order of the charter's chapters."""

"""The interface to what is kept of debates and opinion maps: a part of `bot.store.Transaction`.

Numbers of consultations are `number`; arguments and statements are numbered from 1 in
theirs. Missing is raised for unknown ones (`no-such-argument`, `no-such-statement`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.debate.model import (
    Argument,
    ArgumentState,
    Conclusion,
    Course,
    HeldRoom,
    Moment,
    NewArgument,
    Request,
    Shift,
    Speech,
    Stance,
    Wording,
)
from bot.domain.ids import AccountRef
from bot.domain.opinions.model import Answers, Opinion, Statement, StatementState


class Participants(Protocol):
    """Who takes part, under an alias."""

    def take_part(self, number: int, account: int) -> int:
        """The alias of the account's right in the consultation, drawn at random (1 to 9,999, more when these run short;
        unique in the consultation) the first time. Raises Missing("no-right") when the account holds no right."""

    def alias_of(self, number: int, account: int) -> int | None:
        """The alias of the account's right; None if it never took part, or once the links are erased."""

    def accounts_behind(self, number: int, alias: int) -> Sequence[AccountRef]:
        """The accounts that can be told something about what this alias did; empty once the links are erased."""

    def participants(self, number: int) -> int:
        """How many aliases were ever drawn, also once the links are erased."""

    def forget_aliases(self, number: int) -> None:
        """Erase every link between an alias and a right, and fold the opinions before and after into a sheet of counts;
        whatever is signed keeps its words. Called at the closing."""


class Debates(Participants, Protocol):
    """What is kept of debates."""

    # -- course ----------------------------------------------------------------------------------------------------
    def set_course(self, course: Course) -> None:
        """Store or replace where the debate stands."""

    def course(self, number: int, lock: bool = False) -> Course | None:
        """Where the debate stands; None before it opens. `lock` when it is about to change."""

    # -- arguments -------------------------------------------------------------------------------------------------
    def add_argument(self, number: int, argument: NewArgument) -> Argument:
        """Store a contribution under the debate's next number."""

    def argument(self, number: int, argument: int) -> Argument:
        """The contribution with its counts. Raises Missing("no-such-argument")."""

    def arguments(self, number: int, *, states: Iterable[ArgumentState] | None = None) -> Sequence[Argument]:
        """Contributions in any of these states (all unless given), in the order of their numbers, with their counts."""

    def revise_argument(self, number: int, argument: int, text: str, source: str, at: datetime) -> Argument:
        """Give a contribution a new wording; the former ones are kept."""

    def wordings(self, number: int, argument: int) -> Sequence[Wording]:
        """Every wording of a contribution, oldest first."""

    def settle_argument(
        self, number: int, argument: int, state: ArgumentState, ground: str = "", reason: str = ""
    ) -> Argument:
        """Change what became of a contribution."""

    def support(self, number: int, argument: int, alias: int, on: bool) -> bool:
        """Support a contribution, or no longer; whether that changed anything."""

    def supported_by(self, number: int, alias: int) -> Sequence[int]:
        """The contributions the alias supports."""

    def rate(self, number: int, argument: int, alias: int, weight: int) -> None:
        """Record the weight (1 to 5) the alias gives to a contribution; the last one counts."""

    def ratings_by(self, number: int, alias: int) -> Mapping[int, int]:
        """The weights the alias gave, by contribution."""

    def report(self, number: int, argument: int, alias: int, reason: str, at: datetime) -> int:
        """Note that the alias reports a contribution (once); how many now do."""

    # -- opinion before and after ------------------------------------------------------------------------------------
    def set_stance(self, number: int, alias: int, moment: Moment, stance: Stance) -> None:
        """Record what the alias thinks of the motion; the last answer of each moment counts."""

    def stance_of(self, number: int, alias: int) -> Shift:
        """What the alias answered before and after."""

    def shifts(self, number: int) -> Mapping[Shift, int]:
        """How many participants answered each pair; also once the links are erased."""

    # -- the floor ---------------------------------------------------------------------------------------------------
    def ask_floor(self, number: int, request: Request) -> bool:
        """Put the alias on the speakers' list (one place each; a new request replaces it in its place); whether it is
        new there."""

    def leave_floor(self, number: int, alias: int) -> bool:
        """Take the alias off the list; whether it was on it."""

    def requests(self, number: int) -> Sequence[Request]:
        """Who waits, in the order they asked."""

    def begin_speech(self, number: int, request: Request, at: datetime) -> Speech:
        """Give the floor to the request's alias and take it off the list."""

    def end_speech(self, number: int, at: datetime) -> Speech | None:
        """End the speech under way; None when nobody had the floor."""

    def note_words(self, number: int, messages: int, characters: int) -> None:
        """Add to what the speech under way used."""

    def speeches(self, number: int) -> Sequence[Speech]:
        """Every turn on the floor, oldest first; the last may be under way."""

    def hold_room(self, held: HeldRoom) -> None:
        """Note, before anything is changed, what must be restored in a room."""

    def held_rooms(self, number: int | None = None) -> Sequence[HeldRoom]:
        """Rooms to restore, of one debate or of all."""

    def release_room(self, number: int, room: int) -> None:
        """The room was restored."""

    # -- conclusion --------------------------------------------------------------------------------------------------
    def add_conclusion(self, number: int, text: str, at: datetime, author: int | None) -> Conclusion:
        """Store the next version of the conclusion."""

    def conclusion(self, number: int) -> Conclusion | None:
        """The last version of the conclusion."""


class OpinionMaps(Participants, Protocol):
    """What is kept of opinion maps."""

    def add_statement(self, number: int, alias: int, text: str, at: datetime, state: StatementState) -> Statement:
        """Store a statement under the consultation's next number; `alias` 0 for one given at the creation."""

    def statement(self, number: int, statement: int) -> Statement:
        """The statement with its counts. Raises Missing("no-such-statement")."""

    def statements(self, number: int, *, states: Iterable[StatementState] | None = None) -> Sequence[Statement]:
        """Statements in any of these states (all unless given), in the order of their numbers, with their counts."""

    def settle_statement(
        self, number: int, statement: int, state: StatementState, ground: str = "", reason: str = ""
    ) -> Statement:
        """Change what became of a statement."""

    def report_statement(self, number: int, statement: int, alias: int, reason: str, at: datetime) -> int:
        """Note that the alias reports a statement (once); how many now do."""

    def set_opinion(self, number: int, statement: int, alias: int, opinion: Opinion) -> Opinion | None:
        """Record the alias's answer to a statement; the one it replaces, None for none."""

    def opinions_of(self, number: int, alias: int) -> Mapping[int, Opinion]:
        """What the alias answered, by statement."""

    def answers(self, number: int) -> Answers:
        """What everyone answered, by alias; also once the links are erased."""

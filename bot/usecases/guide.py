"""The guided creation: one question after another in private, simple by default, everything else one step away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.budget_wishes import BALLOTS
from bot.domain.budget_wishes import FOREIGN as NOT_FOR_BUDGETS
from bot.domain.consultation import Kind
from bot.domain.date_wishes import FOREIGN as NOT_FOR_DATES
from bot.domain.date_wishes import read_dates
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import BALLOT_KEYS, BUILT_BALLOTS, OWN_OPTIONS, value
from bot.domain.wishes import Wishes
from bot.domain.words import clean_option, clean_title, fold
from bot.store import Room, Transaction
from bot.text.card import Card
from bot.usecases import templates
from bot.usecases.create import Inputs, create
from bot.usecases.house import House, Visit
from bot.usecases.tell import Menu, answer, menu_of, saved_menu

STEPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.POLL: ("title", "options", "close"),
    Kind.VOTE: ("title", "options", "purpose", "binding", "close"),
    Kind.BUDGET: ("title", "amount", "projects", "close"),
    Kind.DEBATE: ("title", "close", "signing"),
    Kind.OPINIONS: ("title", "close"),
    Kind.DATES: ("title", "dates", "close"),
}
"""What the dialogue asks for each kind; the rest has visible defaults, changed from the preview."""

CHANGES = (
    "title", "options", "dates", "lasts", "amount", "projects", "close", "open", "purpose", "binding", "ballot",
    "method", "seats", "choices", "scale", "grades", "points", "quadratic", "secrecy", "receipt", "results",
    "quorum", "if_no_quorum", "majority", "base", "tie", "phases", "signing", "moderation", "grounds", "reports",
    "length", "each", "minimum", "turn", "alternate", "lists", "opinion", "final_vote", "add_options",
    "reminders", "rooms", "answer_by", "seniority",
)  # fmt: skip
"""What can be changed from the preview, the most common first."""

_BALLOTS = frozenset(
    {
        "ballot", "method", "seats", "choices", "scale", "grades", "points", "quadratic", "secrecy", "receipt",
        "results", "quorum", "if_no_quorum", "majority", "base", "tie", "add_options",
    }
)  # fmt: skip
_OF_A_BALLOT = frozenset({"method", "choices", *BALLOT_KEYS})
_DEBATES = frozenset({"phases", "signing", "turn", "alternate", "lists", "opinion", "final_vote"})
_WRITTEN = frozenset({"moderation", "grounds", "reports", "length", "each", "minimum"})
_DATES = frozenset({"dates", "lasts"})
_MONEY = frozenset({"amount", "projects"})
FOREIGN: Mapping[Kind, frozenset[str]] = {
    Kind.POLL: _DEBATES | _WRITTEN | _DATES | _MONEY,
    Kind.VOTE: _DEBATES | _WRITTEN | {"add_options"} | _DATES | _MONEY,
    Kind.BUDGET: _DEBATES | _WRITTEN | _DATES | NOT_FOR_BUDGETS | {"options"},
    Kind.DEBATE: _BALLOTS | _DATES | _MONEY,
    Kind.OPINIONS: (_BALLOTS - {"results"}) | _DEBATES | _DATES | _MONEY,
    Kind.DATES: _DEBATES | _WRITTEN | NOT_FOR_DATES | _MONEY | {"options"},
}
"""What is not offered for a kind, since it means nothing there."""

OFFERED: Mapping[str, tuple[str, ...]] = {
    "binding": ("advice", "answer", "decision"),
    "close": ("1h", "1d", "2d", "7d"),
    "ballot": tuple(BUILT_BALLOTS),
    "quadratic": ("no", "yes"),
    "secrecy": ("confidential", "public", "unlinked"),
    "receipt": ("inclusion", "choice", "none"),
    "results": ("live", "closing"),
    "majority": ("none", "simple", "absolute", "2/3"),
    "base": ("cast", "voters", "roll"),
    "tie": ("organiser", "draw", "first"),
    "add_options": ("no", "yes"),
    "signing": ("name", "pseudonym", "anonymous"),
    "moderation": ("after", "before"),
    "phases": ("manual",),
    "alternate": ("no", "yes"),
    "opinion": ("yes", "no"),
    "final_vote": ("no", "yes"),
}
"""Values offered as buttons or numbers; anything else can be typed."""

_OFFERED_IN: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.BUDGET: {"ballot": BALLOTS, "tie": ("draw", "first")},
}
"""What is offered instead for a kind that knows only some of them."""


async def begin(house: House, visit: Visit, kind: Kind, room: Room, keys: Mapping[str, str]) -> None:
    """Start asking what is needed to create a consultation of this kind in this room, besides what these keys, or the
    preset that they name, say already."""
    inputs = Inputs(kind, "", (), await templates.fill(house, room, kind, keys), room.id)
    said = {*inputs.keys, *(("options",) if _ballot(inputs) in OWN_OPTIONS else ())}
    steps = [step for step in STEPS[kind] if step not in said]
    if value("binding", inputs.keys.get("binding", "")) == "decision" and "statutes" not in said:
        steps.insert(1, "statutes")
    await _ask(house, visit, inputs, steps[0], steps[1:])


async def change(house: House, visit: Visit, dialogue: Mapping[str, Any], number: int, what: str) -> None:
    """`Change` on a preview: choose what to change, then give it anew."""
    saved = dialogue.get("inputs")
    if not saved or saved.get("draft") != number:
        raise Refusal("draft-not-at-hand", number=str(number))
    inputs = Inputs.restored(saved)
    if what:
        await _ask(house, visit, inputs, what, [])
        return
    offered = [
        one for one in CHANGES if one not in FOREIGN[inputs.kind] and BALLOT_KEYS.get(one) in {None, _ballot(inputs)}
    ]
    menu = menu_of(*((visit.speech.say(f"guide.change.{one}"), Action("edit", number, _code(one))) for one in offered))
    await _remember(house, visit, {"inputs": saved, "menu": saved_menu(menu)})
    await answer(house, visit, Card((visit.speech.line("guide.what-to-change"),)), menu=menu)


def _ballot(inputs: Inputs) -> str | None:
    return value("ballot", inputs.keys.get("ballot", ""))


def _code(step: str) -> str:
    return step.replace("_", "-")


async def _ask(house: House, visit: Visit, inputs: Inputs, step: str, left: list[str]) -> None:
    offered = {**OFFERED, **_OFFERED_IN.get(inputs.kind, {})}.get(step, ())
    menu: Menu = menu_of(
        *((visit.speech.say(f"guide.{step}.{value}"), Action("say", 0, _token(value))) for value in offered)
    )
    state = {"ask": "create", "step": step, "left": left, "inputs": inputs.saved(), "menu": saved_menu(menu)}
    await _remember(house, visit, {**state, "after": visit.key})
    line = visit.speech.line(f"guide.ask.{step}", kind=visit.speech.say(f"kind.{inputs.kind.value}"))
    await answer(house, visit, Card((line,)), menu=menu, start="d")


def _token(value: str) -> str:
    return value.replace("/", ".")


async def repeat(house: House, visit: Visit, dialogue: Mapping[str, Any]) -> None:
    """Ask the current question again (someone came back by the link)."""
    await _ask(house, visit, Inputs.restored(dialogue["inputs"]), dialogue["step"], list(dialogue["left"]))


async def take(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> None:
    """Take the answer to the question asked, then ask the next, or create the draft.

    An answer delivered again is not the answer to the next question: that one is asked again.
    """
    if dialogue.get("after") == visit.key:
        await repeat(house, visit, dialogue)
        return
    step, left = str(dialogue["step"]), list(dialogue["left"])
    inputs = _with_answer(Inputs.restored(dialogue["inputs"]), step, text.strip())
    if step == "dates":
        await _check_dates(house, visit, inputs)
    if step == "binding" and fold(inputs.keys["binding"]) == "decision" and "statutes" not in inputs.keys:
        left = ["statutes", *left]
    if step == "ballot" and not inputs.options and _ballot(inputs) not in OWN_OPTIONS:
        left = ["options"]
    if left:
        await _ask(house, visit, inputs, left[0], left[1:])
        return
    await create(house, visit, inputs)


async def _check_dates(house: House, visit: Visit, inputs: Inputs) -> None:
    """Refuse what is no date while it can be given anew, before the next question."""

    def query(tx: Transaction) -> tuple[str, str]:
        room = tx.room_by_id(inputs.room)
        return room.language, tx.organisation(room.organisation).time_zone

    language, zone = await house.store.read(query)
    read_dates(inputs.options, Wishes(inputs.keys, language), now=visit.at, zone=ZoneInfo(zone))


def _with_answer(inputs: Inputs, step: str, text: str) -> Inputs:
    """The inputs with one thing given anew. Raises the refusals of cleaning; values are checked with the draft."""
    match step:
        case "title":
            return replace(inputs, title=clean_title(text))
        case "options" | "dates" | "projects":
            return replace(inputs, options=_options(text))
        case _:
            # What belongs to another ballot goes with it.
            gone = {"yes", *_OF_A_BALLOT} if step == "ballot" else {"yes"}
            if step == "ballot" and value("ballot", text) in OWN_OPTIONS:
                inputs = replace(inputs, options=())
            keys = {key: said for key, said in inputs.keys.items() if key not in gone}
            return replace(inputs, keys={**keys, step: text})


def _options(text: str) -> tuple[str, ...]:
    """Options one a line, or separated by semicolons or commas when they stand on one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        separator = ";" if ";" in lines[0] else ","
        lines = [part.strip() for part in lines[0].split(separator) if part.strip()]
    options = tuple(clean_option(line.removeprefix("- ").removeprefix("• ")) for line in lines)
    if len(options) < 2:
        raise Refusal("guide-two-options")
    return options


async def _remember(house: House, visit: Visit, state: Mapping[str, Any]) -> None:
    def work(tx: Transaction) -> None:
        tx.set_dialogue(visit.account.id, state)

    await house.store.write(work)

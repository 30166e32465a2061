"""What participants think of the question, at the beginning and at the end of a debate: asked in private only.

An answer is recorded under the alias of this debate, told to nobody, and counted with
the others once the debate is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.debate.model import Course, Deed, Moment, Stance
from bot.domain.debate.phases import ALLOWED, allowed, next_courses, phase_of, timetable
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Transaction
from bot.text.debate.stance import LABELS, noted, stance_paper
from bot.usecases import admission
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.which import Debate, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.taking_part import must_be_open, take_part
from bot.usecases.tell import Menu, answer, menu_of, sentence
from bot.usecases.vote import toast

WORDS: Mapping[str, Stance] = {
    **dict.fromkeys(("for", "i'm for", "in favour", "yes", "pour", "je suis pour", "favorable", "oui"), Stance.FOR),
    **dict.fromkeys(
        ("against", "i'm against", "opposed", "no", "contre", "je suis contre", "defavorable", "non"), Stance.AGAINST
    ),
    **dict.fromkeys(
        (
            "undecided",
            "i don't know",
            "don't know",
            "indecis",
            "indecise",
            "je ne sais pas",
            "sans avis",
            "sans avis pour l'instant",
        ),
        Stance.UNDECIDED,
    ),
}
"""Words (folded) that people type for an answer."""

_DEEDS: Mapping[Moment, Deed] = {Moment.BEFORE: Deed.OPINION_BEFORE, Moment.AFTER: Deed.OPINION_AFTER}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A debate that asks for opinions at an instant: for which moment, and where it stands then."""

    debate: Debate
    course: Course
    moment: Moment

    @property
    def until(self) -> datetime | None:
        """Until when the answer can change; None when a moderator decides it."""
        rules, closes_at = self.debate.rules, self.debate.consultation.closes_at
        assert closes_at is not None
        begins = timetable(rules, self.course, closes_at)
        later = range(self.course.stage + 1, len(rules.stages))
        ends = next((one for one in later if _DEEDS[self.moment] not in ALLOWED[rules.stages[one].phase]), None)
        return closes_at if ends is None else begins[ends]


# -- ways in -----------------------------------------------------------------------------------------------------------
async def opinion(house: House, visit: Visit, said: Said, command: Command) -> Reply:
    """`/opinion for`: records the answer; `/opinion`, and anything typed in a room: asks for it in private."""
    found = await meant(house, visit, said, command)
    number = found.debate.number
    if not visit.private or not found.rest:
        return await ask(house, visit, number, unseen=bool(found.rest))
    told = await _give(house, visit, number, _read(found.rest))
    await answer(house, visit, sentence(visit.speech, "plain", text=told))
    return Reply()


async def pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "my opinion" asks for the answer in private; one of the answers records it."""
    if not action.argument:
        return await ask(house, visit, action.number, press=press)
    stance = next((one for one in Stance if one.value == action.argument), None)
    if stance is None:
        raise Refusal("expired-button")
    return Reply(toast(await _give(house, visit, action.number, stance)))


async def began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by our link: ask there."""
    await ask(house, visit, number)


async def words(house: House, visit: Visit, dialogue: Mapping[str, Any], text: str) -> bool:
    """Take what was written in private while the answer was asked for; False when it is nothing of this."""
    if dialogue.get("step") != "stance":
        return False
    told = await _give(house, visit, int(dialogue["number"]), _read(text))
    await answer(house, visit, sentence(visit.speech, "plain", text=told))
    return True


# -- what is done ------------------------------------------------------------------------------------------------------
async def ask(house: House, visit: Visit, number: int, *, unseen: bool = False, press: Pressed | None = None) -> Reply:
    """Ask for the answer in private. Raises the refusals of the phase, and of those who may not take part."""
    asked = await _asked_of(house, visit, number)
    given = await house.store.read(lambda tx: _given(tx, visit, number, asked.moment))
    debate, speech = asked.debate, visit.speech
    card = stance_paper(debate.consultation, asked.moment, given, debate.rules.minimum, speech, unseen=unseen)
    dialogue = {"ask": "debate", "step": "stance", "number": number}
    page = Page(card, f"stance-{number}", _menu(visit, number), dialogue)
    return await show(house, visit, page, press)


async def _give(house: House, visit: Visit, number: int, stance: Stance) -> str:
    """Record the answer, the last one of each moment counting; the words that acknowledge it."""
    await _asked_of(house, visit, number)
    alias = await take_part(house, Person(visit.account.ref, visit.account.name), number)

    def work(tx: Transaction) -> _Asked:
        asked = _asked(tx, number, visit.at, lock=True)
        if tx.first_time(f"{visit.key}/stance"):
            tx.debates.set_stance(number, alias, asked.moment, stance)
        return asked

    asked = await house.store.write(work)
    return noted(stance, asked.until, visit.speech)


async def _asked_of(house: House, visit: Visit, number: int) -> _Asked:
    """What is asked of this person now. Whoever may not answer is not told where the debate stands either."""
    must_be_open(await house.store.read(lambda tx: tx.consultation(number)), visit.at)
    await admission.check_may_vote(house, Person(visit.account.ref, visit.account.name), number)
    return await house.store.read(lambda tx: _asked(tx, number, visit.at))


def _asked(tx: Transaction, number: int, at: datetime, lock: bool = False) -> _Asked:
    """For which moment the opinion is asked at this instant, even if nobody has moved the debate on yet.

    Raises the Refusal that says when it is, or why it is not.
    """
    debate = debate_of(tx, number, lock=lock)
    must_be_open(debate.consultation, at)
    closes_at = debate.consultation.closes_at
    assert closes_at is not None
    course = next_courses(debate.rules, debate.course, at, closes_at)
    before = Deed.OPINION_BEFORE in ALLOWED[phase_of(debate.rules, course)]
    moment = Moment.BEFORE if before else Moment.AFTER
    allowed(debate.rules, course, _DEEDS[moment], closes_at)
    return _Asked(debate, course, moment)


def _given(tx: Transaction, visit: Visit, number: int, moment: Moment) -> Stance | None:
    alias = tx.debates.alias_of(number, visit.account.id)
    if alias is None:
        return None
    before, after = tx.debates.stance_of(number, alias)
    return before if moment is Moment.BEFORE else after


def _menu(visit: Visit, number: int) -> Menu:
    return menu_of(*((visit.speech.say(key), Action("stance", number, stance.value)) for stance, key in LABELS.items()))


def _read(typed: str) -> Stance:
    stance = WORDS.get(fold(typed).strip(" .!"))
    if stance is None:
        raise Refusal("stance-not-understood", said=shown(typed))
    return stance

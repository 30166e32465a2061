"""`/phase`: where a debate is and what comes next; a moderator moves it on, pauses it, resumes it.

Each change is told to the rooms once, by the reconciler, from what is then in the
database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.domain.authority import Act
from bot.domain.consultation import Consultation
from bot.domain.debate.model import Course, DebateRules, Phase
from bot.domain.debate.phases import moved_to, next_course, paused, phase_of, resumed
from bot.domain.grammar import Command
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown
from bot.ports import Said
from bot.store import Transaction
from bot.text.debate.card import phase_words
from bot.text.debate.notices import timetable_card
from bot.usecases.consult import say
from bot.usecases.debate.cards import view_of
from bot.usecases.debate.course import enter
from bot.usecases.debate.which import debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import answer, sentence

NEXT = frozenset({"next", "suivant", "suivante", "etape suivante"})
PAUSE = frozenset({"pause"})
RESUME = frozenset({"resume", "reprendre", "reprise", "continue", "continuer"})
"""Words (folded) that move a debate."""

Change = Callable[[Consultation, DebateRules, Course], tuple[Consultation, Course]]
"""What becomes of a debate and its course. Raises the Refusals of `bot.domain.debate.phases`."""


async def phase(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/phase`: where the debate is and what comes next; with a word, a moderator moves it, pauses it or resumes it."""
    found = await meant(house, visit, said, command, ended=True)
    number, word = found.debate.number, fold(found.rest)
    if not word:
        now = house.clock.now()
        view = await house.store.read(lambda tx: view_of(tx, tx.consultation(number), now))
        await say(house, visit, timetable_card(view, visit.room_speech))
        return
    change = _change(word, found.rest, visit.at)
    await authorised(house, visit, number, Act.MODERATE)
    course = await _move(house, visit, number, change)
    if course is not None:
        key = "phase.resumed" if word in RESUME else "phase.paused" if word in PAUSE else "phase.moved"
        await _acknowledge(house, visit, key, found.debate.rules, course)


async def _acknowledge(house: House, visit: Visit, key: str, rules: DebateRules, course: Course) -> None:
    facts = {"number": str(course.number), "phase": phase_words(phase_of(rules, course), visit.speech)}
    await answer(house, visit, sentence(visit.speech, key, **facts))


def _change(word: str, typed: str, at: datetime) -> Change:
    """What a word asks for. Raises Refusal `no-such-phase`."""
    if word in NEXT:
        return lambda one, rules, course: (one, _next(one, rules, course, at))
    if word in PAUSE:
        return lambda one, rules, course: (one, paused(course, at))
    if word in RESUME:
        return lambda one, rules, course: _resumed(one, course, at)
    if word not in set(Phase):
        raise Refusal("no-such-phase", said=shown(typed))
    return lambda one, rules, course: (one, moved_to(rules, course, Phase(word), at, _closing(one)))


def _closing(consultation: Consultation) -> datetime:
    assert consultation.closes_at is not None
    return consultation.closes_at


def _next(consultation: Consultation, rules: DebateRules, course: Course, at: datetime) -> Course:
    following = next_course(rules, course, at, _closing(consultation))
    if following is None:
        raise Refusal("phase-last", number=str(consultation.number), closes_at=_closing(consultation))
    return following


def _resumed(consultation: Consultation, course: Course, at: datetime) -> tuple[Consultation, Course]:
    """The debate with its time running again: the closing moves by as long as it stood still."""
    running, stood = resumed(course, at)
    return replace(consultation, closes_at=_closing(consultation) + stood), running


async def _move(house: House, visit: Visit, number: int, change: Change) -> Course | None:
    """Change the debate once for this message; None when it was handled before."""

    def work(tx: Transaction) -> Course | None:
        consultation = tx.consultation(number, lock=True)
        if not tx.first_time(f"{visit.key}/phase"):
            return None
        must_be_open(consultation)
        debate = debate_of(tx, number, lock=True)
        changed, course = change(consultation, debate.rules, debate.course)
        tx.save(changed)
        enter(house, tx, changed, debate.course, course, visit.at, by="organiser")
        return course

    course = await house.store.write(work)
    house.memory.forget(number)
    house.nudge(number)
    return course

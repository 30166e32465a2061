"""What is said of contestations: whether a result is final, what was contested, what was decided of it."""

from __future__ import annotations

from bot.domain.consultation import Consultation
from bot.domain.contests import Contest, Verdict, final_at, provisional
from bot.domain.ids import Action
from bot.text.card import Block, Button, Card, Line
from bot.text.catalogue import Speech
from bot.text.fitting import cut

SHORT = 160
"""Code units of one's own contestation that are shown again."""


def finality(consultation: Consultation, speech: Speech) -> list[Line]:
    """Whether the result is provisional or final; nothing where it was final at once."""
    until, number = final_at(consultation), str(consultation.number)
    if until is None:
        return []
    if provisional(consultation):
        return [speech.line("result.provisional", number=number, until=until)]
    return [speech.line("result.final")]


def contest_button(consultation: Consultation, speech: Speech) -> Button:
    """The button by which it is contested: whoever presses it is asked in private what is wrong."""
    return Button(speech.say("button.contest"), Action("contest", consultation.number))


def contest_lines(one: Contest, speech: Speech, *, name: str = "", short: bool = False) -> list[Block]:
    """One contestation and what was decided of it; with the name of whoever signed it."""
    facts = {"entry": str(one.entry), "text": cut(one.text, SHORT) if short else one.text}
    key = "contest.entry-signed" if name else "contest.entry"
    said = speech.line(key, **facts, **({"name": name} if name else {}))
    if one.verdict is Verdict.OPEN:
        return [said, speech.line("contest.is-open")]
    return [said, speech.line(f"contest.is-{one.verdict.value}", reason=one.decision)]


def waiting_card(one: Contest, name: str, speech: Speech) -> Card:
    """A new contestation, as those who decide read it."""
    key = "contest.waiting-signed" if name else "contest.waiting"
    facts = {"number": str(one.number), "entry": str(one.entry), "text": one.text}
    return Card((speech.line(key, **facts, **({"name": name} if name else {})),))

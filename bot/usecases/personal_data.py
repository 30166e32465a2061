"""What the bot keeps of whoever asks: seeing it, having it sent, having it erased. Always in private."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import vocabulary
from bot.domain.grammar import Command
from bot.domain.ids import AccountRef, Action
from bot.domain.personal import Kept, Need
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Said
from bot.store import Transaction
from bot.text.card import Button, Card
from bot.text.papers import IN_A_MESSAGE, ballot_words
from bot.text.personal import Told, forget_cards, privacy_cards, waiting_cards
from bot.text.personal_file import OwnBallot, personal_file
from bot.usecases.house import House, Visit
from bot.usecases.scrub import scrub
from bot.usecases.tell import answer, sentence

EXPORT = frozenset({"export", "exporter"})
"""Words (folded) after `/mine` that ask for the file."""


async def privacy(house: House, visit: Visit) -> None:
    """`/privacy`: what is kept of the person, who sees it, how long, and what they can do about it."""
    told = await house.store.read(lambda tx: _told(tx, visit))
    speech = visit.speech
    buttons = _buttons(
        house, visit, (("button.my-data", "mydata"), ("button.forget-me", "forget"))
    )  # fmt: skip
    for card in privacy_cards(told, house.instance, buttons, speech):
        await answer(house, visit, card, start="privacy-0")


async def look_again(house: House, visit: Visit, number: int) -> None:
    """A link of ours that opens the private chat with `/privacy`."""
    await privacy(house, visit)


def _buttons(house: House, visit: Visit, offered: tuple[tuple[str, str], ...]) -> list[Button]:
    """The buttons, where the platform has some; the words say what to type instead."""
    if not house.messenger(visit.account.ref.platform).buttons:
        return []
    return [Button(visit.speech.say(label), Action(verb)) for label, verb in offered]


def _told(tx: Transaction, visit: Visit) -> Told:
    """What is kept of the person, with the names of what it is about."""
    kept = tx.personal.kept(visit.account.id)
    titles = {right.number: tx.consultation(right.number).definition.title for right in kept.rights}
    numbers = {line.organisation for line in kept.memberships} | {role.organisation for role in kept.roles}
    numbers |= {tx.room_by_id(room).organisation for room in tx.rooms_with(visit.account.id)}
    if visit.organisation is not None:
        numbers.add(visit.organisation.id)
    return Told(kept, titles, {number: tx.organisation(number) for number in numbers})


# ── everything in a file ────────────────────────────────────────────────────────────────────────────────────────────


async def send_everything(house: House, visit: Visit) -> None:
    """`/mine export`: everything that is kept of the person, as a file; in a room it leads to the private chat."""
    if not visit.private:
        await answer(house, visit, sentence(visit.speech, "mine.export-in-private"), start="mine-0")
        return

    def query(tx: Transaction) -> tuple[Kept, list[OwnBallot]]:
        kept = tx.personal.kept(visit.account.id)
        ballots = [_own_ballot(tx, right.number, visit) for right in kept.rights]
        return kept, [ballot for ballot in ballots if ballot is not None]

    kept, ballots = await house.store.read(query)
    file = personal_file(kept, ballots, visit.speech.say("mine.export-readme"), visit.at)
    await answer(house, visit, Card((visit.speech.line("mine.export-here"),), file=file))


def _own_ballot(tx: Transaction, number: int, visit: Visit) -> OwnBallot | None:
    """The ballot that is still tied to the person, None without one."""
    choice = tx.ballot_of(number, visit.account.id)
    if choice is None:
        return None
    definition = tx.consultation(number).definition
    words = ballot_words(definition, choice, visit.speech, IN_A_MESSAGE)
    return OwnBallot(number, definition.title, words, tx.reasons.of(number, visit.account.id))


async def send_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that asks for the file."""
    await send_everything(house, visit)


async def send_started(house: House, visit: Visit, number: int) -> None:
    """A link of ours that opens the private chat with the file."""
    await send_everything(house, visit)


# ── being forgotten ─────────────────────────────────────────────────────────────────────────────────────────────────


async def forget(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/forget`: what it would do; `/forget yes` does it. Raises Refusal `forget-only-admin`."""
    word = command.rest.strip()
    agrees = vocabulary.value("yes", word) if word else None
    if not visit.private:
        await answer(house, visit, sentence(visit.speech, "forget.in-private"), start="forget-0")
    elif agrees == "yes":
        await _forget(house, visit)
    elif agrees == "no":
        await answer(house, visit, sentence(visit.speech, "forget.kept"))
    else:
        await ask(house, visit)


async def ask(house: House, visit: Visit, number: int = 0) -> None:
    """Say what goes, what waits and what stays, and ask whether to do it."""

    def query(tx: Transaction) -> tuple[Told, list[Need]]:
        _must_not_be_alone(tx, visit)
        return _told(tx, visit), list(tx.personal.needs(visit.account.id))

    told, needs = await house.store.read(query)
    buttons = _buttons(house, visit, (("button.forget-yes", "forgetyes"), ("button.forget-no", "forgetno")))
    for card in forget_cards(told, needs, house.instance, buttons, visit.speech, visit.at):
        await answer(house, visit, card, start="forget-0")


def _must_not_be_alone(tx: Transaction, visit: Visit) -> None:
    """Return unless an organisation would be left without anyone to administer it."""
    alone = tx.personal.only_admin_of(visit.account.id)
    if alone:
        names = tuple(tx.organisation(number).name or visit.speech.say("organisation.unnamed") for number in alone)
        raise Refusal("forget-only-admin", n=len(alone), organisations=names)


async def ask_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that asks what being forgotten means."""
    await ask(house, visit)


async def confirmed(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that says yes."""
    await _forget(house, visit)


async def declined(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that says no."""
    await answer(house, visit, sentence(visit.speech, "forget.kept"))


async def _forget(house: House, visit: Visit) -> None:
    """Erase what can be, and say what waits. The answer comes after the commit and needs nothing that was erased."""

    language = visit.speech.language

    def work(tx: Transaction) -> tuple[bool, list[Need], list[AccountRef]]:
        _must_not_be_alone(tx, visit)
        needs = list(tx.personal.needs(visit.account.id))
        accounts = [account.ref for account in tx.members.accounts_of(visit.account.person)]
        done = tx.personal.forget(visit.account.id, visit.at)
        tx.record(visit.at, "forgotten" if done.whole else "forgetting", {"people": 1})
        if not done.whole:
            # The rooms are forgotten by which it was known in what language to say that it is done.
            tx.set_account_language(visit.account.id, language)
        for need in needs:
            tx.touch(need.number)
        return done.whole, needs, accounts

    whole, needs, accounts = await house.store.write(work)
    house.memory.owes_notices = True  # to those for whom they would have voted
    for account in accounts:
        house.memory.keep_language(account, "" if whole or account != visit.account.ref else language)
    for need in needs:
        house.memory.forget(need.number)
        house.nudge(need.number)
    # Nothing more is to be noted about them, the notice at first contact neither.
    leaving = replace(visit, account=replace(visit.account, greeted=True))
    for card in _done_cards(whole, needs, visit):
        await answer(house, leaving, card)
    await scrub(house, people=True)


def _done_cards(whole: bool, needs: list[Need], visit: Visit) -> list[Card]:
    return [sentence(visit.speech, "forget.done")] if whole else waiting_cards(needs, visit.speech, visit.at)

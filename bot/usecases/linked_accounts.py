"""`/link`: the accounts of one person: seeing them, linking one more, taking one away.

A code goes from one account to the other in private; then each side is shown both
accounts and has to agree. A code is never shown in a room, and one that was typed
there is worth nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import vocabulary
from bot.domain.consultation import State
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.linking import agreed_by, concerns, ends_at, is_agreed
from bot.domain.members import LinkRequest
from bot.domain.refusals import Missing, Refusal
from bot.domain.words import fold
from bot.ports import Pressed, Said
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.catalogue import Speech
from bot.text.linking import account_words, ask_card, link_page
from bot.usecases import read_by_room
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.linking import Joined, join, joined_now, must_be_joinable, owe_linked, voice_of
from bot.usecases.membership import code_hash, new_code
from bot.usecases.tell import Menu, answer, menu_of, sentence

REMOVE = frozenset({"remove", "retirer"})
"""Words (folded) after `/link` that take an account away."""


async def link(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/link`, `/link CODE`, `/link yes`, `/link no`, `/link remove 2`. In a room, whatever was typed leads to the
    private chat.

    Raises Refusal `link-code-unknown`, `link-code-expired`, `too-many-codes`, `link-same-account`, `link-already`,
    `link-unlinked`, `link-remove-which`, Missing `no-such-link`.
    """
    asked = command.rest.strip()
    word, _, rest = asked.partition(" ")
    agrees = vocabulary.value("yes", asked)
    if visit.room is not None and asked:
        await read_by_room.burn_now(house, visit, asked)
        await answer(house, visit, sentence(visit.speech, "link.in-private"), start="link-0")
    elif not asked:
        await show(house, visit)
    elif agrees is not None:
        request = await house.store.read(lambda tx: tx.members.pending_link(visit.account.id))
        await _answer(house, visit, request, agrees=agrees == "yes")
    elif fold(word) in REMOVE:
        await _remove(house, visit, await _numbered(house, visit, rest.strip()))
    else:
        await _use_code(house, visit, asked)


# ── the page ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def show(house: House, visit: Visit, number: int = 0) -> None:
    """The person's accounts, and a fresh code in place of any earlier one."""
    code = new_code()

    def work(tx: Transaction) -> list[Account]:
        tx.members.ask_link(visit.account.id, code_hash(code), visit.at)
        return list(tx.members.accounts_of(tx.account_by_id(visit.account.id).person))

    accounts = await house.store.write(work)
    card = link_page(accounts, visit.account.id, code, visit.speech)
    menu = _unlink_menu(house, visit, accounts) if len(accounts) > 1 else ()
    await answer(house, visit, card, menu=menu, start="link-0")


def _unlink_menu(house: House, visit: Visit, accounts: list[Account]) -> Menu:
    """A button for each account; where there are none the page says what to type."""
    if not house.messenger(visit.account.ref.platform).buttons:
        return ()
    speech = visit.speech
    return menu_of(
        *(
            (speech.say("button.unlink", account=account_words(each, speech)), Action("unlink", each.id))
            for each in accounts
        )
    )


# ── the code ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _use_code(house: House, visit: Visit, code: str) -> None:
    """The code of another account: both sides are asked."""
    found = await house.store.write(lambda tx: _taken(tx, visit, code))
    if isinstance(found, Refusal):
        raise found
    await _ask_both(house, visit, found)


def _taken(tx: Transaction, visit: Visit, code: str) -> LinkRequest | Refusal:
    """The request of the code, which nobody else can use from now on; what is refused is returned, for what was noted
    to stay noted."""
    members, account = tx.members, visit.account.id
    refusal = guesses_left(tx, visit)
    if refusal is not None:
        return refusal
    request = members.link_by_code(code_hash(code))
    if request is None or request.other not in {None, account}:
        note_wrong(tx, visit)
        return Refusal("link-code-unknown")
    if request.asker == account:
        return Refusal("link-same-account")
    if visit.at >= ends_at(request):
        members.drop_link(request.id)
        return Refusal("link-code-expired")
    one, other = (tx.account_by_id(each).person for each in (request.asker, account))
    if one == other:
        members.drop_link(request.id)
        return Refusal("link-already")
    must_be_joinable(tx, one, other)
    used = replace(request, other=account)
    members.save_link(used)
    question = {"request": request.id, "pair": _pair(used)}
    tx.owe(request.asker, "link-question", question, f"{visit.key}/{request.asker}", visit.at)
    return used


async def _ask_both(house: House, visit: Visit, request: LinkRequest) -> None:
    """Show each side both accounts, and ask whether both are theirs: this one now, the other is owed it."""
    house.memory.owes_notices = True
    card, menu = await _question(house, request, visit.account)
    await answer(house, visit, card, menu=menu, start="link-0")


async def _question(house: House, request: LinkRequest, to: Account) -> tuple[Card, Menu]:
    """The question put to one side. Where there are no buttons it says what to type."""
    accounts = await house.store.read(lambda tx: _sides(tx, request))
    voice = await voice_of(house, to)
    messenger = house.messengers.get(to.ref.platform)
    menu = _yes_or_no(request, voice) if messenger is not None and messenger.buttons else ()
    return ask_card(accounts, to.id, ends_at(request), voice), menu


async def question_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter | None:
    """The question put to the side that gave the code, while it stands."""
    request = await house.store.read(lambda tx: tx.members.link_request(int(facts["request"])))
    if _pair(request) != facts["pair"] or house.clock.now() >= ends_at(request):
        return None
    card, menu = await _question(house, request, to)
    return Letter((card,), menu)


def _yes_or_no(request: LinkRequest, voice: Speech) -> Menu:
    return menu_of(
        (voice.say("button.both-mine"), Action("linkyes", request.id, _pair(request))),
        (voice.say("button.not-both-mine"), Action("linkno", request.id, _pair(request))),
    )


def _pair(request: LinkRequest) -> str:
    """The two accounts a button was about: a database may give a request's number to a later one."""
    return f"{request.asker}-{request.other}"


def _sides(tx: Transaction, request: LinkRequest) -> list[Account]:
    return [tx.account_by_id(each) for each in (request.asker, request.other) if each is not None]


# ── both agree ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a request: joined, or over, or it waits for the other side."""

    request: LinkRequest
    joined: Joined | None = None
    over: str = ""


async def agree(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that says that both accounts are one's own."""
    await _by_button(house, visit, action, agrees=True)


async def disagree(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that says that they are not."""
    await _by_button(house, visit, action, agrees=False)


async def _by_button(house: House, visit: Visit, action: Action, *, agrees: bool) -> None:
    request = await house.store.read(lambda tx: tx.members.link_request(action.number))
    if _pair(request) != action.argument:
        raise Missing("no-such-link")
    await _answer(house, visit, request, agrees=agrees)


async def _answer(house: House, visit: Visit, request: LinkRequest | None, *, agrees: bool) -> None:
    """One side's answer; the second agreement makes both accounts one person's."""
    if request is None:
        raise Missing("no-such-link")
    number = request.id
    fate = await house.store.write(lambda tx: _decided(tx, visit, number, agrees=agrees))
    if fate.joined is not None:
        joined_now(house, fate.joined)
    elif fate.over:
        house.memory.owes_notices = True
    else:
        await answer(house, visit, sentence(visit.speech, "link.waits"), start="link-0")


def _decided(tx: Transaction, visit: Visit, number: int, *, agrees: bool) -> _Fate:
    request = tx.members.link_request(number)
    if not concerns(request, visit.account.id):
        raise Missing("no-such-link")
    expired = visit.at >= ends_at(request)
    if expired or not agrees:
        why = "link.expired" if expired else "link.refused"
        for account in _sides(tx, request):
            tx.owe(account.id, "link-over", {"why": why}, f"{visit.key}/over/{account.id}", visit.at)
        tx.members.drop_link(number)
        return _Fate(request, over=why)
    request = agreed_by(request, visit.account.id)
    if not is_agreed(request):
        tx.members.save_link(request)
        return _Fate(request)
    kept, gone = (account.person for account in _sides(tx, request))
    joined = join(tx, kept, gone, visit.at)
    owe_linked(tx, joined, f"{visit.key}/linked", visit.at)
    tx.members.drop_link(number)
    return _Fate(request, joined)


async def over_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That nothing was linked, and why."""
    return Letter((sentence(await voice_of(house, to), facts["why"]),))


# ── taking an account away ──────────────────────────────────────────────────────────────────────────────────────────


async def remove(house: House, visit: Visit, pressed: Pressed, action: Action) -> None:
    """The button that takes an account away."""
    await _remove(house, visit, action.number)


async def _numbered(house: House, visit: Visit, typed: str) -> int:
    """The account with this number in the list that `/link` shows."""
    accounts = await house.store.read(lambda tx: tx.members.accounts_of(tx.account_by_id(visit.account.id).person))
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and 0 < int(typed) <= len(accounts)):
        raise Refusal("link-remove-which", n=len(accounts))
    return accounts[int(typed) - 1].id


async def _remove(house: House, visit: Visit, number: int) -> None:
    """Give the account a person of its own again; everyone concerned is told what it means for open votes."""

    def work(tx: Transaction) -> None:
        accounts = tx.members.accounts_of(tx.account_by_id(visit.account.id).person)
        if len(accounts) == 1 or number not in {each.id for each in accounts}:
            raise Missing("no-such-link")
        shared = [each for each in map(tx.consultation, tx.rights_of(number)) if each.state is State.OPEN]
        tx.members.split(number)
        facts = {"account": number, "votes": len(shared)}
        for each in accounts:
            tx.owe(each.id, "link-removed", facts, f"{visit.key}/unlinked/{each.id}", visit.at)

    await house.store.write(work)
    house.memory.owes_notices = True


async def removed_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That an account is a person of its own again, and what that means for votes that were open."""
    gone = await house.store.read(lambda tx: tx.account_by_id(int(facts["account"])))
    voice, mine = await voice_of(house, to), to.id == gone.id
    lines = [voice.line("link.removed-you" if mine else "link.removed", account=account_words(gone, voice))]
    if facts["votes"]:
        lines.append(voice.line("link.removed-votes-you" if mine else "link.removed-votes", n=facts["votes"]))
    return Letter((Card(tuple(lines)),))

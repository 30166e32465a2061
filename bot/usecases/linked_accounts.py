"""`/link`: the accounts of one person: seeing them, linking one more, taking one away.

A code goes from one account to the other in private; then each side is shown both
accounts and has to agree. A code is never shown in a room, and one that was typed
there is worth nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.house import House, Visit
from bot.usecases.linking import Joined, join, must_be_joinable, tell_linked, voice_of, write_to
from bot.usecases.membership import code_hash, new_code
from bot.usecases.tell import Menu, answer, menu_of, sentence, with_menu

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
        await house.store.write(lambda tx: _burn(tx, asked))
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


def _burn(tx: Transaction, typed: str) -> None:
    """The room read this code: it can't be used."""
    request = tx.members.link_by_code(code_hash(typed))
    if request is not None:
        tx.members.drop_link(request.id)


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
    return used


async def _ask_both(house: House, visit: Visit, request: LinkRequest) -> None:
    """Show each side both accounts, and ask whether both are theirs."""
    accounts = await house.store.read(lambda tx: _sides(tx, request))
    for account in accounts:
        voice = await voice_of(house, account)
        messenger = house.messengers.get(account.ref.platform)
        card = ask_card(accounts, account.id, ends_at(request), voice)
        if messenger is not None and messenger.buttons:
            card = with_menu(card, _yes_or_no(request, voice), messenger.buttons, voice)
        if account.id == visit.account.id:
            await answer(house, visit, card, start="link-0")
        else:
            await write_to(house, account, card, f"{visit.key}/{account.id}")


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
        await tell_linked(house, fate.joined, f"{visit.key}/linked")
    elif fate.over:
        await _tell_over(house, visit, fate)
    else:
        await answer(house, visit, sentence(visit.speech, "link.waits"), start="link-0")


def _decided(tx: Transaction, visit: Visit, number: int, *, agrees: bool) -> _Fate:
    request = tx.members.link_request(number)
    if not concerns(request, visit.account.id):
        raise Missing("no-such-link")
    expired = visit.at >= ends_at(request)
    if expired or not agrees:
        tx.members.drop_link(number)
        return _Fate(request, over="link.expired" if expired else "link.refused")
    request = agreed_by(request, visit.account.id)
    if not is_agreed(request):
        tx.members.save_link(request)
        return _Fate(request)
    kept, gone = (account.person for account in _sides(tx, request))
    joined = join(tx, kept, gone, visit.at)
    tx.members.drop_link(number)
    return _Fate(request, joined)


async def _tell_over(house: House, visit: Visit, fate: _Fate) -> None:
    """Tell both sides that nothing was linked, and why."""
    for account in await house.store.read(lambda tx: _sides(tx, fate.request)):
        voice = await voice_of(house, account)
        await write_to(house, account, sentence(voice, fate.over), f"{visit.key}/over/{account.id}")


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

    def work(tx: Transaction) -> tuple[list[Account], Account, int]:
        accounts = tx.members.accounts_of(tx.account_by_id(visit.account.id).person)
        gone = next((each for each in accounts if each.id == number), None)
        if gone is None or len(accounts) == 1:
            raise Missing("no-such-link")
        shared = [each for each in map(tx.consultation, tx.rights_of(gone.id)) if each.state is State.OPEN]
        tx.members.split(gone.id)
        return [each for each in accounts if each.id != number], gone, len(shared)

    left, gone, shared = await house.store.write(work)
    for account in left:
        await _tell_removed(house, visit, account, gone, "link.removed", shared)
    await _tell_removed(house, visit, gone, gone, "link.removed-you", shared)


async def _tell_removed(house: House, visit: Visit, to: Account, gone: Account, key: str, shared: int) -> None:
    voice = await voice_of(house, to)
    lines = [voice.line(key, account=account_words(gone, voice))]
    if shared:
        lines.append(voice.line("link.removed-votes-you" if to == gone else "link.removed-votes", n=shared))
    await write_to(house, to, Card(tuple(lines)), f"{visit.key}/unlinked/{to.id}")

"""Looking things up: what is going on, how it stands, what came out, what was disclosed, what is mine.

Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.agenda import RESULT
from bot.domain.ballot_codes import gives_codes
from bot.domain.charter import from_facts
from bot.domain.consultation import DELIBERATIONS, Consultation, Definition, Kind, Secrecy, State
from bot.domain.key_shares import voting_is_over
from bot.domain.refusals import Missing
from bot.domain.sealed import grouped
from bot.store import Transaction
from bot.text.card import Block, Card, Gap, Line, Span
from bot.text.cards import Place, bars, headline, shows_counts
from bot.text.contests import finality
from bot.text.debate.card import debate_status
from bot.text.disclosure import long_form
from bot.text.fitting import in_messages
from bot.text.opinions.card import counts_sentence
from bot.text.papers import IN_A_MESSAGE, ballot_words
from bot.text.reasons import with_reason
from bot.text.results import result_page
from bot.text.rules import rule_sentence, turnout_sentence
from bot.usecases.announce import card_of
from bot.usecases.debate.cards import view_of
from bot.usecases.debate.reading import mine_blocks as arguments_of
from bot.usecases.disclose import disclosure_now, setting_of
from bot.usecases.facts import Facts, facts_of, without_hidden_names
from bot.usecases.gathering import found_there
from bot.usecases.house import House, Visit
from bot.usecases.opinions.looking import mine_blocks as answers_of
from bot.usecases.opinions.mapping import counted
from bot.usecases.proxies.own import cast_for
from bot.usecases.proxies.own import lines as proxies_of
from bot.usecases.receipts import own_code
from bot.usecases.records import heads_of
from bot.usecases.tell import answer, in_room, sentence

SHOWN = 15
"""Consultations one list shows."""
MINE = "ballots-0"
"""The link that opens the private chat with what is mine."""
ENDED_SHOWN = 5
"""Ended consultations one list shows."""
LIVE = (State.SCHEDULED, State.DISCLOSED, State.OPEN)
ENDED = (State.CLOSED, State.CERTIFIED, State.ANSWERED, State.CANCELLED)


async def say(house: House, visit: Visit, card: Card) -> None:
    """Answer where the question was asked: what is looked up is for everyone there."""
    if visit.private:
        await answer(house, visit, card)
    else:
        await in_room(house, visit, card)


async def _own_rooms(house: House, visit: Visit) -> list[int]:
    """The rooms whose consultations concern this visit: the room it is in, or those where the person was seen and those
    of the organisations in which they have a role."""
    if visit.room is not None:
        room = visit.room
        return [room.id] if room.id == room.place else [room.id, room.place]
    return await house.store.read(lambda tx: _seen_or_entrusted(tx, visit.account.id))


def _seen_or_entrusted(tx: Transaction, account: int) -> list[int]:
    entrusted = {grant.organisation for grant in tx.members.roles_held(account) if grant.number is None}
    rooms = [room.id for organisation in sorted(entrusted) for room in tx.rooms_of(organisation)]
    return list(dict.fromkeys([*tx.rooms_with(account), *rooms]))


async def visible(house: House, visit: Visit, number: int) -> Facts:
    """A published consultation of a room this visit may see. Raises Missing for any other, without a difference.

    Telegram lists nobody: of someone not seen yet who writes in private, it is asked.
    """
    try:
        return await _visible(house, visit, number)
    except Missing:
        if not visit.private or not await found_there(house, visit.account, number):
            raise
    return await _visible(house, visit, number)


async def _visible(house: House, visit: Visit, number: int) -> Facts:
    rooms = set(await _own_rooms(house, visit))

    def query(tx: Transaction) -> Facts:
        facts = facts_of(tx, number)
        concerned = rooms.intersection(facts.consultation.rooms) or tx.right_of(number, visit.account.id)
        organisation = facts.consultation.organisation
        entrusted = visit.private and tx.members.roles_of(organisation, visit.account.id, number)
        if unpublished(facts.consultation) or not (concerned or entrusted):
            raise Missing("no-such-consultation", number=str(number))
        return facts

    return await house.store.read(query)


def unpublished(consultation: Consultation) -> bool:
    """Whether it never left its author's hands: a draft, or a draft that was dropped (which needs no reason)."""
    dropped = consultation.state is State.CANCELLED and not consultation.cancelled_because
    return consultation.state is State.DRAFT or dropped


async def list_(house: House, visit: Visit) -> None:
    """`/list`: what is open, what is coming, what ended last."""
    rooms = await _own_rooms(house, visit)
    live = await house.store.read(lambda tx: tx.consultations(rooms=rooms, states=LIVE, limit=SHOWN))
    past = await house.store.read(lambda tx: tx.consultations(rooms=rooms, states=ENDED, limit=SHOWN))
    ended = [one for one in past if not unpublished(one)][:ENDED_SHOWN]
    if not live and not ended:
        await say(house, visit, sentence(visit.room_speech, "list.empty"))
        return
    blocks: list[Block] = []
    for key, some in (("list.live", live), ("list.ended", ended)):
        if some:
            blocks += [visit.room_speech.heading(key), *(_entry(one, visit) for one in some), Gap()]
    blocks.append(visit.room_speech.line("list.more"))
    await say(house, visit, Card(tuple(blocks)))


def _entry(consultation: Consultation, visit: Visit) -> Line:
    speech, state = visit.room_speech, consultation.state
    when = _next_time(consultation) if state in LIVE else consultation.closed_at
    sealed = consultation.definition.secrecy is Secrecy.UNLINKED and voting_is_over(consultation, visit.at)
    told = f"list.state.{'voting-over' if sealed else state.value}"
    words = speech.say(told, when=speech.until(when) if when else "")
    return speech.line(
        "list.entry", number=str(consultation.number), title_text=consultation.definition.title, state=words
    )


async def status(house: House, visit: Visit, number: int) -> None:
    """`/status N`: how a consultation stands, with no count that is not to be seen yet."""
    facts = await visible(house, visit, number)
    consultation, speech = facts.consultation, visit.room_speech
    if consultation.definition.kind in DELIBERATIONS and consultation.opened_at is not None:
        await say(house, visit, await _deliberation(house, visit, consultation))
        return
    turnout = turnout_sentence(consultation, facts.result, speech)
    blocks: list[Block] = [headline(consultation, speech), _state_line(consultation, turnout, visit, facts.voting_over)]
    if shows_counts(consultation):
        blocks.append(bars(facts.result, speech))
    if consultation.definition.kind is Kind.VOTE and consultation.state in LIVE:
        blocks.append(Line((Span(rule_sentence(consultation, facts.result.ballots, speech)),)))
    blocks += finality(consultation, speech)
    if visit.private:
        blocks += await house.store.read(lambda tx: proxies_of(tx, consultation, visit.account.person, speech))
    await say(house, visit, Card(tuple(blocks)))


async def _deliberation(house: House, visit: Visit, consultation: Consultation) -> Card:
    """How a debate or an opinion map stands, to be read and not to be answered."""
    number, speech = consultation.number, visit.room_speech
    if consultation.definition.kind is Kind.DEBATE:
        room, now = visit.room.id if visit.room is not None else None, house.clock.now()
        view = await house.store.read(lambda tx: view_of(tx, consultation, now, room))
        return debate_status(view, speech)
    counts = await house.store.read(lambda tx: counted(tx, number))
    return Card((headline(consultation, speech), _state_line(consultation, counts_sentence(counts, speech), visit)))


def _state_line(consultation: Consultation, turnout: str, visit: Visit, awaited: str = "") -> Line:
    speech = visit.room_speech
    match consultation.state:
        case State.OPEN if awaited and consultation.closes_at is not None:
            return speech.line(f"card.voting-over-{awaited}", closes_at=consultation.closes_at, turnout=turnout)
        case State.OPEN:
            assert consultation.closes_at is not None
            return speech.line("card.closes", closes_at=consultation.closes_at, turnout=turnout)
        case State.SCHEDULED | State.DISCLOSED:
            return speech.line("card.opens", opens_at=consultation.opens_at)
        case State.CANCELLED:
            return speech.line("card.cancelled", reason=consultation.cancelled_because)
        case _:
            assert consultation.closed_at is not None
            return speech.line("card.closed", closed_at=consultation.closed_at, turnout=turnout)


async def results(house: House, visit: Visit, number: int, page: str = "") -> None:
    """`/results N`: the result once it is there; before, how it stands. `/results N 2`: its detail."""
    facts = await visible(house, visit, number)
    if facts.consultation.state not in {State.CLOSED, State.CERTIFIED, State.ANSWERED}:
        await status(house, visit, number)
        return
    shown = await without_hidden_names(house, facts)
    if facts.consultation.definition.kind in DELIBERATIONS:
        place = Place(house.messenger(visit.chat.platform).buttons)
        await say(house, visit, await card_of(house, shown, RESULT, place, visit.room_speech))
        return
    await say(house, visit, result_page(shown.concluded, page, visit.room_speech))


async def charter(house: House, visit: Visit, number: int) -> None:
    """`/charter N`: every point of the disclosure, privately, in as many messages as it takes."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    if setting.consultation.state is State.DRAFT:
        if setting.author.id != visit.account.id:
            raise Missing("no-such-consultation", number=str(number))
    else:
        await visible(house, visit, number)
    kept = await house.store.read(lambda tx: tx.disclosure(number, setting.consultation.version))
    disclosure = from_facts(kept) if kept else await disclosure_now(house, setting, "organiser")
    heads = await house.store.read(lambda tx: heads_of(tx.journal(number)))
    for card in long_form(setting.consultation, disclosure, visit.speech, heads):
        await answer(house, visit, card, start=f"c-{number}")


async def mine(house: House, visit: Visit) -> None:
    """`/mine`: my ballots, arguments and answers, privately, in as many messages as it takes."""
    account = visit.account.id

    def query(tx: Transaction) -> list[Sequence[Block]]:
        found = _mine(tx, account)
        voted = any(one.definition.kind not in DELIBERATIONS for one in found)
        return [*(_my_blocks(tx, one, visit) for one in found), *([[visit.speech.line("mine.how")]] if voted else [])]

    entries = await house.store.read(query)
    if not entries:
        await answer(house, visit, sentence(visit.speech, "mine.nothing"), start=MINE)
        return
    for card in in_messages((visit.speech.heading("mine.title"),), entries):
        await answer(house, visit, card, start=MINE)  # a room is never shown somebody's ballots


def _mine(tx: Transaction, account: int) -> Sequence[Consultation]:
    return [tx.consultation(number) for number in tx.rights_of(account)[:SHOWN]]


def _my_blocks(tx: Transaction, consultation: Consultation, visit: Visit) -> Sequence[Block]:
    """What is mine in one consultation."""
    began = consultation.opened_at is not None
    match consultation.definition.kind:
        case Kind.DEBATE if began:
            return arguments_of(tx, visit.account.id, consultation.number, visit.speech)
        case Kind.OPINIONS if began:
            facts = {"number": str(consultation.number), "title_text": consultation.definition.title}
            own = answers_of(tx, consultation, visit.account.id, visit.speech)
            return [visit.speech.line("mine.opinions" if own else "mine.opinions-none", **facts), *own]
        case _:
            code = own_code(tx, consultation, visit.account.id)
            shown = [visit.speech.line("mine.code", code=grouped(code))] if code else []
            by_others = proxies_of(tx, consultation, visit.account.person, visit.speech)
            return [_my_line(tx, consultation, visit), *by_others, *shown]


def _my_line(tx: Transaction, consultation: Consultation, visit: Visit) -> Line:
    number, speech = consultation.number, visit.speech
    facts = {"number": str(number), "title_text": consultation.definition.title}
    choice = tx.ballot_of(number, visit.account.id)
    if choice is not None:
        words = ballot_words(consultation.definition, choice, speech, IN_A_MESSAGE)
        words = with_reason(words, tx.reasons.of(number, visit.account.id), speech)
        return speech.line("mine.entry", choice=words, **facts)
    if cast_for(tx, consultation, visit.account.ref):
        return speech.line("proxy.mine-cast", **facts)
    if tx.has_voted(number, visit.account.id):
        return speech.line(_voted(consultation.definition), **facts)
    return speech.line("mine.entry-open" if consultation.state is State.OPEN else "mine.entry-none", **facts)


def _voted(definition: Definition) -> str:
    """What is said of a ballot that nothing leads to."""
    if definition.secrecy is Secrecy.UNLINKED:
        return "mine.entry-unlinked"
    return "mine.entry-erased-code" if gives_codes(definition) else "mine.entry-erased"


async def help_(house: House, visit: Visit) -> None:
    """`/help`: what to type, in the sign of this platform, privately."""
    keys = (
        "help.title", "help.vote", "help.debate", "help.opinions", "help.look", "help.mine", "help.create",
        "help.steer", "help.moderate", "help.more",
    )  # fmt: skip
    lines = tuple(visit.speech.line(key) for key in keys)
    await answer(house, visit, Card(lines), start="help")


def _next_time(consultation: Consultation) -> datetime:
    closes_at = consultation.closes_at
    return closes_at if consultation.state is State.OPEN and closes_at is not None else consultation.opens_at


async def schedule(house: House, visit: Visit) -> None:
    """`/schedule`: what opens and closes next, in order of time."""
    rooms = await _own_rooms(house, visit)
    live = await house.store.read(lambda tx: tx.consultations(rooms=rooms, states=LIVE, limit=SHOWN))
    speech = visit.room_speech
    dated = sorted(((_next_time(one), one) for one in live), key=lambda pair: (pair[0], pair[1].number))
    if not dated:
        await say(house, visit, sentence(speech, "schedule.empty"))
        return
    lines = tuple(
        speech.line(
            "schedule.closes" if one.state is State.OPEN else "schedule.opens",
            when=when, number=str(one.number), title_text=one.definition.title,
        )
        for when, one in dated
    )  # fmt: skip
    await say(house, visit, Card((speech.heading("schedule.title"), *lines)))

"""The accounts that one person has, in words: which they are, whether two are to become one person's, what became of
their votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ballot_codes import gives_codes
from bot.domain.ballots import Choice
from bot.domain.consultation import DELIBERATIONS, Consultation
from bot.domain.members import Merge
from bot.domain.words import shown
from bot.store import Account
from bot.text.card import Block, Card, Gap, Line
from bot.text.catalogue import Speech
from bot.text.fitting import in_messages
from bot.text.papers import ballot_words


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of two rights in one consultation, and the ballot that is now on record for the one that stays."""

    merge: Merge
    consultation: Consultation
    choice: Choice | None


def account_words(account: Account, speech: Speech) -> str:
    """An account as its owner knows it: the platform, the address there, and the name it shows. The address comes
    first, since a name can be anything, another account's address too."""
    facts = {"address": shown(account.ref.id), "name": shown(account.name)}
    return speech.say(f"link.account-{account.ref.platform}", **facts)


def account_lines(accounts: Sequence[Account], speech: Speech, reader: int | None = None) -> list[Line]:
    """The accounts, numbered, saying which one the reader writes from."""
    return [
        speech.line(
            "link.entry-this" if account.id == reader else "link.entry",
            n=number, account=account_words(account, speech),
        )
        for number, account in enumerate(accounts, 1)
    ]  # fmt: skip


def link_page(accounts: Sequence[Account], reader: int, code: str, speech: Speech) -> Card:
    """`/link`: the accounts that count as one person, and how one more is linked."""
    known: list[Block] = [speech.line("link.alone")]
    if len(accounts) > 1:
        known = [
            speech.line("link.known", n=len(accounts)),
            *account_lines(accounts, speech, reader),
            speech.line("link.remove"),
        ]
    how = (speech.line("link.how"), speech.line("link.code", code=code), speech.line("link.then"))
    return Card((speech.heading("link.title"), *known, Gap(), *how))


def ask_card(accounts: Sequence[Account], reader: int, until: datetime, speech: Speech) -> Card:
    """The question put to each side."""
    lines = account_lines(accounts, speech, reader)
    ends = (speech.line("link.what-it-does"), speech.line("link.answer", until=speech.hour(until)))
    return Card((speech.heading("link.ask"), *lines, *ends))


def linked_cards(accounts: Sequence[Account], reader: int, kept: Sequence[Kept], speech: Speech) -> list[Card]:
    """Both sides agreed: the accounts that are one person's now, and what that changes in the votes that are open."""
    lines = account_lines(accounts, speech, reader)
    first = (speech.heading("link.done"), *lines, speech.line("link.done-means"))
    return in_messages(first, [_kept_lines(each, speech) for each in kept])


def merged_cards(kept: Sequence[Kept], speech: Speech) -> list[Card]:
    """Two members turned out to be one: what that changes in the votes that are open."""
    return in_messages((speech.heading("link.merged"),), [_kept_lines(each, speech) for each in kept])


def _kept_lines(kept: Kept, speech: Speech) -> list[Block]:
    """What stayed; and where its code is to be found, which is that of the right that stays."""
    number = str(kept.consultation.number)
    coded = kept.choice is not None and gives_codes(kept.consultation.definition)
    return [_kept_line(kept, speech), *([speech.line("link.kept-code", number=number)] if coded else [])]


def _kept_line(kept: Kept, speech: Speech) -> Line:
    consultation = kept.consultation
    facts = {"number": str(consultation.number), "title_text": consultation.definition.title}
    if consultation.definition.kind in DELIBERATIONS:
        return speech.line("link.kept-debate", **facts)
    if kept.choice is None:
        return speech.line("link.kept-none", **facts)
    words = ballot_words(consultation.definition, kept.choice, speech)
    return speech.line("link.kept-later" if kept.merge.replaced else "link.kept-ballot", choice=words, **facts)

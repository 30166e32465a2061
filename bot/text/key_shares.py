"""The share of a key in words: what its holder is handed, as a message to copy from and as a file."""

from __future__ import annotations

from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.key_shares import KeyShare
from bot.text.card import Button, Card, File, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech

SHOWN_OF_KEY = 10
"""Characters of the public key that a button carries, so that it can't confirm another share than the one it is
under."""


def share_card(consultation: Consultation, share: KeyShare, text: str, speech: Speech, *, buttons: bool) -> Card:
    """The share, what it is for, where to keep it, and how to confirm having it."""
    number = str(consultation.number)
    lines = (
        headline(consultation, speech),
        speech.line("share.yours", share=str(share.share)),
        Line((Span(text, "code"),)),
        speech.line("share.keep"),
        speech.line("share.both-needed"),
        speech.line("share.confirm" if buttons else "share.confirm-typed", number=number),
    )
    kept = Action("share", consultation.number, f"{share.share}.{share.public[:SHOWN_OF_KEY]}")
    row = ((Button(speech.say("button.share-kept"), kept),),) if buttons else ()
    return Card(lines, row, file=_file(consultation, share, text, speech))


def _file(consultation: Consultation, share: KeyShare, text: str, speech: Speech) -> File:
    title = speech.say("share.file", title=consultation.definition.title, number=str(consultation.number))
    reveal = speech.say("share.file-use", number=str(consultation.number), text=text)
    words = "\n\n".join((title, text, reveal)) + "\n"
    return File(words.encode(), f"palabre-{consultation.number}-{share.share}.txt", "text/plain")

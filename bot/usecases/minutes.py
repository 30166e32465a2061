"""`/minutes N`: the minutes of an ended consultation as a file, for anyone in its rooms; of several that ended on one
day, in one document."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.domain.grammar import Command
from bot.domain.refusals import Refusal
from bot.ports import Said
from bot.text.card import Card, File
from bot.usecases.consult import say, visible
from bot.usecases.drawing_up import FORMS, PDF, drawn_up, written_as
from bot.usecases.house import House, Visit
from bot.usecases.tell import sentence

MOST = 20
"""Consultations in one document: an assembly has no more."""


async def minutes(house: House, visit: Visit, said: Said, command: Command) -> None:
    """Give the minutes as a file. Raises Missing as `visible`, Refusal `number-missing`, `minutes-which` and those of
    `drawn_up`."""
    numbers, form = _asked(command)
    for number in numbers:
        await visible(house, visit, number)
    written = await drawn_up(house.store, numbers)
    data = await written_as(written, form, house.printer)
    await _give(house, visit, numbers, File(data, f"minutes-{'-'.join(map(str, numbers))}.{form}", FORMS[form]))


def _asked(command: Command) -> tuple[tuple[int, ...], str]:
    """The numbers, each once, and the form that was asked for: a PDF unless another is named."""
    words = command.rest.replace(",", " ").replace("#", " ").split()
    form = words.pop().casefold() if words and words[-1].casefold() in FORMS else PDF
    if not words:
        raise Refusal("number-missing", command=command.word)
    if len(words) > MOST or not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):
        raise Refusal("minutes-which", most=MOST)
    return tuple(dict.fromkeys(map(int, words))), form


async def _give(house: House, visit: Visit, numbers: Sequence[int], file: File) -> None:
    """A room gets the same file once; in private whoever asks gets it."""
    named, speech = " ".join(map(str, numbers)), visit.room_speech
    once = None if visit.room is None else f"minutes:{sha256(file.data).hexdigest()[:20]}:{visit.room.id}"
    if once is not None and not await house.store.write(lambda tx: tx.first_time(once)):
        await say(house, visit, sentence(speech, "minutes.in-room-already", numbers=named))
        return
    head = speech.heading("minutes.headline", numbers=named)
    blocks = (head, speech.line("minutes.here"), speech.line("minutes.forms", numbers=named))
    await say(house, visit, Card(blocks, file=file))

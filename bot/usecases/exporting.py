"""`/export N`: the bundle of an ended consultation as one file, for anyone in its rooms.

A room gets it once: it is the same for everyone, and a file each time would bury what
the room talks about. In private whoever asks gets it.
"""

from __future__ import annotations

from bot.domain.consultation import Consultation
from bot.domain.manifest import MANIFEST, fingerprint_of
from bot.text.card import Card, File
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fingerprints import fingerprint
from bot.usecases.bundle import Bundle, bundle_of, zipped
from bot.usecases.consult import say, visible
from bot.usecases.house import House, Visit
from bot.usecases.tell import sentence


async def export(house: House, visit: Visit, number: int) -> None:
    """Give the bundle, or say where it is. Raises Missing as `visible`, Refusal `export-before-closing`."""
    facts = await visible(house, visit, number)
    once = None if visit.room is None else f"export:{number}:{visit.room.id}"
    if once is not None and await house.store.read(lambda tx: tx.was_seen(once)):
        await say(house, visit, sentence(visit.room_speech, "export.in-room-already", number=str(number)))
        return
    bundle = await bundle_of(house.store, house.draughtsman, house.printer, number)
    # Noted before it is posted: a room never gets it twice, and whoever misses it there can ask in private.
    if once is not None and not await house.store.write(lambda tx: tx.first_time(once)):
        return
    await say(house, visit, _card(facts.consultation, bundle, visit.room_speech))


def _card(consultation: Consultation, bundle: Bundle, speech: Speech) -> Card:
    """The file, in a few words, with the fingerprint by which it is known."""
    name = f"palabre-{consultation.number}.zip"
    head = fingerprint(fingerprint_of(bundle[MANIFEST]))
    blocks = (
        headline(consultation, speech, "export.headline"),
        speech.line("export.here"),
        speech.line("export.fingerprint", fingerprint=head),
    )
    return Card(blocks, file=File(zipped(bundle), name, "application/zip"))

"""The open-data bundle of one ended consultation, complete: texts, minutes, charts, what checks it, the manifest.

The same database gives the same bytes, whoever asks and whenever: nothing in a bundle says when it was
made. It changes when the journal has more to tell (an answer, an erasure), or with Palabre itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.charts import Chart
from bot.domain.manifest import MANIFEST, manifest_of
from bot.ports import Draughtsman, Printer
from bot.store import Store
from bot.text.catalogue import catalogue, languages
from bot.text.counting.pictures import alternative
from bot.text.export import readme
from bot.text.opinions import map as opinion_maps
from bot.text.results import chart
from bot.usecases.drawing_up import minutes_files
from bot.usecases.export import Contents, contents_of
from bot.usecases.named import NAMES, Messengers, names_file
from bot.usecases.opinions.mapping import drawn

Bundle = Mapping[str, bytes]
"""The bytes of each file by its name."""

PROGRAMS = Path(__file__).parents[1] / "proofs"
CHECKERS = ("verify.py", "recount.py", "count_marks.py", "count_rankings.py", "count_budgets.py")
WORDS = "verify-words.json"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive: the first that its format knows."""


async def bundle_of(
    store: Store, draughtsman: Draughtsman, printer: Printer, number: int, named: Messengers | None = None
) -> Bundle:
    """Every file of the consultation; with `named`, of a public one, also who cast which ballot.

    Raises Missing `no-such-consultation`, Refusal `export-before-closing` and those of `names_file`.
    """
    contents = await store.read(lambda tx: contents_of(tx, number))
    files = {name: text.encode() for name, text in contents.files.items()}
    files |= {} if named is None else {NAMES: await names_file(store, named, number)}
    files |= await minutes_files(store, printer, number)
    files |= await _charts(contents, draughtsman)
    files |= {name: (PROGRAMS / name).read_bytes() for name in CHECKERS}
    files[WORDS] = verifier_words()
    files["README.md"] = readme(contents.consultation, {*files, MANIFEST}, contents.speech).encode()
    return {**files, MANIFEST: manifest_of(files)}


def zipped(bundle: Bundle) -> bytes:
    """The bundle as one archive, the same for the same bundle."""
    archive = io.BytesIO()
    with ZipFile(archive, "w") as written:
        for name in sorted(bundle):
            written.writestr(ZipInfo(name, _FIRST_DAY), bundle[name], ZIP_DEFLATED)
    return archive.getvalue()


def verifier_words() -> bytes:
    """What the verifier in a bundle says, in every language."""
    said = {
        language: {key: words for key, words in sorted(catalogue(language).items()) if key.startswith("proof.")}
        for language in languages()
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


async def _charts(contents: Contents, draughtsman: Draughtsman) -> dict[str, bytes]:
    """The chart in both forms, and the words in its place."""
    drawing, words = await _drawing(contents)
    if drawing is None:
        return {}
    return {
        "chart.png": await draughtsman.draw(drawing, "png"),
        "chart.svg": await draughtsman.draw(drawing, "svg"),
        "chart.txt": f"{words}\n".encode(),
    }


async def _drawing(contents: Contents) -> tuple[Chart | None, str]:
    if contents.concluded is not None:
        drawing = chart(contents.concluded, contents.speech)
        return drawing, alternative(drawing)
    if contents.opinions is not None:
        found = opinion_maps.chart(await drawn(contents.opinions), contents.speech)
        return found, opinion_maps.alternative(found) if found else ""
    return None, ""

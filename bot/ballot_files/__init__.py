"""The ballot files of the field, read into profiles: BLT, PrefLib, ABIF, CSV, pabulib.

`read` chooses by the file name's ending. A file that isn't what it should be is refused
with its line; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bot.ballot_files.abif import read_abif
from bot.ballot_files.blt import read_blt
from bot.ballot_files.errors import BallotFileError
from bot.ballot_files.pabulib import read_pb
from bot.ballot_files.preflib import read_categories, read_orders
from bot.ballot_files.rules import AS_WRITTEN, PaperRules
from bot.ballot_files.spreadsheet import read_csv
from bot.domain.tally.profile import Form, Profile

__all__ = ["ENDINGS", "BallotFileError", "read"]

ENDINGS: Mapping[str, Callable[[Path, Form, PaperRules], Profile]] = {
    ".blt": read_blt,
    ".soc": read_orders,
    ".soi": read_orders,
    ".toc": read_orders,
    ".toi": read_orders,
    ".cat": read_categories,
    ".abif": read_abif,
    ".csv": read_csv,
    ".pb": read_pb,
}
"""How to read each kind of file, by the ending of its name."""


def read(path: Path, form: Form, rules: PaperRules = AS_WRITTEN) -> Profile:
    """The ballots of a file, in this form; those of a budget in their own. `rules` are for papers that are transferred.

    Raises BallotFileError with the line at fault, and OSError if the file can't be read.
    """
    reader = ENDINGS.get(path.suffix.lower())
    if reader is None:
        raise BallotFileError(0, "count.why.ending", endings=" ".join(ENDINGS))
    return reader(path, form, rules)

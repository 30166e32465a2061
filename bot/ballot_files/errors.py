"""Why a ballot file can't be counted."""

from __future__ import annotations


class BallotFileError(Exception):
    """A ballot file is refused: `why` is the sentence's key in the catalogue, `facts` fill it, `line` is where (0: the
    file as a whole). Nothing of the file is counted."""

    def __init__(self, line: int, why: str, **facts: str | int) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why
        self.facts = facts

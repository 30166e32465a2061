"""The README of an exported consultation: what each file is, and what each of its columns says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.consultation import Consultation
from bot.text.catalogue import Speech

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")
_ESCAPED = r"\\\1"

FILES: Mapping[str, str] = {
    "consultation.json": "export.file.consultation",
    "disclosure.json": "export.file.disclosure",
    "journal.jsonl": "export.file.journal",
    "tally-sheet.csv": "export.file.tally-sheet",
    "arguments.csv": "export.file.arguments",
    "wordings.csv": "export.file.wordings",
    "conclusion.md": "export.file.conclusion",
    "statements.csv": "export.file.statements",
    "votes.csv": "export.file.votes",
    "groups.json": "export.file.groups",
}
"""The sentence about each file that a bundle may have."""


def markdown(text: str) -> str:
    """Plain lines as Markdown that shows them as they are: nothing typed becomes markup."""
    shown = (_MARKUP.sub(_ESCAPED, line) for line in text.split("\n"))
    return "\n".join(f"{line}  " if line else "" for line in shown) + "\n"


def readme(consultation: Consultation, files: Sequence[str], speech: Speech) -> str:
    """The page, in Markdown."""
    head = [
        f"# {speech.say('export.title', number=str(consultation.number))}",
        markdown(consultation.definition.title).rstrip(),
        speech.say("export.about"),
    ]
    parts = [f"## {name}\n\n{speech.say(FILES[name])}" for name in files]
    return "\n\n".join([*head, *parts]) + "\n"

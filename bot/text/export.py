"""The README of an exported consultation: what each file is, and what each of its columns says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from bot.domain.consultation import Consultation
from bot.text.catalogue import Speech

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")
_ESCAPED = r"\\\1"

FILES: Mapping[str, str] = {
    "consultation.json": "export.file.consultation",
    "disclosure.json": "export.file.disclosure",
    "roll.json": "export.file.roll",
    "journal.jsonl": "export.file.journal",
    "tally-sheet.csv": "export.file.tally-sheet",
    "reasons.csv": "export.file.reasons",
    "receipts.csv": "export.file.receipts",
    "minutes.md": "export.file.minutes-md",
    "minutes.html": "export.file.minutes-html",
    "minutes.pdf": "export.file.minutes-pdf",
    "names.csv": "export.file.names",
    "result.json": "export.file.result",
    "organisations.json": "export.file.organisations",
    "chart.png": "export.file.chart-png",
    "chart.svg": "export.file.chart-svg",
    "chart.txt": "export.file.chart-txt",
    "arguments.csv": "export.file.arguments",
    "wordings.csv": "export.file.wordings",
    "conclusion.md": "export.file.conclusion",
    "statements.csv": "export.file.statements",
    "votes.csv": "export.file.votes",
    "groups.json": "export.file.groups",
    "verify.py": "export.file.verify",
    "recount.py": "export.file.recount",
    "count_marks.py": "export.file.count-marks",
    "count_rankings.py": "export.file.count-rankings",
    "count_budgets.py": "export.file.count-budgets",
    "verify-words.json": "export.file.words",
    "manifest.json": "export.file.manifest",
}
"""The sentence about each file that a bundle may have, in the order in which they are read."""


def markdown(text: str) -> str:
    """Plain lines as Markdown that shows them as they are: nothing typed becomes markup."""
    shown = (_MARKUP.sub(_ESCAPED, line) for line in text.split("\n"))
    return "\n".join(f"{line}  " if line else "" for line in shown) + "\n"


def readme(consultation: Consultation, files: Collection[str], speech: Speech) -> str:
    """The page, in Markdown, about these files."""
    assert FILES.keys() >= set(files)
    head = [
        f"# {speech.say('export.title', number=str(consultation.number))}",
        markdown(consultation.definition.title).rstrip(),
        speech.say("export.about"),
        speech.say("export.check"),
    ]
    parts = [f"## {name}\n\n{speech.say(FILES[name])}" for name in FILES if name in files]
    return "\n\n".join([*head, *parts]) + "\n"

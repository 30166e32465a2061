"""The open-data bundle of one ended consultation: files with fixed names, whatever people typed.

Nothing in it leads to a person: no account, no name that was not a signature shown to
everyone, no alias of an author, no words that were withdrawn or moderated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.ballots import to_text
from bot.domain.canonical import digest
from bot.domain.consultation import BallotType, Consultation, Kind, State, definition_facts
from bot.domain.debate.model import Argument, ArgumentState
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Answers, Statement, StatementState
from bot.domain.opinions.shown import Held, OpinionMap, Standing, Tally
from bot.domain.refusals import Refusal
from bot.domain.result_facts import result_facts
from bot.domain.results import conclude
from bot.domain.results_apart import apart_facts
from bot.store import Transaction
from bot.text.catalogue import Speech
from bot.text.debate.conclusion import conclusion_pages
from bot.text.export import markdown
from bot.text.papers import ballot_words
from bot.text.results import Concluded
from bot.text.spreadsheets import table
from bot.usecases.apart import results_apart
from bot.usecases.debate.concluding import concluded_facts
from bot.usecases.opinions.mapping import Gathered, gathered
from bot.usecases.proxies.counting import by_proxy
from bot.usecases.receipts import shows_receipts
from bot.usecases.records import journal_lines, roll_facts

ENDED = frozenset({State.CLOSED, State.CERTIFIED, State.ANSWERED})
WHOLE = 10_000
"""Characters that hold any ballot in words, names uncut."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is to tell of an ended consultation: the text of each file by its name, and what charts are drawn of
    (None where there is nothing to draw)."""

    consultation: Consultation
    files: Mapping[str, str]
    speech: Speech
    concluded: Concluded | None = None
    opinions: Gathered | None = None


def contents_of(tx: Transaction, number: int) -> Contents:
    """Every text that tells what happened, in the consultation's own language where it is made of sentences.

    Raises Missing `no-such-consultation`, Refusal `export-before-closing`.
    """
    consultation = tx.consultation(number)
    if consultation.state not in ENDED:
        raise Refusal("export-before-closing", number=str(number))
    organisation = tx.organisation(consultation.organisation)
    speech = Speech(consultation.definition.language, ZoneInfo(organisation.time_zone))
    files = {
        "consultation.json": _json(_consultation_facts(tx, consultation)),
        "disclosure.json": _json(tx.disclosure(number, consultation.version) or {}),
        "roll.json": _json(roll_facts(tx, consultation)),
        "journal.jsonl": journal_lines(tx, number),
    }
    match consultation.definition.kind:
        case Kind.DEBATE:
            return Contents(consultation, files | _debate(tx, number, speech), speech)
        case Kind.OPINIONS:
            found = gathered(tx, number)
            return Contents(consultation, files | _opinions(tx, consultation), speech, opinions=found)
        case _:
            files["tally-sheet.csv"] = _tally_sheet(tx, consultation, speech)
            if consultation.definition.ballot is BallotType.CONSENT:
                files["reasons.csv"] = _reasons(tx, consultation, speech)
            if shows_receipts(tx, consultation):
                files["receipts.csv"] = table(("receipt", "ballot"), tx.receipts.published(number))
            result = conclude(consultation, tx.tally(number), by_proxy(tx, consultation))
            files["result.json"] = _json(result_facts(consultation.definition, result))
            own = results_apart(tx, consultation)
            if own:
                files["organisations.json"] = _json(apart_facts(consultation, own))
            # Names are shown in the rooms; in files that anyone may keep for ever only where an operator asks for them.
            concluded = Concluded(consultation, result, (), organisation.name, tx.follow_up(number), apart=own)
            return Contents(consultation, files, speech, concluded)


def _consultation_facts(tx: Transaction, consultation: Consultation) -> dict[str, Any]:
    definition = definition_facts(consultation.definition)
    return {
        "number": consultation.number,
        "state": consultation.state.value,
        "definition": definition,
        "definition_digest": digest(definition),
        "added_options": [
            {"number": option.number, "text": option.text, "added_at": _instant(option.added_at)}
            for option in consultation.definition.options
            if option.added_at is not None
        ],
        "disclosure_digest": consultation.disclosure_digest,
        "opened_at": _instant(consultation.opened_at),
        "closes_at": _instant(consultation.closes_at),
        "closed_at": _instant(consultation.closed_at),
        "rooms": len(consultation.rooms),
        "excused_rooms": len(consultation.excused),
        "seed": consultation.seed,
        "tie_choices": list(consultation.tie_choices),
        "tie_reason": consultation.tie_reason,
        "put_off": consultation.put_off,
        "replaces": consultation.replaces,
        "follow_up": tx.follow_up(consultation.number),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _tally_sheet(tx: Transaction, consultation: Consultation, speech: Speech) -> str:
    rows = (
        (to_text(choice), ballot_words(consultation.definition, choice, speech, WHOLE), count)
        for choice, count in sorted(tx.tally(consultation.number).items(), key=lambda line: to_text(line[0]))
    )
    return table(("ballot", "options", "count"), rows)


def _reasons(tx: Transaction, consultation: Consultation, speech: Speech) -> str:
    """The reasons by choice, in the order of their words: nothing says whose they are or when they came."""
    said = sorted(tx.reasons.published(consultation.number), key=lambda each: (to_text(each.choice), each.text))
    rows = (
        (to_text(each.choice), ballot_words(consultation.definition, each.choice, speech, WHOLE), each.text, each.times)
        for each in said
    )
    return table(("ballot", "options", "reason", "count"), rows)


def _debate(tx: Transaction, number: int, speech: Speech) -> dict[str, str]:
    arguments = tx.debates.arguments(number)
    wordings = (
        (argument.number, wording.version, wording.text, wording.source)
        for argument in arguments
        if argument.state is ArgumentState.PUBLISHED
        for wording in tx.debates.wordings(number, argument.number)
    )
    pages = conclusion_pages(concluded_facts(tx, number), speech)
    return {
        "arguments.csv": table(
            (
                "number", "kind", "answers", "state", "ground", "reason", "signature", "text", "source", "supports",
                "ratings", "weight",
            ),
            map(_argument_row, arguments),
        ),
        "wordings.csv": table(("number", "version", "text", "source"), wordings),
        "conclusion.md": markdown("\n\n".join(page.plain for page in pages)),
    }  # fmt: skip


def _argument_row(argument: Argument) -> tuple[object, ...]:
    """A contribution; of one that is not published only what became of it."""
    shown = argument.state is ArgumentState.PUBLISHED
    words = (argument.signature, argument.text, argument.source) if shown else ("", "", "")
    return (
        argument.number, argument.kind.value, argument.parent or "", argument.state.value, argument.ground,
        argument.reason, *words, argument.supports, argument.ratings, argument.weight,
    )  # fmt: skip


def _opinions(tx: Transaction, consultation: Consultation) -> dict[str, str]:
    number, rules = consultation.number, consultation.definition.opinions
    assert rules is not None
    statements, answers = tx.opinion_maps.statements(number), tx.opinion_maps.answers(number)
    return {
        "statements.csv": table(
            ("statement", "origin", "state", "ground", "reason", "text", "agree", "disagree", "pass"),
            map(_statement_row, statements),
        ),
        "votes.csv": table(("alias", "statement", "opinion"), _votes(statements, answers)),
        "groups.json": _json(map_facts(opinion_map(statements, answers, rules.minimum))),
    }


def _statement_row(statement: Statement) -> tuple[object, ...]:
    shown = statement.state is StatementState.PUBLISHED
    return (
        statement.number, "member" if statement.alias else "organiser", statement.state.value, statement.ground,
        statement.reason, statement.text if shown else "", statement.agrees, statement.disagrees, statement.passes,
    )  # fmt: skip


def _votes(statements: Sequence[Statement], answers: Answers) -> Iterable[tuple[object, ...]]:
    """Every answer to a published statement, by alias: nothing says any more whose alias it was."""
    published = {statement.number for statement in statements if statement.state is StatementState.PUBLISHED}
    for alias in sorted(answers):
        for number, opinion in sorted(answers[alias].items()):
            if number in published:
                yield alias, number, opinion.value


def map_facts(found: OpinionMap) -> dict[str, Any]:
    """A map as plain JSON values: what was shown of it, and who is in which group nowhere."""
    return {
        "participants": found.participants,
        "placed": found.placed,
        "enough": found.enough,
        "others": found.others,
        "groups": [
            {"letter": group.letter, "size": group.size, "holds": [_held_facts(held) for held in group.holds]}
            for group in found.groups
        ],
        "bridging": [_standing_facts(one) for one in found.bridging],
        "dividing": [_standing_facts(one) for one in found.dividing],
        "agreed": [_standing_facts(one) for one in found.agreed],
        "rejected": [_standing_facts(one) for one in found.rejected],
    }


def _held_facts(held: Held) -> dict[str, Any]:
    return {"statement": held.statement, "opinion": held.opinion.value, **_tally_facts(held.tally)}


def _standing_facts(standing: Standing) -> dict[str, Any]:
    return {
        "statement": standing.statement,
        "overall": _tally_facts(standing.overall) if standing.overall else None,
        "by_group": {letter: _tally_facts(tally) for letter, tally in sorted(standing.by_group.items())},
    }


def _tally_facts(tally: Tally) -> dict[str, int]:
    return {"agree": tally.agrees, "disagree": tally.disagrees, "pass": tally.passes}


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"

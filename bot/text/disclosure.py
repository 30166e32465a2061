"""The charter disclosure as people read it: the short card, every point in full, what is missing, `/setup`'s questions.

Every sentence comes from the disclosure's own points, so that the card and the long
form can't disagree, and a disclosure kept for years reads as it did when it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import product

from bot.domain.charter import ITEMS, Disclosure, ItemState, Say, Status, asks_registration
from bot.domain.consultation import BallotType, Consultation, Definition, Kind, Option
from bot.domain.declaration import RULES, check_field
from bot.domain.ids import Action
from bot.domain.organisation import Declaration, Declared, Field
from bot.domain.words import shown
from bot.text.card import Block, Button, Card, Gap, Line, Span
from bot.text.catalogue import Speech
from bot.text.charter_words import tell
from bot.text.contests import contest_button
from bot.text.fingerprints import fingerprint

CARD_LIMIT = 3_500
"""Characters of one message, whatever people typed: Telegram takes 4,096, and markup needs some."""

HEADING_ROOM = 150
"""Characters kept for the heading and the number of a page."""

CUTS = (160, 80, 40, 20, 12)
"""Characters of each typed fact on the card: as many as keep it in one message. The long form has them whole."""

LAST_CUT = 8
"""The same where even that is too much."""

CAN_WAIT = frozenset(
    {
        "joint.partner", "joint.once", "joint.apart", "joint.apart-public", "joint.apart-whole", "joint.deliberates",
        "roles.same", "one.platforms", "who.proxy-back", "who.proxy-counts", "sees.proxy",
        "sees.proxy-receipt", "sees.typed.vote",
    }
)  # fmt: skip
"""Sentences that only the long form has where the card would not be one message even with the shortest facts."""

PINNED = frozenset(item.id for item in ITEMS if item.pin)
"""Points that the card itself names when nobody declared them."""

OPTIONS: Mapping[Kind, str] = {Kind.DEBATE: "charter.long.vote-options", Kind.OPINIONS: "charter.long.statements"}
"""Kinds whose options are not what people are asked to choose from now, and what the long form says they are."""

TITLES: Mapping[Kind, str] = {
    Kind.DEBATE: "charter.card.title-debate",
    Kind.OPINIONS: "charter.card.title-opinions",
}
"""What the card is called where nobody votes."""

OPERATORS = frozenset({"operator_name", "operator_contact", "hosting", "source_url"})
"""Missing facts that only the configuration can give."""


def disclosure_card(consultation: Consultation, disclosure: Disclosure, speech: Speech) -> Card:
    """The card posted in every room before the consultation opens, about a dozen lines of fewer than 3,500 characters.

    It may be shown as a preview while facts are missing.
    """
    number = str(consultation.number)
    head = speech.heading(TITLES.get(consultation.definition.kind, "charter.card.title"), number=number)
    foot = [
        *_charter(number, disclosure, speech),
        speech.line("charter.card.fingerprint", fingerprint=fingerprint(disclosure.digest)),
    ]
    buttons = [Button(speech.say("charter.card.read-all"), Action("charter", consultation.number))]
    buttons.append(contest_button(consultation, speech))
    if asks_registration(disclosure):
        buttons.insert(0, Button(speech.say("button.register"), Action("reg", consultation.number)))
    short = _shortened(disclosure)
    for told, cut in (*product((disclosure, short), CUTS), (short, LAST_CUT)):
        question = _question(consultation, speech, cut)
        card = Card((head, question, *_answers(consultation, told, speech, cut), *foot), (tuple(buttons),))
        if len(card.plain) < CARD_LIMIT:
            break
    return card


def _shortened(disclosure: Disclosure) -> Disclosure:
    """The disclosure without what can wait for the long form."""

    def shortened(state: ItemState) -> ItemState:
        return replace(state, says=tuple(each for each in state.says if each.key not in CAN_WAIT))

    return replace(disclosure, items=tuple(map(shortened, disclosure.items)))


def _question(consultation: Consultation, speech: Speech, cut: int) -> Line:
    """What is asked; and the options, where they are what is chosen from."""
    definition = consultation.definition
    if definition.kind in OPTIONS or definition.ballot is BallotType.SIGNATURE:
        return speech.line("charter.card.question-alone", question=definition.title)
    options = _options(consultation, speech, cut)
    return speech.line("charter.card.question", question=definition.title, options=options)


def _options(consultation: Consultation, speech: Speech, cut: int) -> str:
    labels = [shown(option.text, cut) for option in _disclosed(consultation.definition)]
    kept = 1
    while kept < len(labels) and len(" · ".join(labels[: kept + 1])) <= cut:
        kept += 1
    rest = len(labels) - kept
    more = speech.say("charter.card.more-options", n=rest) if rest else ""
    return " ".join(part for part in (" · ".join(labels[:kept]), more) if part)


def _disclosed(definition: Definition) -> Iterable[Option]:
    """The options of the opening: what voters added since is on the card, not in what was disclosed."""
    return (option for option in definition.options if option.added_at is None)


def _answers(consultation: Consultation, disclosure: Disclosure, speech: Speech, cut: int) -> Iterable[Line]:
    method = _says(disclosure, "TRA-01")
    why = [each for each in method if each.key == "why"]
    how = [each for each in method if each.key != "why"]
    answers = {
        "asks": _says(disclosure, "ENG-01", "ENG-05"),
        "why": [*why, *_says(disclosure, "ENG-06", "ENG-08")],
        "takes-part" if consultation.definition.kind in OPTIONS else "who": _says(
            disclosure, "PAR-06", "PAR-05", "PAR-02"
        ),
        "how": [*how, *_says(disclosure, "PAR-07")],
        "when": _says(disclosure, "TRA-02"),
        "sees": _says(disclosure, "PAR-08", "PAR-10", "GA-06"),
        "moderates": _says(disclosure, "TRA-17"),
    }
    for question, says in answers.items():
        if says:
            yield Line((*speech.spans(f"charter.card.{question}"), Span(" "), *tell(says, speech, cut)))
    yield _data(disclosure, speech, cut)
    software = tell(_says(disclosure, "TRA-06"), speech, cut)
    if software:
        yield Line(software)


def _says(disclosure: Disclosure, *items: str) -> list[Say]:
    """What the points say, leaving out those that only say why they are not declared."""
    states = [disclosure.item(item) for item in items]
    return [said for state in states if state.lacks or state.status is not Status.NOT_DECLARED for said in state.says]


def _data(disclosure: Disclosure, speech: Speech, cut: int) -> Line:
    says = tell(_says(disclosure, "TRA-09", "TRA-05", "COL-02"), speech, cut)
    rights = Span(speech.say("charter.card.rights"))
    return Line((*speech.spans("charter.card.data"), *((Span(" "), *says) if says else ()), Span(" "), rights))


def _charter(number: str, disclosure: Disclosure, speech: Speech) -> Iterable[Line]:
    counts = disclosure.counts
    declared = speech.say("charter.card.declared", n=counts.declared)
    if counts.defaults:
        declared = speech.say("charter.card.declared-defaults", declared=declared, n=counts.defaults)
    yield speech.line(
        "charter.card.charter",
        version=disclosure.version,
        guaranteed=speech.say("charter.card.guaranteed", n=counts.guaranteed),
        declared=declared,
        missing=speech.say("charter.card.not-declared", n=counts.not_declared),
    )
    pinned = [state for state in disclosure.having(Status.NOT_DECLARED) if state.id in PINNED]
    if pinned:
        yield speech.line("charter.card.pinned", titles=_titles(pinned, speech))
    yield speech.line("charter.card.all", number=number)


def _titles(states: Iterable[ItemState], speech: Speech) -> tuple[str, ...]:
    """The points' titles as they stand in the middle of a sentence."""
    titles = (speech.say(f"charter.title.{state.id}") for state in states)
    return tuple(title[:1].lower() + title[1:] for title in titles)


# ── every point ──────────────────────────────────────────────────────────────────────────────────────────────────────


def long_form(
    consultation: Consultation, disclosure: Disclosure, speech: Speech, heads: Mapping[str, str] | None = None
) -> tuple[Card, ...]:
    """Every point of the disclosure, as cards of fewer than 3,500 characters; no point that one can hold is cut in two.

    `heads` are the journal's at the opening and the closing, by `opened` and `closed`, once there are any.
    """
    lines = [
        speech.line("charter.long.question", question=consultation.definition.title),
        *_options_in_full(consultation, speech),
        *_points(disclosure, Status.NOT_DECLARED, speech),
        *_points(disclosure, Status.DECLARED, speech),
        *_points(disclosure, Status.GUARANTEED, speech),
        *_elsewhere(disclosure, speech),
        speech.line("charter.long.tiers"),
        speech.line("charter.long.digest", digest=disclosure.digest),
        *(speech.line(f"charter.long.journal-{when}", head=head) for when, head in sorted((heads or {}).items())[::-1]),
    ]
    pages = _paged(lines)
    return tuple(_page(consultation.number, page, index, len(pages), speech) for index, page in enumerate(pages, 1))


def _options_in_full(consultation: Consultation, speech: Speech) -> Iterable[Line]:
    definition = consultation.definition
    if definition.options and definition.kind in OPTIONS:
        yield speech.line(OPTIONS[definition.kind])
    for option in _disclosed(definition):
        yield Line((Span(f"{option.number}. {option.text}"),))


def _page(number: int, lines: list[Line], index: int, pages: int, speech: Speech) -> Card:
    blocks: list[Block] = [speech.heading("charter.long.title", number=str(number)), *lines]
    if pages > 1:
        blocks += [Gap(), speech.line("charter.long.page", page=index, pages=pages)]
    return Card(tuple(blocks))


def _paged(lines: Iterable[Line]) -> list[list[Line]]:
    pages: list[list[Line]] = [[]]
    used = 0
    for line in lines:
        length = len(line.plain) + 1
        if pages[-1] and used + length > CARD_LIMIT - HEADING_ROOM:
            pages.append([])
            used = 0
        pages[-1].append(line)
        used += length
    return pages


def _points(disclosure: Disclosure, status: Status, speech: Speech) -> Iterable[Line]:
    states = disclosure.having(status)
    if states:
        yield speech.heading(f"charter.long.{status.value}", n=len(states))
    for state in states:
        yield from _cut_in_pages(_point(state, speech))


def _cut_in_pages(line: Line) -> Iterable[Line]:
    """The line, or as many as its sentences need to fit in a card each."""
    spans: list[Span] = []
    for span in line.spans:
        if spans and sum(len(each.text) for each in (*spans, span)) > CARD_LIMIT - 2 * HEADING_ROOM:
            yield Line(tuple(spans))
            spans = []
        spans.append(span)
    yield Line(tuple(spans), line.title)


def _point(state: ItemState, speech: Speech) -> Line:
    tier = f" · {speech.say('charter.long.tier', tier=state.tier)}" if state.tier else ""
    spans = [Span(speech.say(f"charter.title.{state.id}"), "bold"), Span(f" [{state.id}{tier}]")]
    told = tell((*state.says, *state.more), speech)
    source = _source(state, speech)
    return Line((*spans, *((Span(" "), *told) if told else ()), *((Span(f" {source}"),) if source else ())))


def _source(state: ItemState, speech: Speech) -> str:
    if state.status is not Status.DECLARED:
        return ""
    if state.default:
        return speech.say("charter.long.default")
    by = shown(state.by)
    if state.at is None:
        return speech.say("charter.long.by", by=by)
    return speech.say("charter.long.by-on", by=by, day=speech.day(state.at))


def _elsewhere(disclosure: Disclosure, speech: Speech) -> Iterable[Line]:
    states = disclosure.having(Status.NOT_APPLICABLE)
    if states:
        yield speech.line("charter.long.not-applicable", n=len(states), titles=_titles(states, speech))


# ── what is missing, and asking for it ───────────────────────────────────────────────────────────────────────────────


def missing_card(facts: Collection[str], speech: Speech) -> Card:
    """What is missing before the consultation may open (`charter.missing_facts`), and what to do about it."""
    names = tuple(speech.say(f"charter.missing.{fact}") for fact in facts)
    lines = [speech.line("charter.missing.head", n=len(facts), facts=names)]
    standing = {field.value for field in RULES}
    if standing.intersection(facts):
        lines.append(speech.line("charter.missing.setup"))
    if OPERATORS.intersection(facts):
        lines.append(speech.line("charter.missing.operator"))
    if not (standing | OPERATORS).issuperset(facts):
        lines.append(speech.line("charter.missing.author"))
    return Card(tuple(lines))


def setup_question(field: Field, declaration: Declaration, speech: Speech) -> Card:
    """The question that asks for one standing fact, with an example, and what stands until it is answered."""
    question = speech.line(f"charter.ask.{field.value}")
    return Card((question, *_standing(field, declaration, speech)))


def _standing(field: Field, declaration: Declaration, speech: Speech) -> Iterable[Line]:
    declared, rule = declaration.get(field, Declared("")), RULES[field]
    moment = "now" if declared.value else "default"
    value = declared.value or rule.default
    if value and rule.shape == "days":
        yield speech.line(f"charter.ask.{moment}-days", n=int(value))
    elif value:
        yield speech.line("charter.ask.now", words=shown(value, rule.most))
    elif rule.spoken:
        yield speech.line("charter.ask.default", words=speech.say(f"charter.ask.default.{field.value}"))


def complete_declaration(name: str, now: datetime, speech: Speech) -> Declaration:
    """Every standing fact of an association called `name`, plausibly filled, stated now by the rehearsal itself."""
    by = speech.say("charter.rehearsal.by")
    return {
        field: Declared(
            check_field(field, name if field is Field.NAME else speech.say(f"charter.rehearsal.{field.value}")), by, now
        )
        for field in RULES
    }

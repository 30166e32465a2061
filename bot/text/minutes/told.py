"""Minutes section by section: who was consulted and how, what came out and how that was worked out, what to sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.canonical import digest
from bot.domain.charter import Say, holders
from bot.domain.consultation import BallotType, Consultation, State, definition_facts
from bot.domain.organisation import Field
from bot.domain.results import Verdict
from bot.minutes import Facts, Items, Minutes, Paragraph, Part, Section, Table
from bot.text.card import Block, Card
from bot.text.cards import labelled
from bot.text.catalogue import Speech
from bot.text.charter_words import tell
from bot.text.counting.bars import figure_bars
from bot.text.counting.telling import Telling
from bot.text.counting.verdicts import verdict_sentence
from bot.text.counting.working import working
from bot.text.joint import apart_lines
from bot.text.minutes.course import away, course, incidents
from bot.text.minutes.held import Held
from bot.text.reasons import reason_lines
from bot.text.results import asides, follow_up, needed, participation, tie_sentence
from bot.text.rules import rule_sentence

SIGNED_BY = ("chair", "secretary", "scrutineer-1", "scrutineer-2")
"""Who signs minutes, as is usual in an association."""

_RULES = ("TRA-01", "PAR-06", "PAR-05", "PAR-07", "PAR-08", "PAR-10", "TRA-02")
"""The points of the disclosure that say how a consultation works: they are repeated as they were posted."""


def minutes_of(several: Sequence[Held], speech: Speech) -> Minutes:
    """The minutes of one consultation, or of several of one association that ended on the same day."""
    first = several[0]
    return Minutes(
        language=speech.language,
        title=_title(several, speech),
        subtitle=first.consultation.definition.title if len(several) == 1 else speech.say("minutes.assembly"),
        organisation=_names(first, speech),
        notice=(*_standing(several, speech), speech.say("minutes.to-sign")),
        sections=(*_bodies(several, speech), _signatures(speech)),
        footer=speech.say("minutes.made"),
        running=_title(several, speech),
        page=speech.say("minutes.page"),
        unprintable=speech.say("minutes.unprintable"),
    )


def _title(several: Sequence[Held], speech: Speech) -> str:
    if len(several) == 1:
        return speech.say("minutes.title", number=_number(several[0]))
    closed = several[0].consultation.closed_at
    assert closed is not None
    return speech.say("minutes.title-several", numbers=tuple(map(_number, several)), day=speech.day(closed))


def _number(held: Held) -> str:
    return str(held.consultation.number)


def _name(held: Held, speech: Speech) -> str:
    return held.organisation.name or speech.say("organisation.unnamed")


def _names(held: Held, speech: Speech) -> str:
    """Who holds it: the association, or all that hold it together."""
    together = holders(held.disclosure) if held.disclosure else ()
    return speech.fact(together) if together else _name(held, speech)


def _standing(several: Sequence[Held], speech: Speech) -> Iterator[str]:
    """Whether each result is final."""
    for held in several:
        state = "provisional" if held.consultation.state is State.CLOSED else "final"
        yield speech.say(f"minutes.{state}", number=_number(held))


def _bodies(several: Sequence[Held], speech: Speech) -> Iterator[Section]:
    for held in several:
        if len(several) > 1:
            heading = speech.say("minutes.one", number=_number(held), title=held.consultation.definition.title)
            yield Section(heading, ())
        yield from _body(held, speech, 2 if len(several) == 1 else 3)


def _body(held: Held, speech: Speech, level: int) -> Iterator[Section]:
    parts = {
        "asked": _asked(held, speech),
        "convened": _convened(held, speech),
        "rules": _rules(held, speech),
        "present": _present(held, speech),
        "result": _result(held, speech),
        "incidents": _incidents(held, speech),
        "follow-up": _follow_up(held, speech),
        "proofs": _proofs(held, speech),
    }
    for name, told in parts.items():
        yield Section(speech.say(f"minutes.section.{name}"), tuple(told), level)


def _facts(rows: Sequence[tuple[str, str]], speech: Speech) -> Facts:
    """Facts under their names; those that nobody stated are left out."""
    return Facts(tuple((speech.say(f"minutes.fact.{name}"), words) for name, words in rows if words))


def _asked(held: Held, speech: Speech) -> Iterator[Part]:
    definition = held.consultation.definition
    yield _facts(
        [
            ("organisation", _names(held, speech)),
            (
                "kind",
                speech.say("minutes.kind", kind=speech.say(f"kind.{definition.kind.value}"), number=_number(held)),
            ),
            ("title", definition.title),
            ("purpose", definition.purpose),
            ("binding", speech.say(f"minutes.binding.{definition.binding.value}", statutes=definition.statutes)),
        ],
        speech,
    )
    if definition.options:
        yield Paragraph(speech.say("minutes.options"))
        yield Items(tuple(labelled(option) for option in definition.options))


def _convened(held: Held, speech: Speech) -> Iterator[Part]:
    consultation = held.consultation
    yield _facts(
        [
            ("convened-by", speech.say("minutes.convened-by", organisation=_name(held, speech))),
            ("contact", held.organisation.says(Field.CONTACT)),
            ("rooms", speech.fact(held.rooms)),
            ("zone", speech.zone.key),
        ],
        speech,
    )
    yield from (Paragraph(speech.say("minutes.partner", **facts)) for facts in _partners(held))
    if consultation.replaces is not None:
        yield Paragraph(speech.say("minutes.replaces", number=str(consultation.replaces)))
    if consultation.definition.follows is not None:
        follows = consultation.definition.follows
        yield Paragraph(speech.say(f"minutes.follows.{follows.sequel.value}", number=str(follows.number)))
    yield Paragraph(speech.say("minutes.course"))
    yield Items(course(held, speech), numbered=True)


def _partners(held: Held) -> Iterator[Mapping[str, str]]:
    """Of each association that holds it too: its name, whom to turn to there and who answers."""
    for each in _posted(held, "PAR-06"):
        if each.key == "joint.partner":
            yield {name: str(each.facts[name]) for name in ("partner", "contact", "responder")}


def _rules(held: Held, speech: Speech) -> Iterator[Part]:
    """The rules as they stood on the disclosure card, frozen at the opening."""
    yield Paragraph(speech.say("minutes.rules"))
    # What it is for stands above already.
    posted = ([each for each in _posted(held, item) if each.key != "why"] for item in _RULES)
    yield Items(tuple("".join(span.text for span in tell(says, speech)) for says in posted if says))


def _posted(held: Held, item: str) -> Sequence[Say]:
    """What the disclosure said of a point; nothing where it was made before there was such a point."""
    items = held.disclosure.items if held.disclosure else ()
    return next((state.says for state in items if state.id == item), ())


def _present(held: Held, speech: Speech) -> Iterator[Part]:
    consultation, result = held.consultation, held.result
    rows = [("roll", _roll(consultation, speech))]
    if result is None:
        rows.append(("took-part", speech.fact(held.voters)))
    else:
        counts = {"present": held.voters - result.by_proxy, "represented": result.by_proxy, "voters": held.voters}
        rows += [*((name, speech.fact(count)) for name, count in counts.items()), *_figures(held, speech)]
    yield _facts(rows, speech)
    if result is not None and consultation.definition.ballot is not BallotType.SIGNATURE:
        yield Paragraph(participation(consultation, result, speech, held.merged))


def _roll(consultation: Consultation, speech: Speech) -> str:
    if consultation.roll_size is None:
        return speech.say("minutes.roll.open")
    return speech.say(
        "minutes.roll.known" if consultation.roll_known else "minutes.roll.about", n=consultation.roll_size
    )


def _figures(held: Held, speech: Speech) -> Iterator[tuple[str, str]]:
    """Ballots that choose nothing, and the quorum."""
    result = held.result
    assert result is not None
    yield "aside", speech.fact(result.ballots - result.expressed)
    if result.quorum is None:
        yield "quorum", speech.say("minutes.quorum.none")
    else:
        reached = "missed" if result.verdict is Verdict.NO_QUORUM else "reached"
        yield "quorum", speech.say(f"minutes.quorum.{reached}", n=result.quorum)


def _result(held: Held, speech: Speech) -> Iterator[Part]:
    if held.concluded is None:
        yield from (Paragraph(words) for words in held.told)
        return
    consultation, result = held.consultation, held.concluded.result
    telling = Telling(consultation, result, speech)
    yield Paragraph(verdict_sentence(consultation, result, speech), strong=True)
    yield Paragraph(rule_sentence(consultation, result.ballots, speech))
    yield from (
        Paragraph(_plain(block)) for block in (*needed(consultation.definition, result, speech), *asides(telling))
    )
    rows = tuple((bar.label, bar.caption) for bar in figure_bars(telling, len(consultation.definition.options)))
    if rows:
        heads = (speech.say("minutes.table.option"), speech.say("minutes.table.figure"))
        yield Table(speech.say("minutes.table.caption"), heads, rows)
    steps = tuple(Card(tuple(entry)).plain.replace("\n", " ") for entry in working(telling))
    if steps:
        yield Paragraph(speech.say("minutes.working"))
        yield Items(steps, numbered=True)
    if result.tie_broken is not None:
        yield Paragraph(tie_sentence(telling, result.tie_broken))
    yield from (Paragraph(_plain(line)) for line in apart_lines(consultation, held.concluded.apart, speech))
    why = tuple(_plain(line) for line in reason_lines(consultation.definition, held.concluded.reasons, speech))
    if why:
        yield Paragraph(why[0])
        yield Items(why[1:])


def _incidents(held: Held, speech: Speech) -> Iterator[Part]:
    told = incidents(held, speech)
    if not told:
        yield Paragraph(speech.say("minutes.incidents.none"))
        return
    yield Items(told, numbered=True)
    if away(held):
        yield Paragraph(speech.say("minutes.incidents.away", lasting=away(held)))


def _follow_up(held: Held, speech: Speech) -> Iterator[Part]:
    if held.concluded is not None and held.concluded.follower is not None:
        yield Paragraph(speech.say("minutes.followed-by", number=str(held.concluded.follower)))
    yield Paragraph(follow_up(held.consultation, held.organisation.name, speech))
    answers = held.lines("answered")
    yield from (Paragraph(speech.say("minutes.answer", text=str(entry.facts["text"]))) for entry in answers)


def _proofs(held: Held, speech: Speech) -> Iterator[Part]:
    consultation, disclosure = held.consultation, held.disclosure
    software = tell(_posted(held, "TRA-06"), speech)
    yield Paragraph(speech.say("minutes.proofs", number=_number(held)))
    yield _facts(
        [
            ("definition", digest(definition_facts(consultation.definition))),
            ("disclosure", consultation.disclosure_digest),
            ("roll-digest", consultation.roll_digest.partition(":")[0]),
            ("head-opened", held.heads.get("opened", "")),
            ("head-closed", held.heads.get("closed", "")),
            ("receipts", _receipts(held, speech)),
            ("charter", disclosure.version if disclosure else ""),
            ("software", "".join(span.text for span in software)),
        ],
        speech,
    )


def _receipts(held: Held, speech: Speech) -> str:
    """How many receipts of codes were published at the closing, if codes were to show anything."""
    published = next((entry.facts.get("receipts") for entry in held.lines("closed")), None)
    return speech.fact(published["count"]) if published else ""


def _signatures(speech: Speech) -> Section:
    heads = tuple(speech.say(f"minutes.sign.{name}") for name in ("role", "name", "signature", "day"))
    rows = tuple((speech.say(f"minutes.sign.{role}"), "", "", "") for role in SIGNED_BY)
    return Section(
        speech.say("minutes.section.signatures"), (Table(speech.say("minutes.sign.caption"), heads, rows, signed=True),)
    )


def _plain(block: Block) -> str:
    return Card((block,)).plain

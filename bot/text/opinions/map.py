"""An opinion map in words: its groups, what each holds, what bridges and divides them; its picture; every statement.

The picture shows nothing that the words don't say. Nothing is worked out here: what may
be shown of whom was decided in `bot.domain.opinions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.charts import MapChart, MapGroup
from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.opinions.model import Opinion, Statement
from bot.domain.opinions.shown import GroupView, OpinionMap, Standing, Tally
from bot.domain.words import shown
from bot.text.card import Block, Button, Card, Gap, Image, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fitting import first_fitting
from bot.text.opinions.card import Counts, counts_sentence
from bot.text.results import follow_up

CUTS = ((3, 140), (3, 100), (3, 70), (2, 60), (1, 50), (1, 24))
"""Statements of each list and characters of each statement: as many as keep the map in one message."""
PER_PAGE = 10
PAGE_CUTS = (200, 120, 60)
"""Characters of each statement on a page of all of them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An opinion map to be told: the consultation, its counts, its published statements, what was worked out, and the
    association's name."""

    consultation: Consultation
    counts: Counts
    statements: Mapping[int, Statement]
    map: OpinionMap
    organisation: str

    @property
    def minimum(self) -> int:
        """The smallest group about which a figure is shown."""
        assert self.consultation.definition.opinions is not None
        return self.consultation.definition.opinions.minimum

    @property
    def pages(self) -> int:
        """How many pages there are: the map, then every statement."""
        return 1 + -(-len(self.statements) // PER_PAGE)


def result_card(drawn: Drawn, speech: Speech, image: Image | None = None) -> Card:
    """The map as it is published at the closing, and what follows from it."""
    foot = (
        Line((Span(follow_up(drawn.consultation, drawn.organisation, speech)),)),
        speech.line("opinions.result.more", number=str(drawn.consultation.number)),
    )
    head = headline(drawn.consultation, speech, "opinions.result.headline")
    return first_fitting(Card(blocks, image=image) for blocks in _maps(drawn, head, foot, speech))


def map_page(drawn: Drawn, page: int, letter: str, buttons: bool, speech: Speech) -> Card:
    """One page of the map: the first is the map itself, saying in which group (`letter`) whoever asked is; the others
    have every statement. A page that isn't there is the last one."""
    page = min(max(page, 1), drawn.pages)
    turning = _turning(drawn, page, speech) if buttons else ()
    if page > 1:
        return first_fitting(Card(_statements_page(drawn, page, cut, speech), turning) for cut in PAGE_CUTS)
    foot = [speech.line("opinions.map.yours", letter=letter)] if letter else []
    foot.append(speech.line("opinions.map.more", number=str(drawn.consultation.number), n=len(drawn.statements)))
    head = headline(drawn.consultation, speech, "opinions.map.headline")
    return first_fitting(Card(blocks, turning) for blocks in _maps(drawn, head, foot, speech))


def _turning(drawn: Drawn, page: int, speech: Speech) -> tuple[tuple[Button, ...], ...]:
    number = drawn.consultation.number
    turns = (("button.previous-page", page - 1), ("button.next-page", page + 1))
    row = tuple(Button(speech.say(key), Action("omap", number, str(to))) for key, to in turns if 1 <= to <= drawn.pages)
    return (row,) if row else ()


def _maps(drawn: Drawn, head: Line, foot: Sequence[Line], speech: Speech) -> Iterable[tuple[Block, ...]]:
    """The map with much, then with less and less of the statements."""
    for most, cut in CUTS:
        yield head, *_map_lines(_Words(drawn, most, cut, speech)), Gap(), *foot


@dataclass(frozen=True, slots=True)
class _Words:
    """How much of the map is told, and in which voice."""

    drawn: Drawn
    most: int
    cut: int
    speech: Speech

    def text(self, number: int) -> str:
        return shown(self.drawn.statements[number].text, self.cut)


def _map_lines(words: _Words) -> Iterable[Block]:
    drawn, found, speech = words.drawn, words.drawn.map, words.speech
    yield Line((Span(counts_sentence(drawn.counts, speech)),))
    if found.participants < drawn.minimum:
        yield speech.line("opinions.map.too-few", n=drawn.minimum)
        return
    yield speech.line("opinions.map.placed", n=found.placed, enough=found.enough)
    if not found.groups:
        yield speech.line("opinions.map.no-groups", minimum=drawn.minimum)
    for group in found.groups:
        yield from _group_lines(group, words)
    if found.others:
        yield speech.line("opinions.map.others", n=found.others, minimum=drawn.minimum)
    bridging = {one.statement for one in found.bridging}
    yield from _list_lines("opinions.map.bridging", found.bridging, Opinion.AGREE, words)
    yield from _list_lines("opinions.map.dividing", found.dividing, Opinion.AGREE, words)
    agreed = [one for one in found.agreed if one.statement not in bridging]
    yield from _list_lines("opinions.map.agreed", agreed, Opinion.AGREE, words)
    yield from _list_lines("opinions.map.rejected", found.rejected, Opinion.DISAGREE, words)


def _group_lines(group: GroupView, words: _Words) -> Iterable[Block]:
    speech = words.speech
    yield Gap()
    if len(words.drawn.map.groups) == 1:
        yield speech.line("opinions.map.group-alone", n=group.size)
        return
    yield speech.line("opinions.map.group", letter=group.letter, n=group.size)
    for held in group.holds[: words.most]:
        agrees = held.opinion is Opinion.AGREE
        yield speech.line(
            "opinions.map.holds-agree" if agrees else "opinions.map.holds-disagree",
            number=str(held.statement), text=words.text(held.statement), seen=held.tally.seen,
            n=_on(held.tally, held.opinion),
        )  # fmt: skip


def _list_lines(key: str, standings: Sequence[Standing], side: Opinion, words: _Words) -> Iterable[Block]:
    """Statements with how many of each group, or of everybody where groups are not told, are on this side."""
    if not standings:
        return
    yield Gap()
    yield words.speech.line(key)
    for one in standings[: words.most]:
        yield words.speech.line(
            "opinions.map.listed-agree" if side is Opinion.AGREE else "opinions.map.listed-disagree",
            number=str(one.statement), text=words.text(one.statement), figures=_figures(one, side, words.speech),
        )  # fmt: skip


def _figures(standing: Standing, side: Opinion, speech: Speech) -> tuple[str, ...]:
    told = [
        speech.say("opinions.map.of-group", letter=letter, count=_on(tally, side), seen=tally.seen)
        for letter, tally in sorted(standing.by_group.items())
    ]
    if len(told) < 2 and standing.overall is not None:
        told = [speech.say("opinions.map.of-all", count=_on(standing.overall, side), seen=standing.overall.seen)]
    return tuple(told)


def _on(tally: Tally, side: Opinion) -> int:
    return tally.agrees if side is Opinion.AGREE else tally.disagrees


def _statements_page(drawn: Drawn, page: int, cut: int, speech: Speech) -> tuple[Block, ...]:
    numbers = sorted(drawn.statements)[(page - 2) * PER_PAGE : (page - 1) * PER_PAGE]
    lines = [_statement_line(drawn, drawn.statements[number], cut, speech) for number in numbers]
    place = speech.line("opinions.map.page", page=page, n=drawn.pages, number=str(drawn.consultation.number))
    return (headline(drawn.consultation, speech, "opinions.map.statements"), *lines, Gap(), place)


def _statement_line(drawn: Drawn, statement: Statement, cut: int, speech: Speech) -> Line:
    facts = {"number": str(statement.number), "text": shown(statement.text, cut)}
    if not tells_of_enough(drawn, statement):
        return speech.line("opinions.map.statement-few", **facts)
    tally = Tally(statement.agrees, statement.disagrees, statement.passes)
    return speech.line(
        "opinions.map.statement", agrees=tally.agrees, disagrees=tally.disagrees, passes=tally.passes, **facts
    )


def tells_of_enough(drawn: Drawn, statement: Statement) -> bool:
    """Whether how everybody answered a statement may be told: enough people did, and taking away the counts of groups
    told elsewhere leaves nobody, or enough people."""
    if statement.seen < drawn.minimum:
        return False
    told: dict[str, int] = {}
    found = drawn.map
    for group in found.groups:
        for held in group.holds:
            if held.statement == statement.number:
                told[group.letter] = held.tally.seen
    for standing in (*found.bridging, *found.dividing, *found.agreed, *found.rejected):
        if standing.statement == statement.number:
            told |= {letter: tally.seen for letter, tally in standing.by_group.items()}
    rest = statement.seen - sum(told.values())
    return rest <= 0 or rest >= drawn.minimum


def chart(drawn: Drawn, speech: Speech) -> MapChart | None:
    """The map as a picture to draw; None when there is no group to show."""
    if not drawn.map.groups:
        return None
    return MapChart(
        title=drawn.consultation.definition.title,
        subtitle=counts_sentence(drawn.counts, speech),
        groups=tuple(MapGroup(group.letter, _caption(group, speech), group.points) for group in drawn.map.groups),
        others=drawn.map.others_points,
        others_caption=speech.say("opinions.chart.others", n=drawn.map.others),
        footer=speech.say("opinions.chart.footer", number=str(drawn.consultation.number)),
    )


def alternative(chart: MapChart) -> str:
    """The words in place of the picture."""
    others = (chart.others_caption,) if chart.others else ()
    return " · ".join((chart.title, *(group.caption for group in chart.groups), *others, chart.footer))


def _caption(group: GroupView, speech: Speech) -> str:
    return speech.say("opinions.chart.group", letter=group.letter, n=group.size)

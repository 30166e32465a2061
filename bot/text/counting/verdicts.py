"""The verdict in a sentence or two: who is elected and by what, or why nobody is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.consultation import BallotType, Consultation, Method, OptionRole, Tie
from bot.domain.methods import BY_VOTES
from bot.domain.results import Result, Verdict, sides
from bot.domain.tally.outcome import Title
from bot.domain.words import OPTION_LIMIT
from bot.text.catalogue import Speech
from bot.text.counting.budgets import funded_sentence
from bot.text.counting.duels import figures_between, wins_all
from bot.text.counting.grades import majority_grade, marks_of, same_grade
from bot.text.counting.telling import Telling, figure, rounded
from bot.text.signatures import signature_verdict


def verdict_sentence(consultation: Consultation, result: Result, speech: Speech, cut: int = OPTION_LIMIT) -> str:
    """Who won, or why nobody did, with the numbers; names cut to so many characters."""
    telling = Telling(consultation, result, speech, cut)
    if telling.definition.ballot is BallotType.SIGNATURE:
        return signature_verdict(result, speech)
    return _VERDICTS[result.verdict](telling)


def _nothing(telling: Telling) -> str:
    """Why there is nothing to count: nobody voted, all ballots are blank, or no date suits anybody."""
    result = telling.result
    if result.expressed and telling.definition.method is Method.AVAILABILITY:
        return telling.speech.say("verdict.nobody-can-come", n=result.expressed)
    if result.expressed and telling.definition.budget is not None:
        return telling.speech.say("verdict.nothing-funded")
    return telling.speech.say("verdict.only-blank" if result.ballots else "verdict.no-votes")


def _without_quorum(telling: Telling) -> str:
    result, needed = telling.result, telling.result.quorum
    assert needed is not None
    if telling.definition.quorum_of_present:
        return telling.speech.say("verdict.no-quorum-present", present=result.ballots, chose=result.expressed, n=needed)
    return telling.speech.say("verdict.no-quorum", voters=result.ballots, n=needed)


def _motion(telling: Telling) -> str:
    if telling.definition.ballot is BallotType.CONSENT:
        return _consent(telling)
    result, motion = telling.result, sides(telling.definition)
    assert motion is not None
    return telling.speech.say(
        f"verdict.{result.verdict.value}",
        first=motion[0].text, first_votes=result.votes(motion[0].number),
        second=motion[1].text, second_votes=result.votes(motion[1].number),
    )  # fmt: skip


def _consent(telling: Telling) -> str:
    result, speech = telling.result, telling.speech
    said = {row.option.role: row.votes for row in result.rows}
    if result.verdict is Verdict.PASSED:
        against = said[OptionRole.DISAGREEMENT]
        return speech.say("verdict.consent-passed", n=said[OptionRole.AGREEMENT], against=against)
    if said[OptionRole.BLOCK]:
        return speech.say("verdict.consent-blocked", n=said[OptionRole.BLOCK], agree=said[OptionRole.AGREEMENT])
    return speech.say("verdict.consent-short", n=said[OptionRole.AGREEMENT], against=said[OptionRole.DISAGREEMENT])


def _tied(telling: Telling) -> str:
    result, speech = telling.result, telling.speech
    options = telling.names(result.leaders)
    if result.winners or result.empty:
        return f"{_seated(telling)} {_contested(telling)}"
    if telling.definition.seats > 1:
        return _contested(telling)
    if telling.definition.method in BY_VOTES:
        return speech.say("verdict.tied", options=options, n=_most(result))
    return speech.say("verdict.tied-alike", options=options)


def _contested(telling: Telling) -> str:
    """Between whom the seats that are left are undecided."""
    result = telling.result
    left = telling.definition.seats - len(result.winners) - len(result.empty)
    return telling.speech.say("verdict.tied-seat", options=telling.names(result.leaders), n=left)


def _short(telling: Telling) -> str:
    result, speech = telling.result, telling.speech
    if result.finalists:
        return speech.say("verdict.second-round", options=telling.names(result.finalists))
    return speech.say("verdict.short-of-majority", option=telling.names(result.leaders), n=_most(result))


def _most(result: Result) -> int:
    return max((result.votes(number) for number in result.leaders), default=0)


def _won(telling: Telling) -> str:
    if telling.definition.budget is not None:
        return funded_sentence(telling)
    if telling.definition.seats > 1:
        return _elected(telling)
    assert telling.result.winner is not None
    return _WON.get(telling.definition.method, _by_votes)(telling, telling.result.winner)


def _none(telling: Telling) -> str:
    if telling.definition.seats > 1:
        return _elected(telling)
    return telling.speech.say("verdict.none", option=telling.names(telling.result.empty))


def _elected(telling: Telling) -> str:
    result = telling.result
    left = telling.definition.seats - len(result.winners) - len(result.empty)
    said = _seated(telling)
    return f"{said} {telling.speech.say('verdict.seats-left', n=left)}" if left else said


def _seated(telling: Telling) -> str:
    """Who has a seat, and which seats stay empty because voters wanted nobody in them."""
    result, speech, said = telling.result, telling.speech, []
    if result.winners:
        said.append(speech.say("verdict.elected", options=telling.names(result.winners), n=len(result.winners)))
    if result.empty:
        said.append(speech.say("verdict.none-seat", options=telling.names(result.empty), n=len(result.empty)))
    return " ".join(said)


def _by_votes(telling: Telling, winner: int) -> str:
    result, approval = telling.result, telling.definition.ballot is BallotType.APPROVAL
    return telling.speech.say(
        "verdict.won-approval" if approval else "verdict.won",
        option=telling.name(winner), n=result.votes(winner), total=result.expressed, share=result.share(winner),
    )  # fmt: skip


def _by_score(telling: Telling, winner: int) -> str:
    result = telling.result
    average = rounded(result.share(winner), 2, telling.speech)
    scale = telling.definition.best_mark
    return telling.speech.say(
        "verdict.won-score", option=telling.name(winner), n=result.votes(winner), average=average, scale=scale
    )


def _by_rounds(telling: Telling, winner: int) -> str:
    result, last = telling.result, telling.result.rounds[-1]
    if len(result.rounds) == 1:
        return _by_votes(telling, winner)
    if result.tie_broken is Tie.ORGANISER:  # the organisers decided between the last two
        return telling.speech.say("verdict.won-alone", option=telling.name(winner))
    return telling.speech.say(
        "verdict.won-rounds",
        option=telling.name(winner), round=len(result.rounds),
        n=int(last.tallies[winner]), total=int(sum(last.tallies.values())),
    )  # fmt: skip


def _by_duels(telling: Telling, winner: int) -> str:
    result = telling.result
    duels = figures_between(result, Title.DUELS)
    if wins_all(duels, winner):
        return telling.speech.say("verdict.won-duels", option=telling.name(winner))
    return telling.speech.say(f"verdict.won-{telling.definition.method.value}", option=telling.name(winner))


def _by_run_off(telling: Telling, winner: int) -> str:
    last = telling.result.rounds[-1]
    others = [number for number in last.about if number != winner]
    if last.title is not Title.RUNOFF or winner not in last.about:
        return telling.speech.say("verdict.won-alone", option=telling.name(winner))
    return telling.speech.say(
        "verdict.won-star",
        option=telling.name(winner), other=telling.name(others[0]), second=int(last.tallies[others[0]]),
        n=int(last.tallies[winner]),
    )  # fmt: skip


def _by_grade(telling: Telling, winner: int) -> str:
    grade = majority_grade(telling, winner)
    level = same_grade(telling, winner)
    if level:
        return telling.speech.say(
            "verdict.won-grade-tied", option=telling.name(winner), grade=grade, others=telling.names(level)
        )
    return telling.speech.say("verdict.won-grade", option=telling.name(winner), grade=grade)


def _by_points(telling: Telling, winner: int) -> str:
    points = figure(telling.result.rounds[0].tallies[winner], telling.speech)
    return telling.speech.say("verdict.won-points", option=telling.name(winner), points=points)


def _by_quota(telling: Telling, winner: int) -> str:
    return telling.speech.say("verdict.won-quota", option=telling.name(winner))


def _by_dates(telling: Telling, winner: int) -> str:
    marks = marks_of(telling.result)[winner]
    return telling.speech.say("verdict.won-date", option=telling.name(winner), yes=marks[-1], n=sum(marks[1:]))


_WON: Mapping[Method, Callable[[Telling, int], str]] = {
    Method.BORDA: _by_points,
    Method.POINTS: _by_points,
    Method.SCORE: _by_score,
    Method.IRV: _by_rounds,
    Method.STV: _by_quota,
    Method.SCHULZE: _by_duels,
    Method.RANKED_PAIRS: _by_duels,
    Method.STAR: _by_run_off,
    Method.MAJORITY_JUDGMENT: _by_grade,
    Method.AVAILABILITY: _by_dates,
}

_VERDICTS: Mapping[Verdict, Callable[[Telling], str]] = {
    Verdict.NO_VOTES: _nothing,
    Verdict.NO_QUORUM: _without_quorum,
    Verdict.PASSED: _motion,
    Verdict.REJECTED: _motion,
    Verdict.TIED: _tied,
    Verdict.SHORT_OF_MAJORITY: _short,
    Verdict.WON: _won,
    Verdict.NONE: _none,
}

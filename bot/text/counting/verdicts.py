"""The verdict in a sentence or two: who is elected and by what, or why nobody is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.consultation import BallotType, Consultation, Method, OptionRole
from bot.domain.methods import BY_VOTES
from bot.domain.results import Result, Verdict, sides
from bot.domain.tally.outcome import Title
from bot.domain.words import OPTION_LIMIT
from bot.text.catalogue import Speech
from bot.text.counting.duels import figures_between, wins_all
from bot.text.counting.grades import majority_grade, marks_of, same_grade
from bot.text.counting.telling import Telling, figure, rounded


def verdict_sentence(consultation: Consultation, result: Result, speech: Speech, cut: int = OPTION_LIMIT) -> str:
    """Who won, or why nobody did, with the numbers; names cut to so many characters."""
    telling = Telling(consultation, result, speech, cut)
    match result.verdict:
        case Verdict.NO_VOTES:
            return speech.say("verdict.only-blank" if result.ballots else "verdict.no-votes")
        case Verdict.NO_QUORUM:
            assert result.quorum is not None
            return speech.say("verdict.no-quorum", voters=result.ballots, n=result.quorum)
        case Verdict.PASSED | Verdict.REJECTED if telling.definition.ballot is BallotType.CONSENT:
            return _consent(telling)
        case Verdict.PASSED | Verdict.REJECTED:
            return _motion(telling)
        case Verdict.TIED:
            return _tied(telling)
        case Verdict.SHORT_OF_MAJORITY:
            return _short(telling)
        case Verdict.WON:
            return _won(telling)


def _motion(telling: Telling) -> str:
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
    if result.winners:
        elected = speech.say("verdict.elected", options=telling.names(result.winners), n=len(result.winners))
        return f"{elected} {speech.say('verdict.tied-seat', options=options)}"
    if telling.definition.method in BY_VOTES:
        return speech.say("verdict.tied", options=options, n=_most(result))
    return speech.say("verdict.tied-alike", options=options)


def _short(telling: Telling) -> str:
    result, speech = telling.result, telling.speech
    if result.finalists:
        return speech.say("verdict.second-round", options=telling.names(result.finalists))
    return speech.say("verdict.short-of-majority", option=telling.names(result.leaders), n=_most(result))


def _most(result: Result) -> int:
    return max((result.votes(number) for number in result.leaders), default=0)


def _won(telling: Telling) -> str:
    if telling.definition.seats > 1:
        return _elected(telling)
    assert telling.result.winner is not None
    return _WON.get(telling.definition.method, _by_votes)(telling, telling.result.winner)


def _elected(telling: Telling) -> str:
    result, speech = telling.result, telling.speech
    said = speech.say("verdict.elected", options=telling.names(result.winners), n=len(result.winners))
    empty = telling.definition.seats - len(result.winners)
    return f"{said} {speech.say('verdict.seats-left', n=empty)}" if empty else said


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
    if winner not in last.elected:  # the organisers decided between the last two
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

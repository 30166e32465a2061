"""The rules of a consultation in words: how many choices, what it takes to win, how many have voted."""

from __future__ import annotations

from fractions import Fraction

from bot.domain.consultation import BallotType, Base, Consultation, Definition, Majority, OptionRole
from bot.domain.results import Result, sides
from bot.domain.roll_sources import RollSource
from bot.text.catalogue import Speech
from bot.text.signatures import signatures_sentence, threshold_sentence


def choices_sentence(definition: Definition, speech: Speech) -> str:
    """How many options a ballot may hold."""
    total = len(definition.options)
    if definition.ballot is BallotType.SINGLE:
        return speech.say("choices.single")
    if definition.at_least == 1 and definition.at_most >= total:
        return speech.say("choices.any")
    if definition.at_least == definition.at_most:
        return speech.say("choices.exactly", n=definition.at_most)
    if definition.at_least == 1:
        return speech.say("choices.up-to", n=definition.at_most)
    return speech.say("choices.between", least=definition.at_least, n=min(definition.at_most, total))


def turnout_sentence(consultation: Consultation, result: Result, speech: Speech) -> str:
    """How many voted, of how many where that is known, how many of them by proxy: `17 votants sur 43`."""
    if consultation.definition.ballot is BallotType.SIGNATURE:
        return signatures_sentence(consultation, result, speech)
    said = _turnout(consultation, result, speech)
    return speech.say("turnout.by-proxy", turnout=said, n=result.by_proxy) if result.by_proxy else said


def _turnout(consultation: Consultation, result: Result, speech: Speech) -> str:
    if consultation.roll_size is None or consultation.definition.roll is RollSource.OPEN:
        return speech.say("turnout.alone", n=result.ballots)
    key = "turnout.of-roll" if consultation.roll_known else "turnout.of-about"
    return speech.say(key, n=result.ballots, roll=consultation.roll_size)


def rule_sentence(consultation: Consultation, voters: int | None, speech: Speech) -> str:
    """What it takes to win or pass, with the real numbers: majority, quorum, and how many have voted so far."""
    definition = consultation.definition
    if definition.ballot is BallotType.SIGNATURE:
        return threshold_sentence(consultation, speech)
    parts = [_majority_sentence(definition, speech)]
    majority, roll = definition.majority, consultation.roll_size
    if majority is not None and majority.fraction is not None and definition.base is Base.ROLL and roll:
        parts.append(speech.say("rule.needed-of-roll", n=votes_needed(majority, roll), roll=roll))
    if definition.second_round is not None:
        parts.append(speech.say("rule.second-round"))
    if definition.quorum is not None:
        parts.append(_quorum_sentence(consultation, voters, speech))
        parts += _if_missed(consultation, speech)
    return " ".join(parts)


def counting_sentence(definition: Definition, speech: Speech) -> str:
    """How the ballots are counted, in one sentence, and how many are elected if it is more than one."""
    said = speech.say(f"method.{definition.method.value}")
    if definition.seats == 1:
        return said
    return f"{said} {speech.say('rule.seats', n=definition.seats)}"


def _majority_sentence(definition: Definition, speech: Speech) -> str:
    majority, motion = definition.majority, sides(definition)
    if majority is not None and definition.ballot is BallotType.CONSENT:
        return _consent_sentence(definition, majority, speech)
    first, second = (motion[0].text, motion[1].text) if motion else ("", "")
    if majority is None:
        return counting_sentence(definition, speech)
    base = _base(definition, first, second, speech)
    if majority.fraction is None:
        return speech.say("rule.simple-motion", first=first, second=second) if motion else speech.say("rule.simple")
    share = fraction_words(majority.fraction, speech)
    key = "rule.more-than" if majority.strict else "rule.at-least"
    return (
        speech.say(f"{key}-motion", first=first, share=share, base=base)
        if motion
        else speech.say(key, share=share, base=base)
    )


def _consent_sentence(definition: Definition, majority: Majority, speech: Speech) -> str:
    """Consent, and the majority that is asked besides."""
    words = {option.role: option.text for option in definition.options}
    agree, disagree = words[OptionRole.AGREEMENT], words[OptionRole.DISAGREEMENT]
    parts = [counting_sentence(definition, speech), speech.say("rule.majority-too")]
    if majority.fraction is None:
        parts.append(speech.say("rule.simple-motion", first=agree, second=disagree))
    else:
        key = "rule.more-than-motion" if majority.strict else "rule.at-least-motion"
        share = fraction_words(majority.fraction, speech)
        parts.append(speech.say(key, first=agree, share=share, base=speech.say(f"rule.base.{definition.base.value}")))
    return " ".join(parts)


def _base(definition: Definition, first: str, second: str, speech: Speech) -> str:
    """What a majority is a share of; for a motion by single choice, the votes cast are those of its two sides."""
    if first and definition.base is Base.CAST and definition.ballot is BallotType.SINGLE:
        return speech.say("rule.base.sides", first=first, second=second)
    return speech.say(f"rule.base.{definition.base.value}")


def votes_needed(majority: Majority, base: int) -> int:
    """The fewest votes that reach a majority which is a fraction of `base`; at least one."""
    assert majority.fraction is not None
    whole, rest = divmod(majority.fraction.numerator * base, majority.fraction.denominator)
    return max(whole + 1 if majority.strict or rest else whole, 1)


def fraction_words(share: Fraction, speech: Speech) -> str:
    """A fraction as people say it: half, two thirds, 60 %."""
    if share == Fraction(1, 2):
        return speech.say("share.half")
    percent = share * 100
    if percent.denominator == 1:
        return speech.percent(share)
    return f"{share.numerator}/{share.denominator}"


def _quorum_sentence(consultation: Consultation, voters: int | None, speech: Speech) -> str:
    quorum, roll = consultation.definition.quorum, consultation.roll_size
    assert quorum is not None
    if roll is None and quorum.share is not None and not consultation.definition.quorum_of_present:
        return speech.say("rule.quorum-share", share=fraction_words(quorum.share, speech))
    if consultation.definition.quorum_of_present:
        return speech.say("rule.quorum-present", share=fraction_words(quorum.share or Fraction(0), speech))
    needed = quorum.needed(roll or 0)
    if voters is None:
        return speech.say("rule.quorum", n=needed)
    if roll is None:
        return speech.say("rule.quorum-alone", needed=needed, n=voters)
    return speech.say("rule.quorum-now", needed=needed, roll=roll, n=voters)


def _if_missed(consultation: Consultation, speech: Speech) -> list[str]:
    """What follows a missed quorum, as long as it may still be missed."""
    asked = consultation.definition.if_no_quorum
    if asked is None or consultation.put_off or consultation.closed_at is not None:
        return []
    return [speech.say(f"rule.if-no-quorum-{asked.remedy.value}", lasts=asked.lasts)]

"""A text to sign, in words: how many signed of how many asked, and what a signer is told; nobody votes or wins."""

from __future__ import annotations

from bot.domain.casting import Recorded
from bot.domain.consultation import Consultation, Results, State
from bot.domain.results import Result
from bot.text.catalogue import Speech


def signed(ruling: Recorded, speech: Speech, **facts: str) -> str:
    """The sentence for a signature (`number`, `until`): taken, taken already, withdrawn, or none to withdraw."""
    if ruling.choice is None:
        key = "signature.none" if ruling.repeated else "signature.withdrawn"
    else:
        key = "signature.already" if ruling.repeated else "signature.recorded"
    return speech.say(key, **facts)


def signatures_sentence(consultation: Consultation, result: Result, speech: Speech) -> str:
    """How many signed, of how many asked: `37 signatures of the 100 asked`; not before the closing where counts are
    hidden until then, since how many took part is the count itself."""
    definition, asked = consultation.definition, asked_for(consultation)
    if consultation.state is State.OPEN and definition.results is Results.CLOSING:
        return speech.say("signature.hidden" if asked is None else "signature.hidden-of", asked=asked or 0)
    if asked is None:
        return speech.say("signature.count", n=result.ballots)
    return speech.say("signature.count-of", n=result.ballots, asked=asked)


def threshold_sentence(consultation: Consultation, speech: Speech) -> str:
    """How many signatures are asked, in the words of a rule."""
    quorum, asked = consultation.definition.quorum, asked_for(consultation)
    if asked is not None:
        return speech.say("rule.signatures", n=asked)
    if quorum is not None and quorum.share is not None:
        return speech.say("rule.signatures-share", share=quorum.share)
    return speech.say("method.signature")


def asked_for(consultation: Consultation) -> int | None:
    """How many signatures are asked, None if no number is, or not known before the roll is frozen."""
    quorum = consultation.definition.quorum
    if quorum is None or (quorum.count is None and consultation.roll_size is None):
        return None
    return quorum.needed(consultation.roll_size or 0)


def signature_verdict(result: Result, speech: Speech) -> str:
    """Whether the number asked is reached; how many signed where none was asked."""
    if result.quorum is None:
        return speech.say("verdict.signatures", n=result.ballots)
    key = "verdict.signatures-reached" if result.ballots >= result.quorum else "verdict.signatures-short"
    return speech.say(key, n=result.ballots, asked=result.quorum)

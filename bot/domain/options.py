"""From the texts listed after a title to the options of a consultation, numbered for good."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import BallotType, Kind, Option, OptionRole
from bot.domain.deliberation_wishes import MOTION_OPTIONS, opinion_rules
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ABSTENTIONS, BLANKS, CONSENT_OPTIONS, NONE_OF_THESE, SIGNATURE_OPTION
from bot.domain.wishes import Wishes
from bot.domain.words import clean_options, clean_text, fold, shown

LEAST_OPTIONS = 2
MOST_OPTIONS = 40


def read_options(kind: Kind, texts: Sequence[str], wishes: Wishes) -> tuple[Option, ...]:
    """The options of a ballot (a proposal for consent and a text to sign bring theirs along); those of the vote after a
    debate, if there is one; the first statements of a map.

    Raises Refusal `too-few-options`, `too-many-options`, `nothing-to-choose`, `debate-options-need-final-vote`,
    `consent-has-its-options`, `signature-has-no-options`, `too-many-statements`, `repeated-statement`, besides
    those of `words.clean_options` and `words.clean_text`.
    """
    if kind is Kind.OPINIONS:
        return _statements(texts, opinion_rules(wishes).length)
    if kind is Kind.DEBATE and not wishes.asks("final_vote"):
        if texts:
            raise Refusal("debate-options-need-final-vote")
        return ()
    if kind is Kind.DEBATE and not texts:
        return read_listed(MOTION_OPTIONS[wishes.listed("lang") or wishes.language])
    if wishes.listed("ballot") == BallotType.CONSENT:
        return _consent(texts, wishes.listed("lang") or wishes.language)
    if wishes.listed("ballot") == BallotType.SIGNATURE:
        return _signature(texts, wishes.listed("lang") or wishes.language)
    return read_listed(texts)


def _consent(texts: Sequence[str], language: str) -> tuple[Option, ...]:
    if texts:
        raise Refusal("consent-has-its-options", options=CONSENT_OPTIONS[language])
    roles = (OptionRole.AGREEMENT, OptionRole.ABSTENTION, OptionRole.DISAGREEMENT, OptionRole.BLOCK)
    labelled = zip(CONSENT_OPTIONS[language], roles, strict=True)
    return tuple(Option(number, text, role) for number, (text, role) in enumerate(labelled, 1))


def _signature(texts: Sequence[str], language: str) -> tuple[Option, ...]:
    if texts:
        raise Refusal("signature-has-no-options")
    return (Option(1, SIGNATURE_OPTION[language]),)


def _statements(texts: Sequence[str], length: int) -> tuple[Option, ...]:
    if len(texts) > MOST_OPTIONS:
        raise Refusal("too-many-statements", n=MOST_OPTIONS)
    cleaned = [clean_text(text, length) for text in texts]
    seen: set[str] = set()
    for text in cleaned:
        if fold(text) in seen:
            raise Refusal("repeated-statement", said=shown(text))
        seen.add(fold(text))
    return tuple(Option(number, text) for number, text in enumerate(cleaned, 1))


def read_listed(texts: Sequence[str]) -> tuple[Option, ...]:
    """The options listed, numbered from 1. Raises Refusal `too-few-options`, `too-many-options`, `nothing-to-choose`,
    besides those of `words.clean_options`."""
    if len(texts) < LEAST_OPTIONS:
        raise Refusal("too-few-options", n=LEAST_OPTIONS)
    if len(texts) > MOST_OPTIONS:
        raise Refusal("too-many-options", n=MOST_OPTIONS)
    options = tuple(Option(number, text, role_of(text)) for number, text in enumerate(clean_options(texts), 1))
    if all(option.role is not OptionRole.SUBSTANTIVE for option in options):
        raise Refusal("nothing-to-choose")
    return options


def role_of(text: str) -> OptionRole:
    """What choosing an option of this name means: a vote for it, for none of the others, or no choice at all."""
    label = fold(text).strip(" .!")
    if label in ABSTENTIONS:
        return OptionRole.ABSTENTION
    if label in NONE_OF_THESE:
        return OptionRole.NONE
    return OptionRole.BLANK if label in BLANKS else OptionRole.SUBSTANTIVE

"""Profiles made in tests: from short words, and from the published tallies of the test data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from bot.domain.tally import METHODS, count
from bot.domain.tally.outcome import Outcome
from bot.domain.tally.profile import Ballots, Form, Profile


def rankings(text: str, options: Sequence[str] = (), form: Form = Form.RANKING) -> Profile:
    """`3: A > B = C` lines; options in the order given, else in that of the alphabet."""
    read = [(int(number), ballot) for number, ballot in re.findall(r"^\s*(\d+)\s*:(.*)$", text, re.MULTILINE)]
    return ranked_ballots(
        [
            ([[name.strip() for name in group.split("=")] for group in ballot.split(">")], number)
            for number, ballot in read
        ],
        options,
        form,
    )


def ranked_ballots(
    cast: Iterable[tuple[Sequence[Sequence[str]], int]], options: Sequence[str] = (), form: Form = Form.RANKING
) -> Profile:
    cast = list(cast)
    names = list(options) or sorted({name for groups, _ in cast for group in groups for name in group if name})
    ballots = Ballots(form)
    for groups, number in cast:
        ballots.rank([[names.index(name) for name in group if name] for group in groups], number)
    return ballots.profile(names)


def scored(options: Sequence[str], cast: Iterable[tuple[Sequence[int | None], int]]) -> Profile:
    ballots = Ballots(Form.SCORES)
    for scores, number in cast:
        given = {place: Fraction(score) for place, score in enumerate(scores) if score is not None}
        ballots.score(given, number)
    return ballots.profile(options)


def names(profile: Profile, options: Iterable[int]) -> list[str]:
    return [profile.options[option] for option in options]


def elected(profile: Profile, method: str, seats: int = 1) -> tuple[list[str], list[str]]:
    found = count(method, profile, seats)
    return names(profile, found.winners), names(profile, found.tied)


def figures(profile: Profile, tallies: Mapping[int, Fraction]) -> dict[str, Fraction]:
    return {profile.options[option]: figure for option, figure in tallies.items()}


def debian(path: Path, options: Sequence[str]) -> Profile:
    """Debian's tally sheets: `V: 1-2` gives the first option rank 1 and the third rank 2."""
    ballots = Ballots(Form.RANKING)
    for votes in re.findall(r"^V:\s*([-0-9A-Z]+)\s", path.read_text(encoding="utf-8"), re.MULTILINE):
        ranks = {place: int(rank, 36) for place, rank in enumerate(votes) if rank != "-"}
        ballots.rank([[o for o in ranks if ranks[o] == rank] for rank in sorted(set(ranks.values()))])
    return ballots.profile(options)


def condorcet_votes(path: Path, options: Sequence[str]) -> Profile:
    """The Condorcet Election Format: `A > B = C * 12`."""
    cast = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        ballot, _, number = line.replace("/EMPTY_RANKING/", "").partition("*")
        cast.append(([[name.strip() for name in group.split("=")] for group in ballot.split(">")], int(number or 1)))
    return ranked_ballots(cast, options)


def outcome(profile: Profile, method: str, seats: int = 1) -> Outcome:
    assert profile.form is METHODS[method].accepts or METHODS[method].budget
    return count(method, profile, seats)

"""A place for each person on a plane, near those who answer alike: principal components of the answers.

As Polis does it (Small et al. 2021; `math/src/polismath/math/pca.clj`): a missing answer
 counts as the statement's mean; the two components of the greatest variance are the axes; and because few
answers pull a person to the middle, each place is stretched by √(statements / answers given).

It imports numpy: import it where it is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.domain.opinions.table import Table

Places = NDArray[np.float64]
"""A row for each person: across and up."""


def places(votes: Table, hidden: int = 0) -> Places:
    """Where each person of the table stands. The axes' directions are fixed: the statement that weighs most on an axis
    is agreed with on its right, or its top.

    `hidden` statements were answered and then hidden: as in Polis they count as passed by everybody, which only makes
    the stretch smaller."""
    answered = ~np.isnan(votes)
    given = answered.sum(axis=1)
    filled = np.where(answered, votes, 0.0)
    means = filled.sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    centred = np.where(answered, filled - means, 0.0)  # a missing answer is the mean: nought
    stretch = np.sqrt((votes.shape[1] + hidden) / np.maximum(given + hidden, 1))
    projected: Places = centred @ _axes(centred) * stretch[:, None]
    return projected


def _axes(centred: Table) -> NDArray[np.float64]:
    """The two directions of the greatest variance, as columns; nought where there is no second one."""
    directions = np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1]
    axes = np.zeros((centred.shape[1], 2))
    axes[:, : directions.shape[1]] = directions
    heaviest = np.argmax(np.round(np.abs(axes), 9), axis=0)
    turned: NDArray[np.float64] = axes * np.where(axes[heaviest, [0, 1]] < 0, -1.0, 1.0)
    return turned


def cloud(group: Places) -> tuple[tuple[float, float], ...]:
    """One mark per place, spread evenly over the ellipse of their mean and covariance, in no order of theirs.

    It shows where a group is, how large and how wide, and where none of its members is. The marks follow a sunflower's
    spiral (H. Vogel, "A better way to construct the sunflower head", Mathematical Biosciences 44, 1979); on a disc
    of radius 2 their variance is the group's."""
    turns = np.arange(len(group)) * np.pi * (3 - 5**0.5)
    radii = 2 * np.sqrt((np.arange(len(group)) + 0.5) / len(group))
    disc = np.stack([radii * np.cos(turns), radii * np.sin(turns)], axis=1)
    spread, directions = np.linalg.eigh(np.cov(group, rowvar=False, bias=True))
    marks = group.mean(axis=0) + disc * np.sqrt(np.maximum(spread, 0)) @ directions.T
    return tuple((float(across), float(up)) for across, up in np.round(marks, 6))

"""Who stands together on the plane: k-means, with as many groups as separate them best.

As Polis does it, two to five groups are tried and the average silhouette decides (P. Rousseeuw,
"Silhouettes", Journal of Computational and Applied Mathematics 20, 1987). K-means only finds the best grouping near
where it starts, so it starts forty times for each number of groups, and the silhouette chooses between these too. The
starts are drawn from a fixed sequence over people in the order of their places: the same answers always give the same
groups, whatever the aliases.

It imports numpy: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from bot.domain.opinions.plane import Places

MOST = 5
STARTS = 40
SAMPLE = 500
"""People among whom the groups are looked for: all up to here, beyond so many at even intervals; then all join."""
_ROUNDS = 100
OTHERS = -1
"""The label of those who are in no group that is large enough."""

Labels = NDArray[np.int64]
"""The group of each place, counted from 0."""
Centres = NDArray[np.float64]
"""For each start and each group, its middle."""


def most_groups(people: int) -> int:
    """How many groups are tried at most: one more for each dozen people, from 2 to 5, as Polis does."""
    return min(MOST, 2 + people // 12)


def groups(points: Places) -> Labels:
    """The grouping with the greatest average silhouette; the fewest groups of those that are level. All are in one
    group when they stand on one spot."""
    if not len(points):
        return np.zeros(0, np.int64)
    ordered = points[np.lexsort(np.round(points, 9).T)]
    sample = ordered[np.linspace(0, len(points) - 1, min(len(points), SAMPLE)).round().astype(int)]
    spots = np.unique(np.round(sample, 9), axis=0)
    tried = [_settled(sample, _starts(spots, k)) for k in range(2, min(most_groups(len(points)), len(spots)) + 1)]
    groupings = [labels for settled in tried for labels in np.unique(_nearest(sample, settled), axis=0)]
    if not groupings:
        return np.zeros(len(points), np.int64)
    best = groupings[int(np.argmax(np.round(silhouettes(sample, groupings), 9)))]
    middles = np.stack([sample[best == group].mean(axis=0) for group in np.unique(best)])
    if len(sample) < len(points):
        middles = _settled(points, middles[None])[0]
    return np.unique(_nearest(points, middles[None])[0], return_inverse=True)[1]


def _starts(spots: Places, k: int) -> Centres:
    """The first middles of each start: k different spots."""
    chance = Random(k)  # noqa: S311 - a fixed sequence is what is wanted
    return np.stack([spots[chance.sample(range(len(spots)), k)] for _ in range(STARTS)])


def _nearest(points: Places, centres: Centres) -> Labels:
    """For each start, the group whose middle is nearest to each point."""
    across, up = (points[None, :, None, axis] - centres[:, None, :, axis] for axis in (0, 1))
    labels: Labels = (across * across + up * up).argmin(axis=2)
    return labels


def _settled(points: Places, centres: Centres) -> Centres:
    """Lloyd's algorithm for all starts at once: everybody to the nearest middle, middles anew, until nobody moves. A
    middle that nobody is nearest to stays where it is."""
    labels = _nearest(points, centres)
    for _ in range(_ROUNDS):
        belongs = np.eye(centres.shape[1])[labels]
        sizes = belongs.sum(axis=1)[:, :, None]
        sums = belongs.transpose(0, 2, 1) @ points
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
        moved = _nearest(points, centres)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return centres


def large_groups(points: Places, labels: Labels, minimum: int) -> Labels:
    """The groups of at least `minimum` people, the largest first, numbered from 0; all else are among the `OTHERS`.

    Where these others are fewer than `minimum`, what they answered could be worked out by subtraction: each of them is
    then counted with the large group whose middle is nearest."""
    sizes = np.bincount(labels, minlength=1)
    large = [group for group, size in enumerate(sizes) if size >= max(minimum, 1)]
    kept = np.where(np.isin(labels, large), labels, OTHERS)
    few = kept == OTHERS
    if large and few.sum() < minimum:
        middles = np.stack([points[labels == group].mean(axis=0) for group in large])
        kept[few] = np.array(large)[_nearest(points[few], middles[None])[0]]
    ranked = sorted(
        large, key=lambda group: (-(kept == group).sum(), *np.round(points[labels == group].mean(axis=0), 6))
    )
    ranks = {group: rank for rank, group in enumerate(ranked)} | {OTHERS: OTHERS}
    return np.array([ranks[group] for group in kept.tolist()], np.int64)


def silhouettes(points: Places, groupings: Sequence[Labels]) -> NDArray[np.float64]:
    """The average silhouette of each grouping; a person alone in their group counts as 0."""
    across, up = (points[:, axis, None] - points[:, axis] for axis in (0, 1))
    distances = np.sqrt(across * across + up * up)
    return np.array([_silhouettes(distances, labels).mean() for labels in groupings])


def _silhouettes(distances: NDArray[np.float64], labels: Labels) -> NDArray[np.float64]:
    belongs = np.eye(int(labels.max()) + 1)[labels]
    sums, sizes, people = distances @ belongs, belongs.sum(axis=0), np.arange(len(labels))
    within = sums[people, labels] / np.maximum(sizes[labels] - 1, 1)
    between = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    between[people, labels] = np.inf
    nearest = between.min(axis=1)
    scores: NDArray[np.float64] = (nearest - within) / np.maximum(np.maximum(nearest, within), 1e-12)
    return np.where((sizes[labels] > 1) & np.isfinite(nearest), scores, 0.0)

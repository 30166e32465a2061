"""Counting methods: one pure function per file, from merged ballots to a score for each option.

Each takes the options' numbers and the ballots merged by what they express, and
returns how many ballots support each option. What wins, and what happens when
options are level, is decided in `bot.domain.results`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.ballots import Choice
from bot.domain.consultation import Method
from bot.domain.counting.approval import approval
from bot.domain.counting.plurality import plurality

Count = Callable[[Sequence[int], Mapping[Choice, int]], dict[int, int]]

METHODS: Mapping[Method, Count] = {Method.PLURALITY: plurality, Method.APPROVAL: approval}

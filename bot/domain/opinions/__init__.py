"""The rules of an opinion map: statements, which one to show next, groups of people who vote alike.

`opinion_map` in `groups` puts together what the other modules compute: `plane` gives
each person a place, `clusters` finds who stands together, `tallies` counts,
`standing` says what a group holds, what bridges the groups and what divides them,
and `shown` is the result, in which nothing stands about fewer people than allowed.
"""

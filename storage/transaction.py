"""Everything a work may read and change, put together from its parts."""

from __future__ import annotations

from storage.added_options import SqlAddedOptions
from storage.consultations import Consultations
from storage.database import Database
from storage.debates import SqlDebates
from storage.joint import SqlJoint
from storage.journal import Journal
from storage.members import SqlMembers
from storage.opinion_maps import SqlOpinionMaps
from storage.organisations import Organisations
from storage.people import People
from storage.personal import SqlPersonal
from storage.posts import Posts
from storage.proxies import SqlProxies
from storage.reasons import SqlReasons
from storage.receipts import SqlReceipts
from storage.roll import Roll
from storage.rooms import Rooms
from storage.scrutiny import SqlScrutiny
from storage.sealed_ballots import SqlSealedBallots
from storage.sealing import Ballots
from storage.templates import Templates
from storage.traces import Traces


class SqlTransaction(Traces, People, Organisations, Templates, Rooms, Consultations, Roll, Ballots, Posts, Journal):
    """`bot.store.Transaction` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def added_options(self) -> SqlAddedOptions:
        """See Transaction."""
        return SqlAddedOptions(self._db)

    @property
    def debates(self) -> SqlDebates:
        """See Transaction."""
        return SqlDebates(self._db)

    @property
    def opinion_maps(self) -> SqlOpinionMaps:
        """See Transaction."""
        return SqlOpinionMaps(self._db)

    @property
    def joint(self) -> SqlJoint:
        """See Transaction."""
        return SqlJoint(self._db)

    @property
    def members(self) -> SqlMembers:
        """See Transaction."""
        return SqlMembers(self._db)

    @property
    def personal(self) -> SqlPersonal:
        """See Transaction."""
        return SqlPersonal(self._db)

    @property
    def proxies(self) -> SqlProxies:
        """See Transaction."""
        return SqlProxies(self._db)

    @property
    def reasons(self) -> SqlReasons:
        """See Transaction."""
        return SqlReasons(self._db)

    @property
    def receipts(self) -> SqlReceipts:
        """See Transaction."""
        return SqlReceipts(self._db)

    @property
    def sealed(self) -> SqlSealedBallots:
        """See Transaction."""
        return SqlSealedBallots(self._db)

    @property
    def scrutiny(self) -> SqlScrutiny:
        """See Transaction."""
        return SqlScrutiny(self._db)

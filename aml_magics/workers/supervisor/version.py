"""A version of a service: the revision that serves, and the one that is to take its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from aml_magics.records.service import ServiceError, Traffic
    from aml_magics.workers.supervisor.group import Group


class Version:
    """A version of an endpoint; any other service has one."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self._current: Group | None = None
        self._next: Group | None = None

    def needs(self, number: int) -> bool:
        """Whether a revision is newer than what it runs or has tried."""
        newest = self._next or self._current
        return newest is None or newest.number < number

    def renew(self, group: Group) -> list[Group]:
        """Let a revision take the place of the serving one, once it is ready; returns what is to end."""
        given_up, self._next = self._next, group
        if given_up is None:
            return []
        given_up.drain()
        return [given_up]

    def settle(self) -> list[Group]:
        """Let the next revision serve if it can; returns what is to end."""
        if self._next is None or self._next.is_failed:
            return []
        is_usable = self._next.is_full or (
            bool(self._next.ready()) and (self._current is None or not self._current.ready())
        )
        if not is_usable:
            return []
        old, self._current, self._next = self._current, self._next, None
        if old is None:
            return []
        old.drain()
        return [old]

    @property
    def fallback(self) -> int | None:
        """The older revision to serve, where the newest fails and this process has started none yet."""
        newest = self._next
        if self._current is not None or newest is None or not newest.is_failed:
            return None
        return self.traffic.revision if 0 < self.traffic.revision < newest.number else None

    def fall_back(self, group: Group) -> None:
        """Serve with an older revision, as soon as it is ready."""
        self._current = group

    def leave(self) -> list[Group]:
        """End all."""
        found = self.groups()
        for one in found:
            one.drain()
        return found

    def groups(self) -> list[Group]:
        """What it runs."""
        return [one for one in (self._current, self._next) if one is not None]

    def take(self, connection: socket.socket) -> bool:
        """Give a connection to a replica; False if there is none."""
        return self._current is not None and self._current.take(connection)

    @property
    def serving(self) -> int:
        """The revision that serves; 0 if none does."""
        return 0 if self._current is None else self._current.number

    @property
    def failure(self) -> ServiceError | None:
        """Why the newest revision cannot answer."""
        newest = self._next or self._current
        return newest.error if newest is not None and newest.is_failed else None

    @property
    def is_under_way(self) -> bool:
        """Whether a revision is started that is to take over."""
        return self._next is not None

    @property
    def is_silent(self) -> bool:
        """Whether no replica can answer."""
        return self._current is not None and not self._current.ready()

    @property
    def error(self) -> ServiceError | None:
        """Why the last replica ended."""
        return None if self._current is None else self._current.error

    @property
    def is_over(self) -> bool:
        """Whether nothing can answer, now or later."""
        found = self.groups()
        return bool(found) and all(one.is_failed for one in found)

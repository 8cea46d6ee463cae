"""Pieces of one file: several under way at once, each awaited in its turn."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


async def ahead(
    items: Sequence[T], width: int, act: Callable[[T], Awaitable[R]]
) -> AsyncGenerator[R]:
    """What a coroutine gives for each item, in their order, while it works on those that follow.

    Whoever leaves early closes this, which ends what is under way.

    Args:
        items: what to work on.
        width: how many at once.
        act: the coroutine.
    """
    under_way: deque[asyncio.Task[R]] = deque()
    waiting = iter(items)

    async def one(item: T) -> R:
        return await act(item)

    try:
        for item in waiting:
            under_way.append(asyncio.create_task(one(item)))
            if len(under_way) >= width:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
        for task in under_way:
            with suppress(
                asyncio.CancelledError, Exception
            ):  # the first exception is the one that is told
                await task

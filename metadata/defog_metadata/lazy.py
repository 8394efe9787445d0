"""Facts of frozen values that are computed on first use."""

from collections.abc import Callable
from typing import Generic, TypeVar, overload

__all__ = ["lazy"]

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class lazy(Generic[Owner, Value]):  # noqa: N801 - used as a decorator, like property
    """As ``functools.cached_property``, without its lock.

    Until Python 3.12 that lock is one for all instances: the analysis of one document would make
    every other wait. Here two threads may both compute a fact, which is the same fact.
    """

    def __init__(self, compute: Callable[[Owner], Value]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[Owner, Value]": ...
    @overload
    def __get__(self, instance: Owner, owner: type) -> Value: ...
    def __get__(self, instance: Owner | None, owner: type) -> "lazy[Owner, Value] | Value":
        if instance is None:
            return self
        value = self._compute(instance)
        # Found here from now on: a descriptor that cannot be set gives way to the instance.
        instance.__dict__[self._name] = value
        return value

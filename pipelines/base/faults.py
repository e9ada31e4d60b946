"""A fault of the program is told by its kind and place: whatever its text quotes reaches no log and no terminal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pipelines.base.errors import HeduiError, ProgramFault
from pipelines.base.mask import fault_told
from pipelines.base.scratch import in_use

_P = ParamSpec("_P")
_T = TypeVar("_T")


def program_fault(error: Exception) -> ProgramFault:
    """What may be said of an error that is none of ours."""
    return ProgramFault(
        fault_told(error),
        remedy="a fault of the program or the machine: report this line; the data it quoted is left out",
    )


def masked(work: Callable[_P, _T]) -> Callable[_P, _T]:
    """The same work, its scratch folder wiped at the end; an error that is none of ours comes out as ProgramFault, without its text and its cause."""

    @wraps(work)
    def inside(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            with in_use():
                return work(*args, **kwargs)
        except HeduiError as error:
            # What led to it may quote a row; a traceback would print that too.
            error.__cause__, error.__context__, error.__suppress_context__ = None, None, True
            raise
        except Exception as error:  # every other one is masked, whatever it is
            told = program_fault(error)
        raise told

    return inside

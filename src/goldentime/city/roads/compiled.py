"""How the road searches become machine code, and what happens where the disk cannot keep it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
_njit: Any = numba.njit


def compiled(function: Function) -> Function:
    """The function as machine code, kept on disk between starts; in memory only where no directory is writable."""
    try:
        return cast("Function", _njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba found no writable place for its cache
        return cast("Function", _njit(nogil=True, error_model="numpy")(function))

"""The figures of first light that are about video."""

from typing import Any

from bench import media_click, media_load


def rows() -> list[dict[str, Any]]:
    """Click to first frame, what a viewer costs, what a camera costs."""
    return [*media_click.rows(), *media_load.rows()]

"""How soft-edged shapes are painted into an array of light."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colour = tuple[float, float, float]
Points = Sequence[tuple[float, float]]


class Canvas:
    """(rows, columns, 3) light from 0 to 255; shapes may hang over every edge."""

    def __init__(self, width: int, height: int, light: NDArray[np.float32] | None = None) -> None:
        self.width, self.height = width, height
        self.light = np.zeros((height, width, 3), np.float32) if light is None else light.copy()

    def polygon(self, points: Points, colour: Colour, alpha: float = 1.0) -> None:
        """A convex polygon, its corners in either turn, in pixels."""
        corners = np.asarray(points, np.float32)
        window = self._window(*corners.min(axis=0), *corners.max(axis=0))
        if window is None:
            return
        x0, y0, x1, y1 = window
        columns = np.arange(x0, x1, dtype=np.float32) + 0.5
        rows = (np.arange(y0, y1, dtype=np.float32) + 0.5)[:, None]
        following = np.roll(corners, -1, axis=0)
        edges = following - corners
        turn = float(np.sum(corners[:, 0] * following[:, 1] - following[:, 0] * corners[:, 1]))
        lengths = np.hypot(edges[:, 0], edges[:, 1])
        cover = np.full((y1 - y0, x1 - x0), np.float32(alpha))
        for (px, py), (ex, ey), length in zip(corners, edges, lengths, strict=True):
            if length < 1e-3:
                continue
            sign = (1.0 if turn > 0 else -1.0) / length
            distance = (ex * (rows - py) - ey * (columns - px)) * sign
            np.minimum(cover, np.clip(distance + 0.5, 0, 1) * alpha, out=cover)
        self._blend(window, cover, colour)

    def ellipse(
        self, centre: tuple[float, float], radii: tuple[float, float], colour: Colour, alpha: float = 1.0
    ) -> None:
        """An upright ellipse, in pixels."""
        (cx, cy), (rx, ry) = centre, (max(radii[0], 0.3), max(radii[1], 0.3))
        window = self._window(cx - rx, cy - ry, cx + rx, cy + ry)
        if window is None:
            return
        x0, y0, x1, y1 = window
        columns = (np.arange(x0, x1, dtype=np.float32) + 0.5 - cx) / rx
        rows = ((np.arange(y0, y1, dtype=np.float32) + 0.5 - cy) / ry)[:, None]
        distance = (1.0 - np.sqrt(columns**2 + rows**2)) * min(rx, ry)
        self._blend(window, (np.clip(distance + 0.5, 0, 1) * alpha).astype(np.float32), colour)

    def glow(self, centre: tuple[float, float], radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Light that falls off from a centre, added to what is there."""
        cx, cy = centre
        window = self._window(cx - radius, cy - radius, cx + radius, cy + radius)
        if window is None:
            return
        x0, y0, x1, y1 = window
        columns = (np.arange(x0, x1, dtype=np.float32) + 0.5 - cx) / radius
        rows = ((np.arange(y0, y1, dtype=np.float32) + 0.5 - cy) / radius)[:, None]
        fall = np.clip(1.0 - np.sqrt(columns**2 + rows**2), 0, 1) ** 2 * strength
        self.light[y0:y1, x0:x1] += fall[:, :, None] * np.asarray(colour, np.float32)

    def to_picture(self) -> NDArray[np.uint8]:
        """(rows, columns, 3) bytes."""
        return np.clip(self.light, 0, 255).astype(np.uint8)

    def _window(self, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int] | None:
        x0, y0 = max(0, int(left) - 1), max(0, int(top) - 1)
        x1, y1 = min(self.width, int(right) + 2), min(self.height, int(bottom) + 2)
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None

    def _blend(self, window: tuple[int, int, int, int], cover: NDArray[np.float32], colour: Colour) -> None:
        x0, y0, x1, y1 = window
        part = self.light[y0:y1, x0:x1]
        part += (np.asarray(colour, np.float32) - part) * cover[:, :, None]

"""The platform's side of the media process."""

from goldentime.adapters.media_process.client import MediaOptions, MediaProcess

__all__ = ["MediaOptions", "MediaProcess"]

"""What a person reads, always in Korean and English."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ko", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages; an empty side is refused."""

    ko: str
    en: str

    def __post_init__(self) -> None:
        """Refuse a missing translation."""
        if not self.ko or not self.en:
            msg = f"a text needs both languages: {self.ko!r} / {self.en!r}"
            raise ValueError(msg)

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.ko if language == "ko" else self.en

    def to_dict(self) -> dict[str, str]:
        """`{"ko": ..., "en": ...}`, the shape every API answer uses."""
        return {"ko": self.ko, "en": self.en}

"""What differs between sites that speak the safety net over HTTP, beside the codes: charsets, sizes and tags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes, codes_from


@dataclass(frozen=True, slots=True)
class Tags:
    """The markers around an answer."""

    start: str = "$DA"
    end: str = "$DB"
    finish: str = "$DF"


@dataclass(frozen=True, slots=True)
class SafetyNetSettings(SafetyNetCodes):
    """One site's variant of the protocol; sizes in bytes unless said otherwise."""

    charsets: tuple[str, ...] = ("utf-8", "cp949")  # tried in turn when none is declared
    max_body: int = 1 << 20
    max_form_fields: int = 200
    tags: Tags = field(default_factory=Tags)


def settings_from(table: Mapping[str, Any]) -> SafetyNetSettings:
    """Settings of a TOML table; `kinds`, `states` and `aliases` add to the defaults. Raises OperatorsError."""
    return codes_from(SafetyNetSettings, table)

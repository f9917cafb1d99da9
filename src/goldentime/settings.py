"""What a city sets: one typed tree from a TOML file and the environment; unknown keys refused, secrets unprinted."""

import os
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

LOOPBACK = "127.0.0.1"
PREFIX = "GOLDENTIME_"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  compared, not bound
OF_SIMULATORS = frozenset({"agency_key", "simcam_password", "signals_key"})  # secrets the simulators take


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Web(_Part):
    """Where browsers and agencies connect; TLS certificate and key are paths."""

    host: str = LOOPBACK
    port: int = Field(default=8080, ge=0, le=65535)
    callback_networks: tuple[IPvAnyNetwork, ...] = ()  # where we may send though it is this machine or a link
    public_url: str = ""  # what people type, when a proxy stands in front; used in links and to check origins
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @property
    def address(self) -> str:
        """What others are told to ask: what people type, else where it listens.

        Empty when that is everywhere, or this machine alone while nobody we send to may be on it.
        """
        if self.public_url or self.host in EVERYWHERE or not self._is_reached:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.tls_certificate else ''}://{host}:{self.port}"

    @property
    def _is_reached(self) -> bool:
        try:
            at = ip_address(self.host)
        except ValueError:
            return True  # a name: whoever set it knows who finds it
        return not at.is_loopback or any(at in network for network in self.callback_networks)


class Media(_Part):
    """Where browsers fetch video, which networks cameras may be in, and how many streams may be open."""

    host: str = ""  # empty: where web.host is
    port: int = Field(default=0, ge=0, le=65535)
    allowed_networks: tuple[str, ...] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    open_streams: int = Field(default=200, ge=1, le=5000)


class DrillClock(_Part):
    """A drill's day: it began at `started`, stood at `begins` then, and goes so many times as fast."""

    begins: AwareDatetime
    started: AwareDatetime
    speed: float = Field(gt=0, le=10_000)


class City(_Part):
    """The city's names and its own rules; distances in metres, times as the names say."""

    name_ko: str = "우리 시"
    name_en: str = "Our city"
    number_prefix: str = Field(default="GO", pattern=r"^[A-Z]{1,4}$")
    radius_metres: float = Field(default=500.0, gt=0, le=3000)
    cameras_wanted: int = Field(default=4, ge=1, le=16)
    agency_grant_minutes: int = Field(default=30, ge=1, le=240)
    personal_data_days: int = Field(default=90, ge=1, le=3650)
    drill: bool = False  # a platform for exercises: whatever comes in is one, and is marked so
    drill_clock: DrillClock | None = None  # only together with `drill`: real incidents have the real time

    @model_validator(mode="after")
    def _only_drills_have_a_clock_of_their_own(self) -> "City":
        if self.drill_clock is not None and not self.drill:
            msg = "drill_clock needs drill = true"
            raise ValueError(msg)
        return self


class WireSettings(_Part):
    """Where an agency listens for messages of ours: `host` and `port` over TCP, `url` over HTTP.

    One on this machine or a link is spoken to only when `web.callback_networks` names its network.
    """

    linkage: str
    host: str = ""
    port: int = Field(default=0, ge=0, le=65535)
    url: str = Field(default="", pattern=r"^(https?://[^/\s@]+)?/?$")
    api_key: SecretStr = SecretStr("")  # what we log in with; empty where the wire asks for no login
    aria_key: SecretStr = SecretStr("")  # seals what we send (encAt=Y, ARIA-256); empty sends it open
    login_path: str = "/api/getAuth.json"
    event_path: str = "/linkHttp/recvEvent.json"
    tls: bool = False  # over TCP
    tls_authority: Path | None = None  # whose certificates are trusted; the system's own when not given


class Units(_Part):
    """What the city decides about its units; `run_cards` is a TOML file of its own run cards."""

    run_cards: Path | None = None
    ask_after_minutes: float = Field(default=10.0, gt=0, le=240)  # from the close: is the unit still there?
    clear_after_minutes: float = Field(default=30.0, gt=0, le=720)  # from the question nobody answered
    crew_after_arrival_minutes: float = Field(default=30.0, gt=0, le=240)  # how long a crew may look on
    crew_longest_minutes: float = Field(default=120.0, gt=0, le=720)  # from the order, should it never arrive


class SignalSettings(_Part):
    """The signal centre that is asked for greens; without a `host` nothing is asked."""

    host: str = ""
    port: int = Field(default=7911, ge=1, le=65535)
    key: SecretStr = SecretStr("")  # shared with the centre; neither side ever sends it
    tls: bool = False
    tls_authority: Path | None = None  # whose certificates are trusted; the system's own when not given
    queue_seconds: float = Field(default=15.0, ge=0, le=120)  # a queue needs to be gone when the unit comes
    position_lost_seconds: float = Field(default=10.0, ge=2, le=120)  # without a position a unit's greens go back
    severities: tuple[Literal["critical", "warning", "caution", "notice"], ...] = ("critical", "warning")  # asked for
    drills: bool = False  # whether a drill may turn real lights green

    @model_validator(mode="after")
    def _a_centre_knows_us_by_its_key(self) -> "SignalSettings":
        if self.host and not self.key.get_secret_value().strip():
            ko = "host를 쓰면 신호센터와 함께 아는 key(GOLDENTIME_SIGNALS__KEY)가 있어야 합니다"
            en = "with a host there must be the key that the signal centre knows (GOLDENTIME_SIGNALS__KEY)"
            raise PydanticCustomError("signals_key", "{en}", {"ko": ko, "en": en})
        return self


class KmaSettings(_Part):
    """The weather service that is asked for the wind; the key is the public data portal's."""

    key: SecretStr = Field(min_length=8)
    url: str = Field(
        default="https://apis.data.go.kr/1360000/VilageFcstInfoService_2.0", pattern=r"^https?://[^\s@?]+$"
    )
    every_seconds: float = Field(default=600.0, ge=60, le=3600)


class EgenSettings(_Part):
    """The service that is asked for emergency beds; an area is a province, or a province and a city in it."""

    key: SecretStr = Field(min_length=8)
    url: str = Field(default="https://apis.data.go.kr/B552657/ErmctInfoInqireService", pattern=r"^https?://[^\s@?]+$")
    areas: tuple[Annotated[str, Field(pattern=r"\S")], ...] = Field(min_length=1, max_length=10)
    every_seconds: float = Field(default=180.0, ge=60, le=1800)


class FeedSettings(_Part):
    """Services outside that are asked again and again; without a table of its own none is."""

    kma_nowcast: KmaSettings | None = None
    egen_beds: EgenSettings | None = None


class AgencySettings(_Part):
    """One agency: `senders` are its sendCd codes, `origins` may embed its viewer, `wire` is where we tell it things."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    name_ko: str
    name_en: str
    senders: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    legal_basis_ko: str = "개인정보 보호법 제18조"
    legal_basis_en: str = "Personal Information Protection Act, art. 18"
    origins: tuple[str, ...] = ()
    wire: WireSettings | None = None
    drills: bool = False  # its wire may carry orders of a drill, since it leads to no real crew or its own marks them


class MqttSettings(_Part):
    """A broker that vehicles of one agency report to: `fields` are dotted paths in its JSON.

    `fields` may name unit, lon, lat, at, speed, heading and accuracy; `unit_level` is the topic level naming the unit.
    """

    agency: str
    host: str
    port: int = Field(default=1883, ge=1, le=65535)
    topics: tuple[str, ...] = ("fleet/+/position",)
    unit_level: int | None = Field(default=None, ge=0, le=20)
    fields: dict[Literal["unit", "lon", "lat", "at", "speed", "heading", "accuracy"], str] = Field(default_factory=dict)
    speed_unit: Literal["km/h", "m/s", "kn"] = "km/h"
    user: str | None = None
    password: SecretStr | None = None
    client_id: str | None = None
    qos: int = Field(default=0, ge=0, le=1)
    tls: bool = False
    tls_authority: Path | None = None


class CotSettings(_Part):
    """A stream of Cursor on Target events of one agency's vehicles; `kinds` are the beginnings of the types taken."""

    agency: str
    url: str = Field(pattern=r"^(tcp|tls|udp\+ro)://[^/\s@]+$")
    kinds: tuple[str, ...] = ("a-f-G",)
    unit: Literal["callsign", "uid"] = "callsign"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_authority: Path | None = None


class PositionSettings(_Part):
    """How positions come in, how many days tracks are kept, and which items of 112UC110 name what."""

    track_days: int = Field(default=30, ge=1, le=3650)
    unit_keys: tuple[str, ...] = ("UNIT_ID", "CAR_NUM", "CAR_NO")
    speed_keys: tuple[str, ...] = ("SPEED", "CAR_SPEED")
    heading_keys: tuple[str, ...] = ("HEADING", "AZIMUTH", "ANGLE")
    mqtt: tuple[MqttSettings, ...] = ()
    cot: tuple[CotSettings, ...] = ()


def _all_linkages() -> dict[str, dict[str, Any]]:
    return {"safety_net_http": {}}


class Settings(BaseSettings):
    """Everything; environment variables are GOLDENTIME_WEB__PORT and so on, and win over the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path = Path("data")
    database_url: SecretStr | None = None  # PostgreSQL instead of the file in `data`
    master_key: SecretStr | None = None  # otherwise DATA/keys/master.key
    log: Literal["debug", "info", "warning", "error"] = "info"
    web: Web = Field(default_factory=Web)
    media: Media = Field(default_factory=Media)
    city: City = Field(default_factory=City)
    units: Units = Field(default_factory=Units)
    signals: SignalSettings = Field(default_factory=SignalSettings)
    feeds: FeedSettings = Field(default_factory=FeedSettings)
    agencies: tuple[AgencySettings, ...] = ()
    positions: PositionSettings = Field(default_factory=PositionSettings)
    linkages: dict[str, dict[str, Any]] = Field(default_factory=_all_linkages, repr=False)  # may hold keys

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the parent's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line over environment over file."""
        file = cls.model_config.get("toml_file")
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls)) if file else sources


def read_settings(file: Path | None = None, **given: Any) -> Settings:
    """The settings of a city.

    Raises pydantic.ValidationError for unknown keys and wrong values, OSError or ValueError for a file that is no TOML.
    """
    given |= _unknown_variables()
    if file is None:
        return Settings(**given)
    tomllib.loads(file.read_text("utf-8"))  # a broken file is told as such, not as a missing key
    chosen: type[Settings] = type(
        "Settings", (Settings,), {"model_config": {**Settings.model_config, "toml_file": file}}
    )
    return chosen(**given)


def _unknown_variables() -> dict[str, str]:
    """Our variables that set nothing, to be refused like unknown keys; their values stay where they are."""
    ours = [name.removeprefix(PREFIX).lower() for name in os.environ if name.startswith(PREFIX)]
    return {name: "" for name in ours if name.split("__", 1)[0] not in {*Settings.model_fields, *OF_SIMULATORS}}

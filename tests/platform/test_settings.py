"""What a city sets: the file, the environment over it, unknown keys named, secrets nowhere."""

from pathlib import Path

import pytest

from goldentime.command import settings_of
from goldentime.core.errors import OperatorsError
from goldentime.settings import Settings, Web, read_settings

SECRETS = ("postgresql://city:hunter2@db/gt", "0123456789abcdef" * 4, "linkage-secret-key")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file, empty so far, and no variable of ours."""
    for name in ("GOLDENTIME_DATA", "GOLDENTIME_LOG"):
        monkeypatch.delenv(name, raising=False)
    made = tmp_path / "goldentime.toml"
    made.touch()
    return made


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("colour = 'red'", "colour"),
        ("[web]\nprot = 1", "web.prot"),
        ("[media]\nnetworks = []", "media.networks"),
        ("[city]\nname = 'x'", "city.name"),
        ("[[agencies]]\nid = 'a1'\nname_ko = '가'\nname_en = 'A'\nsender = ['x']", "agencies.0.sender"),
    ],
)
def test_an_unknown_key_of_the_file_is_refused_and_named(file: Path, written: str, named: str) -> None:
    file.write_text(written, encoding="utf-8")
    with pytest.raises(OperatorsError) as refused:
        settings_of(file)
    assert f"{named}: 없는 항목입니다" in refused.value.text.ko
    assert f"{named}: there is no such key" in refused.value.text.en


@pytest.mark.parametrize("key", ["", "key = ''", "key = '  '"])
def test_a_signal_centre_without_its_key_is_refused_in_words(file: Path, key: str) -> None:
    file.write_text(f"[signals]\nhost = '10.0.0.9'\n{key}", encoding="utf-8")
    with pytest.raises(OperatorsError) as refused:
        settings_of(file)
    assert "signals: host를 쓰면 신호센터와 함께 아는 key" in refused.value.text.ko
    assert "signals: with a host there must be the key" in refused.value.text.en


def test_a_signal_centre_with_its_key_is_taken_wherever_the_key_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("[signals]\nhost = '10.0.0.9'\n", encoding="utf-8")
    monkeypatch.setenv("GOLDENTIME_SIGNALS__KEY", "a key of the environment")
    assert settings_of(file).signals.host == "10.0.0.9"


def test_an_unknown_variable_of_ours_is_refused_and_its_value_untold(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDENTIME_MASTERKEY", SECRETS[1])
    with pytest.raises(OperatorsError) as refused:
        settings_of(file)
    assert "masterkey" in refused.value.text.en
    assert SECRETS[1] not in refused.value.text.ko + refused.value.text.en


def test_the_secrets_of_the_simulators_are_no_settings_and_trouble_nobody(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDENTIME_AGENCY_KEY", "k")
    monkeypatch.setenv("GOLDENTIME_SIMCAM_PASSWORD", "p")
    assert settings_of(file).web.port == 8080


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("data = 'of the file'\n[web]\nport = 1111\nhost = '10.0.0.1'\n", encoding="utf-8")
    monkeypatch.setenv("GOLDENTIME_WEB__PORT", "2222")
    monkeypatch.setenv("GOLDENTIME_DATA", "of the environment")
    settings = settings_of(file, Path("of the command line"))
    assert (settings.web.port, settings.web.host, settings.data) == (2222, "10.0.0.1", Path("of the command line"))
    assert settings_of(file).data == Path("of the environment")


def test_secrets_are_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDENTIME_DATABASE_URL", SECRETS[0])
    monkeypatch.setenv("GOLDENTIME_MASTER_KEY", SECRETS[1])
    settings = read_settings(linkages={"safety_net_http": {"aria_key": SECRETS[2]}})
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == SECRETS[0]
    told = f"{settings} {settings!r} {settings.model_dump_json(exclude={'linkages'})}"
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_wrong_value_is_named_and_not_repeated(file: Path) -> None:
    file.write_text(f"database_url = ['{SECRETS[0]}']\n[web]\nport = 'hunter2'\n", encoding="utf-8")
    with pytest.raises(OperatorsError) as refused:
        settings_of(file)
    told = refused.value.text.ko + refused.value.text.en
    assert "database_url" in told
    assert "web.port" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("broken", ["[web", "port = = 3", 'x = "\udcff"'])
def test_a_file_that_is_no_toml_is_told_as_such(file: Path, broken: str) -> None:
    file.write_bytes(broken.encode("utf-8", "surrogateescape"))
    with pytest.raises(OperatorsError, match="Cannot read the settings"):
        settings_of(file)


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(OperatorsError, match=r"none\.toml"):
        settings_of(tmp_path / "none.toml")


def test_what_the_reference_page_shows_can_be_loaded(file: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text("utf-8")
    file.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    settings = settings_of(file)
    assert settings.agencies[0].id == "agency-112"
    assert {name for name in Settings.model_fields if name not in page} == set()


def test_one_reading_leaves_no_trace_in_the_next(file: Path) -> None:
    file.write_text("[web]\nport = 1111\n", encoding="utf-8")
    assert settings_of(file).web.port == 1111
    assert settings_of(None).web.port == 8080


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, ""),
        ({"callback_networks": ["127.0.0.0/8"]}, "http://127.0.0.1:8080"),
        ({"host": "::1", "port": 80, "callback_networks": ["::1/128"]}, "http://[::1]:80"),
        ({"host": "gt.city.kr"}, "http://gt.city.kr:8080"),
        ({"host": "10.1.2.3", "tls_certificate": "x.pem", "tls_key": "x.key"}, "https://10.1.2.3:8080"),
        ({"host": "0.0.0.0"}, ""),  # noqa: S104  not bound
        ({"host": "0.0.0.0", "public_url": "https://gt.city.kr/"}, "https://gt.city.kr"),  # noqa: S104  not bound
    ],
)
def test_others_are_told_what_people_type_or_where_it_listens(told: dict[str, object], address: str) -> None:
    assert Web.model_validate(told).address == address

"""The console's built files: packed to who takes it, whole to who does not, and kept for good either way."""

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from goldentime.edges.http.pages import install_pages

WORDS = "export const 말 = '골든타임';\n" * 200


@pytest.fixture
def built(tmp_path: Path) -> httpx.AsyncClient:
    """Pages over a console of one packed script, one packed style and one picture that is not."""
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("index-1.js", "style-1.css"):
        (assets / name).write_text(WORDS)
        (assets / f"{name}.gz").write_bytes(gzip.compress(WORDS.encode()))
    (assets / "font-1.woff2").write_bytes(b"wOF2")
    app = FastAPI()
    install_pages(app, console=tmp_path, map_pack=tmp_path / "city.pmtiles", embedders=frozenset)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


@pytest.mark.parametrize(("name", "kind"), [("index-1.js", "text/javascript"), ("style-1.css", "text/css")])
async def test_scripts_and_styles_go_packed_to_who_takes_gzip(built: httpx.AsyncClient, name: str, kind: str) -> None:
    packed = await built.get(f"/assets/{name}", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == f"{kind}; charset=utf-8"
    assert int(packed.headers["content-length"]) < len(WORDS.encode()) / 10
    assert packed.text == WORDS
    whole = await built.get(f"/assets/{name}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in whole.headers
    assert whole.headers["content-type"] == packed.headers["content-type"]
    assert whole.text == WORDS
    for answer in (packed, whole):
        assert answer.headers["vary"] == "Accept-Encoding", "a proxy must not mix them up"
        assert "immutable" in answer.headers["cache-control"]


async def test_what_is_not_packed_goes_as_it_is(built: httpx.AsyncClient) -> None:
    answer = await built.get("/assets/font-1.woff2", headers={"Accept-Encoding": "gzip"})
    assert answer.content == b"wOF2"
    assert "content-encoding" not in answer.headers
    assert (await built.get("/assets/none.js", headers={"Accept-Encoding": "gzip"})).status_code == 404

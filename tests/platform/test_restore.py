"""The lines of docs/how-to/back-up-and-restore.md, typed: a backup of a running city brings back what it knew."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from fakes.hall import OURS, SCENE, Pictures, furnish, seat
from fakes.walk import wait_for
from goldentime.adapters.sql import open_store
from goldentime.core.clock import SystemClock

pytestmark = [pytest.mark.slow, pytest.mark.socket]
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "back-up-and-restore.md"
SETTINGS = '[[agencies]]\nid = "agency-112"\nname_ko = "경찰청 112"\nname_en = "Police 112"\nservices = ["112_video"]\n'


def lines(folder: Path) -> tuple[str, str]:
    """The page's two blocks, the backups in the test's folder and the restored one of today; the last line serves."""
    back_up, restore = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    restore = re.sub(r"goldentime-\d{4}-\d\d-\d\d\.db", "goldentime-$(date +%F).db", restore)
    stopped, served = restore.rsplit("goldentime serve", 1)
    assert served.startswith(" --data data")
    here = str(folder / "backup")
    return back_up.replace("/backup", here), stopped.replace("/backup", here)


def run(script: str, folder: Path, environment: dict[str, str]) -> None:
    command = ["bash", "-euc", script]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_backup_taken_while_running_comes_back_whole(tmp_path: Path, environment, serve) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "goldentime.toml").write_text(SETTINGS, encoding="utf-8")
    with open_store(tmp_path / "data", clock=SystemClock()) as store:
        furnish(tmp_path / "data", store, Pictures())
        operator = seat(store)["operator"]
    back_up, restore = lines(tmp_path)
    with serve(tmp_path) as platform:
        asked = {**operator, **OURS}
        kept = httpx.post(f"{platform.url}/api/incidents", json={**SCENE, "title": "남는 상황"}, headers=asked).json()
        run(back_up, tmp_path, environment)
        lost = httpx.post(f"{platform.url}/api/incidents", json={**SCENE, "title": "뒤의 상황"}, headers=asked).json()
        assert platform.stop() == 0
    run(restore, tmp_path, environment)
    with serve(tmp_path) as platform:
        wait_for(lambda: httpx.get(f"{platform.url}/api/health").is_success, 20, "the restored platform")
        found = httpx.get(f"{platform.url}/api/incidents/{kept['id']}", headers=operator)
        assert found.status_code == 200, found.text
        assert "남는 상황" in found.text  # which is in the vault, so that the key fits too
        assert httpx.get(f"{platform.url}/api/incidents/{lost['id']}", headers=operator).status_code == 404

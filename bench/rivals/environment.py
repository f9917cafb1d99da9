"""Where a rival engine is installed: a virtual environment of its own, made once and kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements/rivals.txt"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "goldentime-bench"


class NotHere(Exception):  # noqa: N818  (said as it is)
    """The rival cannot be run on this machine; the reason in words."""


def environment(version: str, requirements: Path = REQUIREMENTS) -> Path:
    """The bin folder of the environment for that Python, such as "3.12"; raises NotHere."""
    folder = CACHE / f"{requirements.stem}-{version}"
    ready = folder / "ready"
    if ready.exists() and ready.read_text() == requirements.read_text():
        return folder / "bin"
    python = _python(version)
    if python is None:
        raise NotHere(f"no Python {version}")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True, timeout=120)
        pip = [folder / "bin/python", "-m", "pip", "install", "-q", "--only-binary=:all:", "-r", requirements]
        subprocess.run(pip, check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as problem:
        raise NotHere(f"not installed ({problem})"[:200]) from problem
    ready.write_text(requirements.read_text())
    return folder / "bin"


def _python(version: str) -> str | None:
    if f"{sys.version_info.major}.{sys.version_info.minor}" == version:
        return sys.executable
    found = [shutil.which(f"python{version}"), *map(str, Path.home().glob(f".pyenv/versions/{version}*/bin/python"))]
    for python in found:
        if python is not None:
            told = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
            if told.returncode == 0 and f"Python {version}." in told.stdout:
                return python
    return None

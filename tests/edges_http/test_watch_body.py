"""What a page may ask to watch by: ids as the city and the platform make them, nothing longer and nothing else."""

import pytest
from pydantic import ValidationError

from goldentime.edges.http.views import Watch


@pytest.mark.parametrize("camera", ["K1-1", "수원-0012-3", "s0123456789ab.2-1", "가" * 64 + "-12"])
def test_an_id_that_an_import_may_have_made_is_taken(camera: str) -> None:
    assert Watch(camera_id=camera, incident_id="inc-0123456789abcdefghjk").camera_id == camera


@pytest.mark.parametrize(
    "body",
    [
        {"camera_id": "홍길동 010-1234-5678"},
        {"camera_id": "x" * 81},
        {"camera_id": "K1-1", "incident_id": "홍길동"},
        {"camera_id": "K1-1", "incident_id": "i" * 65},
        {"camera_id": "K1-1\n"},
    ],
)
def test_what_cannot_be_an_id_is_refused_before_anything_is_done_with_it(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Watch(**body)

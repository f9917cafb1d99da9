"""What a refused request was told, in both languages."""

import httpx


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code, having checked that the words are there in both languages."""
    error = answer.json()["error"]
    assert set(error) == {"code", "text", "field"}
    assert all(error["text"][language] for language in ("ko", "en"))
    return answer.status_code, error["code"]

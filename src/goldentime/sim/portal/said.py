"""What the simulated portal answers with: its own result codes, and its gateway's errors in XML whatever was asked."""

from dataclasses import dataclass

from goldentime.core.errors import SendersError
from goldentime.core.text import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and what it is."""

    body: bytes
    content_type: str = "application/json;charset=UTF-8"
    status: int = 200


class Refused(SendersError):  # noqa: N818  (what the service calls it)
    """The service itself says no, in the form that was asked for."""

    def __init__(self, code: str, message: str) -> None:
        """Its two digits and its words."""
        super().__init__(Text(message, message))
        self.number, self.message = code, message


def gateway_error(code: str, message: str) -> Answer:
    """What the gateway says before the service is asked; in XML, and with status 200."""
    body = (
        "<OpenAPI_ServiceResponse>\n\t<cmmMsgHeader>\n\t\t<errMsg>SERVICE ERROR</errMsg>\n"
        f"\t\t<returnAuthMsg>{message}</returnAuthMsg>\n\t\t<returnReasonCode>{code}</returnReasonCode>\n"
        "\t</cmmMsgHeader>\n</OpenAPI_ServiceResponse>"
    )
    return Answer(body.encode(), "text/xml;charset=UTF-8")

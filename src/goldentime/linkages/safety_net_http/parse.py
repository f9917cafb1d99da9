"""How a message over HTTP becomes a report, and what an integrator is told of a test message."""

from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.explaining import explain_envelope
from goldentime.linkage_kit.safety_net.reading import Reading
from goldentime.linkages.safety_net_http.envelope import open_envelope
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report


def parse(raw: RawMessage, settings: SafetyNetSettings) -> Report:
    """The report in the message.

    Raises BadMessage with 4101 when a mandatory field is missing, 4102 when one has the wrong type, 4000 otherwise.
    An optional field that cannot be read never costs the report: it is left out and noted.
    """
    return Reading(open_envelope(raw, settings), raw, settings, Ledger()).report()


def explain(raw: RawMessage, settings: SafetyNetSettings) -> Explanation:
    """What was understood; problems are in it, never raised."""
    return explain_envelope(lambda: open_envelope(raw, settings), raw, settings)

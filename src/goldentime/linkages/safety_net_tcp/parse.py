"""How a message over TCP becomes a report, and what an integrator is told of a test message."""

from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.linkage import Explanation
from goldentime.linkage_kit.safety_net.explaining import explain_envelope
from goldentime.linkage_kit.safety_net.reading import Reading
from goldentime.linkages.safety_net_tcp.envelope import Opener
from goldentime.linkages.safety_net_tcp.settings import TcpSettings
from goldentime.messages.exchange import RawMessage
from goldentime.messages.report import Report


def parse(raw: RawMessage, opener: Opener, settings: TcpSettings) -> Report:
    """The report in the message; raises BadMessage 4101, 4102 or 4000 as over HTTP."""
    return Reading(opener.open(raw.body), raw, settings, Ledger()).report()


def explain(raw: RawMessage, opener: Opener, settings: TcpSettings) -> Explanation:
    """What was understood; problems are in it, never raised."""
    return explain_envelope(lambda: opener.open(raw.body), raw, settings)

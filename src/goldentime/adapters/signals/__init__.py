"""A signal centre over TCP, by the protocol of docs/reference/signal-centre.md."""

from goldentime.adapters.signals.client import SignalCentreClient

__all__ = ["SignalCentreClient"]

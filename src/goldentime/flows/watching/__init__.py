"""Who may look and until when, how a look begins and ends, and what is told of what was seen."""

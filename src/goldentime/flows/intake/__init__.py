"""How a message of an agency comes in: let in, kept, answered and acted on, in a flood the gravest first."""

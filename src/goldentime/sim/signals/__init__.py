"""A signal centre that is strict about its rules: junction controllers behind a socket, for tests, demos and SUMO."""

"""Runs the migrations on the connection it is handed; the transaction around them is the caller's."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False, render_as_batch=True)
context.run_migrations()

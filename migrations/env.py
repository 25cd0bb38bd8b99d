"""Alembic's entry: the archive hands over its own connection."""

from alembic import context

from governance.store.tables import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Kör `kadens` i stället: det uppgraderar databasen av sig självt.")
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's entry: run the migrations on the connection the ledger hands over."""

from alembic import context

from pipelines.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

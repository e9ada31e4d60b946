"""Alembic's entry for the review site's own tables: a version table of their own beside the ledger's."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="web_version",
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Brings the ledger of HEDUI_LEDGER to the head of sql/migrations: opening it does."""

from pipelines.base.settings import Where
from pipelines.store.ledger import Ledger

Ledger(Where.of().ledger)

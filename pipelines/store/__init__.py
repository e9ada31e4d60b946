"""Where tables and facts are kept: the lake (Parquet partitions) and the ledger (SQLAlchemy)."""

"""Lineage: lineage is data (`record_id`, `derived_from`), so tracing is one recursive join."""

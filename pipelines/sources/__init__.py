"""Registries as data: one YAML a source says who sends what, in which form, and what each column becomes."""

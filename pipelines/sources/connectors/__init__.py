"""Connectors fetch what a registry offers into the drop folder; landing then reads it like any delivery.

Import `connectors.settings` for the YAML part (light) and `connectors.fetch` to fetch (loads the libraries).
"""

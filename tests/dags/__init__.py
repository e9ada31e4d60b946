"""The DAG files, the embedded Airflow that really runs them, and the compose file."""

#!/bin/sh
# First start only: one role and one database each for Airflow and for the ledger; neither sees the other.
set -eu
create() {
    psql --set=ON_ERROR_STOP=1 --set=name="$1" --set=word="$(cat "$2")" --username postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'word';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}
create airflow /run/secrets/airflow_database_password
create hedui /run/secrets/hedui_ledger_password

#!/bin/sh
# Makes docker/secrets/*, once: random, readable by the owner and by the containers' users only.
set -eu
cd "$(dirname "$0")/secrets"
umask 077
random() { od -An -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }
fresh() { [ -e "$1" ] || printf '%s' "$2" > "$1"; }
for name in postgres_password airflow_database_password hedui_ledger_password redis_password cockpit_password; do
    fresh "$name" "$(random 24)"
done
fresh jwt_secret "$(random 64)"
fresh session_key "$(random 48)"
fresh fernet_key "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')"
fresh airflow_database "postgresql+psycopg://airflow:$(cat airflow_database_password)@postgres:5432/airflow"
fresh hedui_ledger "postgresql+psycopg://hedui:$(cat hedui_ledger_password)@postgres:5432/hedui"
fresh celery_broker "redis://:$(cat redis_password)@redis:6379/0"
fresh celery_results "redis://:$(cat redis_password)@redis:6379/1"
# Bind-mounted with the host's mode: the folder keeps others out, the containers' users must read the files.
chmod 0700 . && chmod 0444 ./*

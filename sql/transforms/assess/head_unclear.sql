-- One row per household of which the list calls nobody the head, or several; value: people called head.
SELECT
    record_id AS household_id,
    '' AS subject,
    heads AS value,
    1::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({'heads': heads})::VARCHAR AS detail,
    []::VARCHAR[] AS evidence
FROM household
WHERE heads <> 1

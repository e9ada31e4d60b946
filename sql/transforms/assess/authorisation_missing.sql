-- One row per member without a valid form; a member who may not be looked up at all. value: 1.
SELECT
    household_id,
    member_id AS subject,
    1::BIGINT AS value,
    NULL::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({'standing': standing})::VARCHAR AS detail,
    [record_id] AS evidence
FROM member_authorisation
WHERE standing NOT IN ('valid', 'on_file')

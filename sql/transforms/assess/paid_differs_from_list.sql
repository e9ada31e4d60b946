-- One row per household: the month's payment against what the list states, 分. Either direction differs.
SELECT
    household_id,
    '' AS subject,
    paid_amount AS value,
    listed_amount AS "limit",
    CASE
        WHEN paid_amount IS NULL OR listed_amount IS NULL THEN 'cannot_verify'
        WHEN paid_amount <> listed_amount THEN 'exceeded'
        ELSE 'within'
    END AS finding,
    to_json({'listed': listed_amount, 'paid': paid_amount})::VARCHAR AS detail,
    []::VARCHAR[] AS evidence
FROM household_fact

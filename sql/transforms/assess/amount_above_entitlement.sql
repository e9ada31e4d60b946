-- One row per household not over the income standard: paid against the most it can be entitled to, 分 a month.
-- A household over the standard is asked about its income; a second question about the amount adds nothing.
SELECT
    household_id,
    '' AS subject,
    paid_amount AS value,
    entitlement AS "limit",
    CASE
        WHEN paid_amount IS NULL THEN 'cannot_verify'
        WHEN paid_amount - entitlement > $materiality THEN 'exceeded'
        ELSE 'within'
    END AS finding,
    to_json({
        'covered': covered,
        'fixed': coalesce(fixed, 0),
        'income': counted_income,
        'living': living,
        'materiality': $materiality::BIGINT,
        'standard': standard
    })::VARCHAR AS detail,
    income_evidence AS evidence
FROM household_fact
WHERE counted_income <= income_limit

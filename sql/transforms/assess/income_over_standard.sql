-- One row per household: counted income of its living members against standard × their number, 分 a month.
-- Exactly at the standard is within here: "exceeded" is what is certainly over.
SELECT
    household_id,
    '' AS subject,
    counted_income AS value,
    income_limit AS "limit",
    CASE WHEN counted_income > income_limit THEN 'exceeded' ELSE 'within' END AS finding,
    to_json({
        'base': base,
        'disregard': $disregard::BIGINT,
        'employee': employee,
        'living': living,
        'resident': resident,
        'resident_counted': resident_counted,
        'standard': standard,
        'taxed': taxed,
        'wage': wage
    })::VARCHAR AS detail,
    income_evidence AS evidence
FROM household_fact

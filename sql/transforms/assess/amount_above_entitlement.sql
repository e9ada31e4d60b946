-- One row per household not over the income standard: paid against the most it can be entitled to, 分 a month.
-- A household over the standard is asked about its income; a second question about the amount adds nothing.
-- A question that was open last month closes only below its share of the materiality: no jitter from noise.
WITH asked AS (
    SELECT household_id
    FROM line_before
    WHERE rule = 'amount_above_entitlement' AND verdict = 'exceeded'
),

held_against AS (
    SELECT
        f.*,
        CASE
            WHEN a.household_id IS NULL THEN t.materiality
            ELSE t.materiality * t.amount_hysteresis // t.whole
        END AS materiality
    FROM household_fact AS f
    CROSS JOIN term AS t
    LEFT JOIN asked AS a ON a.household_id = f.household_id
    WHERE f.counted_income <= f.income_limit
)

SELECT
    household_id,
    '' AS subject,
    paid_amount AS value,
    entitlement AS "limit",
    CASE
        WHEN paid_amount IS NULL THEN 'cannot_verify'
        WHEN paid_amount - entitlement > materiality THEN 'exceeded'
        ELSE 'within'
    END AS finding,
    to_json({
        'counting': counting,
        'covered': covered,
        'fixed': coalesce(fixed, 0),
        'income': counted_income,
        'materiality': materiality,
        'standard': standard,
        'supplement': entitlement - least(entitlement, coalesce(fixed * covered, owed))
    })::VARCHAR AS detail,
    income_evidence AS evidence
FROM held_against

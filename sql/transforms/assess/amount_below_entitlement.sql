-- One row per household not over the income standard: paid against the least it is certainly entitled to, 分 a month.
-- Silence is not zero: nothing follows from income nobody reported. What is certain, the largest of:
--   basic   what destitute support (特困) pays everybody
--   full    the list itself grants the full amount, less the income known
--   change  what was paid before, and what a higher standard or a longer list adds to it. Income that is no longer
--           seen adds nothing: the larger of both months is taken; nor is it ever more than the entitlement.
-- The last two need every source of income; pairs under review on income make it a question to confirm.
WITH asked AS (
    SELECT household_id
    FROM line_before
    WHERE rule = 'amount_below_entitlement' AND verdict IN ('exceeded', 'to_confirm')
),

doubted AS (
    SELECT DISTINCT c.household_id
    FROM linked_review AS r
    JOIN counting_member AS c ON c.member_id = r.member_id
    JOIN term AS t ON list_contains(t.income_sources, r.source)
    WHERE c.counts
),

compared AS (
    SELECT
        f.*,
        d.household_id IS NOT NULL AS is_doubted,
        coalesce(b.standard, 0) AS standard_before,
        coalesce(b.covered_members, 0) AS covered_before,
        b.paid_amount AS paid_before,
        CASE
            WHEN a.household_id IS NULL THEN t.materiality
            ELSE t.materiality * t.amount_hysteresis // t.whole
        END AS materiality,
        -- Both months' sources of income must have spoken, and the months must differ in standard or people.
        coalesce(
            (
                f.standard > b.standard
                OR f.counting > b.counting_members
                OR f.covered > b.covered_members
            )
            AND len(list_filter(b.missing_sources, lambda source: list_contains(t.income_sources, source))) = 0,
            false
        ) AS has_changed,
        greatest(f.standard * f.counting - greatest(f.counted_income, b.counted_income), 0) * f.covered
            // greatest(f.counting, 1) AS owed_now,
        greatest(b.standard * b.counting_members - b.counted_income, 0) * b.covered_members
            // greatest(b.counting_members, 1) AS owed_before
    FROM household_fact AS f
    CROSS JOIN term AS t
    LEFT JOIN household_before AS b ON b.household_id = f.household_id
    LEFT JOIN asked AS a ON a.household_id = f.household_id
    LEFT JOIN doubted AS d ON d.household_id = f.household_id
    WHERE f.counted_income <= f.income_limit
),

grounds AS (
    SELECT
        *,
        least * covered AS basic,
        CASE WHEN fixed IS NULL AND category = 'full' AND len(income_missing) = 0 THEN owed_now END AS full_amount,
        CASE
            WHEN fixed IS NULL AND has_changed AND len(income_missing) = 0 AND paid_before > 0
                THEN least(paid_before + greatest(owed_now - owed_before, 0), owed_now)
        END AS changed
    FROM compared
),

bound AS (
    SELECT *, greatest(basic, full_amount, changed) AS certain
    FROM grounds
)

SELECT
    household_id,
    '' AS subject,
    paid_amount AS value,
    certain AS "limit",
    CASE
        WHEN paid_amount IS NULL THEN 'cannot_verify'
        WHEN certain IS NULL OR certain - paid_amount <= materiality THEN 'within'
        WHEN is_doubted AND basic IS NULL THEN 'to_confirm'
        ELSE 'exceeded'
    END AS finding,
    to_json({
        'counting': counting,
        'covered': covered,
        'covered_before': covered_before,
        'ground': CASE certain WHEN basic THEN 'basic' WHEN full_amount THEN 'full' WHEN changed THEN 'change' END,
        'income': counted_income,
        'materiality': materiality,
        'paid_before': coalesce(paid_before, 0),
        'standard': standard,
        'standard_before': standard_before
    })::VARCHAR AS detail,
    income_evidence AS evidence
FROM bound

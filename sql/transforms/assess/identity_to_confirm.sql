-- One row per member who counts with a pair under review that, if true, would matter. Nothing of it is counted.
-- A death, a counted vehicle, a shop or office, a counted business, a pension that would count, a dwelling that
-- would be one too many (not the dwelling the household is known to have), pay above the member's known wage,
-- or balances that would bring what is known over the limit.
WITH pairs AS (
    SELECT l.household_id, r.member_id, r.record, r.record_id AS review_id, r.source, r.reason
    FROM linked_review AS r
    JOIN counting_member AS l ON l.member_id = r.member_id
    WHERE l.counts
),

known AS (
    SELECT household_id, count(DISTINCT property_key) AS dwellings
    FROM held_property
    WHERE "use" = 'dwelling'
    GROUP BY household_id
),

-- Beside each pair on pay: the member's wage if every pair under review on the member's tax were true.
pay AS (
    SELECT p.*, c.base AS wage
    FROM pairs AS p
    JOIN current_contribution AS c ON c.record_id = p.record
    UNION ALL
    SELECT
        p.*,
        coalesce(w.taxed_monthly, 0) + sum(t.amount // t.months) OVER (PARTITION BY p.member_id) AS wage
    FROM pairs AS p
    JOIN current_taxed_income AS t ON t.record_id = p.record
    LEFT JOIN member_wage AS w ON w.member_id = p.member_id
),

saved AS (
    SELECT household_id, sum(balance)::BIGINT AS balance
    FROM held_balance
    GROUP BY household_id
),

-- Beside each pair on a balance: the household's balances if every such pair were true.
savings AS (
    SELECT
        p.*,
        b.balance,
        coalesce(s.balance, 0) AS known,
        coalesce(s.balance, 0) + sum(b.balance) OVER (PARTITION BY p.household_id) AS together
    FROM pairs AS p
    JOIN bank_balance AS b ON b.record_id = p.record
    LEFT JOIN saved AS s ON s.household_id = p.household_id
),

would_matter AS (
    SELECT p.*, 'deaths' AS kind
    FROM pairs AS p
    JOIN death AS d ON d.record_id = p.record
    WHERE d.death_date <= $last_day
    UNION ALL
    SELECT p.*, 'vehicles' AS kind
    FROM pairs AS p
    JOIN counted_vehicle AS v ON v.record_id = p.record
    UNION ALL
    SELECT p.*, 'non_residential' AS kind
    FROM pairs AS p
    JOIN property AS o ON o.record_id = p.record
    WHERE o.right_state = 'current' AND o."use" IN ('shop', 'office')
    UNION ALL
    SELECT p.*, 'dwellings' AS kind
    FROM pairs AS p
    JOIN property AS o ON o.record_id = p.record
    LEFT JOIN known AS k ON k.household_id = p.household_id
    WHERE o.right_state = 'current'
        AND o."use" = 'dwelling'
        AND coalesce(k.dwellings, 0) >= $dwelling_limit
        AND NOT EXISTS (
            SELECT 1 FROM held_property AS h
            WHERE h.household_id = p.household_id
                AND (
                    h.property_key = coalesce(o.unit_no, o.certificate_no)
                    OR h.record_id = o.record_id
                    OR (o.unit_no IS NULL AND h.location = o.location)
                )
        )
    UNION ALL
    SELECT p.*, 'pensions' AS kind
    FROM pairs AS p
    JOIN current_pension AS c ON c.record_id = p.record
    CROSS JOIN term AS t
    WHERE c.pension_kind = 'employee' OR c.amount > t.disregard
    UNION ALL
    SELECT p.* EXCLUDE (wage), 'wages' AS kind
    FROM pay AS p
    LEFT JOIN member_wage AS w ON w.member_id = p.member_id
    WHERE p.wage > coalesce(w.wage, 0)
    UNION ALL
    SELECT s.* EXCLUDE (balance, known, together), 'balances' AS kind
    FROM savings AS s
    JOIN household_fact AS f ON f.household_id = s.household_id
    WHERE s.balance > 0
        AND s.known <= $balance_months * f.income_limit
        AND s.together > $balance_months * f.income_limit
    UNION ALL
    SELECT p.*, 'businesses' AS kind
    FROM pairs AS p
    JOIN counted_role AS c ON c.record_id = p.record
    WHERE c.counts
        AND NOT EXISTS (
            SELECT 1 FROM held_business AS h
            WHERE h.household_id = p.household_id AND h.business_no = c.business_no
        )
)

SELECT
    household_id,
    member_id AS subject,
    count(DISTINCT record) AS value,
    NULL::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({
        'balances': count(DISTINCT record) FILTER (WHERE kind = 'balances'),
        'businesses': count(DISTINCT record) FILTER (WHERE kind = 'businesses'),
        'deaths': count(DISTINCT record) FILTER (WHERE kind = 'deaths'),
        'dwellings': count(DISTINCT record) FILTER (WHERE kind = 'dwellings'),
        'non_residential': count(DISTINCT record) FILTER (WHERE kind = 'non_residential'),
        'pensions': count(DISTINCT record) FILTER (WHERE kind = 'pensions'),
        'reasons': list(DISTINCT reason ORDER BY reason),
        'sources': list(DISTINCT source ORDER BY source),
        'vehicles': count(DISTINCT record) FILTER (WHERE kind = 'vehicles'),
        'wages': count(DISTINCT record) FILTER (WHERE kind = 'wages')
    })::VARCHAR AS detail,
    list(DISTINCT review_id) AS evidence
FROM would_matter
GROUP BY household_id, member_id

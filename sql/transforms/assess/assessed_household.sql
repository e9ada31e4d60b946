-- One row per household; key household_id. The first outcome that applies, in the order of the CASE.
-- next_tier, gradual_until and single_persons belong to an exit for income alone: every asset rule says within, so
-- the next tier's tests, which are no stricter, are met; a rule that could not be verified gives none of them.
WITH said AS (
    SELECT
        l.household_id,
        bool_or(b.track = 'eligibility' AND l.verdict = 'exceeded') AS is_over,
        bool_or(l.rule = 'income_over_standard' AND l.verdict = 'exceeded') AS is_income_over,
        bool_and(b.track <> 'eligibility' OR l.rule = 'income_over_standard' OR l.verdict = 'within') AS are_assets_within,
        bool_or(
            l.verdict = 'exceeded'
            AND (b.track IN ('death', 'custody', 'population') OR l.rule = 'listed_twice')
        ) AS has_change,
        bool_or(l.rule = 'amount_above_entitlement' AND l.verdict = 'exceeded') AS is_overpaid,
        bool_or(l.rule = 'amount_below_entitlement' AND l.verdict = 'exceeded') AS is_underpaid,
        bool_or(l.verdict = 'to_confirm' AND b.track NOT IN ('authorisation', 'pay_list')) AS has_review,
        bool_or(l.verdict = 'cannot_verify') AS is_open,
        list(l.record_id ORDER BY l.record_id) AS line_ids
    FROM assessed_line AS l
    JOIN household_fact AS h ON h.household_id = l.household_id
    JOIN rule_basis AS b ON b.rule = l.rule AND b.programme = h.programme
    GROUP BY l.household_id
),

needed AS (
    SELECT
        programme,
        list_sort(list_distinct(flatten(list(CASE WHEN is_shadow OR track IN ('pay_list', 'duplicate', 'population', 'authorisation') THEN [] ELSE sources END)))) AS sources
    FROM rule_basis
    GROUP BY programme
),

missing AS (
    SELECT
        h.household_id,
        list_filter(n.sources, lambda source: NOT list_contains(h.checked, source)) AS sources
    FROM household_fact AS h
    JOIN needed AS n ON n.programme = h.programme
),

-- Who of a household could apply alone.
single AS (
    SELECT household_id, list(DISTINCT member_id ORDER BY member_id) AS members
    FROM held_certificate
    WHERE is_single
    GROUP BY household_id
),

exits AS (
    SELECT
        h.household_id,
        s.is_income_over AND s.are_assets_within AS is_for_income,
        -- Income nobody reported could still lift the household over the next line as well.
        len(h.income_missing) = 0 AND h.counted_income * t.whole <= h.income_limit * t.tiers_marginal AS is_marginal,
        len(h.income_missing) = 0 AND h.counted_income <= h.counting * t.tiers_rigid AS may_be_rigid,
        strftime(($month || '-01')::DATE + to_months(t.exit_gradual_months::INTEGER), '%Y-%m') AS gradual_until
    FROM household_fact AS h
    JOIN said AS s ON s.household_id = h.household_id
    CROSS JOIN term AS t
)

SELECT
    'O-' || upper(left(sha256(concat_ws('|', h.household_id, $month)), $id_length)) AS record_id,
    h.household_id,
    CASE
        WHEN s.is_over THEN 'exit_suggested'
        WHEN s.has_change THEN 'population_change'
        WHEN s.is_overpaid THEN 'decrease_suggested'
        WHEN s.is_underpaid THEN 'increase_suggested'
        WHEN s.has_review THEN 'verify_first'
        WHEN s.is_open OR len(m.sources) > 0 THEN 'cannot_verify'
        ELSE 'keep'
    END AS outcome,
    h.counting AS counting_members,
    h.covered AS covered_members,
    h.counted_income,
    h.standard,
    h.entitlement AS entitlement_at_most,
    CASE
        WHEN h.fixed IS NULL AND len(h.income_missing) = 0 AND h.counted_income = h.certain_income THEN h.entitlement
    END AS amount_computed,
    h.paid_amount,
    CASE
        WHEN e.is_for_income AND e.is_marginal THEN 'dibao_marginal'
        WHEN e.is_for_income AND e.may_be_rigid THEN 'rigid_expenditure'
    END AS next_tier,
    CASE WHEN e.is_for_income THEN e.gradual_until END AS gradual_until,
    CASE WHEN e.is_for_income AND e.is_marginal THEN coalesce(g.members, []) ELSE [] END AS single_persons,
    m.sources AS missing_sources,
    list_sort(list_append(coalesce(s.line_ids, []), h.household_id)) AS derived_from
FROM household_fact AS h
JOIN missing AS m ON m.household_id = h.household_id
LEFT JOIN said AS s ON s.household_id = h.household_id
LEFT JOIN exits AS e ON e.household_id = h.household_id
LEFT JOIN single AS g ON g.household_id = h.household_id
ORDER BY h.household_id

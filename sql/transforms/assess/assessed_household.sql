-- One row per household; key household_id. The first outcome that applies, in the order of the CASE.
WITH said AS (
    SELECT
        l.household_id,
        bool_or(b.track = 'eligibility' AND l.verdict = 'exceeded') AS is_over,
        bool_or(b.track = 'death' AND l.verdict = 'exceeded') AS has_death,
        bool_or(l.rule = 'amount_above_entitlement' AND l.verdict = 'exceeded') AS is_overpaid,
        bool_or(l.verdict = 'to_confirm') AS has_review,
        bool_or(l.verdict = 'cannot_verify') AS is_open,
        list(l.record_id ORDER BY l.record_id) AS line_ids
    FROM assessed_line AS l
    JOIN household_fact AS h ON h.household_id = l.household_id
    JOIN rule_basis AS b ON b.rule = l.rule AND b.programme = h.programme
    GROUP BY l.household_id
),

needed AS (
    SELECT programme, list_sort(list_distinct(flatten(list(sources)))) AS sources
    FROM rule_basis
    GROUP BY programme
),

missing AS (
    SELECT
        h.household_id,
        list_filter(n.sources, lambda source: NOT list_contains(h.checked, source)) AS sources
    FROM household_fact AS h
    JOIN needed AS n ON n.programme = h.programme
)

SELECT
    'O-' || upper(left(sha256(concat_ws('|', h.household_id, $month)), $id_length)) AS record_id,
    h.household_id,
    CASE
        WHEN s.is_over THEN 'exit_suggested'
        WHEN s.has_death THEN 'population_change'
        WHEN s.is_overpaid THEN 'decrease_suggested'
        WHEN s.has_review THEN 'verify_first'
        WHEN s.is_open OR len(m.sources) > 0 THEN 'cannot_verify'
        ELSE 'keep'
    END AS outcome,
    h.living AS living_members,
    h.counted_income,
    h.standard,
    h.entitlement AS entitlement_at_most,
    h.paid_amount,
    m.sources AS missing_sources,
    list_sort(list_append(coalesce(s.line_ids, []), h.household_id)) AS derived_from
FROM household_fact AS h
JOIN missing AS m ON m.household_id = h.household_id
LEFT JOIN said AS s ON s.household_id = h.household_id
ORDER BY h.household_id

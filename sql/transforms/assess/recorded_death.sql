-- One row per member whose death a registry records on or before $last_day; key member_id.
-- signs: what the person must have done later: work that an employer paid contributions for, more months after than
-- the pack allows for late reports; a marriage or divorce; a term begun. Such a death is in dispute and changes nobody's household.
WITH dead AS (
    SELECT
        m.member_id,
        min(d.death_date) AS first_date,
        max(d.death_date) AS latest_date,
        list_concat(list(m.record), list(m.record_id)) AS evidence
    FROM linked_match AS m
    JOIN death AS d ON d.record_id = m.record
    WHERE m.table_name = 'death' AND d.death_date <= $last_day
    GROUP BY m.member_id
),

later AS (
    SELECT d.member_id, 'contribution' AS sign, (c.fee_month || '-01')::DATE AS day, m.record, m.record_id AS match_id
    FROM dead AS d
    JOIN linked_match AS m ON m.member_id = d.member_id AND m.table_name = 'contribution'
    JOIN contribution AS c ON c.record_id = m.record
    CROSS JOIN term AS t
    WHERE c.payer = 'employee'
        AND (c.fee_month || '-01')::DATE > d.latest_date + to_months(t.deaths_late_months::INTEGER)
    UNION ALL
    SELECT d.member_id, 'marriage' AS sign, a.event_date AS day, m.record, m.record_id AS match_id
    FROM dead AS d
    JOIN linked_match AS m ON m.member_id = d.member_id AND m.table_name = 'marriage'
    JOIN marriage AS a ON a.record_id = m.record
    CROSS JOIN term AS t
    WHERE a.event_date > d.latest_date AND t.deaths_late_months IS NOT NULL
    UNION ALL
    SELECT d.member_id, 'custody' AS sign, c.start_date AS day, m.record, m.record_id AS match_id
    FROM dead AS d
    JOIN linked_match AS m ON m.member_id = d.member_id AND m.table_name = 'custody'
    JOIN custody AS c ON c.record_id = m.record
    CROSS JOIN term AS t
    WHERE c.start_date > d.latest_date AND t.deaths_late_months IS NOT NULL
),

signs AS (
    SELECT
        member_id,
        list(DISTINCT {'date': day::VARCHAR, 'sign': sign} ORDER BY {'date': day::VARCHAR, 'sign': sign}) AS signs,
        list_concat(list(record), list(match_id)) AS evidence
    FROM later
    GROUP BY member_id
)

SELECT
    d.member_id,
    d.first_date,
    d.latest_date,
    s.member_id IS NOT NULL AS is_disputed,
    coalesce(s.signs, []) AS signs,
    list_sort(list_concat(d.evidence, coalesce(s.evidence, []))) AS evidence
FROM dead AS d
LEFT JOIN signs AS s ON s.member_id = d.member_id
ORDER BY d.member_id

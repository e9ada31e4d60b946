-- One row per member whose death a registry records on or before $last_day; the same death may stand in several.
-- In dispute it is a question, see death_disputed.
SELECT
    l.household_id,
    l.member_id AS subject,
    (min(d.death_date) - DATE '1970-01-01')::BIGINT AS value,
    NULL::BIGINT AS "limit",
    CASE WHEN l.is_dead THEN 'exceeded' ELSE 'to_confirm' END AS finding,
    to_json({
        'covered': l.is_covered::BIGINT,
        'deaths': list(DISTINCT {'date': d.death_date::VARCHAR, 'registry': d.registry} ORDER BY
            {'date': d.death_date::VARCHAR, 'registry': d.registry}),
        'sources': list(DISTINCT d.source ORDER BY d.source)
    })::VARCHAR AS detail,
    list_concat(list(m.record), list(m.record_id)) AS evidence
FROM counting_member AS l
JOIN linked_match AS m ON m.member_id = l.member_id AND m.table_name = 'death'
JOIN death AS d ON d.record_id = m.record
WHERE d.death_date <= $last_day
GROUP BY l.household_id, l.member_id, l.is_covered, l.is_dead

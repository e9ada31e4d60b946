-- One row per member in custody on the month's last day; value: the term's first day.
SELECT
    l.household_id,
    l.member_id AS subject,
    (h.since - DATE '1970-01-01')::BIGINT AS value,
    NULL::BIGINT AS "limit",
    CASE WHEN l.is_held THEN 'exceeded' ELSE 'to_confirm' END AS finding,
    to_json({
        'covered': l.is_covered::BIGINT,
        'is_over': h.is_over::BIGINT,
        'since': h.since::VARCHAR,
        'until': coalesce(h.until::VARCHAR, '')
    })::VARCHAR AS detail,
    h.evidence
FROM counting_member AS l
JOIN held_person AS h ON h.member_id = l.member_id
WHERE NOT l.is_dead

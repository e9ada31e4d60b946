-- One row per member whom the hukou register says to have left, nowhere to be registered; value: entries.
-- One whose death is recorded stands on the track of deaths.
SELECT
    l.household_id,
    l.member_id AS subject,
    count(DISTINCT m.record) AS value,
    NULL::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({'states': list(DISTINCT r.state ORDER BY r.state)})::VARCHAR AS detail,
    list_concat(list(m.record), list(m.record_id)) AS evidence
FROM counting_member AS l
JOIN linked_match AS m ON m.member_id = l.member_id AND m.table_name = 'registered_person'
JOIN registered_person AS r ON r.record_id = m.record
WHERE NOT l.is_dead
GROUP BY l.household_id, l.member_id
HAVING NOT bool_or(r.state = 'registered')

-- One row per match of a member who counts; key match_id. What the dead are registered with counts for nobody.
SELECT
    l.household_id,
    m.member_id,
    m.record,
    m.record_id AS match_id,
    m.table_name
FROM linked_match AS m
JOIN counting_member AS l ON l.member_id = m.member_id
WHERE l.counts
ORDER BY match_id

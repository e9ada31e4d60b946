-- One row per member who is also listed in another household: the same registry record is linked to both.
-- value: the other households.
WITH pairs AS (
    SELECT
        a.member_id,
        q.household_id AS other,
        q.is_covered AS is_covered_there,
        a.record_id AS match_id,
        b.record_id AS other_match_id,
        a.record
    FROM linked_match AS a
    JOIN linked_match AS b ON b.record = a.record AND b.member_id <> a.member_id
    JOIN household_member AS p ON p.record_id = a.member_id
    JOIN household_member AS q ON q.record_id = b.member_id
    WHERE q.household_id <> p.household_id
)

SELECT
    l.household_id,
    l.member_id AS subject,
    count(DISTINCT p.other) AS value,
    0::BIGINT AS "limit",
    CASE WHEN l.is_covered AND bool_or(p.is_covered_there) THEN 'exceeded' ELSE 'to_confirm' END AS finding,
    to_json({
        'covered': l.is_covered::BIGINT,
        'elsewhere': bool_or(p.is_covered_there)::BIGINT,
        'households': list(DISTINCT p.other ORDER BY p.other)
    })::VARCHAR AS detail,
    list_concat(list(p.record), list_concat(list(p.match_id), list(p.other_match_id))) AS evidence
FROM pairs AS p
JOIN counting_member AS l ON l.member_id = p.member_id
GROUP BY l.household_id, l.member_id, l.is_covered

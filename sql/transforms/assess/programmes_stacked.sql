-- One row per covered member with programmes that may not be had together; value: the forbidden pairs.
WITH had AS (
    SELECT l.household_id, l.member_id, h.programme, NULL AS record, NULL AS match_id
    FROM counting_member AS l
    JOIN household AS h ON h.record_id = l.household_id
    WHERE l.counts AND l.is_covered
    UNION ALL
    SELECT l.household_id, l.member_id, p.programme, p.record, p.match_id
    FROM counting_member AS l
    JOIN current_payment AS p ON p.member_id = l.member_id
    WHERE l.counts
)

SELECT
    a.household_id,
    a.member_id AS subject,
    count(DISTINCT a.programme || '+' || b.programme) AS value,
    0::BIGINT AS "limit",
    'exceeded' AS finding,
    to_json({
        'pairs': list(DISTINCT a.programme || '+' || b.programme ORDER BY a.programme || '+' || b.programme)
    })::VARCHAR AS detail,
    list_filter(
        list_distinct(flatten([list(a.record), list(a.match_id), list(b.record), list(b.match_id)])),
        lambda name: name IS NOT NULL
    ) AS evidence
FROM had AS a
JOIN had AS b ON b.member_id = a.member_id AND list_contains($forbidden, a.programme || '+' || b.programme)
GROUP BY a.household_id, a.member_id

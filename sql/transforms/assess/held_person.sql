-- One row per member whom the register has in custody; key member_id. Which states take a person out the pack says.
-- is_over: the register still says so although the term has run out. A term that runs speaks alone: one that ran out
-- before it says nothing of since when.
WITH terms AS (
    SELECT
        m.member_id,
        m.record,
        m.record_id AS match_id,
        c.start_date,
        c.end_date,
        coalesce(c.end_date < $last_day, false) AS is_over
    FROM linked_match AS m
    JOIN custody AS c ON c.record_id = m.record
    CROSS JOIN term AS t
    WHERE m.table_name = 'custody' AND c.start_date <= $last_day AND list_contains(t.custody_states, c.state)
),

told AS (
    SELECT *, bool_and(is_over) OVER (PARTITION BY member_id) AS all_over
    FROM terms
)

SELECT
    member_id,
    min(start_date) AS since,
    CASE WHEN count(*) = count(end_date) THEN max(end_date) END AS until,
    bool_and(is_over) AS is_over,
    list_sort(list_concat(list(record), list(match_id))) AS evidence
FROM told
WHERE is_over = all_over
GROUP BY member_id
ORDER BY member_id

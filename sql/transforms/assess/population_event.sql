-- One row per event in a member's life that a registry tells of (A02); key (member_id, event, record). The day is empty
-- where the registry states none. A person decides what follows: nothing here changes a list by itself.
WITH told AS (
    SELECT m.member_id, 'death' AS event, d.death_date AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN death AS d ON d.record_id = m.record
    WHERE m.table_name = 'death'
    UNION ALL
    SELECT m.member_id, a.event, a.event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN marriage AS a ON a.record_id = m.record
    WHERE m.table_name = 'marriage' AND a.event <> 'reissued'
    UNION ALL
    SELECT m.member_id, 'custody_began' AS event, c.start_date AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN custody AS c ON c.record_id = m.record
    WHERE m.table_name = 'custody'
    UNION ALL
    SELECT m.member_id, 'custody_ended' AS event, c.end_date AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN custody AS c ON c.record_id = m.record
    WHERE m.table_name = 'custody' AND c.state = 'released'
    UNION ALL
    SELECT m.member_id, 'hukou_left' AS event, r.death_date AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN registered_person AS r ON r.record_id = m.record
    WHERE m.table_name = 'registered_person' AND r.state <> 'registered'
    UNION ALL
    SELECT m.member_id, 'hukou_joined' AS event, NULL AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN registered_person AS r ON r.record_id = m.record
    WHERE m.table_name = 'registered_person' AND r.state = 'registered' AND r.change = 'create'
    UNION ALL
    SELECT m.member_id, 'birth' AS event, r.birth_date AS event_date, m.record, m.record_id AS match_id
    FROM linked_match AS m
    JOIN registered_person AS r ON r.record_id = m.record
    WHERE m.table_name = 'registered_person' AND r.birth_date >= ($month || '-01')::DATE
)

SELECT
    'E-' || upper(left(sha256(concat_ws('|', t.member_id, t.event, t.record)), $id_length)) AS record_id,
    p.household_id,
    t.member_id,
    t.event,
    t.event_date,
    t.event_date BETWEEN ($month || '-01')::DATE AND $last_day AS is_of_month,
    t.record,
    list_sort([t.match_id, t.record]) AS derived_from
FROM told AS t
JOIN household_member AS p ON p.record_id = t.member_id
WHERE t.event_date IS NULL OR t.event_date <= $last_day
ORDER BY t.member_id, t.event, t.record

-- One row per household member; key member_id. Who counts: neither recorded as having died nor in custody.
-- A death in dispute and a term that has run out take nobody out. The members are those the list names. Clergy, the
-- missing and conscripts do not count either, but no registry delivers them: a person corrects the list.
SELECT
    p.household_id,
    p.record_id AS member_id,
    p.is_covered,
    coalesce(NOT d.is_disputed, false) AS is_dead,
    NOT is_dead AND coalesce(NOT h.is_over, false) AS is_held,
    NOT is_dead AND NOT is_held AS counts
FROM household_member AS p
LEFT JOIN recorded_death AS d ON d.member_id = p.record_id
LEFT JOIN held_person AS h ON h.member_id = p.record_id
ORDER BY member_id

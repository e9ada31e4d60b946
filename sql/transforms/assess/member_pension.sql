-- One row per member who counts with a pension; key member_id. Amounts in 分 a month.
-- A pension delivered twice with the same amount counts once. Of resident pensions the disregard does not count.
WITH paid AS (
    SELECT
        h.household_id,
        h.member_id,
        p.pension_kind,
        p.pension,
        p.amount,
        list(h.record) AS records,
        list(h.match_id) AS matches
    FROM held AS h
    JOIN current_pension AS p ON p.record_id = h.record
    WHERE h.table_name = 'pension'
    GROUP BY h.household_id, h.member_id, p.pension_kind, p.pension, p.amount
),

summed AS (
    SELECT
        household_id,
        member_id,
        coalesce(sum(amount) FILTER (WHERE pension_kind = 'employee'), 0)::BIGINT AS employee,
        coalesce(sum(amount) FILTER (WHERE pension_kind = 'resident'), 0)::BIGINT AS resident,
        list_sort(flatten(list(list_concat(records, matches)))) AS evidence
    FROM paid
    GROUP BY household_id, member_id
)

SELECT
    * EXCLUDE (disregard),
    greatest(resident - disregard, 0)::BIGINT AS resident_counted
FROM summed
CROSS JOIN (SELECT disregard FROM term)
ORDER BY member_id

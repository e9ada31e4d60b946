-- One row per taxed income that goes on to the last month delivered, not after $last_day; key record_id.
-- Income is placed in its months: one that ended earlier in the year says nothing of a later month, and is never
-- averaged with it. `months` is what the amount is spread over: the months of its own period, at most the pack's.
-- Every kind counts: wages, labour, royalties. A correction is a new delivery, never a second row.
WITH latest AS (
    SELECT max(last_day(period_end)) AS month_end
    FROM taxed_income
    WHERE period_end <= $last_day
)

SELECT
    t.record_id,
    t.income_kind,
    t.agent,
    t.period_start,
    t.period_end,
    t.amount,
    least(datediff('month', t.period_start, t.period_end) + 1, m.taxed_months) AS months
FROM taxed_income AS t
JOIN latest AS l ON l.month_end = last_day(t.period_end)
CROSS JOIN term AS m
WHERE t.period_end <= $last_day
ORDER BY t.record_id

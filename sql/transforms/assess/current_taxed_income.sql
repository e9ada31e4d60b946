-- One row per taxed income of the latest tax year that ended by $last_day; key record_id.
-- Every kind counts: wages, labour, royalties. A correction is a new delivery, never a second row.
WITH latest AS (
    SELECT max(year(period_end)) AS tax_year
    FROM taxed_income
    WHERE period_end <= $last_day
)

SELECT t.record_id, t.income_kind, t.agent, t.period_start, t.period_end, t.amount
FROM taxed_income AS t
JOIN latest AS l ON l.tax_year = year(t.period_end)
WHERE t.period_end <= $last_day
ORDER BY t.record_id

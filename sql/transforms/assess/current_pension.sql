-- One row per pension record paid for the latest month delivered, not after $month; key record_id.
-- The latest month is taken per kind of pension: the two schemes deliver on their own calendars.
WITH latest AS (
    SELECT pension_kind, max(pay_month) AS pay_month
    FROM pension
    WHERE pay_month <= $month
    GROUP BY pension_kind
)

SELECT
    p.record_id,
    p.pension_kind,
    coalesce(p.pension_no, p.record_id) AS pension,
    p.pay_month,
    p.amount
FROM pension AS p
JOIN latest AS l ON l.pension_kind = p.pension_kind AND l.pay_month = p.pay_month
WHERE p.state = 'paid'
ORDER BY p.record_id

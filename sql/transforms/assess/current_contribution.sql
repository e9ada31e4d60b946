-- One row per contribution an employer paid for the latest month delivered, not after $month; key record_id.
-- Flexible payers choose their own base: there is no wage behind it.
WITH latest AS (
    SELECT max(fee_month) AS fee_month
    FROM contribution
    WHERE fee_month <= $month
)

SELECT c.record_id, c.fee_month, c.base
FROM contribution AS c
JOIN latest AS l ON l.fee_month = c.fee_month
WHERE c.payer = 'employee'
ORDER BY c.record_id

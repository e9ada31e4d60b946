-- One row per linked payment of another programme in its latest delivered month; key (member_id, record).
WITH latest AS (
    SELECT programme, max(pay_month) AS pay_month
    FROM programme_payment
    WHERE pay_month <= $month
    GROUP BY programme
)

SELECT m.member_id, p.programme, p.pay_month, p.amount, m.record, m.record_id AS match_id
FROM linked_match AS m
JOIN programme_payment AS p ON p.record_id = m.record
JOIN latest AS l ON l.programme = p.programme AND l.pay_month = p.pay_month
WHERE m.table_name = 'programme_payment'
ORDER BY m.member_id, m.record

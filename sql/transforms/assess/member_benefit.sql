-- One row per member who counts with another programme's payment that counts; key member_id. 分 a month.
-- Which do not count (优待抚恤金, 高龄津贴, 残疾人两项补贴, 义务兵家庭优待金 …) the pack says; where it says nothing, none
-- counts. The latest month delivered is taken for each programme: each pays on its own calendar.
WITH latest AS (
    SELECT programme, max(pay_month) AS pay_month
    FROM programme_payment
    WHERE pay_month <= $month
    GROUP BY programme
),

paid AS (
    SELECT
        h.household_id,
        h.member_id,
        p.programme,
        p.amount,
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN programme_payment AS p ON p.record_id = h.record
    JOIN latest AS l ON l.programme = p.programme AND l.pay_month = p.pay_month
    CROSS JOIN term AS t
    WHERE h.table_name = 'programme_payment' AND NOT list_contains(t.income_not_counted, p.programme)
    GROUP BY h.household_id, h.member_id, p.programme, p.amount
)

SELECT
    household_id,
    member_id,
    sum(amount)::BIGINT AS benefit,
    list_sort(flatten(list(evidence))) AS evidence
FROM paid
GROUP BY household_id, member_id
ORDER BY member_id

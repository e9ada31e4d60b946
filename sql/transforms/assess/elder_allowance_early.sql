-- One row per member paid the allowance for the aged before the age; value: days too early at the end of the first month paid.
WITH paid AS (
    SELECT
        l.household_id,
        l.member_id,
        p.birth_date,
        (p.birth_date + to_years($age::INTEGER))::DATE AS of_age,
        y.pay_month,
        m.record,
        m.record_id AS match_id
    FROM counting_member AS l
    JOIN household_member AS p ON p.record_id = l.member_id
    JOIN linked_match AS m ON m.member_id = l.member_id AND m.table_name = 'programme_payment'
    JOIN programme_payment AS y ON y.record_id = m.record
    WHERE l.counts AND y.programme = 'elder_allowance'
)

SELECT
    household_id,
    member_id AS subject,
    max(of_age - last_day((pay_month || '-01')::DATE))::BIGINT AS value,
    0::BIGINT AS "limit",
    'exceeded' AS finding,
    to_json({'age': $age, 'first_month': min(pay_month), 'of_age': max(of_age)::VARCHAR})::VARCHAR AS detail,
    list_concat(list(record), list(match_id)) AS evidence
FROM paid
WHERE of_age > last_day((pay_month || '-01')::DATE)
GROUP BY household_id, member_id

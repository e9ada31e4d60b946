-- One row per assisted household in the month $month.
-- The amount listed is the household's, else what the list gives each covered member; the amount paid is
-- empty when no payment of the month came for anybody, and 0 when others were paid and this one was not.
WITH told AS (
    SELECT
        household_no,
        first(household_amount ORDER BY record_id) FILTER (WHERE household_amount IS NOT NULL) AS household_amount,
        first(category ORDER BY record_id) FILTER (WHERE category IS NOT NULL) AS category,
        min(start_date) AS start_date,
        list(record_id) AS records
    FROM recipient
    GROUP BY household_no
),
counted AS (
    SELECT
        household_id,
        any_value(programme) AS programme,
        any_value(town) AS town,
        any_value(village) AS village,
        any_value(address) FILTER (WHERE is_head) AS address,
        any_value(name) FILTER (WHERE is_head) AS head_name,
        count(*) AS members,
        count(*) FILTER (WHERE is_covered) AS covered,
        sum(person_amount) FILTER (WHERE is_covered)::BIGINT AS person_amounts
    FROM member
    GROUP BY household_id
),
-- Whom the list itself calls head; the member table names one in any case.
headed AS (
    SELECT recipient.household_no, count(DISTINCT person.member_id) FILTER (WHERE recipient.is_head) AS heads
    FROM recipient
    INNER JOIN person USING (record_id)
    GROUP BY recipient.household_no
),
paid AS (
    SELECT
        household_no,
        coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)::BIGINT AS amount,
        list(record_id) AS records
    FROM payment
    WHERE pay_month = $month
    GROUP BY household_no
),
arrived AS (
    SELECT count(*) > 0 AS any_payment FROM paid
)
SELECT
    counted.household_id AS record_id,
    household_key.household_no,
    counted.programme,
    counted.town,
    counted.village,
    counted.address,
    counted.head_name,
    headed.heads,
    counted.members,
    counted.covered,
    coalesce(told.household_amount, counted.person_amounts) AS listed_amount,
    CASE WHEN arrived.any_payment THEN coalesce(paid.amount, 0) END AS paid_amount,
    told.category,
    told.start_date,
    list_sort(list_concat(told.records, coalesce(paid.records, []))) AS derived_from
FROM counted
INNER JOIN household_key USING (household_id)
INNER JOIN told USING (household_no)
INNER JOIN headed USING (household_no)
LEFT JOIN paid USING (household_no)
CROSS JOIN arrived
ORDER BY record_id

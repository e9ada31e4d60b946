-- One row per assisted household in the month $month.
-- The amount listed is the household's, else what the list gives each covered member; the amount paid is
-- empty when no payment of the month came for anybody, and 0 when others were paid and this one was not.
WITH told AS (
    SELECT
        household_no,
        first(household_amount ORDER BY record_id) FILTER (WHERE household_amount IS NOT NULL) AS household_amount,
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
    counted.members,
    counted.covered,
    coalesce(told.household_amount, counted.person_amounts) AS listed_amount,
    CASE WHEN arrived.any_payment THEN coalesce(paid.amount, 0) END AS paid_amount,
    list_sort(list_concat(told.records, coalesce(paid.records, []))) AS derived_from
FROM counted
INNER JOIN household_key USING (household_id)
INNER JOIN told USING (household_no)
LEFT JOIN paid USING (household_no)
CROSS JOIN arrived
ORDER BY record_id

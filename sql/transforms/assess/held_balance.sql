-- One row per account or holding of a household's members who count, as last answered for.
-- An account in two spouses' names, or asked about on two days, counts once. Kinds the pack does not count are out.
WITH answers AS (
    SELECT
        h.household_id,
        b.institution,
        b.account_kind,
        coalesce(b.account_no, b.record_id) AS account,
        b.asked_date,
        b.balance,
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN bank_balance AS b ON b.record_id = h.record
    CROSS JOIN term AS t
    WHERE h.table_name = 'bank_balance'
        AND NOT coalesce(list_contains(t.assets_financial_not_counted, b.account_kind), false)
    GROUP BY h.household_id, b.institution, b.account_kind, account, b.asked_date, b.balance
)

SELECT *
FROM answers
QUALIFY asked_date = max(asked_date) OVER (PARTITION BY household_id, institution, account_kind, account)
ORDER BY household_id, institution, account_kind, account, balance

-- One row per household: balances of its members who count against months × standard × their number, 分.
-- Exactly at the limit is within.
WITH by_kind AS (
    SELECT
        household_id,
        account_kind,
        count(*) AS accounts,
        sum(balance)::BIGINT AS amount,
        flatten(list(evidence)) AS evidence
    FROM held_balance
    GROUP BY household_id, account_kind
),

summed AS (
    SELECT
        household_id,
        sum(accounts)::BIGINT AS accounts,
        sum(amount)::BIGINT AS amount,
        list({'amount': amount, 'kind': account_kind} ORDER BY account_kind) AS kinds,
        flatten(list(evidence)) AS evidence
    FROM by_kind
    GROUP BY household_id
)

SELECT
    f.household_id,
    '' AS subject,
    coalesce(s.amount, 0) AS value,
    $months * f.income_limit AS "limit",
    CASE WHEN coalesce(s.amount, 0) > $months * f.income_limit THEN 'exceeded' ELSE 'within' END AS finding,
    to_json({
        'accounts': coalesce(s.accounts, 0),
        'counting': f.counting,
        'kinds': coalesce(s.kinds, []),
        'months': $months::BIGINT,
        'standard': f.standard
    })::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
LEFT JOIN summed AS s ON s.household_id = f.household_id

-- One row per household, rule and subject; key (household_id, rule, subject).
-- A source that was not checked turns "within" into "cannot_verify" and never into "exceeded". Where nothing
-- of what a rule needs was checked and nothing was found, there is no value: silence is not zero.
WITH joined AS (
    SELECT
        f.*,
        b.unit,
        b.parameter,
        b.valid_from,
        b.citation,
        b.sources,
        b.is_shadow,
        list_sort(list_filter(b.sources, lambda source: NOT list_contains(h.checked, source))) AS missing
    FROM finding AS f
    JOIN household_fact AS h ON h.household_id = f.household_id
    JOIN rule_basis AS b ON b.rule = f.rule AND b.programme = h.programme
),

judged AS (
    SELECT
        * REPLACE (
            CASE
                WHEN finding = 'within' AND len(missing) > 0 AND len(missing) = len(sources) AND value = 0
                    THEN NULL
                ELSE value
            END AS value,
            CASE WHEN finding = 'within' AND len(missing) > 0 THEN 'cannot_verify' ELSE finding END AS finding
        )
    FROM joined
)

SELECT
    'A-' || upper(left(sha256(concat_ws('|', household_id, $month, rule, subject)), $id_length)) AS record_id,
    household_id,
    rule,
    subject,
    finding AS verdict,
    value,
    "limit",
    value - "limit" AS margin,
    unit,
    parameter,
    valid_from,
    citation,
    missing AS missing_sources,
    detail,
    is_shadow,
    list_sort(list_distinct(list_append(evidence, household_id))) AS derived_from
FROM judged
ORDER BY household_id, rule, subject

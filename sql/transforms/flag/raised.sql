-- One row per assessed line that asks someone to look; key (household_id, code, subject). A rule in shadow asks nobody.
SELECT
    l.household_id,
    h.household_no,
    h.programme,
    h.town,
    h.village,
    l.rule AS code,
    t.track,
    l.subject,
    l.value,
    l."limit",
    l.unit,
    l.detail,
    l.missing_sources,
    [l.record_id] AS derived_from
FROM assessed_line AS l
JOIN household AS h ON h.record_id = l.household_id
JOIN track AS t ON t.code = l.rule
WHERE l.verdict IN ('exceeded', 'to_confirm') AND NOT l.is_shadow
ORDER BY household_id, code, subject

-- Household numbers that a month's lists give to more than one household: two heads, or two programmes.
-- Grain: household_no. Reads `recipient`, the accepted rows of the lists in force.
SELECT household_no, count(*) FILTER (WHERE is_head) AS heads, list_sort(list(DISTINCT programme)) AS programmes
FROM recipient
GROUP BY household_no
HAVING count(*) FILTER (WHERE is_head) > 1 OR count(DISTINCT programme) > 1
ORDER BY household_no

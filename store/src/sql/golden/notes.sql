SELECT
  code AS `code`,
  subject AS `subject`,
  sum(count) AS `count`
FROM `notes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32})))
GROUP BY code, subject
HAVING (sum(count) > 0)
ORDER BY code, subject
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600

SELECT
  sum(lines) AS `lines`
FROM `log_minutes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (1)
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600

SELECT
  service AS `service`,
  sum(lines) AS `lines`,
  sum(bytes) AS `bytes`
FROM `log_minutes`
WHERE (tenant = {p0:String}) AND ((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))) AND (service = {p3:String})
GROUP BY service
ORDER BY sum(bytes) DESC, service
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "tv"

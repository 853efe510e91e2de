SELECT
  toUnixTimestamp(minute) AS `seconds`,
  edge_id AS `id`,
  calls AS `counter0`,
  errors AS `counter1`,
  client AS `histogram0`,
  server AS `histogram1`
FROM `edges`
WHERE (tenant = {p0:String}) AND (((minute >= toDateTime({p1:UInt32})) AND (minute < toDateTime({p2:UInt32}))))
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767300300

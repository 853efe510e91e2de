SELECT
  count() AS `ranges`,
  toUnixTimestamp64Milli(max(received)) AS `receivedMs`
FROM `ranges`
WHERE (tenant = {p0:String}) AND (topic = {p1:String}) AND (received >= fromUnixTimestamp64Milli({p2:Int64}))
-- p0 String "acme"
-- p1 String "skein.logs"
-- p2 Int64 0

SELECT
  partition AS `partition`,
  max(last) AS `offset`,
  toUnixTimestamp64Milli(max(received)) AS `receivedMs`,
  sum(visible) AS `lines`
FROM `ranges`
WHERE (tenant = {p0:String}) AND (topic = {p1:String}) AND (((received >= fromUnixTimestamp64Milli({p2:Int64})) AND (partition != {p3:UInt16})) OR ((partition = {p3:UInt16}) AND (last > {p4:UInt64}) AND (received >= fromUnixTimestamp64Milli({p2:Int64}))))
GROUP BY partition
ORDER BY partition
-- p0 String "acme"
-- p1 String "skein.logs"
-- p2 Int64 1767300030000
-- p3 UInt16 3
-- p4 UInt64 "7"

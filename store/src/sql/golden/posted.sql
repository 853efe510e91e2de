SELECT
  id AS `id`,
  toUnixTimestamp64Milli(time) AS `timeMs`,
  kind AS `kind`,
  title AS `title`,
  environment AS `environment`,
  cluster AS `cluster`,
  namespace AS `namespace`,
  service AS `service`,
  from_version AS `fromVersion`,
  to_version AS `toVersion`,
  link AS `link`,
  attributes AS `attributes`
FROM `events`
WHERE (tenant = {p0:String}) AND (time >= fromUnixTimestamp64Milli({p1:Int64})) AND (time < fromUnixTimestamp64Milli({p2:Int64}))
ORDER BY time DESC, id DESC
LIMIT {p3:UInt32} BY id
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 Int64 1767300030000
-- p2 Int64 1767303600000
-- p3 UInt32 1
-- p4 UInt32 10

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
WHERE (tenant = {p0:String}) AND (id = {p1:String})
ORDER BY time
LIMIT {p2:UInt32}
-- p0 String "acme"
-- p1 String "deploy-1"
-- p2 UInt32 1

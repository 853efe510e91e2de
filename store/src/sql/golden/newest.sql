SELECT
  count() AS `ranges`,
  toUnixTimestamp64Milli(max(received)) AS `receivedMs`,
  intDiv(max(newest_ns), 1000000) AS `newestSpanMs`
FROM `ranges`
WHERE (tenant = {p0:String})
-- p0 String "acme"

SELECT
  lower(hex(span_id)) AS `spanId`,
  lower(hex(reinterpretAsFixedString(parent_lo))) AS `parentLow`,
  lower(hex(reinterpretAsFixedString(parent_hi))) AS `parentHigh`,
  name AS `name`,
  kind AS `kind`,
  status AS `status`,
  message AS `message`,
  service AS `service`,
  scope AS `scope`,
  toString(toUnixTimestamp64Nano(ts)) AS `startNs`,
  toString(duration) AS `durationNs`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  base64Encode(events) AS `events`,
  base64Encode(links) AS `links`,
  items AS `items`,
  rest AS `rest`
FROM `spans`
WHERE (tenant = {p0:String}) AND ((bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32}))) AND (trace_id = toFixedString(unhex({p3:String}), 16))
ORDER BY ts, span_id
LIMIT {p4:UInt32} BY span_id
LIMIT {p5:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299400
-- p2 UInt32 1767300600
-- p3 String "0123456789abcdef0123456789abcdef"
-- p4 UInt32 1
-- p5 UInt32 101

SELECT
  lower(hex(trace_id)) AS `traceId`,
  lower(hex(span_id)) AS `spanId`,
  any(name) AS `name`,
  any(service) AS `service`,
  toString(toUnixTimestamp64Nano(min(ts))) AS `startNs`,
  arraySort(groupUniqArray(lower(hex(linked_span)))) AS `to`
FROM `span_links`
WHERE (tenant = {p0:String}) AND (linked_trace = toFixedString(unhex({p1:String}), 16)) AND (trace_id != toFixedString(unhex({p1:String}), 16))
GROUP BY trace_id, span_id
ORDER BY min(ts), span_id
LIMIT {p2:UInt32}
-- p0 String "acme"
-- p1 String "0123456789abcdef0123456789abcdef"
-- p2 UInt32 100

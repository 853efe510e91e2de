SELECT
  lower(hex(linked_trace)) AS `linkedTraceId`,
  lower(hex(trace_id)) AS `traceId`,
  toUnixTimestamp64Milli(min(ts)) AS `startMs`
FROM `span_links`
WHERE (tenant = {p0:String}) AND (linked_trace IN (toFixedString(unhex({p1:String}), 16), toFixedString(unhex({p2:String}), 16))) AND (toUnixTimestamp64Milli(ts) + greatest(toInt64(late), 60) * 1000 < {p3:Int64})
GROUP BY linked_trace, trace_id, span_id
ORDER BY linked_trace, min(ts), trace_id, span_id
LIMIT {p4:UInt32} BY linked_trace
-- p0 String "acme"
-- p1 String "0123456789abcdef0123456789abcdef"
-- p2 String "0123456789abcdef0123456789ABCDEF"
-- p3 Int64 5
-- p4 UInt32 7

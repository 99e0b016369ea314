SELECT
  "t1"."component",
  "t1"."at" - (
    "t1"."at" % "t1"."slice_us"
  ) AS "slice_at",
  COUNT(*) AS "total",
  COUNT(*) FILTER(WHERE
    "t1"."good") AS "good"
FROM (
  SELECT
    *
  FROM "checks" AS "t0"
  WHERE
    "t0"."good" IS NOT NULL
) AS "t1"
GROUP BY
  1,
  2

export { spanKey, spanKeySql } from "../../sql/mod.ts";

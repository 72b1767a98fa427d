import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { whereIsEveryTask } from "../tasks/where_is_every_task.ts";
import placeTimesText from "./place_times.sql" with { type: "text" };

/** A query of the time that each task spent at each place: place_times.sql. */
export const placeTimes = (): Sql =>
  sql.module(placeTimesText, { places: whereIsEveryTask() });

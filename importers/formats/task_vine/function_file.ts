/**
 * The function of a task of Parsl's executor: that of task 16 of `vine` is in
 * /tmp/vine-USER-20261130123304308060-betak04s/0016/function.
 */
const functionFile =
  /(?:^|\/)(?<function_data>[^/]+-\d{20}-[a-z0-9_]{8})\/0*(?<executor_task>[1-9]\d*|0)\/function$/;

/**
 * The executor's task whose function a file is: its number, and the directory of
 * all functions of the executor. No other executor has that.
 */
export const functionIn = (
  path: string,
): Record<"function_data" | "executor_task", string> | undefined =>
  functionFile.exec(path)?.groups as ReturnType<typeof functionIn>;

import type { LogFormat, RecordReader } from "../format.ts";
import { textOf } from "../json/records.ts";
import { raisedIn } from "../../lines/continuation.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { jsonBeginning } from "../parsl/json_lines.ts";

/**
 * The log of a process of Academy, one JSON record a line, as its JSON pool
 * writes it: RUN/PROCESS.jsonlog. Members with the prefix `academy.` name the
 * agents, the action and the message that a record is about.
 * https://docs.academy-agents.org
 */
export const academyLog: LogFormat = {
  importer: "academy",
  signature: (start) =>
    /"name": ?"academy\.[\w.]+"|"academy\.\w+": ?"/.test(start),
  records: "unmatched",
  beginning: jsonBeginning,
  open: (writer, { rundir }) => readAgents(writer, rundir),
};

function readAgents(writer: SpanWriter, rundir: string): RecordReader {
  const agents = writer.kind("academy.agent", { rundir }, ["agent_id"]);
  const users = writer.kind("academy.user", { rundir }, ["user_id"]);
  const actions = writer.kind("academy.action", {}, ["action_tag"]);
  const messages = writer.kind("academy.message", {}, ["message_tag"]);

  const readAction = (tag: string, say: Say, record: LogRecord) => {
    const id = actions.id(tag);
    const agent_id = say("agent_id");
    writer.add(id, {
      action: say("action"),
      action_args: say("action_args"),
      action_kwargs: say("action_kwargs"),
      result: say("result"),
      ...agent_id !== undefined && { agent_id, rundir },
      ...raisedIn(record),
    });
    const state = say("action_state");
    if (state) writer.event(id, state, record);
    else writer.message(id, record.message, record);
  };
  const readMessage = (tag: string, say: Say, record: LogRecord) => {
    const id = messages.id(tag);
    const [type, src, dest] = ["message_type", "src", "dest"].map(say);
    const [, verb] = /^(Sent|Received) [A-Z]\w+ /.exec(record.message) ?? [];
    const isRequest = type?.endsWith("Request");
    if (isRequest) writer.add(id, { message_type: type, src, dest });
    // A request for an action has the action's tag.
    if (type === "ActionRequest") {
      writer.add(id, { for_action: tag });
      writer.add(actions.id(tag), { agent_id: dest, caller: src, rundir });
    }
    if (!verb || !type) return writer.message(id, record.message, record);
    const way = `${isRequest ? "request" : "response"}_${verb.toLowerCase()}`;
    writer.event(id, way, record, { message_type: type });
  };
  const readMailbox = (mailbox: string, say: Say, record: LogRecord) => {
    const isUser = mailbox.startsWith("UserId<");
    const id = isUser ? users.id(mailbox) : agents.id(mailbox);
    writer.add(id, { agent: say("agent"), retries: say("retries") });
    const [, event] = lifeEvents.find(([line]) => line.test(record.message)) ??
      [];
    if (event) writer.event(id, event, record);
    else writer.message(id, record.message, record);
  };
  return {
    read(record) {
      const { members = {}, message } = record;
      const say: Say = (name) => textOf(members[`academy.${name}`]);
      const mailbox = say("agent_id") ?? say("user_id") ?? say("mailbox_id");
      const [, started] = /^Started action with tag (\S+)$/.exec(message) ?? [];
      const action = say("action_tag") ?? started;
      const tag = say("message_tag");
      if (action !== undefined) readAction(action, say, record);
      else if (tag !== undefined) readMessage(tag, say, record);
      else if (mailbox !== undefined) readMailbox(mailbox, say, record);
      else return "unmatched";
      return "matched";
    },
  };
}

/** The text of a member of Academy. */
type Say = (name: string) => string | undefined;

/** Lines about an agent or a user that are named events. */
const lifeEvents: readonly [line: RegExp, event: string][] = [
  [/^Registered \S/, "registered"],
  [/^Launched agent /, "launched"],
  [/^Launching agent /, "launching"],
  [/^Starting agent\b/, "starting"],
  [/^Running agent /, "running"],
  [/^Restarting /, "restarting"],
  [/^Shutting down agent\b/, "shutting_down"],
  [/^Shutdown agent /, "shut_down"],
  [/^Completed .* task$/, "completed"],
  [/^Cancelled .* task$/, "cancelled"],
  [/^Entered manager context /, "entered"],
  [/^Closed manager /, "closed"],
];

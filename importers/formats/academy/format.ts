import { inside } from "../facts.ts";
import type { Format } from "../format.ts";
import { academyLog } from "./agents_log.ts";

const states = (...events: string[]) => events.map((event) => ({ event }));
const final = (event: string) => ({ event, isFinal: true as const });

/** Academy: agents, the actions they are asked for, and their messages. */
export const academy: Format = {
  name: "academy",
  program: "Academy",
  files: [academyLog],
  spanTypes: [
    {
      type: "academy.agent",
      doc:
        "An agent of Academy, as its manager, the exchange and its own process " +
        "log it. Agents without a name are called by a part of their id.",
      identity: ["rundir", "agent_id"],
      states: [
        ...states("registered", "launched", "launching", "starting", "running"),
        ...states("restarting", "shutting_down"),
        final("shut_down"),
        final("completed"),
        final("cancelled"),
      ],
    },
    {
      type: "academy.user",
      doc: "A program that uses agents: its manager and its mailbox.",
      identity: ["rundir", "user_id"],
      states: [...states("registered", "entered"), final("closed")],
    },
    {
      type: "academy.action",
      doc:
        "An action that one agent or user asks another one for, on both sides: " +
        "`start`, `sending` and `waiting` here, `execute_start` and its end there.",
      identity: ["action_tag"],
      states: [
        ...states("start", "sending", "waiting", "execute_start"),
        ...states("execute_success", "execute_exception", "execute_cancelled"),
        final("success"),
        final("exception"),
        final("cancelled"),
      ],
    },
    {
      type: "academy.message",
      doc: "A request in the exchange, and the response to it.",
      identity: ["message_tag"],
      states: [
        ...states("request_sent", "request_received", "response_sent"),
        final("response_received"),
      ],
    },
  ],
  rules: [
    inside("academy.agent", "academy.action", ["rundir", "agent_id"], "action"),
    {
      subspan: ["academy.action", "academy.message"],
      on: [["action_tag", "for_action"]],
      key: "message_tag",
    },
  ],
};

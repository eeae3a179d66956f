export const usage = `omk: drives coding agents until a goal is proven ready, or says precisely why it is not.

  omk goal run "<text>" --repo DIR [--until-ready] [--agent NAME | --agent-command "wire:CMD" | "acp:CMD"]
      [--agent-env NAME]... [--budget-time D] [--budget-tokens N] [--budget-usd X] [--max-agents N] [--max-attempts N]
      [--gate "NAME=CMD"]... [--probe FILE]... [--from head|snapshot] [--kind change|refactor|docs] [--tests-may-change]
      [--policy local|draft-pr|auto-pr] [--merge-policy disabled|manual|gated] [--accept manual|auto]
      [--approvals manual|auto|never] [--isolation namespaces|none] [--min-isolation L0|L1|L2|L3]
      [--planning agent|heuristic] [--review agent|none] [--yes-plan] [--trust-gates] [--json]
  omk goal plan "<text>" --repo DIR …    as run, and stops where the plan waits for you
  omk goal list | questions [ID] | status [ID] | show [ID] | events [ID] | replay [ID] | budget [ID] | diff [ID] | proof [ID]
  omk goal answer [ID] [QUESTION] --choice N|ID[,N|ID]... | --text T
  omk goal note [ID] "<text>"    said to the agent that works, or with the prompt of the next one
  omk goal accept [ID] [--note T] | reject [ID] --reason T [--conclude]
  omk goal pause [ID] | resume [ID] [--until-ready] | execute [ID] | retry [ID] [--until-ready] | cancel [ID]
  omk goal budget-add [ID] [--time D] [--tokens N] [--usd X]
  omk goal verify [ID] | export [ID] --to DIR
  omk proof verify FILE [--rerun --trust-gates [--repo DIR]] [--json]
  omk agents [list] | try NAME|"acp:CMD"|"wire:CMD" | add NAME "acp:CMD"|"wire:CMD" [--force] | remove NAME
      [--env NAME]... [--login-file PATH]... [--home private|user] [--json]
  omk serve [--port N] | omk doctor | omk config | omk demo [--keep DIR] | omk version

"<text>" may be "-": it is read from the standard input. ID may be "latest" (the default). D is a whole number with s, m,
h or d. --json prints one JSON document; for commands that follow a goal JSON Lines of events, the last of which is the result.
Exit codes: 0 ready, 1 the command failed, 2 usage, 3 not_ready, 4 blocked_on_human, 5 blocked_on_external,
6 needs_more_budget, 7 failed_infra, 8 cancelled, 9 paused.
`;

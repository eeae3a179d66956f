/**
 * What a fake agent plays when it is asked for a scenario, in words that fit every protocol. A fake is an executable that takes
 * the scenario's name as its last argument; where nothing else is said it answers the handshake, and each prompt with one
 * turn. "Says" is model text, "thinks" is model thought; pieces are separate messages.
 */
export const scenarios = {
  happy:
    'thinks "hmm ", "ok"; says "Hel", "lo "; a tool that edits made.txt (and really writes "made\\n" to it in its cwd); a tool that runs `echo hi` and exits 0 with output "hi\\n"; says "für 日本"; reports two model calls: 200 in, 12 out, 1000 cache read; then 50 in, 8 out; ends normally',
  'no-usage': 'says "done"; names no token counts (as unknown, not as zero); ends normally',
  'split-bytes': 'says "für 日本 👩‍💻 ok", every byte written and flushed alone; ends normally',
  garbage: 'a happy turn that says "fine", with 20 lines that are no messages around and inside it',
  'too-much-garbage': 'more than 1,000 lines that are no messages, then silence',
  'long-line': 'says 10,000,000 times "x" in one message; ends normally',
  'endless-line': '100 MB without a line end, then silence',
  flood: 'says 50,000 messages of "word " as fast as it can; ends normally',
  crash: 'says "half"; kills itself with SIGKILL',
  'exits-zero': 'says "half"; exits with code 0',
  'dies-at-start': 'writes "cannot find module" to standard error and exits with code 1 before the handshake',
  'hung-start': 'reads, and never answers the handshake',
  silent: 'takes the prompt, says "hm", then nothing; lets itself be cancelled',
  deaf: 'takes the prompt, says "hm", then nothing; ignores cancelling, the end of its input and TERM',
  slow: 'says "tick " every 20 ms until cancelled; then ends as cancelled',
  'late-updates':
    'first turn as slow, but says "late " three more times after it answered as cancelled; the next turn says "second" and ends normally',
  'empty-turn': 'ends the turn normally at once, without a word or a tool',
  'rate-limited': 'the model answers 429 for good; the turn fails in the way of the protocol',
  'signed-out': 'the model answers 401 for good; the turn fails in the way of the protocol',
  'model-error': 'the model answers 500 for good; the turn fails in the way of the protocol',
  'max-steps': 'says "enough"; ends because its limit of steps is reached',
  question:
    'asks "Which language?" with header "Lang" and the options TypeScript ("t") and Python ("p"); says "answer: " and the label chosen, or "answer: none"; ends normally',
  approval:
    'asks to run `touch approved.txt`; when allowed makes that file, says "allowed"; when refused says "refused"; ends normally',
  'writes-through-link':
    'makes a link `docs` to ../user and asks to write "made" to docs/made.txt in its cwd by itself; says "allowed" or "refused"; ends normally',
  'approval-then-crash': 'asks to run `touch approved.txt`; exits with code 3 while it waits',
  unknown:
    'sends an event and a request of a kind nobody knows; says "answered" once the request was answered in any way; ends normally',
  children:
    'starts `sleep $OMK_TEST_SLEEP` once in its own group and once detached in a session of its own, says "started"; then as slow',
  noisy: 'writes 3,000,000 bytes to standard error, then as happy',
  environment: 'says one JSON text {"cwd","env":{…}} of what it was started with; ends normally',
  secret: 'says the value of the variable OMK_TEST_TOKEN; ends normally',
  subagent:
    'a tool "Agent" whose sub-agent runs a tool with `echo sub` and reports 300 in, 30 out; itself reports 100 in, 10 out; says "done"; ends normally',
  'two-approvals':
    'asks at once to run `first` and `second`, each under an id of its own kind; says "allowed: " and those that were, in that order, or "allowed: none"; ends normally',
  'out-of-order':
    'reports a model call of 100 in, 10 out before the tool it began, and one of 50 in, 5 out after everything; repeats a report where the protocol can; says "fine"; ends normally',
  'lost-prompt': 'answers the prompt as done at once, without ever having begun it',
  'foreign-shapes':
    'a tool whose kind, state, output and display nobody knows, and content that is no text; says "fine"; ends normally',
  numbered:
    'answers something that nobody asked, then asks what nobody knows under a number; says "answered" once that was answered; ends normally',
  wrapper: 'as slow, below a launcher that dies of SIGKILL once the turn has begun',
  remembers:
    'says "prompt N: " and the prompt, N counted over every process of the conversation; on a prompt that contains "die" kills itself with SIGKILL after that; else ends normally',
  'hung-resume': 'never answers when it is started to go on with an earlier conversation',
  steered:
    'says "begun ", then nothing until something more is said to it; then "heard: " and that; ends normally',
  mode: 'says "plan" when it is in its plan mode, else "ask"; ends normally',
  plan: 'sets a plan of "First" (done) and "Second" (in progress); says "planned"; ends normally',
  tools:
    'when omk offers tools: calls `report_evidence` with {"claim":"it works"} and says "told: " and what it was answered; then calls `nonsense` and says "refused: " and what it was answered; without tools says "no tools"; ends normally',
  'reused-id':
    'a tool that runs `echo one` and ends well, then another under the same id that runs `echo two` and fails with exit code 3; says "done"; ends normally',
  'long-retries':
    'reports for five seconds, four times in each, that the model call failed and is tried again, and nothing else; says "done"; ends normally',
  retry: 'reports that the model call failed and is tried again (attempt 2 of 3); says "done"; ends normally',
} as const;

export type Scenario = keyof typeof scenarios;

import type { AgentEvent, AgentHost, ApprovalRequest } from '../../../runtime/agent-backend.ts';
import { answerForm, readForm } from './elicitation.ts';
import type { FormAnswer } from './elicitation.ts';
import type { Permit, WriteAct } from './executor/executor.ts';
import { fields, middleCut, text } from './foreign.ts';
import { createGrants } from './grants.ts';
import { mapTool } from './map.ts';
import type { Served, ToolBook, ToolCard } from './map.ts';
import {
  answerToOption,
  approvalRequest,
  cancelledOutcome,
  chooseOption,
  isPlan,
  isQuestion,
  questionFromPermission,
  readPermission,
  wholeContent,
} from './permission.ts';
import type { FullerRequest, Permission, PermissionOutcome } from './permission.ts';
import type { Quirks } from './quirks.ts';

export type HostCalls = {
  permission(params: unknown, signal: AbortSignal): Promise<PermissionOutcome>;
  elicitation(params: unknown, signal: AbortSignal): Promise<FormAnswer | { readonly action: 'cancel' }>;
  /** What the agent wants omk to do: as it was permitted before, or as the host says now. */
  permit(request: ApprovalRequest, signal: AbortSignal): Promise<Permit>;
  /** Every open call gets its safe answer at once. */
  cancelAll(): void;
  readonly pending: number;
};

/** Many at once become one question; more than this is a flood, and the rest is refused at once. */
const MAX_PENDING = 1_000;

/** Puts the agent's requests to the host. Whatever goes wrong, the answer is the one that permits nothing. */
export function createHostCalls(o: {
  readonly host: AgentHost;
  readonly quirks: Quirks;
  readonly book: ToolBook;
  readonly deadlineMs: number;
  /** The session whose requests count; `null` while none may ask: no turn runs, or it is being cancelled. */
  readonly askingSession: () => string | null;
  /** What the session file says about a request; `null` where there is none or it says nothing. */
  readonly fuller: (permission: Permission) => Promise<FullerRequest | null>;
  /** A refusal of this tool is given where the act comes again, with its reason. */
  readonly refusedLater: (tool: string) => boolean;
  readonly served: Served;
  readonly realPath: (path: string) => string;
  /** What a write of this content would be asked about once omk is to do it; `null`: nothing. */
  readonly preview: (path: string, content: string) => Promise<WriteAct | null>;
  /** Tells the agent something in words: what it does is ended, and it goes on with them. */
  readonly tell: (words: string) => void;
  readonly emit: (event: AgentEvent) => void;
  readonly onSettled: () => void;
}): HostCalls {
  const open = new Set<AbortController>();
  const grants = createGrants(o.realPath);
  let asked = 0;
  let held = 0;

  /** Bounded by the deadline, the turn and the request itself; `null`: no answer. A host that fails has not answered. */
  async function put<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | null> {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const aborted = new Promise<null>((resolve) => {
      controller.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const timer = setTimeout(abort, o.deadlineMs);
    signal.addEventListener('abort', abort, { once: true });
    open.add(controller);
    try {
      if (signal.aborted) return null;
      return await Promise.race([call(controller.signal), aborted]);
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      open.delete(controller);
      o.onSettled();
    }
  }

  const mayAsk = (sessionId: string | null): boolean => {
    const asking = o.askingSession();
    return asking !== null && (sessionId === null || sessionId === asking) && held < MAX_PENDING;
  };

  async function ask(permission: Permission, signal: AbortSignal): Promise<PermissionOutcome> {
    const plan = isPlan(permission, o.quirks);
    // Nobody has chosen to have it revised, or given up: it stays a plan.
    const dismissed = (): PermissionOutcome => (plan ? cancelledOutcome : unanswered(permission));
    if (plan && permission.body !== '') o.emit({ type: 'notice', text: middleCut(permission.body, 20_000) });
    const question = questionFromPermission(permission, plan);
    const answers = await put((s) => o.host.ask(question, s), signal);
    if (Object.values(answers ?? {}).flat().length === 0) return dismissed();
    const outcome = answerToOption(permission, answers ?? {});
    if (outcome !== null) return outcome;
    o.tell(inWords(answers ?? {}));
    return dismissed();
  }

  async function approve(permission: Permission, signal: AbortSignal): Promise<PermissionOutcome> {
    const { toolCallId } = permission;
    const known = toolCallId === null ? null : (o.book.get(toolCallId) ?? null);
    // Never announced: a sub-agent's call, of which the protocol shows only the beginning of a command, or an agent that says
    // what a call is about only here.
    const fuller = known === null && toolCallId !== null ? await o.fuller(permission) : null;
    if (o.askingSession() === null) return cancelledOutcome;
    const inner = fuller !== null && fuller.agent !== 'main';
    if (!inner) {
      const event = mapTool(bareCall(permission), o.book, o.quirks, o.served);
      if (event !== null) o.emit(event);
    }
    const card = toolCallId === null ? null : (o.book.get(toolCallId) ?? null);
    asked += 1;
    const id = (inner ? fuller.id : toolCallId) ?? `permission-${asked}`;
    const told = approvalRequest(permission, card, fuller);
    const preview = previewOf(told, permission, card);
    const request = { ...told, ...(preview === null ? {} : await preview), id };
    if (o.askingSession() === null) return cancelledOutcome;
    const answer = await put((s) => o.host.approve(request, s), signal);
    if (answer === null) return unanswered(permission);
    if (answer.decision !== 'reject') grants.allow(request);
    else if (o.refusedLater(request.tool) && grants.refuse(request, answer.feedback ?? refusal))
      return chooseOption(permission.options, 'allow_once');
    return chooseOption(permission.options, answer.decision);
  }

  /** Where omk is to write what the agent asks permission for, and the request says all of it: that is what is decided. */
  const previewOf = (
    told: ApprovalRequest,
    permission: Permission,
    card: ToolCard | null,
  ): Promise<WriteAct | null> | null => {
    const [path] = told.paths;
    if (!o.quirks.hostFs || told.command !== null || path === undefined || told.paths.length > 1) return null;
    const content = wholeContent(permission, card);
    return content === null ? null : o.preview(path, content);
  };

  /** Cancelled with the turn is not refused: the protocol has its own word for it. */
  const unanswered = (permission: Permission): PermissionOutcome =>
    o.askingSession() === null ? cancelledOutcome : chooseOption(permission.options, 'reject');

  /** Counts from the first moment: looking up what a request is about takes time, and others come meanwhile. */
  async function holding<T>(answer: () => Promise<T>): Promise<T> {
    held += 1;
    try {
      return await answer();
    } finally {
      held -= 1;
    }
  }

  return {
    async permission(params, signal) {
      const permission = readPermission(params);
      if (!mayAsk(permission.sessionId)) return unanswered(permission);
      return holding(() =>
        isQuestion(permission, o.quirks) ? ask(permission, signal) : approve(permission, signal),
      );
    },
    async elicitation(params, signal) {
      asked += 1;
      const form = readForm(params, `question-${asked}`);
      if (form === null) return { action: 'decline' };
      if (!mayAsk(text(fields(params)['sessionId']))) return { action: 'cancel' };
      return holding(async () => {
        const answers = await put((s) => o.host.ask(form.question, s), signal);
        if (o.askingSession() === null) return { action: 'cancel' };
        const filled = answerForm(form, answers);
        if (filled !== null) return filled;
        o.tell(inWords(answers ?? {}));
        return { action: 'cancel' };
      });
    },
    async permit(request, signal) {
      const before = grants.take(request);
      if (before !== null) return before;
      if (!mayAsk(null)) return { allowed: false, reason: refusal };
      return holding(async () => {
        const answer = await put((s) => o.host.approve(request, s), signal);
        if (answer === null) return { allowed: false, reason: unheard };
        return answer.decision === 'reject'
          ? { allowed: false, reason: answer.feedback ?? refusal }
          : { allowed: true };
      });
    },
    cancelAll() {
      grants.clear();
      for (const controller of open) controller.abort();
    },
    get pending() {
      return held;
    },
  };
}

const refusal = 'This is not allowed here. Find another way.';
const unheard = 'Nobody allowed this in time. Go on without it.';

/** Everything that was answered: the agent takes its form or its options for dismissed. */
function inWords(answers: Readonly<Record<string, readonly string[]>>): string {
  const given = Object.entries(answers).filter(([, words]) => words.length > 0);
  return [
    'the person has answered what you asked. Do not ask it again.',
    ...given.map(([question, words]) => `Question: ${question}\nAnswer: ${words.join(', ')}`),
  ].join('\n\n');
}

/** The part of a request that describes the call itself: its text is a question to the person, not arguments or output. */
function bareCall(permission: Permission): Readonly<Record<string, unknown>> {
  const { content: _content, status: _status, ...call } = permission.toolCall;
  return call;
}

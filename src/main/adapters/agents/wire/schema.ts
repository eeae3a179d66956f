import { z } from 'zod';

/**
 * Wire 1.10 as far as omk reads it. Everything but what a message is about is optional and may be `null`: servers of other
 * versions leave fields out, and a field that is not understood must never cost the message.
 */

const text = z.string().nullish().catch(null);
const number = z.number().finite().nullish().catch(null);

export const Initialized = z.object({
  protocol_version: text,
  server: z.object({ name: text, version: text }).nullish().catch(null),
  external_tools: z
    .object({
      rejected: z
        .array(z.object({ name: z.string(), reason: text }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});

/** `params` of both `event` and `request`. */
export const Envelope = z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()).catch({}) });

/** Answer to `replay`: how much of an earlier conversation there was. */
export const Replayed = z.object({ events: z.number().catch(0) });

export const PromptResult = z.object({ status: z.string() });

export const ContentPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('think'), think: z.string() }),
]);

export const ToolCall = z.object({
  id: z.string().min(1),
  function: z.object({ name: z.string(), arguments: text }),
});

export const ToolCallPart = z.object({ arguments_part: text });

export const Display = z.discriminatedUnion('type', [
  z.object({ type: z.literal('diff'), path: z.string(), old_text: text, new_text: text }),
  z.object({ type: z.literal('shell'), command: z.string() }),
  z.object({
    type: z.literal('todo'),
    items: z.array(z.object({ title: z.string(), status: text })),
  }),
]);
export type Display = z.infer<typeof Display>;

export const ToolResult = z.object({
  tool_call_id: z.string().min(1),
  return_value: z.object({
    is_error: z.boolean().catch(false),
    output: z.unknown(),
    message: text,
    display: z.array(z.unknown()).nullish().catch(null),
  }),
});

export const StatusUpdate = z.object({
  context_tokens: number,
  max_context_tokens: number,
  token_usage: z
    .object({ input_other: number, output: number, input_cache_read: number, input_cache_creation: number })
    .nullish()
    .catch(null),
  message_id: text,
});

export const StepBegin = z.object({ n: z.number().catch(0) });

export const StepRetry = z.object({
  next_attempt: number,
  max_attempts: number,
  error_type: text,
  status_code: number,
});

export const SubagentEvent = z.object({
  parent_tool_call_id: text,
  agent_id: text,
  event: Envelope,
});

export const ApprovalRequest = z.object({
  id: z.string(),
  tool_call_id: text,
  sender: text,
  description: text,
  agent_id: text,
  display: z.array(z.unknown()).nullish().catch(null),
});

export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** A call of one of omk's own tools. */
export const ToolCallRequest = z.object({ id: z.string().min(1), name: z.string(), arguments: text });

export const QuestionRequest = z.object({
  id: z.string(),
  questions: z.array(
    z.object({
      question: z.string(),
      header: text,
      options: z.array(z.object({ label: z.string(), description: text })),
      multi_select: z.boolean().catch(false),
      body: text,
    }),
  ),
});

/** The blocks omk knows; others are passed over. */
export function displays(blocks: readonly unknown[] | null | undefined): readonly Display[] {
  return (blocks ?? []).flatMap((block) => Display.safeParse(block).data ?? []);
}
